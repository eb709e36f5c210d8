using Calendaring.Store;
using NodaTime;
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
    public async Task The_records_of_a_kind_are_listed_whoever_has_them()
    {
        await ApplyAsync(Document("b", "1"), Of("other", "a"), Of("owner", "a"), new PutRecord("another kind", "owner", "a", "x"u8.ToArray()), Of("another", "z"));
        Assert.Equal(["another z", "other a", "owner a", "owner b"], await KeysAsync(s => s.ListRecordsOfAllAsync("kind")));
        Assert.Equal(["another z", "other a"], await KeysAsync(s => s.ListRecordsOfAllAsync("kind", limit: 2)));
        Assert.Equal(["owner a", "owner b"], await KeysAsync(s => s.ListRecordsOfAllAsync("kind", "other", "a")));
        Assert.Equal(["owner b"], await KeysAsync(s => s.ListRecordsOfAllAsync("kind", "owner", "a")));
        Assert.Empty(await KeysAsync(s => s.ListRecordsOfAllAsync("no kind")));
    }

    [Fact]
    public async Task What_is_due_is_listed_and_nothing_else()
    {
        var noon = Instant.FromUtc(2026, 3, 1, 12, 0);
        await ApplyAsync(
            Of("anna", "1") with { Due = noon }, Of("ben", "1") with { Due = noon - Duration.FromHours(1) }, Of("ben", "2"),
            Of("carl", "1") with { Due = noon + Duration.FromTicks(1) }, new PutRecord("another kind", "anna", "1", "x"u8.ToArray()) { Due = noon });
        await ReopenAsync();
        Assert.Equal(["ben 1", "anna 1"], await KeysAsync(s => s.ListDueRecordsAsync("kind", noon)));
        Assert.Equal(["ben 1"], await KeysAsync(s => s.ListDueRecordsAsync("kind", noon, limit: 1)));
        Assert.Equal(["ben 1", "anna 1", "carl 1"], await KeysAsync(s => s.ListDueRecordsAsync("kind", Instant.MaxValue)));
        Assert.Equal(noon, (await AskAsync(s => s.FindRecordAsync("kind", "anna", "1")))!.Due);
        Assert.Null((await AskAsync(s => s.FindRecordAsync("kind", "ben", "2")))!.Due);

        // written again without a time, or gone, it is due no more; the expected version is that of the record, due or not
        await ApplyAsync(Of("anna", "1"), new DeleteRecord("kind", "ben", "1"), Of("carl", "1") with { Due = noon });
        Assert.Equal(["carl 1"], await KeysAsync(s => s.ListDueRecordsAsync("kind", noon)));
    }

    private static PutRecord Of(string owner, string id) => new("kind", owner, id, "x"u8.ToArray());

    private async Task<IEnumerable<string>> KeysAsync(Func<IStoreSnapshot, ValueTask<IReadOnlyList<StoredRecord>>> question) =>
        (await AskAsync(question)).Select(static record => $"{record.Owner} {record.Id}");

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
