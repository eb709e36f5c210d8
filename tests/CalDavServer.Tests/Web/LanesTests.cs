using CalDavServer.Web.Calendar;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What overlaps stands side by side.</summary>
public sealed class LanesTests
{
    [Fact]
    public void What_stands_alone_has_the_whole_width() => Assert.Equal([new(0, 1), new(0, 1)], Lay((60, 90), (90, 120)));

    [Fact]
    public void Two_that_overlap_share_the_width() => Assert.Equal([new(0, 2), new(1, 2)], Lay((60, 120), (90, 150)));

    [Fact]
    public void A_lane_is_used_again_as_soon_as_it_is_free() => Assert.Equal([new(0, 2), new(1, 2), new(1, 2)], Lay((60, 180), (60, 90), (90, 120)));

    [Fact]
    public void The_order_in_which_they_are_given_does_not_matter() => Assert.Equal([new(1, 2), new(0, 2)], Lay((90, 150), (60, 120)));

    [Fact]
    public void What_comes_after_a_crowd_has_the_whole_width_again() =>
        Assert.Equal([new(0, 3), new(1, 3), new(2, 3), new(0, 1)], Lay((0, 60), (10, 60), (20, 60), (60, 90)));

    [Fact]
    public void However_many_there_are_no_lane_is_narrower_than_an_eighth()
    {
        var lanes = Lay([.. Enumerable.Range(0, 30).Select(_ => (60, 120))]);
        Assert.All(lanes, lane => Assert.Equal(Lanes.Most, lane.Count));
        Assert.All(lanes, lane => Assert.InRange(lane.Index, 0, Lanes.Most - 1));
    }

    [Fact]
    public void No_two_that_overlap_are_in_one_lane()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            Stretch[] stretches = [.. Enumerable.Range(0, 7).Select(_ => random.Next(0, 400)).Select(from => new Stretch(from, from + random.Next(15, 120)))];
            var lanes = Lanes.Lay(stretches);
            for (var one = 0; one < stretches.Length; one++)
            {
                for (var other = 0; other < one; other++)
                {
                    if (stretches[one].Overlaps(stretches[other])) Assert.NotEqual(lanes[one].Index, lanes[other].Index);
                    if (stretches[one].Overlaps(stretches[other])) Assert.Equal(lanes[one].Count, lanes[other].Count);
                }
            }
        }
    }

    private static Lane[] Lay(params (int From, int Until)[] stretches) => Lanes.Lay([.. stretches.Select(stretch => new Stretch(stretch.From, stretch.Until))]);
}
