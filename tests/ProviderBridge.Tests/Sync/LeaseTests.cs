using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>The right to work on a link: kept for as long as a pass lasts, and when it is lost nothing is written any more, on either side.</summary>
public sealed class The_lease_of_a_link
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    [Fact]
    public async Task Is_kept_while_a_pass_runs_however_long()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 4; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        var taken = 0;
        link.Outside.AfterWrite = async () =>
        {
            // four minutes for one event
            link.Clock.Now += Duration.FromMinutes(4);
            await RenewedAsync(link);
            if (await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now) is not null) taken++;
        };
        var pass = new LinkPass(link.Store, link.Clock, link.Outside) { RenewEvery = TimeSpan.FromMilliseconds(10) };
        Assert.Equal(PassResult.Done, await pass.RunAsync(link.Key, TestContext.Current.CancellationToken));
        Assert.Equal((0, 4), (taken, link.Outside.Events.Count));
        // given back at the end
        Assert.NotNull(await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now));
    }

    [Fact]
    public async Task That_is_lost_ends_a_pass_before_its_next_write_outside()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 4; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        link.Outside.AfterWrite = async () =>
        {
            link.Outside.AfterWrite = null;
            // the process stood still for a while
            link.Clock.Now += Duration.FromMinutes(6);
            Assert.NotNull(await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now));
        };
        Assert.Equal(PassResult.Busy, await link.PassAsync());
        Assert.Equal(1, link.Outside.Writes);
        link.Clock.Now += Duration.FromMinutes(6);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(4, link.Outside.Events.Count);
        await link.AssertAgreeAsync("");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_an_earlier_run_of_the_server_had_is_free_at_its_next_start_and_what_the_earlier_run_still_sends_is_not_written(bool isRenewed)
    {
        await using var link = await LinkFixture.StartAsync();
        var earlier = (await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now))!;
        if (isRenewed) await LinkLease.RenewAsync(link.Store, earlier, link.Clock.Now);
        Assert.Null(await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now));
        await LinkLease.EndEarlierAsync(link.Store, link.Clock.Now, TestContext.Current.CancellationToken);
        Assert.False((await link.Store.ApplyAsync(StoreBatch.Of(earlier.Expect()), TestContext.Current.CancellationToken)).Succeeded);
        Assert.NotNull(await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now));
    }

    [Fact]
    public async Task Is_not_renewed_by_whoever_has_lost_it()
    {
        await using var link = await LinkFixture.StartAsync();
        var stale = (await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now))!;
        link.Clock.Now += Duration.FromMinutes(6);
        var now = (await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now))!;
        link.Clock.Now += Duration.FromMinutes(4);
        await LinkLease.RenewAsync(link.Store, stale, link.Clock.Now);
        link.Clock.Now += Duration.FromMinutes(2);
        Assert.NotNull(await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now));
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.False(await LinkLease.IsStillHeldAsync(snapshot, now));
    }

    [Fact]
    public async Task Is_renewed_again_though_once_it_could_not_be_and_the_pass_ends_as_it_would_have()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 4; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        var store = new NotRenewingStore(link.Store) { Failures = 2 };
        link.Outside.AfterWrite = async () =>
        {
            link.Clock.Now += Duration.FromMinutes(4);
            await RenewedAsync(link);
        };
        var pass = new LinkPass(store, link.Clock, link.Outside) { RenewEvery = TimeSpan.FromMilliseconds(10) };
        Assert.Equal(PassResult.Done, await pass.RunAsync(link.Key, TestContext.Current.CancellationToken));
        Assert.Equal(4, link.Outside.Events.Count);
    }

    /// <summary>A store that fails at the first renewals of a lease.</summary>
    private sealed class NotRenewingStore(ICalendarStore inner) : ICalendarStore
    {
        public int Failures { get; set; }

        public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default) => inner.OpenSnapshotAsync(cancellationToken);

        public ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default) =>
            batch.Operations.Any(one => one is PutRecord { Kind: "link-lease-renewal" }) && Failures-- > 0 ? throw new IOException("as told") : inner.ApplyAsync(batch, cancellationToken);

        public void NoteUse(CredentialUse use) => inner.NoteUse(use);

        public CredentialUse? FindNotedUse(string principalId, string credentialId) => inner.FindNotedUse(principalId, credentialId);

        public IDisposable Subscribe(Action<ChangeNotice> listener) => inner.Subscribe(listener);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Waits until it is renewed at this time.</summary>
    private static async Task RenewedAsync(LinkFixture link)
    {
        for (var n = 0; n < 500; n++)
        {
            if (await IsRenewedAsync(link)) return;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Fail("The lease was not renewed.");
    }

    private static async Task<bool> IsRenewedAsync(LinkFixture link)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var renewed = await snapshot.FindRecordAsync("link-lease-renewal", "l1", "link-lease-renewal");
        return renewed?.Due > link.Clock.Now + Duration.FromMinutes(4);
    }
}
