using System.Text;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Calendaring.Tests.ICalendar;

public sealed class ObjectIndexerTests
{
    private const string Zone =
        "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n";

    [Theory]
    [InlineData("VEVENT", "DTSTART:20260105T090000Z\nDTEND:20260105T100000Z\n", "2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z", false)]
    [InlineData("VEVENT", "DTSTART;TZID=Europe/Berlin:20260105T090000\nDURATION:PT1H\n", "2026-01-05T08:00:00Z", "2026-01-05T09:00:00Z", false)]
    [InlineData("VEVENT", "DTSTART;TZID=Mine:20260105T090000\nDURATION:PT1H\n", "2026-01-05T06:00:00Z", "2026-01-05T07:00:00Z", false)]
    [InlineData("VEVENT", "DTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n", "2026-01-05T09:00:00Z", "2026-01-07T10:00:00Z", true)]
    [InlineData("VEVENT", "DTSTART:20260105T090000Z\nDURATION:PT1H\nRDATE:20260101T090000Z,20260201T090000Z\n", "2026-01-01T09:00:00Z", "2026-02-01T10:00:00Z", true)]
    [InlineData("VEVENT", "DTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\n", "2026-01-05T09:00:00Z", null, true)]
    [InlineData("VEVENT", "DTSTART:20260105T090000Z\nRRULE:FREQ=DAILY;UNTIL=99991231T235959Z\n", "2026-01-05T09:00:00Z", "9999-12-31T09:00:00Z", true)]
    [InlineData("VEVENT", "DTSTART:20260105T090000Z\nRECURRENCE-ID:20260101T090000Z\n", "2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z", true)]
    [InlineData("VEVENT", "DTSTART:20260105T090000\nDURATION:PT1H\n", "2026-01-04T15:00:00Z", "2026-01-06T04:00:00Z", false)]
    [InlineData("VEVENT", "DTSTART;VALUE=DATE:20260105\n", "2026-01-04T06:00:00Z", "2026-01-06T18:00:00Z", false)]
    [InlineData("VEVENT", "DTSTART;VALUE=DATE:20260105\nEXDATE:20260105T000000Z\nRRULE:FREQ=DAILY;COUNT=2\n", null, null, true)]
    [InlineData("VEVENT", "DTSTART:20260105T090000Z\nDURATION:PT1H\nBEGIN:VALARM\nACTION:NONE\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nEND:VALARM\n", "2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z", false)]
    [InlineData("VTODO", "DTSTART:20260105T090000Z\nDUE:20260107T090000Z\n", "2026-01-05T09:00:00Z", "2026-01-07T09:00:00Z", false)]
    [InlineData("VTODO", "DUE:20260107T090000Z\n", "2026-01-07T09:00:00Z", "2026-01-07T09:00:00Z", false)]
    [InlineData("VTODO", "SUMMARY:some day\n", null, null, false)]
    [InlineData("VTODO", "SUMMARY:some day\nRRULE:FREQ=DAILY\n", null, null, true)]
    [InlineData("VJOURNAL", "DTSTART:20260105T090000Z\n", "2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z", false)]
    [InlineData("VJOURNAL", "SUMMARY:x\n", null, null, false)]
    [InlineData("VFREEBUSY", "DTSTART:20260105T090000Z\nDTEND:20260106T090000Z\n", "2026-01-05T09:00:00Z", null, false)]
    [InlineData("VFREEBUSY", "FREEBUSY:20260105T090000Z/PT1H,20260107T090000Z/20260107T100000Z\n", "2026-01-05T09:00:00Z", null, false)]
    [InlineData("VAVAILABILITY", "SUMMARY:always\n", null, null, false)]
    [InlineData("VAVAILABILITY", "DTSTART:20260105T090000Z\n", "2026-01-05T09:00:00Z", null, false)]
    [InlineData("VPOLL", "DTSTART:20260105T090000Z\n", null, null, false)]
    public void Bounds_hold_what_they_must(string component, string lines, string? start, string? end, bool recurring)
    {
        var index = Index($"{Zone}BEGIN:{component}\nUID:a\\,b\n{lines}END:{component}\n");
        Assert.Equal(("a,b", component, recurring), (index.Uid, index.Component, index.Recurring));
        Assert.Equal(start is null ? null : InstantPattern.General.Parse(start).Value, index.Start);
        // busy time is widened more than it need be: only a lower bound is asked of its end
        if (component == "VFREEBUSY") Assert.True(index.End >= Instant.FromUtc(2026, 1, 6, 9, 0));
        else Assert.Equal(end is null ? null : InstantPattern.General.Parse(end).Value, index.End);
    }

    [Theory]
    [InlineData("VEVENT", "DTSTART:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20260120T080000Z\n")]
    [InlineData("VEVENT", "DTSTART:20260105T230000\nDURATION:P1D\nRRULE:FREQ=WEEKLY;UNTIL=20260126T120000Z\n")]
    [InlineData("VEVENT", "DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260107\nRRULE:FREQ=WEEKLY;UNTIL=20260119T100000Z\n")]
    [InlineData("VEVENT", "DTSTART;VALUE=DATE:20260329\nRRULE:FREQ=YEARLY;COUNT=3\n")]
    [InlineData("VTODO", "DUE:20260105T090000\n")]
    [InlineData("VJOURNAL", "DTSTART;VALUE=DATE:20260105\n")]
    public void Bounds_of_floating_times_hold_in_every_zone(string component, string lines)
    {
        var calendarObject = CalendarObject.Parse(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\nBEGIN:{component}\nUID:1\n{lines}END:{component}\nEND:VCALENDAR\n"));
        var index = ObjectIndexer.Index(calendarObject);
        var zones = DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id])
            .Append(DateTimeZone.ForOffset(Offset.FromHours(18)))
            .Append(DateTimeZone.ForOffset(Offset.FromHours(-18)));
        foreach (var zone in zones)
        {
            var occurrences = RecurrenceSet.Of(calendarObject, new ZoneResolver(calendarObject.Calendar, zone))
                .Between(Instant.FromUtc(2020, 1, 1, 0, 0), Instant.FromUtc(2040, 1, 1, 0, 0), new ExpansionBudget(10_000)).ToList();
            Assert.NotEmpty(occurrences);
            Assert.True(index.Start <= occurrences.Min(occurrence => occurrence.Start), zone.Id);
            Assert.True(index.End >= occurrences.Max(occurrence => occurrence.End), zone.Id);
        }
    }

    [Fact]
    public void A_moved_override_widens_the_bounds()
    {
        var index = Index(
            "BEGIN:VEVENT\nUID:1\nDTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n"
            + "BEGIN:VEVENT\nUID:1\nDTSTART:20260301T090000Z\nDURATION:PT2H\nRECURRENCE-ID:20260106T090000Z\nEND:VEVENT\n");
        Assert.Equal((Instant.FromUtc(2026, 1, 5, 9, 0), Instant.FromUtc(2026, 3, 1, 11, 0)), (index.Start, index.End));
    }

    [Theory]
    [InlineData("DTSTART:29991231T235959Z\nDURATION:P999999999D\n")]
    [InlineData("DTSTART:99991231T235959\n")]
    [InlineData("DTSTART:00000101T000000\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\n")]
    [InlineData("DTSTART;TZID=America/New_York:99991231T235959\nRRULE:FREQ=YEARLY;INTERVAL=999999999\n")]
    [InlineData("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY;COUNT=999999999\n")]
    [InlineData("DTSTART:20260101T000000Z\nRDATE;VALUE=PERIOD:20260101T000000Z/P999999999D\n")]
    [InlineData("DTSTART;VALUE=DATE:99991231\nDURATION:P1W\n")]
    public void Times_at_the_end_of_the_calendar_make_a_candidate_and_no_exception(string lines)
    {
        var index = Index($"BEGIN:VEVENT\nUID:1\n{lines}END:VEVENT\n");
        Assert.Equal("1", index.Uid);
        Assert.False(index.End < index.Start);
    }

    [Fact]
    public void An_object_without_a_subject_has_an_empty_row() => Assert.Equal(new ObjectIndex("", "", null, null, false), Index(Zone));

    private static ObjectIndex Index(string lines) =>
        ObjectIndexer.Index(CalendarObject.Parse(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{lines}END:VCALENDAR\n")));
}
