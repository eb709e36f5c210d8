using Calendaring.Store;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    [Fact]
    public async Task A_lease_is_one_workers_until_it_ends_or_is_given_back_and_its_epoch_goes_up()
    {
        var first = (await TakeAsync(Samples.Now))!;
        Assert.Equal(Samples.Now + Minute, first.Until);
        Assert.Null(await TakeAsync(Samples.Now + Minute - Duration.FromSeconds(1)));
        Assert.NotNull(await Lease.TakeAsync(Store, "work", "other", Samples.Now, Minute));
        var second = (await TakeAsync(Samples.Now + Minute))!;
        Assert.True(second.Epoch > first.Epoch);
        await second.ReturnAsync(Store, Samples.Now + Minute);
        var third = (await TakeAsync(Samples.Now + Minute))!;
        Assert.True(third.Epoch > second.Epoch);
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_writes_nothing_more_and_gives_back_nothing()
    {
        var id = await CollectionAsync();
        var lost = (await TakeAsync(Samples.Now))!;
        await ApplyAsync(lost.Expect(), Samples.Put(id, "a"));
        var held = (await TakeAsync(Samples.Now + Minute))!;
        Assert.Equal((StoreFailureKind.Precondition, 1), await FailureAsync(Samples.Put(id, "b"), lost.Expect()));
        Assert.Null(await FindAsync(id, "b"));
        await lost.ReturnAsync(Store, Samples.Now + Minute);
        Assert.Null(await TakeAsync(Samples.Now + Minute));
        await ApplyAsync(held.Expect(), Samples.Put(id, "b"));
    }

    [Fact]
    public async Task Of_many_workers_that_take_a_lease_at_once_one_has_it()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await TakeAsync(Samples.Now))));
        Assert.Single(taken.OfType<Lease>());
    }

    [Fact]
    public async Task A_lease_that_was_broken_is_nobodys_and_one_that_a_clock_made_too_long_too()
    {
        var broken = (await TakeAsync(Samples.Now))!;
        await ApplyAsync([.. await AskAsync(s => Lease.BreakAsync(s, "work", "it"))]);
        Assert.Equal((StoreFailureKind.Precondition, 0), await FailureAsync(broken.Expect()));
        Assert.NotNull(await TakeAsync(Samples.Now + Duration.FromHours(1)));
        Assert.NotNull(await TakeAsync(Samples.Now));
        Assert.Empty(await AskAsync(s => Lease.BreakAsync(s, "work", "never taken")));
    }

    [Fact]
    public async Task Leases_that_have_ended_are_due_and_outlive_a_restart()
    {
        var held = (await TakeAsync(Samples.Now))!;
        await ReopenAsync();
        Assert.Null(await TakeAsync(Samples.Now));
        await ApplyAsync(held.Expect());
        Assert.Empty(await AskAsync(s => s.ListDueRecordsAsync("work", Samples.Now)));
        Assert.Equal("it", Assert.Single(await AskAsync(s => s.ListDueRecordsAsync("work", Samples.Now + Minute))).Owner);
    }

    private async Task<Lease?> TakeAsync(Instant now) => await Lease.TakeAsync(Store, "work", "it", now, Minute);

    private async Task<(StoreFailureKind Kind, int Operation)> FailureAsync(params StoreOperation[] operations)
    {
        var failure = await FailAsync(operations);
        return (failure.Kind, failure.Operation);
    }
}
