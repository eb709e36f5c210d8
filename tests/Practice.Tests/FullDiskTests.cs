using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice.Audit;
using Practice.Devices;
using Practice.Feeds;
using Practice.People;

namespace Practice.Tests;

/// <summary>A disk without room: what is asked of sessions, links, feeds and devices fails with its reason, and nothing of it is done. What is removed makes its own room.</summary>
public sealed class FullDiskTests : PracticeFixture
{
    private static readonly BrowserPlace Place = new("192.0.2.1", "Firefox", "192.0.2.1");

    protected override SqliteStoreOptions Options => new() { MaximumSize = 1 << 20 };

    [Fact]
    public async Task What_cannot_be_written_throws_and_is_not_done()
    {
        var accounts = new AccountBook(Store, Clock);
        var sessions = new SessionBook(Store, Clock, accounts, new SessionLimits(Duration.FromDays(14), Duration.FromDays(30)));
        var links = new PasswordLinkBook(Store, Clock);
        var feeds = new FeedBook(Store, Clock);
        var devices = new DeviceBook(Store, Clock);
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(new Account("hash", Clock.Now).Put("maya")), TestContext.Current.CancellationToken)).Succeeded);
        var begun = (await sessions.BeginAsync("maya", Place, null, account => account))!;
        var me = new AccountOwner(Practitioner, "another session", AuditActor.OnPages(Practitioner, "another session"));
        var secret = (await links.MakeAsync("maya", AuditActor.Command))!;
        Assert.True(await feeds.SetAddressAsync(Practitioner, null, "address", "not shown", PrivacyLevel.Busy, me.Actor));
        await FillAsync();
        var before = await ReadAsync();

        await AssertFullAsync(() => sessions.BeginAsync("maya", Place, null, account => account));
        await AssertFullAsync(() => links.MakeAsync("maya", AuditActor.Command));
        await AssertFullAsync(() => feeds.SetAddressAsync(Practitioner, before.Feed, "another address", "not shown", PrivacyLevel.Busy, me.Actor));
        await AssertFullAsync(() => feeds.NoteSentAsync(Practitioner, me.Actor));
        await AssertFullAsync(() => new AuditBook(Store, Clock).NoteExportAsync(Group.Id, me.Actor));
        await AssertFullAsync(() => devices.MakeAsync(Practitioner, new Credential("new", "maya", "phone", SecretKind.Sha256, "00", ReadOnly: false, nameof(PrivacyLevel.Busy), Clock.Now), me.Actor));

        Assert.Equal(before, await ReadAsync());
        Assert.NotNull(await links.FindAsync("maya", secret, TestContext.Current.CancellationToken));
        Assert.NotNull(await sessions.FindAsync("maya", begun.Secret, TestContext.Current.CancellationToken));

        async Task<(Account? Account, Feed? Feed, long Lines)> ReadAsync()
        {
            using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            var last = await AuditLine.ListLastAsync(snapshot, PracticeAudit.Log, Group.Id, long.MaxValue, 1);
            var account = await accounts.FindAsync("maya", TestContext.Current.CancellationToken);
            return (account is null ? null : account with { Places = null }, await feeds.FindAsync("maya", TestContext.Current.CancellationToken), last[0].Number);
        }
    }

    [Fact]
    public async Task The_note_of_a_use_keeps_nobody_from_reading()
    {
        var accounts = new AccountBook(Store, Clock);
        var sessions = new SessionBook(Store, Clock, accounts, new SessionLimits(Duration.FromDays(14), Duration.FromDays(30)));
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(new Account("hash", Clock.Now).Put("maya")), TestContext.Current.CancellationToken)).Succeeded);
        var begun = (await sessions.BeginAsync("maya", Place, null, account => account))!;
        await FillAsync();
        var open = (await sessions.FindAsync("maya", begun.Secret, TestContext.Current.CancellationToken))!;
        await sessions.NoteUseAsync("maya", open.Session, Place with { UserAgent = new string('x', 8000) }, byOpenPage: false);
        Assert.Equal("Firefox", (await sessions.FindAsync("maya", begun.Secret, TestContext.Current.CancellationToken))!.Session.UserAgent);
    }

    // to the last bytes of the pages of every table that is written to here
    private async Task FillAsync()
    {
        foreach (var size in new[] { 64 << 10, 16 << 10, 4 << 10, 1 << 10, 256, 16, 1 })
        {
            var number = 0;
            while ((await ApplyAsync(new PutRecord("filler", $"{size}", $"{number++}", new byte[size]))).Succeeded) Assert.True(number < 10_000);
        }

        while ((await ApplyAsync(new AppendLine(PracticeAudit.Log, Group.Id, "{}"u8.ToArray(), "maya"))).Succeeded)
        {
        }
    }

    private async Task<BatchOutcome> ApplyAsync(params StoreOperation[] steps) => await Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken);

    private static async Task AssertFullAsync(Func<Task> act) => Assert.Equal(StoreFailureKind.NoSpace, (await Assert.ThrowsAsync<StoreException>(act)).Kind);
}
