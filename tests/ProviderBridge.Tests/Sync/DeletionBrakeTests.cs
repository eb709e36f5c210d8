using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>How many deletions from outside go through without a question.</summary>
public sealed class DeletionBrakeTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 30, 9, 0);

    [Theory]
    [InlineData(10, 10, false)]
    [InlineData(11, 12, true)]
    [InlineData(20, 100, false)]
    [InlineData(21, 100, true)]
    public void Ten_or_a_fifth_of_all_go_through(int deletions, int all, bool held) => Assert.Equal(held, DeletionBrake.Holds(deletions, allowed: 0, all, [], Now));

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void What_went_within_the_last_hour_counts(int minutes, bool held) =>
        Assert.Equal(held, DeletionBrake.Holds(3, allowed: 0, all: 20, [new RecentRemovals(Now - Duration.FromMinutes(minutes), 8)], Now));

    [Theory]
    [InlineData(30, false)]
    [InlineData(29, true)]
    public void As_many_as_a_person_allowed_go_through(int allowed, bool held) => Assert.Equal(held, DeletionBrake.Holds(30, allowed, all: 40, [], Now));

    [Fact]
    public void One_of_which_nothing_is_left_waits() => Assert.True(DeletionBrake.Holds(1, allowed: 0, all: 1, [], Now, leavesNone: true));

    [Fact]
    public void None_waits_for_nobody() => Assert.False(DeletionBrake.Holds(0, allowed: 0, all: 1, [], Now, leavesNone: true));
}
