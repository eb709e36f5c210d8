using CalDavServer.Links;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Links;

/// <summary>What cannot be written is not said to be done, nor to have been done by somebody else.</summary>
public sealed class LinkKeeperTests
{
    [Fact]
    public async Task What_cannot_be_written_throws_and_is_not_done()
    {
        await using var scene = await LinkScene.StartAsync();
        var store = new ToldStore(scene.Store) { IsFull = true };
        using var runner = scene.Run(store);
        var keeper = new LinkKeeper(store, SystemClock.Instance, runner);
        await AssertFullAsync(() => MakeAsync(scene, keeper));
        Assert.Null(await scene.FindAsync());

        store.IsFull = false;
        Assert.True(await MakeAsync(scene, keeper));
        // a double click
        Assert.False(await MakeAsync(scene, keeper));

        var conflict = new Conflict(SystemClock.Instance.GetCurrentInstant(), scene.Link.Id, "uid", [], "", "");
        var put = new PutRecord(((DeleteRecord)conflict.Remove(scene.Maya.Id)).Kind, scene.Maya.Id, conflict.Id, System.Text.Encoding.UTF8.GetBytes($$"""{"at":{{conflict.At.ToUnixTimeMilliseconds()}},"linkId":"{{scene.Link.Id}}","uid":"uid","practiceGroups":[],"practice":"","outside":""}"""));
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(put), TestContext.Current.CancellationToken)).Succeeded);
        var id = Assert.Single(await ConflictsAsync(scene)).Id;
        store.IsFull = true;
        await AssertFullAsync(() => keeper.LeaveAsync(scene.Link, id));
        Assert.Single(await ConflictsAsync(scene));
        store.IsFull = false;
        Assert.True(await keeper.LeaveAsync(scene.Link, id));
        Assert.False(await keeper.LeaveAsync(scene.Link, id));
    }

    private static Task<bool> MakeAsync(LinkScene scene, LinkKeeper keeper) =>
        keeper.MakeAsync(scene.Maya, AuditActor.OnPages(scene.Maya, "session"), new OutsideAccount("a1", scene.Maya.Id, "empty", "maya@example.com", "", SystemClock.Instance.GetCurrentInstant()), "Empty", "calendar", PrivacyLevel.FullName, 0);

    private static async Task<IReadOnlyList<Conflict>> ConflictsAsync(LinkScene scene)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Conflict.ListAsync(snapshot, scene.Maya.Id);
    }

    private static async Task AssertFullAsync(Func<Task> act) => Assert.Equal(StoreFailureKind.NoSpace, (await Assert.ThrowsAsync<StoreException>(act)).Kind);
}
