using System.Globalization;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Recurrence;

/// <summary>A rule is edited and written back without loss, and two rules are equal when they mean the same, however either is written.</summary>
public sealed class RuleEditingTests
{
    private static readonly DateTimeZone Sydney = DateTimeZoneProviders.Tzdb["Australia/Sydney"];
    private static readonly CalendarTime Tuesday = new(new LocalDateTime(2026, 3, 10, 9, 0), CalendarTimeKind.Zoned, "Australia/Sydney");

    [Theory]
    [InlineData("freq=weekly;X-NOTE=Kept;BYDAY=TU, TH;WKST=MO;INTERVAL=1")]
    [InlineData("BYDAY=1MO;FREQ=MONTHLY")]
    [InlineData("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;BYMONTH=2;BYMONTHDAY=+29")]
    [InlineData("FREQ=DAILY;COUNT=3;UNTIL=20260401")]
    public void What_is_not_edited_is_written_as_it_was_read(string text) => Assert.Equal(text, Rule(text).ToText());

    [Theory]
    [InlineData("COUNT=5;FREQ=weekly;X-NOTE=Kept;BYDAY=TU", "FREQ=weekly;X-NOTE=Kept;BYDAY=TU;UNTIL=20260323T215959Z")]
    [InlineData("FREQ=WEEKLY;UNTIL=20270101;WKST=SU", "FREQ=WEEKLY;WKST=SU;UNTIL=20260323T215959Z")]
    public void An_edit_changes_its_own_part_alone(string text, string expected)
    {
        var occurrence = Tuesday with { Local = new LocalDateTime(2026, 3, 24, 9, 0) };
        Assert.Equal(expected, Rule(text).EndingBefore(occurrence, occurrence.Local.InZoneLeniently(Sydney).ToInstant()).ToText());
    }

    [Fact]
    public void An_edit_that_is_taken_back_leaves_the_text_as_it_was()
    {
        var rule = Rule("BYDAY=TU;freq=WEEKLY;COUNT=5");
        Assert.Equal("BYDAY=TU;freq=WEEKLY;COUNT=5", (rule.WithoutEnd() with { Count = 5 }).ToText());
        Assert.Equal("BYDAY=TU;freq=WEEKLY", rule.WithoutEnd().ToText());
    }

    [Fact]
    public void Words_are_left_out_on_demand() => Assert.Equal("freq=WEEKLY;BYDAY=TU", Rule("freq=WEEKLY;X-NOTE=Mia;BYDAY=TU").WithoutExtensions().ToText());

    [Fact]
    public void An_edit_beyond_what_a_part_can_say_is_told()
    {
        Assert.True((Rule("FREQ=DAILY;BYHOUR=23") with { ByHour = [0] }).IsValid);
        Assert.False((Rule("FREQ=DAILY;BYHOUR=23") with { ByHour = [24] }).IsValid);
        Assert.False((Rule("FREQ=WEEKLY") with { ByMonthDay = [3] }).IsValid);
    }

    [Fact]
    public void Lists_are_in_order_whoever_made_them() => Assert.Equal("FREQ=MONTHLY;BYMONTHDAY=2,16", (Rule("FREQ=MONTHLY") with { ByMonthDay = [16, 2, 16] }).ToString());

    [Theory]
    [InlineData("FREQ=WEEKLY;BYDAY=TU,TH", "BYDAY=TH,TU;FREQ=WEEKLY;INTERVAL=1")]
    [InlineData("FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=WEEKLY;BYDAY=TU,TH;WKST=SU")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=3", "FREQ=MONTHLY;BYMONTHDAY=+3;WKST=SU")]
    public void The_same_in_another_order_or_with_a_first_day_of_weeks_that_does_not_matter_is_equal(string one, string other)
    {
        Assert.Equal(Rule(one), Rule(other));
        Assert.Equal(Rule(one).GetHashCode(), Rule(other).GetHashCode());
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=20;WKST=SU")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,SU;BYSETPOS=1", "FREQ=WEEKLY;BYDAY=MO,SU;BYSETPOS=1;WKST=SU")]
    [InlineData("FREQ=DAILY", "FREQ=DAILY;COUNT=3")]
    public void A_rule_that_means_something_else_is_not_equal(string one, string other)
    {
        Assert.NotEqual(Rule(one), Rule(other));
        Assert.NotEqual(Rule(one).Given(Tuesday, Sydney), Rule(other).Given(Tuesday, Sydney));
    }

    [Theory]
    [InlineData("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU")]
    [InlineData("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=10;BYHOUR=9;BYMINUTE=0;BYSECOND=0")]
    [InlineData("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=10")]
    [InlineData("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3")]
    [InlineData("FREQ=DAILY;UNTIL=20260331", "FREQ=DAILY;UNTIL=20260331T125959Z")]
    [InlineData("FREQ=DAILY;UNTIL=20260331", "FREQ=DAILY;UNTIL=20260330T220000Z")]
    [InlineData("FREQ=DAILY;UNTIL=20260331", "FREQ=DAILY;UNTIL=20260331T235959")]
    public void What_DTSTART_says_anyway_and_the_form_of_UNTIL_make_no_difference(string one, string other) =>
        Assert.Equal(Rule(one).Given(Tuesday, Sydney), Rule(other).Given(Tuesday, Sydney));

    /// <summary>It is how some say endless: in another zone there is no such time.</summary>
    [Theory]
    [InlineData("99991231T235959Z")]
    [InlineData("99991231T000000Z")]
    [InlineData("99991231T235959")]
    [InlineData("99991231")]
    public void The_last_year_that_a_date_can_have_is_compared_and_moved(string until)
    {
        var rule = Rule($"FREQ=WEEKLY;UNTIL={until}");
        Assert.Equal(rule.Given(Tuesday, Sydney), Rule($"FREQ=WEEKLY;BYDAY=TU;UNTIL={until}").Given(Tuesday, Sydney));
        Assert.NotEqual(rule.Given(Tuesday, Sydney), Rule("FREQ=WEEKLY;UNTIL=20261231T090000Z").Given(Tuesday, Sydney));
        Assert.Equal(rule, rule.EndMoved(Tuesday, Tuesday with { Local = Tuesday.Local.PlusDays(3) }, Sydney));
    }

    [Theory]
    [InlineData("FREQ=YEARLY", "FREQ=YEARLY;BYMONTHDAY=10")]
    [InlineData("FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=TU")]
    [InlineData("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=WE")]
    [InlineData("FREQ=DAILY;UNTIL=20260331", "FREQ=DAILY;UNTIL=20260330T215959Z")]
    public void What_DTSTART_does_not_say_makes_one(string one, string other) =>
        Assert.NotEqual(Rule(one).Given(Tuesday, Sydney), Rule(other).Given(Tuesday, Sydney));

    [Fact]
    public void A_rule_that_was_not_read_has_its_end_last()
    {
        var rule = new RecurrenceRule(Frequency.Yearly, 2) { ByMonth = [3], ByDay = [new ByDay(2, IsoDayOfWeek.Tuesday)], Count = 5 };
        Assert.Equal("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=2TU;COUNT=5", rule.ToText());
        Assert.Equal(rule, Rule(rule.ToText()));
        Assert.Equal("FREQ=DAILY", new RecurrenceRule(Frequency.Daily).ToText());
    }

    [Theory]
    [InlineData("20260331", "20260331T125959Z", "20260331", "20260331T235959")]
    [InlineData("20260331T125959Z", "20260331T125959Z", "20260331", "20260331T235959")]
    [InlineData("20260331T093000", "20260330T223000Z", "20260331", "20260331T093000")]
    [InlineData("99991231", "99991231T235959Z", "99991231", "99991231T235959")]
    [InlineData("99991231T235959Z", "99991231T235959Z", "99991231", "99991231T235959")]
    public void UNTIL_has_the_form_that_belongs_to_DTSTART(string until, string zoned, string days, string floating)
    {
        string On(CalendarTime start) => Rule($"FREQ=WEEKLY;UNTIL={until};X-NOTE=Kept").EndInFormOf(start, Sydney).ToText().Replace(";X-NOTE=Kept", "", StringComparison.Ordinal);
        Assert.Equal($"FREQ=WEEKLY;UNTIL={zoned}", On(Tuesday));
        Assert.Equal($"FREQ=WEEKLY;UNTIL={days}", On(CalendarTime.OfDate(Tuesday.Local.Date)));
        Assert.Equal($"FREQ=WEEKLY;UNTIL={floating}", On(new CalendarTime(Tuesday.Local, CalendarTimeKind.Floating)));
    }

    [Theory]
    [InlineData("20260331", 31)]
    [InlineData("20260331T125959Z", 31)]
    [InlineData("20260330T220000Z", 31)]
    [InlineData("20260330T215959Z", 30)]
    [InlineData("20260331T085959", 30)]
    public void The_last_day_is_the_last_that_may_have_an_occurrence(string until, int day) =>
        Assert.Equal(new LocalDate(2026, 3, day), Rule($"FREQ=DAILY;UNTIL={until}").LastDay(Tuesday, Sydney));

    [Fact]
    public void A_date_is_such_a_day_of_its_month_as_a_monthly_rule_gives()
    {
        for (var date = new LocalDate(2027, 12, 1); date.Year < 2029; date = date.PlusDays(1))
        {
            for (var ordinal = -5; ordinal <= 5; ordinal++)
            {
                var day = new ByDay(ordinal, IsoDayOfWeek.Tuesday);
                var first = date.With(DateAdjusters.StartOfMonth).PlusDays(-1).AtMidnight();
                var expected = new RecurrenceRule(Frequency.Monthly) { ByDay = [day] }.Expand(first, first, new ExpansionBudget(1000)).Skip(1).TakeWhile(time => time.Date <= date).Contains(date.AtMidnight());
                Assert.True(expected == day.IsInMonth(date), $"{date}: {ordinal}TU");
            }
        }
    }

    /// <summary>Whatever is edited, every other part is there as it was, in its order; and what is written means what the edited rule means.</summary>
    [Fact]
    public void No_edit_loses_anything_of_what_it_does_not_edit()
    {
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var start = StartOf(random);
            var text = TextOf(random, start).Replace("FREQ", random.Next(2) == 0 ? "freq" : "FREQ", StringComparison.Ordinal) + (random.Next(2) == 0 ? ";X-NOTE=a B" : "");
            var rule = Rule(text);
            var (edited, names) = random.Next(4) switch
            {
                0 => (rule with { Interval = 3 }, (string[])["INTERVAL"]),
                1 => (rule with { Count = 7, Until = null }, ["COUNT", "UNTIL"]),
                2 => (rule.EndInFormOf(start, Sydney), ["UNTIL"]),
                _ => (rule with { WeekStart = IsoDayOfWeek.Wednesday }, ["WKST"]),
            };
            Assert.Equal(Others(text, names), Others(edited.ToText(), names));
            Assert.Equal(edited, Rule(edited.ToText()));
        }
    }

    private static IEnumerable<string> Others(string text, string[] names) => text.Split(';').Where(part => !names.Contains(part.Split('=')[0]));

    [Fact]
    public void Rules_that_are_equal_on_a_DTSTART_give_the_same_occurrences_on_it()
    {
        var random = new Random(11);
        var equal = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var start = StartOf(random);
            var (one, other) = (Rule(TextOf(random, start)), Rule(TextOf(random, start)));
            if (!one.Given(start, Sydney).Equals(other.Given(start, Sydney))) continue;
            if (one.ToText() != other.ToText()) equal++;
            Assert.True(Times(one, start).SequenceEqual(Times(other, start)), $"{start}: {one.ToText()} and {other.ToText()}");
            Assert.True(Times(one, start).SequenceEqual(Times(one.Given(start, Sydney), start)), $"{start}: {one.ToText()}");
        }

        Assert.True(equal > 200, $"Only {equal} pairs that are written in two ways were compared.");
    }

    private static List<LocalDateTime> Times(RecurrenceRule rule, CalendarTime start) =>
        [.. rule.Expand(start.Local, start.Local, new ExpansionBudget(ExpansionBudget.DefaultSteps), start.IsDate ? null : Sydney).Take(60)];

    private static CalendarTime StartOf(Random random)
    {
        // days and times of the clock changes of 2026 among them
        var day = new LocalDate(2026, 3, 31).PlusDays(random.Next(12));
        LocalTime[] times = [new(9, 0), new(2, 30), new(0, 0), new(23, 30)];
        return random.Next(5) == 0 ? CalendarTime.OfDate(day) : new CalendarTime(day + times[random.Next(times.Length)], CalendarTimeKind.Zoned, "Australia/Sydney");
    }

    private static string TextOf(Random random, CalendarTime start)
    {
        string[] frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
        var frequency = frequencies[random.Next(frequencies.Length)];
        var local = start.Local;
        List<string> parts = [$"FREQ={frequency}"];
        void Maybe(bool may, string part)
        {
            if (may && random.Next(2) == 0) parts.Add(part);
        }

        Maybe(random.Next(3) == 0, "INTERVAL=2");
        Maybe(true, "WKST=SU");
        Maybe(frequency == "WEEKLY", $"BYDAY={local.DayOfWeek.ToString()[..2].ToUpperInvariant()}");
        Maybe(frequency is "MONTHLY" or "YEARLY", $"BYMONTHDAY={local.Day}");
        Maybe(frequency == "YEARLY", $"BYMONTH={local.Month}");
        Maybe(!start.IsDate, $"BYHOUR={local.Hour}");
        Maybe(!start.IsDate, $"BYMINUTE={local.Minute}");
        var end = local.Date.PlusDays(random.Next(8));
        switch (random.Next(5))
        {
            case 0: parts.Add("COUNT=5"); break;
            case 1: parts.Add($"UNTIL={end.ToString("uuuuMMdd", CultureInfo.InvariantCulture)}"); break;
            case 2: parts.Add($"UNTIL={(end + new LocalTime(random.Next(24), 30)).InZoneLeniently(Sydney).ToInstant().InUtc().LocalDateTime.ToString("uuuuMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}"); break;
            case 3: parts.Add($"UNTIL={(end + new LocalTime(random.Next(24), 30)).ToString("uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture)}"); break;
        }

        return string.Join(';', parts.OrderBy(_ => random.Next()));
    }

    private static RecurrenceRule Rule(string text)
    {
        Assert.True(RecurrenceRule.TryParse(text, out var rule, out var reason), reason);
        return rule;
    }
}
