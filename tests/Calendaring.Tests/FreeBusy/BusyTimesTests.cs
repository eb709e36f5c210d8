using System.Text;
using Calendaring.FreeBusy;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.FreeBusy;

public sealed class BusyTimesTests
{
    private static readonly Instant Midnight = Instant.FromUtc(2026, 6, 1, 0, 0);

    private static Instant At(int hour, int minute = 0) => Midnight + Duration.FromMinutes((hour * 60) + minute);

    private static BusyTimes Day() => new(Midnight, At(24));

    private static string Show(BusyTimes times) =>
        string.Join(' ', times.ToList().Select(period => $"{(period.Start - Midnight).TotalHours:0.##}-{(period.End - Midnight).TotalHours:0.##}{(period.Type == BusyType.Busy ? "" : period.Type.ToString())}"));

    private static CalendarObject Parse(params string[] lines) =>
        CalendarObject.Parse(Encoding.UTF8.GetBytes("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + string.Concat(lines.Select(line => line + "\r\n")) + "END:VCALENDAR\r\n"));

    [Fact]
    public void Periods_of_one_type_are_merged_and_those_of_another_stay_apart()
    {
        var times = Day();
        times.Add(At(9), At(10), BusyType.Busy);
        times.Add(At(9, 30), At(11), BusyType.Tentative);
        times.Add(At(10), At(10, 30), BusyType.Busy);
        times.Add(At(9, 15), At(9, 20), BusyType.Busy);
        times.Add(At(12), At(13), BusyType.Unavailable);
        times.Add(At(14), At(14), BusyType.Busy);
        Assert.Equal("9-10.5 9.5-11Tentative 12-13Unavailable", Show(times));
    }

    [Fact]
    public void Periods_are_cut_to_the_range()
    {
        var times = Day();
        times.Add(At(-2), At(1), BusyType.Busy);
        times.Add(At(23), At(30), BusyType.Busy);
        times.Add(At(-3), At(0), BusyType.Busy);
        times.Add(At(24), At(25), BusyType.Busy);
        Assert.Equal("0-1 23-24", Show(times));
    }

    [Theory]
    [InlineData("", "9-10")]
    [InlineData("STATUS:CONFIRMED", "9-10")]
    [InlineData("STATUS:TENTATIVE", "9-10Tentative")]
    [InlineData("STATUS:CANCELLED", "")]
    [InlineData("STATUS:X-OTHER", "9-10")]
    [InlineData("TRANSP:OPAQUE", "9-10")]
    [InlineData("TRANSP:TRANSPARENT", "")]
    [InlineData("TRANSP:transparent", "")]
    public void The_type_follows_from_transparency_and_status(string line, string expected)
    {
        var times = Day();
        times.Add(Parse([.. new[] { "BEGIN:VEVENT", "UID:a", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DTEND:20260601T100000Z", line, "END:VEVENT" }.Where(part => part.Length > 0)]), DateTimeZone.Utc, new ExpansionBudget(1000));
        Assert.Equal(expected, Show(times));
    }

    [Fact]
    public void A_VFREEBUSY_counts_by_the_type_of_each_line()
    {
        var times = Day();
        times.Add(
            Parse(
                "BEGIN:VFREEBUSY", "UID:a", "DTSTAMP:20260101T000000Z", "FREEBUSY:20260601T090000Z/PT1H,20260601T110000Z/20260601T120000Z", "FREEBUSY;FBTYPE=FREE:20260601T130000Z/PT1H",
                "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260601T140000Z/PT1H", "FREEBUSY;FBTYPE=X-ODD:20260601T160000Z/PT1H", "END:VFREEBUSY"),
            DateTimeZone.Utc,
            new ExpansionBudget(1000));
        Assert.Equal("9-10 11-12 14-15Unavailable 16-17", Show(times));
    }

    [Fact]
    public void An_all_day_event_is_busy_for_the_day_of_its_zone()
    {
        var times = Day();
        times.Add(Parse("BEGIN:VEVENT", "UID:a", "DTSTAMP:20260101T000000Z", "DTSTART;VALUE=DATE:20260601", "END:VEVENT"), DateTimeZone.ForOffset(Offset.FromHours(10)), new ExpansionBudget(1000));
        Assert.Equal("0-14", Show(times));
    }

    [Fact]
    public void A_rule_of_every_minute_becomes_one_period()
    {
        var times = Day();
        times.Add(Parse("BEGIN:VEVENT", "UID:a", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T000000Z", "DURATION:PT1M", "RRULE:FREQ=MINUTELY", "END:VEVENT"), DateTimeZone.Utc, new ExpansionBudget(100_000));
        Assert.Equal("0-24", Show(times));
    }

    [Fact]
    public void The_component_says_range_and_types()
    {
        var times = Day();
        times.Add(At(9), At(10), BusyType.Busy);
        times.Add(At(11), At(12), BusyType.Tentative);
        var text = Encoding.UTF8.GetString(FreeBusyComponent.Create(times.ToList(), Midnight, At(24), At(1), "REPLY", ContentLine.Create("UID", "u")).ToBytes());
        Assert.Equal(
            [
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CalendarSync//CalendarSync//EN", "METHOD:REPLY", "BEGIN:VFREEBUSY", "UID:u", "DTSTAMP:20260601T010000Z", "DTSTART:20260601T000000Z",
                "DTEND:20260602T000000Z", "FREEBUSY:20260601T090000Z/20260601T100000Z", "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260601T110000Z/20260601T120000Z", "END:VFREEBUSY", "END:VCALENDAR", "",
            ],
            text.Split("\r\n"));
    }
}
