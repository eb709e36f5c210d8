using Calendaring.Recurrence;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

public class ExpansionProperties
{
    private static readonly string[] Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    private static readonly string[] Durations = ["PT1H", "P1D", "P3DT5M", "PT0S"];

    [Fact]
    public void Seeking_gives_what_walking_gives() => Check(seed =>
    {
        var (rule, start, random) = RandomRule(seed);
        var all = rule.Expand(start, start, Budget()).Take(200).ToList();
        var from = all[random.Next(all.Count)].PlusSeconds(random.Next(3) - 1);
        var walked = all.Where(t => t >= from).ToList();
        var sought = rule.Expand(start, from, Budget()).Take(walked.Count).ToList();
        return walked.SequenceEqual(sought);
    });

    [Fact]
    public void Counting_gives_the_first_of_what_an_endless_rule_gives() => Check(seed =>
    {
        var (rule, start, random) = RandomRule(seed);
        var all = rule.Expand(start, start, Budget()).Take(60).ToList();
        if (all.Count < 60) return true;
        var counted = rule with { Count = 50 };
        if (!all.Take(50).SequenceEqual(counted.Expand(start, start, Budget()))) return false;
        var from = all[random.Next(50)];
        return all.Take(50).Where(t => t >= from).SequenceEqual(counted.Expand(start, from, Budget()));
    });

    [Fact]
    public void Times_ascend_without_doubles_from_dtstart() => Check(seed =>
    {
        var (rule, start, _) = RandomRule(seed);
        var all = rule.Expand(start, start, Budget()).Take(100).ToList();
        return all[0] == start && all.Zip(all.Skip(1)).All(pair => pair.First < pair.Second);
    });

    [Fact]
    public void A_window_has_the_occurrences_of_a_larger_one_that_overlap_it() => Check(WindowsAgree);

    [Theory]
    [InlineData(951065326)] // of what was moved with THISANDFUTURE, one starts in a DST gap
    [InlineData(1046007166)] // the larger window cost more than its budget
    public void Seeds_that_once_failed_do_so_no_more(int seed) => Assert.True(WindowsAgree(seed));

    private static bool WindowsAgree(int seed)
    {
        var (rule, start, random) = RandomRule(seed);
        var zone = random.Next(2) == 0 ? "Australia/Sydney" : "America/New_York";
        var set = Sets.Set(
            $"VEVENT|DTSTART;TZID={zone}:{start:uuuuMMdd'T'HHmmss}|DURATION:{Durations[random.Next(4)]}|RRULE:{rule}"
            + $"|RDATE:20100101T000000Z|EXDATE;VALUE=DATE:{start.PlusDays(random.Next(40)):uuuuMMdd}",
            $"VEVENT|RECURRENCE-ID;TZID={zone};RANGE=THISANDFUTURE:{start.PlusDays(20):uuuuMMdd'T'HHmmss}|DTSTART;TZID={zone}:{start.PlusDays(18).PlusHours(3):uuuuMMdd'T'HHmmss}|DURATION:PT2H");
        var first = start.InUtc().ToInstant();
        var until = first + Duration.FromDays(rule.Frequency < Frequency.Daily ? 2 : 400);
        var from = first + Duration.FromHours(random.Next(rule.Frequency < Frequency.Daily ? 24 : 4000));
        var to = from + Duration.FromHours(random.Next(1, 500));
        if (to > until) to = until;
        // a day of seconds may be taken out before the first: what costs too much to reach is missing, as it says itself
        var large = set.Between(first - Duration.FromDays(3), until, new(20 * ExpansionBudget.DefaultSteps)).Take(3000).ToList();
        if (large.Count == 3000) return true;
        var expected = large.Where(o => o.Start < to && (o.End > from || (o.Start >= from && o.Start == o.End))).ToList();
        return expected.SequenceEqual(set.Between(from, to, Budget())) && large.Zip(large.Skip(1)).All(pair => pair.First.Start <= pair.Second.Start);
    }

    [Fact]
    public void The_canonical_text_is_the_same_rule() => Check(seed =>
    {
        var (rule, _, _) = RandomRule(seed);
        return Rule(rule.ToString()) == rule;
    });

    private static ExpansionBudget Budget() => new(ExpansionBudget.DefaultSteps);

    private static void Check(Func<int, bool> property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), property));

    private static (RecurrenceRule Rule, LocalDateTime Start, Random Random) RandomRule(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var frequency = (Frequency)random.Next(7);
            var parts = new List<string> { "FREQ=" + frequency.ToString().ToUpperInvariant() };
            if (random.Next(10) == 0 && frequency >= Frequency.Monthly) parts.Add("RSCALE=GREGORIAN;SKIP=" + (random.Next(2) == 0 ? "FORWARD" : "BACKWARD"));
            if (random.Next(2) == 0) parts.Add($"INTERVAL={random.Next(1, 20)}");
            void Maybe(int chance, string name, int min, int max, bool signed = false)
            {
                if (random.Next(100) >= chance) return;
                parts.Add(name + "=" + string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(min, max + 1) * (signed && random.Next(3) == 0 ? -1 : 1))));
            }
            Maybe(30, "BYMONTH", 1, 12);
            if (frequency == Frequency.Yearly) Maybe(20, "BYWEEKNO", 1, 53, true);
            if (frequency is Frequency.Yearly or < Frequency.Daily) Maybe(15, "BYYEARDAY", 1, 366, true);
            if (frequency != Frequency.Weekly) Maybe(30, "BYMONTHDAY", 1, 31, true);
            if (random.Next(2) == 0)
            {
                var ordinals = frequency >= Frequency.Monthly && !parts.Exists(p => p.StartsWith("BYWEEKNO", StringComparison.Ordinal));
                parts.Add("BYDAY=" + string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => (ordinals && random.Next(2) == 0 ? $"{random.Next(1, 5)}" : "") + Weekdays[random.Next(7)])));
            }
            Maybe(20, "BYHOUR", 0, 23);
            Maybe(20, "BYMINUTE", 0, 59);
            Maybe(10, "BYSECOND", 0, 59);
            if (parts.Exists(p => p.StartsWith("BY", StringComparison.Ordinal))) Maybe(20, "BYSETPOS", 1, 5, true);
            if (random.Next(3) == 0) parts.Add("WKST=" + Weekdays[random.Next(7)]);
            var start = new LocalDateTime(2010, 1, 1, 0, 0).PlusMinutes(random.Next(5_000_000));
            return (Rule(string.Join(';', parts)), start, random);
        }
    }
}
