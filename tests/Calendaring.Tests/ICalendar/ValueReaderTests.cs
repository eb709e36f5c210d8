using Calendaring.ICalendar;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.ICalendar;

public sealed class ValueReaderTests
{
    private static readonly DateTimeZone Sydney = DateTimeZoneProviders.Tzdb["Australia/Sydney"];

    [Theory]
    [InlineData("DTSTART:20260305T090807Z", CalendarTimeKind.Utc, null, "20260305T090807Z")]
    [InlineData("DTSTART:20260305t090807z", CalendarTimeKind.Utc, null, "20260305T090807Z")]
    [InlineData("DTSTART:20260305T090807", CalendarTimeKind.Floating, null, "20260305T090807")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20260305T090807", CalendarTimeKind.Zoned, "Europe/Berlin", "20260305T090807")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20260305T090807Z", CalendarTimeKind.Utc, null, "20260305T090807Z")]
    [InlineData("DTSTART;TZID=:20260305T090807", CalendarTimeKind.Floating, null, "20260305T090807")]
    [InlineData("DTSTART;VALUE=DATE:20260305", CalendarTimeKind.Date, null, "20260305")]
    [InlineData("DTSTART;VALUE=date;TZID=Europe/Berlin:20260305", CalendarTimeKind.Date, null, "20260305")]
    [InlineData("DTSTART:20260305", CalendarTimeKind.Date, null, "20260305")]
    [InlineData("DTSTART;VALUE=DATE-TIME:20160229T235960Z", CalendarTimeKind.Utc, null, "20160229T235959Z")]
    [InlineData("CREATED:00001231T000000Z", CalendarTimeKind.Utc, null, "00001231T000000Z")]
    public void Times_are_read_in_every_form(string line, CalendarTimeKind kind, string? timeZoneId, string written)
    {
        Assert.True(ContentLineTests.Parse(line).TryReadTime(out var time));
        Assert.Equal((kind, timeZoneId, written), (time.Kind, time.TimeZoneId, time.ToString()));
    }

    [Theory]
    [InlineData("DTSTART:")]
    [InlineData("DTSTART:2026-03-05")]
    [InlineData("DTSTART:20260229")]
    [InlineData("DTSTART:20261301")]
    [InlineData("DTSTART:20260100")]
    [InlineData("DTSTART:20260305T240000")]
    [InlineData("DTSTART:20260305T096000")]
    [InlineData("DTSTART:20260305T090861")]
    [InlineData("DTSTART:20260305T0908")]
    [InlineData("DTSTART:20260305X090807")]
    [InlineData("DTSTART:20260305T090807X")]
    [InlineData("DTSTART:20260305T090807+1000")]
    [InlineData("DTSTART;VALUE=DATE:20260305T090807")]
    [InlineData("DTSTART;VALUE=DATE-TIME:20260305")]
    [InlineData("DTSTART;VALUE=TEXT:20260305")]
    [InlineData("DTSTART:20260305,20260306")]
    public void What_is_no_time_is_not_read(string line) => Assert.False(ContentLineTests.Parse(line).TryReadTime(out _));

    [Theory]
    [InlineData("P1D", 1, 0)]
    [InlineData("P2W", 14, 0)]
    [InlineData("-P1DT2H3M4S", -1, -7384)]
    [InlineData("P1DT", 1, 0)]
    [InlineData("-P2WT", -14, 0)]
    [InlineData("+PT15M", 0, 900)]
    [InlineData("-PT15M", 0, -900)]
    [InlineData("pt1h", 0, 3600)]
    [InlineData("PT0S", 0, 0)]
    [InlineData("P1WT1H", 7, 3600)]
    [InlineData("P10000000D", 10_000_000, 0)]
    public void Durations_are_read(string value, int days, long seconds)
    {
        Assert.True(ContentLine.Create("DURATION", value).TryReadDuration(out var duration));
        Assert.Equal(new CalendarDuration(days, seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("1D")]
    [InlineData("P1H")]
    [InlineData("PT1D")]
    [InlineData("P-1D")]
    [InlineData("PT1.5H")]
    [InlineData("PD")]
    [InlineData("P1")]
    [InlineData("P999999999W")]
    [InlineData("P9999999999999999999D")]
    public void What_is_no_duration_is_not_read(string value) => Assert.False(ContentLine.Create("DURATION", value).TryReadDuration(out _));

    [Theory]
    [InlineData(0, 0, "PT0S")]
    [InlineData(0, 45 * 60, "PT45M")]
    [InlineData(0, 3600 + 30, "PT1H0M30S")]
    [InlineData(2, 0, "P2D")]
    [InlineData(1, 86_400, "P1DT24H")]
    [InlineData(-1, -60, "-P1DT1M")]
    public void A_duration_is_written_as_the_grammar_has_it_and_read_again(int days, long seconds, string text)
    {
        Assert.Equal(text, new CalendarDuration(days, seconds).ToString());
        Assert.True(CalendarDuration.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(new CalendarDuration(days, seconds), read);
    }

    [Fact]
    public void Days_keep_the_local_time_and_hours_are_exact()
    {
        // Sydney goes to summer time on 4 October 2026 at 02:00
        var eve = new LocalDateTime(2026, 10, 3, 9, 0);
        Assert.Equal(Instant.FromUtc(2026, 10, 3, 22, 0), new CalendarDuration(1, 0).After(eve, Sydney));
        Assert.Equal(Instant.FromUtc(2026, 10, 3, 23, 0), new CalendarDuration(0, 86_400).After(eve, Sydney));
        Assert.Equal(Instant.FromUtc(2026, 10, 1, 22, 59), new CalendarDuration(-1, -60).After(eve, Sydney));
        // the hour from 02:00 to 03:00 does not exist: the offset before it counts (RFC 5545 §3.3.5)
        Assert.Equal(Instant.FromUtc(2026, 10, 3, 16, 30), new CalendarDuration(1, 0).After(new LocalDateTime(2026, 10, 3, 2, 30), Sydney));
    }

    [Theory]
    [InlineData(int.MaxValue, long.MaxValue / 4)]
    [InlineData(int.MinValue, long.MinValue / 4)]
    [InlineData(0, long.MaxValue / 4)]
    [InlineData(0, long.MinValue / 4)]
    [InlineData(2_912_000, 0)]
    [InlineData(2_912_400, 0)]
    public void A_duration_beyond_the_calendar_ends_with_it(int days, long seconds)
    {
        var local = new LocalDateTime(2026, 1, 1, 0, 0);
        foreach (var zone in new[] { DateTimeZone.ForOffset(Offset.FromHours(18)), DateTimeZone.ForOffset(Offset.FromHours(-18)) })
        {
            var end = new CalendarDuration(days, seconds).After(local, zone);
            Assert.Equal(days > 0 || seconds > 0, end > Instant.FromUtc(2026, 1, 2, 0, 0));
        }
    }

    [Fact]
    public void Lists_of_times_and_periods_are_read()
    {
        Assert.True(ContentLineTests.Parse("RDATE;VALUE=PERIOD:20260305T090000Z/20260305T100000Z,20260306T090000Z/PT1H").TryReadPeriods(out var periods));
        Assert.Equal("20260305T100000Z", periods[0].End?.ToString());
        Assert.Equal(new CalendarDuration(0, 3600), periods[1].Duration);
        Assert.True(ContentLineTests.Parse("EXDATE;TZID=Europe/Berlin:20260305T090000,20260306T090000").TryReadPeriods(out periods));
        Assert.All(periods, period => Assert.Equal("Europe/Berlin", period.Start.TimeZoneId));
        Assert.True(ContentLineTests.Parse("EXDATE:20260305,20260306").TryReadPeriods(out periods));
        Assert.Equal(2, periods.Count(period => period.Start.IsDate));
    }

    [Theory]
    [InlineData("EXDATE:")]
    [InlineData("EXDATE:20260305T090000Z,")]
    [InlineData("EXDATE;VALUE=DATE:20260305T090000Z")]
    [InlineData("RDATE;VALUE=PERIOD:20260305T090000Z")]
    [InlineData("RDATE;VALUE=PERIOD:20260305/20260306")]
    [InlineData("RDATE;VALUE=PERIOD:20260305T090000Z/")]
    [InlineData("RDATE;VALUE=PERIOD:20260305T090000Z/20260306")]
    [InlineData("RDATE;VALUE=DATE-TIME:20260305T090000Z/PT1H")]
    public void Lists_with_one_bad_value_are_not_read(string line) => Assert.False(ContentLineTests.Parse(line).TryReadPeriods(out _));

    [Theory]
    [InlineData("+1000", 36_000)]
    [InlineData("-0330", -12_600)]
    [InlineData("+100502", 36_302)]
    [InlineData("+0000", 0)]
    [InlineData("1000", null)]
    [InlineData("+10", null)]
    [InlineData("+1060", null)]
    [InlineData("+10:00", null)]
    [InlineData("+1900", null)]
    [InlineData("+100060", null)]
    public void Offsets_are_read(string value, int? seconds)
    {
        Assert.Equal(seconds is not null, ContentLine.Create("TZOFFSETTO", value).TryReadOffset(out var read));
        if (seconds is not null) Assert.Equal(seconds, read);
    }

    [Theory]
    [InlineData("12", 12)]
    [InlineData("-1", -1)]
    [InlineData("+1", 1)]
    [InlineData("", null)]
    [InlineData("1x", null)]
    [InlineData("99999999999", null)]
    public void Integers_are_read(string value, int? expected)
    {
        Assert.Equal(expected is not null, ContentLine.Create("SEQUENCE", value).TryReadInteger(out var read));
        if (expected is not null) Assert.Equal(expected, read);
    }
}
