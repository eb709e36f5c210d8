using Calendaring.Recurrence;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

public class ExpansionTests
{
    [Fact]
    public void An_until_that_is_a_date_includes_that_day() =>
        Assert.Equal(Days("2026-01: 5 6 7"), Expand("20260105T090000", "FREQ=DAILY;UNTIL=20260107", 99, zone: NewYork));

    [Fact]
    public void A_floating_until_is_compared_by_its_fields()
    {
        Assert.Equal(Days("2026-01: 5 6 7"), Expand("20260105T090000", "FREQ=DAILY;UNTIL=20260107T090000", 99, zone: NewYork));
        Assert.Equal(Days("2026-01: 5 6"), Expand("20260105T090000", "FREQ=DAILY;UNTIL=20260107T085959", 99, zone: NewYork));
    }

    [Fact]
    public void An_until_in_utc_is_compared_by_instants_of_the_zone()
    {
        Assert.Equal(Days("2026-01: 5 6 7"), Expand("20260105T090000", "FREQ=DAILY;UNTIL=20260107T140000Z", 99, zone: NewYork));
        Assert.Equal(Days("2026-01: 5 6"), Expand("20260105T090000", "FREQ=DAILY;UNTIL=20260107T135959Z", 99, zone: NewYork));
        // 02:30 on 8 March is in the gap: 03:30 EDT, 07:30Z
        LocalDateTime At(int day) => new(2026, 3, day, 2, 30);
        Assert.Equal([At(7), At(8)], Expand("20260307T023000", "FREQ=DAILY;UNTIL=20260308T073000Z", 99, zone: NewYork));
        Assert.Equal([At(7)], Expand("20260307T023000", "FREQ=DAILY;UNTIL=20260308T072959Z", 99, zone: NewYork));
    }

    [Fact]
    public void An_until_in_utc_without_a_zone_is_compared_by_its_fields() =>
        Assert.Equal(Days("2026-01: 5 6"), Expand("20260105T090000", "FREQ=DAILY;UNTIL=20260106T090000Z", 99));

    [Fact]
    public void Dtstart_counts_whether_or_not_it_fits_the_rule()
    {
        Assert.Equal(Days("2026-01: 6 12 19"), Expand("20260106T090000", "FREQ=WEEKLY;BYDAY=MO;COUNT=3", 99));
        Assert.Equal(Days("2026-01: 6"), Expand("20260106T090000", "FREQ=WEEKLY;BYDAY=MO;COUNT=1", 99));
        Assert.Equal(Days("2026-01: 6"), Expand("20260106T090000", "FREQ=WEEKLY;UNTIL=20250101", 99));
    }

    [Fact]
    public void A_week_number_alone_takes_the_day_of_the_week_from_dtstart() =>
        Assert.Equal(Days("2026-05: 13; 2027-05: 19; 2028-05: 17"), Expand("20260513T090000", "FREQ=YEARLY;BYWEEKNO=20", 3));

    [Fact]
    public void Week_53_is_in_the_years_that_have_it() =>
        Assert.Equal(Days("2020-12: 31; 2026-12: 31; 2032-12: 30; 2037-12: 31"), Expand("20201231T090000", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH", 4));

    [Fact]
    public void Days_of_the_year_count_from_its_end_too() =>
        Assert.Equal(Days("2023-12: 31; 2024-01: 1; 2024-12: 31; 2025-12: 31"), Expand("20231231T090000", "FREQ=YEARLY;BYYEARDAY=-1,-366", 4));

    [Fact]
    public void A_leap_second_is_the_second_before_it() =>
        Assert.Equal(59, Assert.Single(Expand("20260105T090059", "FREQ=DAILY;BYSECOND=60,59;COUNT=1", 9)).Second);

    [Fact]
    public void Positions_are_of_the_whole_period_and_not_of_what_follows_dtstart() =>
        Assert.Equal(Days("2022-09: 2 7 9"), Expand("20220902T090000", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2,3", 3));

    [Fact]
    public void Positions_select_times_of_the_day_as_well() =>
        Assert.Equal(
            [new LocalDateTime(2026, 1, 5, 9, 0), new LocalDateTime(2026, 1, 5, 17, 45), new LocalDateTime(2026, 1, 6, 9, 0)],
            Expand("20260105T090000", "FREQ=DAILY;BYHOUR=9,12,17;BYMINUTE=0,45;BYSETPOS=1,-1,6", 3));

    // RFC 7529 §4.1 and its examples in §4.2
    [Theory]
    [InlineData("FREQ=MONTHLY;COUNT=4", "2014-01: 31; 2014-03: 31; 2014-05: 31; 2014-07: 31")]
    [InlineData("RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=4", "2014-01: 31; 2014-03: 31; 2014-05: 31; 2014-07: 31")]
    [InlineData("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;COUNT=4", "2014-01: 31; 2014-02: 28; 2014-03: 31; 2014-04: 30")]
    [InlineData("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;COUNT=4", "2014-01: 31; 2014-03: 1; 2014-03: 31; 2014-05: 1")]
    [InlineData("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYMONTHDAY=1,31;COUNT=5", "2014-01: 31; 2014-02: 1; 2014-03: 1; 2014-03: 31; 2014-04: 1")]
    public void A_day_that_a_month_does_not_have_is_treated_as_skip_says(string rule, string expected)
    {
        Assert.Equal(Days(expected), Expand("20140131T090000", rule, 99));
        var endless = rule[..rule.IndexOf(";COUNT", StringComparison.Ordinal)];
        for (var i = 0; i < Days(expected).Count; i++)
        {
            var from = Days(expected)[i];
            Assert.Equal(from, Expand("20140131T090000", endless, 1, from.ToString("uuuuMMdd'T'HHmmss", null))[0]);
        }
    }

    [Theory]
    [InlineData("", "2016-02: 29; 2020-02: 29; 2024-02: 29")]
    [InlineData(";SKIP=FORWARD", "2016-02: 29; 2017-03: 1; 2018-03: 1; 2019-03: 1; 2020-02: 29")]
    [InlineData(";SKIP=BACKWARD", "2016-02: 29; 2017-02: 28; 2018-02: 28; 2019-02: 28; 2020-02: 29")]
    public void A_birthday_on_the_leap_day_is_treated_as_skip_says(string skip, string expected) =>
        Assert.Equal(Days(expected), Expand("20160229T090000", "RSCALE=GREGORIAN;FREQ=YEARLY" + skip, Days(expected).Count));

    // RFC 7529 §4.1: SKIP comes before BYDAY
    [Theory]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=30,-31")]
    [InlineData("FREQ=YEARLY;BYMONTHDAY=31")]
    [InlineData("FREQ=YEARLY;BYMONTH=2,4,9;BYMONTHDAY=29,31")]
    [InlineData("FREQ=YEARLY;BYYEARDAY=366")]
    public void All_days_of_the_week_are_no_limit_however_days_are_skipped(string rule)
    {
        foreach (var skip in new[] { "OMIT", "BACKWARD", "FORWARD" })
        {
            var without = Expand("20150131T090000", $"RSCALE=GREGORIAN;{rule};SKIP={skip}", 200);
            Assert.Equal(200, without.Count);
            Assert.Equal(without, Expand("20150131T090000", $"RSCALE=GREGORIAN;{rule};SKIP={skip};BYDAY=MO,TU,WE,TH,FR,SA,SU", 200));
            var sundays = Expand("20150131T090000", $"RSCALE=GREGORIAN;{rule};SKIP={skip};BYDAY=SU", 20);
            // DTSTART counts, though it is a Saturday
            Assert.Equal(without.Where((time, number) => number == 0 || time.DayOfWeek == IsoDayOfWeek.Sunday).Take(sundays.Count), sundays);
        }
    }

    [Fact]
    public void Skipping_forward_adds_no_day_where_none_was_skipped() =>
        Assert.Equal(Days("2028-12: 25; 2030-12: 30; 2032-12: 27"), Expand("20281225T090000", "RSCALE=GREGORIAN;FREQ=YEARLY;INTERVAL=2;BYDAY=MO;BYSETPOS=-1;SKIP=FORWARD", 3));
}
