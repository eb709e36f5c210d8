using Calendaring.Store;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_record_is_read_back_and_its_version_goes_up_with_each_change()
    {
        await ApplyAsync(Document("a", "1"), Document("b", string.Empty));
        var first = await FindRecordAsync("a");
        await ApplyAsync(Document("a", "2"));
        await ReopenAsync();
        var second = await FindRecordAsync("a");
        Assert.Equal("2"u8.ToArray(), second!.Document.ToArray());
        Assert.True(first!.Version > 0);
        Assert.True(second.Version > first.Version);
        Assert.Equal(0, (await FindRecordAsync("b"))!.Document.Length);
        Assert.Null(await FindRecordAsync("c"));
        Assert.Null(await AskAsync(s => s.FindRecordAsync("kind", "other", "a")));
        Assert.Null(await AskAsync(s => s.FindRecordAsync("other", "owner", "a")));
    }

    [Fact]
    public async Task A_record_is_changed_at_the_expected_version_only()
    {
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Document("a", "1") with { ExpectedVersion = 1 })).Kind);
        await ApplyAsync(Document("a", "1") with { ExpectedVersion = 0 });
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Document("a", "2") with { ExpectedVersion = 0 })).Kind);
        var version = (await FindRecordAsync("a"))!.Version;
        await ApplyAsync(Document("a", "2") with { ExpectedVersion = version });
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Document("a", "3") with { ExpectedVersion = version })).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new DeleteRecord("kind", "owner", "a", version))).Kind);
        Assert.Equal("2"u8.ToArray(), (await FindRecordAsync("a"))!.Document.ToArray());
    }

    [Fact]
    public async Task A_batch_can_expect_that_a_record_is_as_it_was()
    {
        await ApplyAsync(new ExpectRecord("kind", "owner", "a", 0), Document("a", "1"));
        var version = (await FindRecordAsync("a"))!.Version;
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectRecord("kind", "owner", "a", 0), Document("b", "1"))).Kind);
        Assert.Null(await FindRecordAsync("b"));
        await ApplyAsync(new ExpectRecord("kind", "owner", "a", version), Document("b", "1"));
        await ApplyAsync(Document("a", "2"));
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectRecord("kind", "owner", "a", version))).Kind);
    }

    [Fact]
    public async Task A_record_made_again_does_not_have_the_version_of_its_forerunner()
    {
        await ApplyAsync(Document("a", "1"));
        var version = (await FindRecordAsync("a"))!.Version;
        await ApplyAsync(new DeleteRecord("kind", "owner", "a", version));
        Assert.Null(await FindRecordAsync("a"));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new DeleteRecord("kind", "owner", "a"))).Kind);
        await ReopenAsync();
        await ApplyAsync(Document("a", "1") with { ExpectedVersion = 0 });
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Document("a", "2") with { ExpectedVersion = version })).Kind);
    }

    [Fact]
    public async Task Records_are_listed_in_ordinal_order_page_by_page()
    {
        await ApplyAsync(Document("b", "b"), Document("B", "B"), Document("a", "a"), Document(string.Empty, "e"), new PutRecord("kind", "owner2", "x", Samples.Bytes("x")));
        Assert.Equal(["", "B", "a", "b"], (await AskAsync(s => s.ListRecordsAsync("kind", "owner"))).Select(r => r.Id));
        Assert.Equal(["", "B"], (await AskAsync(s => s.ListRecordsAsync("kind", "owner", limit: 2))).Select(r => r.Id));
        Assert.Equal(["a", "b"], (await AskAsync(s => s.ListRecordsAsync("kind", "owner", "B"))).Select(r => r.Id));
        Assert.Equal(["B"], (await AskAsync(s => s.ListRecordsAsync("kind", "owner", string.Empty, 1))).Select(r => r.Id));
        Assert.Empty(await AskAsync(s => s.ListRecordsAsync("none", "owner")));
    }

    private static PutRecord Document(string id, string text) => new("kind", "owner", id, Samples.Bytes(text));

    private Task<StoredRecord?> FindRecordAsync(string id) => AskAsync(s => s.FindRecordAsync("kind", "owner", id));
}
