using System.Text;
using System.Text.Json;
using Calendaring.Store;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>What is stored of a practitioner's access to two-way sync.</summary>
public sealed class HxAccessTests : PracticeFixture
{
    [Fact]
    public async Task R7_Nothing_stored_is_access_where_sync_is_not_paid_for() => Assert.Equal(HxAccess.Active, await ReadAsync());

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task R7_A_record_that_says_nothing_opens_nothing(string document)
    {
        await Store.ApplyAsync(StoreBatch.Of(new PutRecord("hx-access", Practitioner.Id, HxCalendar.CollectionName, Encoding.UTF8.GetBytes(document))), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<JsonException>(ReadAsync);
    }

    [Fact]
    public async Task That_somebody_was_deactivated_is_not_stored_with_it()
    {
        await Store.ApplyAsync(StoreBatch.Of((HxAccess.Active with { IsDeactivated = true }).Put(Practitioner.Id)), TestContext.Current.CancellationToken);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var record = await snapshot.FindRecordAsync("hx-access", Practitioner.Id, HxCalendar.CollectionName);
        Assert.Equal("{}", Encoding.UTF8.GetString(record!.Document.Span));
    }

    private async Task<HxAccess> ReadAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await HxAccess.ReadAsync(snapshot, Practitioner.Id, Clock.Now);
    }
}
