using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

public class RecurrenceRuleParsing
{
    [Theory]
    [InlineData("", "FREQ")]
    [InlineData("INTERVAL=2", "FREQ")]
    [InlineData("FREQ=FORTNIGHTLY", "FREQ")]
    [InlineData("FREQ=DAILY;COUNT=0", "COUNT")]
    [InlineData("FREQ=DAILY;COUNT=-1", "COUNT")]
    [InlineData("FREQ=DAILY;INTERVAL=0", "INTERVAL")]
    [InlineData("FREQ=DAILY;INTERVAL=99999999999", "INTERVAL")]
    [InlineData("FREQ=DAILY;UNTIL=20260230", "UNTIL")]
    [InlineData("FREQ=DAILY;UNTIL=20260101T250000", "UNTIL")]
    [InlineData("FREQ=DAILY;UNTIL=20260101T2500", "UNTIL")]
    [InlineData("FREQ=WEEKLY;BYDAY=1MO", "BYDAY")]
    [InlineData("FREQ=WEEKLY;BYDAY=XX", "BYDAY")]
    [InlineData("FREQ=MONTHLY;BYDAY=54MO", "BYDAY")]
    [InlineData("FREQ=MONTHLY;BYDAY=0MO", "BYDAY")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "BYWEEKNO")]
    [InlineData("FREQ=MONTHLY;BYWEEKNO=20", "BYWEEKNO")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=54", "BYWEEKNO")]
    [InlineData("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY")]
    [InlineData("FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY")]
    [InlineData("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY")]
    [InlineData("FREQ=YEARLY;BYMONTH=13", "BYMONTH")]
    [InlineData("FREQ=YEARLY;BYMONTH=-1", "BYMONTH")]
    [InlineData("FREQ=DAILY;BYHOUR=24", "BYHOUR")]
    [InlineData("FREQ=DAILY;BYMINUTE=60", "BYMINUTE")]
    [InlineData("FREQ=DAILY;BYSECOND=61", "BYSECOND")]
    [InlineData("FREQ=DAILY;BYHOUR=", "BYHOUR")]
    [InlineData("FREQ=DAILY;BYHOUR=1,,2", "BYHOUR")]
    [InlineData("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS")]
    [InlineData("FREQ=DAILY;WKST=1", "WKST")]
    [InlineData("FREQ=DAILY;FREQ=WEEKLY", "twice")]
    [InlineData("FREQ=DAILY;COUNT", "name")]
    [InlineData("FREQ=DAILY;BYEASTER=1", "RFC 5545")]
    [InlineData("FREQ=DAILY;SKIP=FORWARD", "RSCALE")]
    [InlineData("RSCALE=GREGORIAN;FREQ=DAILY;SKIP=SIDEWAYS", "SKIP")]
    public void A_rule_against_the_rfc_is_refused_with_the_part_at_fault(string text, string named)
    {
        Assert.False(RecurrenceRule.TryParse(text, out var rule, out var reason));
        Assert.Null(rule);
        Assert.Contains(named, reason, StringComparison.Ordinal);
        Assert.EndsWith(".", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSCALE=CHINESE;FREQ=YEARLY")]
    [InlineData("FREQ=YEARLY;RSCALE=HEBREW;SKIP=FORWARD")]
    public void Another_calendar_scale_is_refused_with_its_own_reason(string text)
    {
        Assert.False(RecurrenceRule.TryParse(text, out _, out var reason));
        Assert.StartsWith(RecurrenceRule.UnsupportedScale, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;BYDAY=MO;", "FREQ=WEEKLY;BYDAY=MO")]
    [InlineData("freq=weekly;byday=mo,fr", "FREQ=WEEKLY;BYDAY=MO,FR")]
    [InlineData(" FREQ = DAILY ; INTERVAL = 1 ", "FREQ=DAILY")]
    [InlineData("FREQ=WEEKLY;WKST=MO;BYDAY=FR,MO,FR", "FREQ=WEEKLY;BYDAY=MO,FR")]
    [InlineData("WKST=SU;BYDAY=+1MO,-1FR;FREQ=MONTHLY;INTERVAL=02", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,1MO;WKST=SU")]
    [InlineData("FREQ=DAILY;X-NAME=V;UNTIL=20260101T235960Z", "FREQ=DAILY;UNTIL=20260101T235959Z")]
    [InlineData("FREQ=YEARLY;UNTIL=20260101;BYMONTHDAY=-1,1;BYMONTH=12,1", "FREQ=YEARLY;UNTIL=20260101;BYMONTH=1,12;BYMONTHDAY=-1,1")]
    [InlineData("FREQ=YEARLY;SKIP=BACKWARD;RSCALE=GREGORIAN", "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD")]
    [InlineData("RSCALE=gregorian;FREQ=YEARLY;SKIP=OMIT", "RSCALE=GREGORIAN;FREQ=YEARLY")]
    [InlineData("FREQ=SECONDLY;COUNT=5;BYSECOND=60,0;BYMINUTE=3;BYHOUR=4", "FREQ=SECONDLY;COUNT=5;BYHOUR=4;BYMINUTE=3;BYSECOND=0,60")]
    public void What_clients_send_is_taken_and_has_one_canonical_text(string text, string canonical)
    {
        Assert.Equal(canonical, Rule(text).ToString());
        Assert.Equal(Rule(canonical), Rule(text));
        Assert.Equal(Rule(canonical).GetHashCode(), Rule(text).GetHashCode());
    }

    [Fact]
    public void The_parts_of_a_rule_can_be_read()
    {
        var rule = Rule("FREQ=MONTHLY;INTERVAL=2;UNTIL=20260131T100000Z;BYDAY=2TU,-1FR;BYSETPOS=1;WKST=SU");
        Assert.Equal(Frequency.Monthly, rule.Frequency);
        Assert.Equal(2, rule.Interval);
        Assert.Null(rule.Count);
        Assert.Equal(new CalendarTime(new LocalDateTime(2026, 1, 31, 10, 0), CalendarTimeKind.Utc), rule.Until);
        Assert.Equal([new ByDay(-1, IsoDayOfWeek.Friday), new ByDay(2, IsoDayOfWeek.Tuesday)], rule.ByDay);
        Assert.Equal([1], rule.BySetPosition);
        Assert.Equal(IsoDayOfWeek.Sunday, rule.WeekStart);
        Assert.False(rule.Endless);
        Assert.True((rule with { Until = null }).Endless);
    }

    [Fact]
    public void A_list_of_a_hundred_thousand_values_is_refused()
    {
        var text = "FREQ=DAILY;BYHOUR=" + string.Join(',', Enumerable.Repeat("1", 100_000));
        Assert.False(RecurrenceRule.TryParse(text, out _, out _));
    }
}
