using Calendaring.Recurrence;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

public class HostileRules
{
    private const string AllHours = "BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23";
    private static readonly string AllMinutes = "BYMINUTE=" + string.Join(',', Enumerable.Range(0, 60));
    private static readonly string AllSeconds = "BYSECOND=" + string.Join(',', Enumerable.Range(0, 60));

    public static TheoryData<string> Rules => new()
    {
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYYEARDAY=200",
        "FREQ=SECONDLY;INTERVAL=60;BYSECOND=30",
        "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=7;BYSECOND=1;BYMONTHDAY=31;BYMONTH=1;BYDAY=MO",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5",
        "FREQ=HOURLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=HOURLY;BYMONTH=1;BYMONTHDAY=-31;BYYEARDAY=40",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=2147483647",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=6",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYYEARDAY=100",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYDAY=53MO,53TU;BYMONTH=2",
        $"FREQ=YEARLY;{AllHours};{AllMinutes};{AllSeconds};BYSETPOS=-366",
        $"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;{AllHours};{AllMinutes};{AllSeconds};BYSETPOS=1",
        $"FREQ=DAILY;{AllHours};{AllMinutes};{AllSeconds};BYMONTH=2;BYDAY=MO",
        $"FREQ=DAILY;{AllHours};{AllMinutes};{AllSeconds};BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
        $"FREQ=SECONDLY;{AllHours};{AllMinutes};{AllSeconds};BYSETPOS=2",
        "FREQ=SECONDLY;COUNT=2147483647",
        "FREQ=YEARLY;COUNT=2147483647",
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_hostile_rule_ends_within_its_budget_and_a_few_milliseconds(string text)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var budget = new ExpansionBudget(ExpansionBudget.DefaultSteps);
            var start = ThreadClock.Milliseconds;
            // a window of a week a hundred years on
            var found = Rule(text).Expand(Local("20260105T000000"), Local("21260105T000000"), budget).TakeWhile(t => t < Local("21260112T000000")).Take(100_000).Count();
            best = Math.Min(best, ThreadClock.Milliseconds - start);
            Assert.InRange(found, 0, ExpansionBudget.DefaultSteps);
        }
        // generous, for unoptimised code: an expansion that walked seconds would take minutes
        Assert.True(best < 500, $"{best:F1} ms");
    }

    [Theory]
    [InlineData("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", 0)]
    [InlineData("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31", 0)]
    [InlineData("FREQ=SECONDLY;BYHOUR=1,2,3;BYSETPOS=2", 0)]
    [InlineData("FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=-3", 0)]
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
}
