using Xunit;

namespace CalDavServer.Tests.Concurrency;

/// <summary>The checker itself: it finds what is wrong, and takes what is right.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void Calls_that_overlap_may_come_in_any_order() => Assert.Null(Linearizability.Refute(
        [new(0, 10, CallKind.Create, null, 201, "a"), new(1, 9, CallKind.Get, null, 404, null), new(2, 8, CallKind.Get, null, 200, "a"), new(3, 9, CallKind.Create, null, 412, null)], null));

    [Fact]
    public void Two_who_win_on_one_ETag_are_found() => Assert.NotNull(Linearizability.Refute(
        [new(0, 10, CallKind.Put, "a", 204, "b"), new(0, 10, CallKind.Put, "a", 204, "c")], "a"));

    [Fact]
    public void A_stale_read_is_found()
    {
        Call[] calls = [new(0, 1, CallKind.Put, "a", 204, "b"), new(2, 3, CallKind.Get, null, 200, "a")];
        Assert.NotNull(Linearizability.Refute(calls, "a"));
        Assert.Null(Linearizability.Refute([calls[0], calls[1] with { Invoked = 0 }], "a"));
    }

    [Fact]
    public void A_lost_update_is_found() => Assert.NotNull(Linearizability.Refute(
        [new(0, 1, CallKind.Put, "a", 204, "b"), new(2, 3, CallKind.Put, "a", 204, "c")], "a"));

    [Fact]
    public void A_refusal_without_a_reason_is_found() => Assert.NotNull(Linearizability.Refute([new(0, 1, CallKind.Put, "a", 412, null)], "a"));

    [Fact]
    public void Two_reads_that_go_back_are_found() => Assert.NotNull(Linearizability.Refute(
        [new(0, 9, CallKind.Put, null, 204, "b"), new(1, 2, CallKind.Get, null, 200, "b"), new(3, 4, CallKind.Get, null, 200, "a")], "a"));
}
