using CalDavServer.Links;
using CalDavServer.Options;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Links;

/// <summary>A service that asked to be left alone is, whoever tells of changes meanwhile.</summary>
public sealed class ScheduleTests
{
    private static readonly LinkTimes Times = new() { FirstPause = TimeSpan.FromMinutes(20) };

    [Fact]
    public void What_is_tried_since_a_service_tells_of_changes_waits_as_long_as_it_asked_to()
    {
        var schedule = Failed(TimeSpan.FromMinutes(5));
        schedule.Retry();
        Assert.InRange(schedule.Wait!.Value, TimeSpan.FromMinutes(4.9), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void One_that_did_not_say_how_long_is_tried_at_once()
    {
        var schedule = Failed(null);
        Assert.True(schedule.Wait > TimeSpan.FromMinutes(5));
        schedule.Retry();
        Assert.Equal(TimeSpan.Zero, schedule.Wait);
    }

    [Fact]
    public void What_it_asked_for_once_counts_until_it_answers()
    {
        var schedule = Failed(TimeSpan.FromMinutes(5));
        schedule.Ask();
        Assert.True(schedule.Begin());
        schedule.End(new PassEnd(PassResult.Later, null), Times);
        schedule.Retry();
        Assert.Equal(TimeSpan.Zero, schedule.Wait);
    }

    [Fact]
    public void However_often_a_service_tells_of_changes_one_that_does_not_answer_is_tried_once_a_minute()
    {
        var link = new ScheduledLink(new("maya", "l1"));
        // one that answers is due as changes are
        Assert.False(link.RetryIfFailing());
        for (var n = 0; n < 2; n++)
        {
            Assert.True(link.Begin());
            link.End(new PassEnd(PassResult.Later, null), Times);
            Assert.Equal(n == 0, link.RetryIfFailing());
        }

        Assert.True(link.Wait > TimeSpan.FromMinutes(5));
    }

    private static Schedule Failed(TimeSpan? retryAfter)
    {
        var schedule = new Schedule();
        Assert.True(schedule.Begin());
        schedule.End(new PassEnd(PassResult.Later, retryAfter), Times);
        return schedule;
    }
}
