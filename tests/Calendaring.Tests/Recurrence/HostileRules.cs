using System.Diagnostics;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

public class HostileRules
{
    /// <summary>A server answers each question about a rule within this time of its own thread.</summary>
    private const double Milliseconds = 10;

    private const long Bytes = 1_000_000;

    private const string AllHours = "BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23";
    private const string AllDays = "BYDAY=MO,TU,WE,TH,FR,SA,SU";
    private static readonly string AllMinutes = "BYMINUTE=" + string.Join(',', Enumerable.Range(0, 60));
    private static readonly string AllSeconds = "BYSECOND=" + string.Join(',', Enumerable.Range(0, 60));
    private static readonly string AllTimes = $"{AllHours};{AllMinutes};{AllSeconds}";
    private static readonly string AllMonthDays = "BYMONTHDAY=" + string.Join(',', Enumerable.Range(1, 31));
    private static readonly string AllYearDays = "BYYEARDAY=" + string.Join(',', Enumerable.Range(1, 366));
    private static readonly string AllWeeks = "BYWEEKNO=" + string.Join(',', Enumerable.Range(1, 53));
    private static readonly string AllPositions = "BYSETPOS=" + string.Join(',', Enumerable.Range(1, 366));
    private static readonly string AllPositionsFromEnd = "BYSETPOS=" + string.Join(',', Enumerable.Range(1, 366).Select(position => -position));

    public static TheoryData<string> Rules => new()
    {
        // never, or as good as never
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYMONTH=2,4,6,9,11;BYMONTHDAY=31",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYYEARDAY=200",
        "FREQ=SECONDLY;INTERVAL=60;BYSECOND=30",
        "FREQ=SECONDLY;INTERVAL=86400;BYSECOND=1",
        "FREQ=SECONDLY;INTERVAL=7;BYYEARDAY=-366;BYMONTH=6",
        "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=7;BYSECOND=1;BYMONTHDAY=31;BYMONTH=1;BYDAY=MO",
        "FREQ=SECONDLY;INTERVAL=2147483647",
        "FREQ=SECONDLY;INTERVAL=2147483647;BYSECOND=59;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=SECONDLY;BYSETPOS=2;BYSECOND=1,2,3",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5",
        "FREQ=MINUTELY;INTERVAL=90;BYHOUR=11;BYMINUTE=7",
        "FREQ=MINUTELY;INTERVAL=1439;BYMONTHDAY=29;BYMONTH=2;BYHOUR=3;BYMINUTE=3",
        "FREQ=MINUTELY;INTERVAL=2147483646;BYDAY=MO",
        "FREQ=HOURLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=HOURLY;BYMONTH=1;BYMONTHDAY=-31;BYYEARDAY=40",
        "FREQ=HOURLY;INTERVAL=40;BYHOUR=10",
        "FREQ=HOURLY;INTERVAL=23;BYYEARDAY=366;BYHOUR=7;BYDAY=WE",
        "FREQ=HOURLY;INTERVAL=168;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=146097;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=364;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;INTERVAL=2147483647",
        "FREQ=WEEKLY;INTERVAL=53;BYMONTH=2;BYDAY=MO;BYSETPOS=-5",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=6",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=53MO",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYYEARDAY=100",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYDAY=53MO,53TU;BYMONTH=2",
        "FREQ=YEARLY;INTERVAL=399;BYYEARDAY=366;BYDAY=MO",

        // as many as there can be
        $"FREQ=YEARLY;{AllTimes};BYSETPOS=-366",
        $"FREQ=YEARLY;{AllMonthDays};{AllTimes};{AllPositions}",
        $"FREQ=YEARLY;{AllYearDays};{AllTimes};{AllPositionsFromEnd}",
        $"FREQ=YEARLY;{AllWeeks};{AllDays};{AllTimes};{AllPositions}",
        $"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;{AllTimes};BYSETPOS=1",
        $"FREQ=MONTHLY;{AllDays};{AllTimes};{AllPositionsFromEnd}",
        $"FREQ=WEEKLY;{AllDays};{AllTimes};{AllPositions}",
        $"FREQ=DAILY;{AllTimes};BYMONTH=2;BYDAY=MO",
        $"FREQ=DAILY;{AllTimes};BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
        $"FREQ=DAILY;{AllTimes};{AllPositionsFromEnd}",
        $"FREQ=HOURLY;{AllMinutes};{AllSeconds};{AllPositions}",
        $"FREQ=SECONDLY;{AllTimes};BYSETPOS=2",
        $"FREQ=SECONDLY;{AllTimes};{AllYearDays};{AllDays}",

        // far to count
        "FREQ=SECONDLY;COUNT=2147483647",
        "FREQ=SECONDLY;BYSECOND=0,1,2,3,5,7,11;COUNT=2147483647",
        "FREQ=MINUTELY;BYDAY=MO,TU;COUNT=2147483647",
        "FREQ=DAILY;BYMONTHDAY=-1;COUNT=2147483647",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2147483647",
        "FREQ=YEARLY;COUNT=2147483647",
        $"FREQ=YEARLY;{AllTimes};{AllPositions};COUNT=2147483647",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYMONTHDAY=31;COUNT=2147483647",
        "FREQ=SECONDLY;UNTIL=99991231T235959Z",
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_hostile_rule_is_answered_in_10_ms_and_1_MB(string rule)
    {
        AssertBounded("a week a hundred years on", () => Week(rule, Instant.FromUtc(2126, 1, 5, 0, 0)));
        AssertBounded("its first week", () => Week(rule, Instant.FromUtc(2026, 1, 5, 0, 0)));
        AssertBounded("the index", () => ObjectIndexer.Index(Event(rule)));
    }

    [Theory]
    [InlineData("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", 0)]
    [InlineData("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31", 0)]
    [InlineData("FREQ=SECONDLY;BYHOUR=1,2,3;BYSETPOS=2", 0)]
    [InlineData("FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=-3", 0)]
    [InlineData("FREQ=HOURLY;BYMONTH=1;BYMONTHDAY=-31;BYYEARDAY=40", 0)]
    [InlineData("FREQ=HOURLY;INTERVAL=40;BYHOUR=10", 0)]
    [InlineData("FREQ=SECONDLY;INTERVAL=60;BYSECOND=30", 0)]
    [InlineData("FREQ=MINUTELY;INTERVAL=90;BYHOUR=11;BYMINUTE=7", 0)]
    [InlineData("FREQ=DAILY;INTERVAL=7;BYDAY=TU", 0)]
    [InlineData("FREQ=HOURLY;INTERVAL=168;BYDAY=TU", 0)]
    [InlineData("FREQ=WEEKLY", 30)]
    [InlineData("FREQ=DAILY;COUNT=100000", 30)]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,TU,WE;COUNT=100000", 30)]
    [InlineData("FREQ=SECONDLY;INTERVAL=3600;COUNT=1000000", 400)]
    [InlineData("FREQ=MONTHLY;COUNT=3000", 1300)]
    [InlineData("FREQ=SECONDLY;BYMONTH=1;BYMONTHDAY=8;BYHOUR=3;BYMINUTE=4;BYSECOND=5", 80)]
    public void A_far_window_is_reached_without_walking_to_it(string text, int steps)
    {
        var budget = new ExpansionBudget(steps + 1);
        _ = Rule(text).Expand(Local("20260105T000000"), Local("21260105T000000"), budget).TakeWhile(t => t < Local("21260112T000000")).Count();
        Assert.False(budget.Exhausted);
    }

    [Fact]
    public void A_rule_that_never_has_an_occurrence_hides_none_of_another()
    {
        var set = Sets.Set("VEVENT|DTSTART:20260105T090000Z|RRULE:FREQ=HOURLY;INTERVAL=40;BYHOUR=10|RRULE:FREQ=SECONDLY;BYYEARDAY=77;BYMONTHDAY=25|RRULE:FREQ=DAILY;COUNT=3");
        Assert.Equal("20260105T090000Z 20260106T090000Z 20260107T090000Z", set.First(10).Starts());
    }

    [Fact]
    public void A_cancelled_request_ends_its_expansion()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var budget = new ExpansionBudget(ExpansionBudget.DefaultSteps, source.Token);
        Assert.Throws<OperationCanceledException>(() => Rule("FREQ=SECONDLY").Expand(Local("20260105"), Local("20260105"), budget).Count());
    }

    [Fact]
    public void An_exhausted_budget_says_so()
    {
        var budget = new ExpansionBudget(1000);
        Assert.InRange(Rule("FREQ=SECONDLY").Expand(Local("20260105"), Local("20260105"), budget).Count(), 100, 1000);
        Assert.True(budget.Exhausted);
    }

    private static CalendarObject Event(string rule) => Sets.Calendar($"VEVENT|DTSTART;TZID=Australia/Sydney:20260105T000000|DURATION:PT1H|RRULE:{rule}");

    private static int Week(string rule, Instant from)
    {
        var calendar = Event(rule);
        var set = RecurrenceSet.Of(calendar, new(calendar.Calendar, DateTimeZone.Utc));
        return set.Between(from, from + Duration.FromDays(7), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Count();
    }

    /// <summary>Runs a question warm, and takes the best of some, over half a minute if it must: other work on the same core disturbs even a thread's own time.</summary>
    private static void AssertBounded(string what, Action ask)
    {
        var patience = Stopwatch.StartNew();
        var (time, bytes) = (double.MaxValue, long.MaxValue);
        for (var i = 0; (time >= Milliseconds || bytes >= Bytes) && patience.Elapsed < TimeSpan.FromSeconds(30); i++)
        {
            if (i > 10) Thread.Sleep(20);
            var (start, before) = (ThreadClock.Milliseconds, GC.GetAllocatedBytesForCurrentThread());
            ask();
            time = Math.Min(time, ThreadClock.Milliseconds - start);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(time < Milliseconds && bytes < Bytes, $"{what}: {time:F1} ms, {bytes} bytes");
    }
}
