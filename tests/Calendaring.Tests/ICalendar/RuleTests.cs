using System.Text;
using Calendaring.ICalendar;
using Calendaring.Validation;
using Xunit;
using static Calendaring.Validation.CalendarObjectFault;

namespace Calendaring.Tests.ICalendar;

/// <summary>Each rule with an object that breaks it, the line and the reason; and what real clients send, which is taken.</summary>
public sealed class RuleTests
{
    private const string Alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM\n";
    private const string Zone =
        "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";

    /// <summary>Properties are on line 6 and after: BEGIN is on line 4, UID on line 5.</summary>
    private static string Of(string component, string lines) => $"VERSION:2.0\nPRODID:x\nBEGIN:{component}\nUID:1\n{lines}END:{component}\n";

    private static string Event(string lines) => Of("VEVENT", lines);

    public static TheoryData<string, int, string> BadData => new()
    {
        { "PRODID:x\n", 1, "VCALENDAR has no VERSION." },
        { "VERSION:2.0\n", 1, "VCALENDAR has no PRODID." },
        { "VERSION:1.0\nPRODID:x\n", 2, "VERSION is not 2.0." },
        { "VERSION:2.0\nPRODID:x\nVERSION:2.0\n", 4, "VCALENDAR has VERSION more than once." },
        { "VERSION:2.0\nPRODID:x\nCALSCALE:JULIAN\n", 4, "CALSCALE is not GREGORIAN." },
        { "VERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nDTSTART:20260101T000000Z\nEND:VEVENT\n", 4, "VEVENT has no UID." },
        { "VERSION:2.0\nPRODID:x\nBEGIN:VPOLL\nX:1\nEND:VPOLL\n", 4, "VPOLL has no UID." },
        { "VERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID: \nDTSTART:20260101T000000Z\nEND:VEVENT\n", 5, "UID: the value is empty." },
        { Event("SUMMARY:x\n"), 4, "VEVENT has no DTSTART." },
        { Event("DTSTART:20260101T000000Z\nUID:1\n"), 7, "VEVENT has UID more than once." },
        { Event("DTSTART:20260101T000000Z\nSUMMARY:a\nSUMMARY:b\n"), 8, "VEVENT has SUMMARY more than once." },
        { Event("DTSTART:20260101T000000Z\nDTSTAMP:20260101T000000Z\nDTSTAMP:20260101T000000Z\n"), 8, "VEVENT has DTSTAMP more than once." },
        { Event("DTSTART:20260101T000000Z\nDTEND:20260101T010000Z\nDURATION:PT1H\n"), 8, "VEVENT has both DTEND and DURATION." },
        { Event("DTSTART:20260101T000000Z\nDTEND;VALUE=DATE:20260102\n"), 7, "DTEND and DTSTART are not both a DATE or both a DATE-TIME." },
        { Event("DTSTART:20260101T010000Z\nDTEND:20260101T005959Z\n"), 7, "DTEND is before DTSTART." },
        { Event("DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260101\n"), 7, "DTEND is before DTSTART." },
        { Event("DTSTART;TZID=Europe/Berlin:20260105T100000\nDTEND;TZID=Europe/Berlin:20260105T095900\n"), 7, "DTEND is before DTSTART." },
        { Event("DTSTART;TZID=Europe/Berlin:20260105T100000\nDTEND;TZID=Europe/London:20260105T085900\n"), 7, "DTEND is before DTSTART." },
        { Event("DTSTART;TZID=Europe/Berlin:20260105T100000\nDTEND:20260105T085900Z\n"), 7, "DTEND is before DTSTART." },
        { Event("DTSTART:20260101T000000Z\nDURATION:-PT1H\n"), 7, "DURATION is negative." },
        { Event("DTSTART:20260101T000000Z\nDURATION:1 hour\n"), 7, "DURATION: the value is not a duration." },
        { Event("DTSTART:tomorrow\n"), 6, "DTSTART: the value is not a date or date-time, or not of the type that VALUE says." },
        { Event("DTSTART;VALUE=DATE:20260101T000000\n"), 6, "DTSTART: the value is not a date or date-time, or not of the type that VALUE says." },
        { Event("DTSTART:20260101T000000Z\nDTEND:20260230T000000Z\n"), 7, "DTEND: the value is not a date or date-time, or not of the type that VALUE says." },
        { Event("DTSTART:20260101T000000Z\nRECURRENCE-ID:x\n"), 7, "RECURRENCE-ID: the value is not a date or date-time, or not of the type that VALUE says." },
        { Event("DTSTART:20260101T000000Z\nDTSTAMP:now\n"), 7, "DTSTAMP: the value is not a date or date-time, or not of the type that VALUE says." },
        { Event("DTSTART:20260101T000000Z\nEXDATE:20260101T000000Z,x\n"), 7, "EXDATE: a value is not a date, date-time or period, or not of the type that VALUE says." },
        { Event("DTSTART:20260101T000000Z\nEXDATE:20260101T000000Z/PT1H\n"), 7, "EXDATE: a period is not allowed here." },
        { Event("DTSTART:20260101T000000Z\nRDATE;VALUE=PERIOD:20260101T000000Z/-PT1H\n"), 7, "RDATE: a period has a negative duration." },
        { Event("DTSTART:20260101T000000Z\nRDATE:20260101T0000\n"), 7, "RDATE: a value is not a date, date-time or period, or not of the type that VALUE says." },
        { Event("DTSTART:20260101T000000Z\nSEQUENCE:one\n"), 7, "SEQUENCE: the value is not a whole number." },
        { Event("DTSTART:20260101T000000Z\nBEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\n"), 7, "VALARM has no ACTION." },
        { Event("DTSTART:20260101T000000Z\nBEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM\n"), 7, "VALARM has no TRIGGER." },
        { Event("DTSTART:20260101T000000Z\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:20260101T000000Z\nEND:VALARM\n"), 9, "TRIGGER: the value is neither a duration nor, by its VALUE parameter, a date-time." },
        { Event("DTSTART:20260101T000000Z\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:-PT5M\nEND:VALARM\n"), 9, "TRIGGER: the value is not a date or date-time, or not of the type that VALUE says." },
        { Event("DTSTART:20260101T000000Z\nBEGIN:VEVENT\nEND:VEVENT\n"), 7, "VEVENT may not be inside VEVENT." },
        { Event("DTSTART:20260101T000000Z\nBEGIN:VCALENDAR\nEND:VCALENDAR\n"), 7, "VCALENDAR may not be inside VEVENT." },
        { "VERSION:2.0\nPRODID:x\n" + Alarm, 4, "VALARM may not be inside VCALENDAR." },
        { Of("VTODO", "DUE:20260101T000000Z\nDTSTART:20260101T000000Z\nDURATION:PT1H\n"), 8, "VTODO has both DUE and DURATION." },
        { Of("VTODO", "DURATION:PT1H\n"), 6, "VTODO has DURATION but no DTSTART." },
        { Of("VTODO", "DTSTART:20260102T000000Z\nDUE:20260101T000000Z\n"), 7, "DUE is before DTSTART." },
        { Of("VTODO", "DUE:soon\n"), 6, "DUE: the value is not a date or date-time, or not of the type that VALUE says." },
        { Of("VTODO", "PERCENT-COMPLETE:half\n"), 6, "PERCENT-COMPLETE: the value is not a whole number." },
        { Of("VJOURNAL", "CLASS:PUBLIC\nCLASS:PRIVATE\n"), 7, "VJOURNAL has CLASS more than once." },
        { Of("VFREEBUSY", "FREEBUSY:20260101T000000Z\n"), 6, "FREEBUSY: a value is not a period." },
        { Of("VFREEBUSY", "DTSTART:20260102T000000Z\nDTEND:20260101T000000Z\n"), 7, "DTEND is before DTSTART." },
        { Of("VAVAILABILITY", "BEGIN:AVAILABLE\nUID:2\nEND:AVAILABLE\n"), 6, "AVAILABLE has no DTSTART." },
        { Event("DTSTART:20260101T000000Z\n") + Zone.Replace("TZID:Mine\n", "", StringComparison.Ordinal), 8, "VTIMEZONE has no TZID." },
        { Event("DTSTART:20260101T000000Z\n") + "BEGIN:VTIMEZONE\nTZID:Mine\nEND:VTIMEZONE\n", 8, "VTIMEZONE has neither STANDARD nor DAYLIGHT." },
        { Event("DTSTART:20260101T000000Z\n") + Zone.Replace("TZOFFSETTO:+0100\n", "", StringComparison.Ordinal), 10, "STANDARD has no TZOFFSETTO." },
        { Event("DTSTART:20260101T000000Z\n") + Zone.Replace("TO:+0100", "TO:1", StringComparison.Ordinal), 13, "TZOFFSETTO: the value is not an offset from UTC." },
        { Event("DTSTART:20260101T000000Z\nBEGIN:STANDARD\nEND:STANDARD\n"), 7, "STANDARD may not be inside VEVENT." },
    };

    [Theory]
    [MemberData(nameof(BadData))]
    public void What_is_against_RFC_5545_is_refused_with_line_and_reason(string lines, int lineNumber, string reason) =>
        Assert.Equal(new CalendarObjectProblem(ValidCalendarData, lineNumber, reason), Check(lines));

    [Fact]
    public void A_rule_that_cannot_be_read_is_refused_with_its_line()
    {
        var problem = Check(Event("DTSTART:20260101T000000Z\nRRULE:FREQ=SOMETIMES\n"));
        Assert.Equal((ValidCalendarData, 7), (problem!.Fault, problem.LineNumber));
        Assert.StartsWith("RRULE: ", problem.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string> NotResources => new()
    {
        { "VERSION:2.0\nPRODID:x\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000Z\nEND:VEVENT\n", 4, "A stored object may not have METHOD." },
        { "VERSION:2.0\nPRODID:x\n", 0, "The object has no component other than time zones." },
        { "VERSION:2.0\nPRODID:x\n" + Zone, 0, "The object has no component other than time zones." },
        { "VERSION:2.0\nPRODID:x\nBEGIN:X-OWN\nEND:X-OWN\n", 0, "The object has no component other than time zones." },
        { Event("DTSTART:20260101T000000Z\n") + "BEGIN:VTODO\nUID:1\nEND:VTODO\n", 8, "The object has both VEVENT and VTODO." },
        { Event("DTSTART:20260101T000000Z\n") + "BEGIN:VEVENT\nUID:2\nDTSTART:20260101T000000Z\nEND:VEVENT\n", 9, "The object has components with different UIDs." },
        { Event("DTSTART:20260101T000000Z\n") + "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000Z\nEND:VEVENT\n", 8, "The object has two VEVENT without RECURRENCE-ID." },
        {
            Event("DTSTART:20260101T000000Z\nRECURRENCE-ID:20260101T000000Z\n") + "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000Z\nRECURRENCE-ID:20260101T000000Z\nEND:VEVENT\n",
            12,
            "The object has two components with the same RECURRENCE-ID."
        },
        { Event("DTSTART;TZID=Nowhere at all:20260101T000000\n"), 6, "DTSTART has a TZID that is not known and has no VTIMEZONE." },
        { Event("DTSTART:20260101T000000Z\nEXDATE;TZID=Nowhere at all:20260101T000000,20260102T000000\n"), 7, "EXDATE has a TZID that is not known and has no VTIMEZONE." },
    };

    [Theory]
    [MemberData(nameof(NotResources))]
    public void What_is_not_a_calendar_object_resource_is_refused_with_line_and_reason(string lines, int lineNumber, string reason) =>
        Assert.Equal(new CalendarObjectProblem(ValidCalendarObjectResource, lineNumber, reason), Check(lines));

    public static TheoryData<string, string> Taken => new()
    {
        { "an event of a moment", Event("DTSTART:20260101T000000Z\nDTEND:20260101T000000Z\n") },
        { "an all-day event that ends when it starts", Event("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260101\n") },
        { "a missing DTSTAMP", Event("DTSTART:20260101T000000Z\n") },
        { "a local DTSTAMP", Event("DTSTAMP:20260101T000000\nDTSTART:20260101T000000Z\n") },
        { "an end in the repeated hour", Event("DTSTART;TZID=Europe/Berlin:20261025T025000\nDTEND;TZID=Europe/Berlin:20261025T021000\n") },
        { "a flight to the west", Event("DTSTART;TZID=Australia/Sydney:20260105T100000\nDTEND;TZID=America/Los_Angeles:20260105T060000\n") },
        { "a floating start and a zoned end", Event("DTSTART:20260105T100000\nDTEND;TZID=Europe/Berlin:20260105T090000\n") },
        { "a DATE without VALUE=DATE", Event("DTSTART:20260101\n") },
        { "TZID on a time in UTC", Event("DTSTART;TZID=Nowhere at all:20260101T000000Z\n") },
        { "a known zone without VTIMEZONE", Event("DTSTART;TZID=Europe/Berlin:20260101T000000\n") },
        { "an own zone with its VTIMEZONE", Zone.Insert(0, "VERSION:2.0\nPRODID:x\n") + "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Mine:20260101T000000\nEND:VEVENT\n" },
        { "a task without times", Of("VTODO", "SUMMARY:x\n") },
        { "a task with a date and a time", Of("VTODO", "DTSTART;VALUE=DATE:20260102\nDUE:20260101T000000Z\n") },
        { "a repeating task with DUE only", Of("VTODO", "DUE:20260101T000000Z\nRRULE:FREQ=DAILY\n") },
        { "an all-day series until a time", Event("DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;UNTIL=20260110T120000Z\n") },
        { "a zoned series until a date", Event("DTSTART;TZID=Europe/Berlin:20260102T090000\nRRULE:FREQ=DAILY;UNTIL=20260110\n") },
        { "two RRULEs", Event("DTSTART:20260102T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;COUNT=2\n") },
        { "an alarm without DESCRIPTION", Event("DTSTART:20260102T090000Z\n" + Alarm) },
        { "an alarm at a time", Event("DTSTART:20260102T090000Z\nBEGIN:VALARM\nACTION:NONE\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nEND:VALARM\n") },
        { "several descriptions of a journal", Of("VJOURNAL", "DESCRIPTION:a\nDESCRIPTION:b\n") },
        { "a vendor's component beside", Event("DTSTART:20260102T090000Z\n") + "BEGIN:X-OWN\nX:1\nX:1\nBEGIN:VEVENT\nUID:2\nDTSTART:20260101\nEND:VEVENT\nEND:X-OWN\n" },
        { "overrides alone", Event("DTSTART:20260102T090000Z\nRECURRENCE-ID:20260102T080000Z\n") },
        { "a series with an override", Event("DTSTART:20260102T090000Z\nRRULE:FREQ=DAILY\n") + "BEGIN:VEVENT\nUID:1\nDTSTART:20260102T090000Z\nRECURRENCE-ID:20260102T080000Z\nEND:VEVENT\n" },
        { "lower case", "version:2.0\nprodid:x\ncalscale:gregorian\nbegin:vevent\nuid:1\ndtstart;value=date:20260101\nend:vevent\n" },
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_real_clients_send_is_taken(string what, string lines) => Assert.True(Check(lines) is null, $"{what}: {Check(lines)}");

    [Fact]
    public void A_component_that_the_collection_does_not_take_is_refused() =>
        Assert.Equal(
            new CalendarObjectProblem(SupportedCalendarComponent, 4, "The collection does not accept VTODO."),
            CalendarObjectRules.Check(Parse(Of("VTODO", "SUMMARY:x\n")), ["VEVENT"]));

    public static TheoryData<CalendarObjectFault, string, int, string> BeyondLimits => new()
    {
        { MaxAttendeesPerInstance, Event("DTSTART:20260101T000000Z\n" + string.Concat(Enumerable.Repeat("ATTENDEE:mailto:a@b\n", 501))), 507, "VEVENT has more than 500 attendees." },
        { MinDateTime, Event("DTSTART:15991231T235959Z\n"), 6, "DTSTART is before the year 1600." },
        { MaxDateTime, Event("DTSTART:30000101T000000Z\n"), 6, "DTSTART is after the year 2999." },
        { MaxDateTime, Event("DTSTART:20260101T000000Z\nDTEND:30000101T000000Z\n"), 7, "DTEND is after the year 2999." },
        { MaxDateTime, Event("DTSTART:20260101T000000Z\nRDATE;VALUE=PERIOD:20260101T000000Z/30000101T000000Z\n"), 7, "RDATE is after the year 2999." },
        { MaxDateTime, Of("VTODO", "DUE:99991231T000000Z\n"), 6, "DUE is after the year 2999." },
        { MaxDateTime, Of("VTODO", "COMPLETED:30000101T000000Z\n"), 6, "COMPLETED is after the year 2999." },
        { MaxDateTime, Event("DTSTART:20260101T000000Z\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER;VALUE=DATE-TIME:30000101T000000Z\nEND:VALARM\n"), 9, "TRIGGER is after the year 2999." },
        {
            MaxInstances,
            Event("DTSTART:20260101T000000Z\nRDATE:20260101T000000Z" + string.Concat(Enumerable.Repeat(",20260101T000000Z", 4_999)) + "\n"),
            7,
            "The object writes out more than 5000 occurrences."
        },
    };

    [Theory]
    [MemberData(nameof(BeyondLimits))]
    public void What_is_beyond_a_limit_is_refused_with_line_and_reason(CalendarObjectFault fault, string lines, int lineNumber, string reason) =>
        Assert.Equal(new CalendarObjectProblem(fault, lineNumber, reason), Check(lines));

    [Theory]
    [InlineData("DTSTART:16000101T000000Z\n")]
    [InlineData("DTSTART:29991231T235959Z\n")]
    [InlineData("DTSTART;VALUE=DATE:16040305\nRRULE:FREQ=YEARLY\n")]
    [InlineData("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY\n")]
    [InlineData("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;UNTIL=99991231T235959Z\n")]
    [InlineData("DTSTART:20260101T000000Z\nCREATED:00001231T000000Z\n")]
    public void Limits_do_not_refuse_what_is_legal(string lines) => Assert.Null(Check(Event(lines)));

    [Fact]
    public void Five_hundred_attendees_are_taken_and_limits_can_be_others()
    {
        var lines = Event("DTSTART:20260101T000000Z\n" + string.Concat(Enumerable.Repeat("ATTENDEE:mailto:a@b\n", 500)));
        Assert.Null(Check(lines));
        var limits = CalendarObjectLimits.Default with { MaxAttendeesPerInstance = 99 };
        Assert.Equal(MaxAttendeesPerInstance, CalendarObjectRules.Check(Parse(lines), ["VEVENT"], limits)?.Fault);
    }

    private static CalendarObjectProblem? Check(string lines) => CalendarObjectRules.Check(Parse(lines), Corpus.AllComponents);

    private static CalendarObject Parse(string lines) => CalendarObject.Parse(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\n{lines}END:VCALENDAR\n"));
}
