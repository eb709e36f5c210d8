using System.Collections.Frozen;

namespace Calendaring.Validation;

/// <summary>What RFC 5545 §3.6 asks of one type of component.</summary>
/// <param name="Required">Properties that must be there.</param>
/// <param name="Once">Properties that may be there once at most; the required ones are among them.</param>
/// <param name="End">The property that says when it ends; it excludes DURATION. Null when it has no end.</param>
/// <param name="Inside">The components it may be in; null for any.</param>
internal sealed record ComponentRule(string[] Required, FrozenSet<string> Once, string? End = null, string[]? Inside = null)
{
    public static readonly ComponentRule Calendar = Of("VERSION PRODID", "CALSCALE METHOD");

    private static readonly FrozenDictionary<string, ComponentRule> Table = new Dictionary<string, ComponentRule>
    {
        // DTSTAMP is required by §3.6.1 ff., but some scripts and old devices leave it out, and nothing depends on it. RRULE "SHOULD NOT" occur twice: it may.
        ["VEVENT"] = Of(
            "UID DTSTART",
            "DTSTAMP CLASS CREATED DESCRIPTION GEO LAST-MODIFIED LOCATION ORGANIZER PRIORITY SEQUENCE STATUS SUMMARY TRANSP URL RECURRENCE-ID DTEND DURATION COLOR",
            "DTEND",
            "VCALENDAR"),
        ["VTODO"] = Of(
            "UID",
            "DTSTAMP CLASS COMPLETED CREATED DESCRIPTION DTSTART GEO LAST-MODIFIED LOCATION ORGANIZER PERCENT-COMPLETE PRIORITY RECURRENCE-ID SEQUENCE STATUS SUMMARY URL "
            + "DUE DURATION COLOR",
            "DUE",
            "VCALENDAR"),
        ["VJOURNAL"] = Of(
            "UID", "DTSTAMP CLASS CREATED DTSTART LAST-MODIFIED ORGANIZER RECURRENCE-ID SEQUENCE STATUS SUMMARY URL COLOR", inside: "VCALENDAR"),
        ["VFREEBUSY"] = Of("UID", "DTSTAMP CONTACT DTSTART DTEND ORGANIZER URL", "DTEND", "VCALENDAR"),
        // RFC 7953 §3.1
        ["VAVAILABILITY"] = Of(
            "UID", "DTSTAMP BUSYTYPE CLASS CREATED DESCRIPTION DTSTART LAST-MODIFIED LOCATION ORGANIZER PRIORITY SEQUENCE SUMMARY URL DTEND DURATION", "DTEND", "VCALENDAR"),
        ["AVAILABLE"] = Of("UID DTSTART", "DTSTAMP CREATED DESCRIPTION LAST-MODIFIED LOCATION RECURRENCE-ID RRULE SUMMARY DTEND DURATION", "DTEND", "VAVAILABILITY"),
        ["VTIMEZONE"] = Of("TZID", "LAST-MODIFIED TZURL TZUNTIL", inside: "VCALENDAR"),
        ["STANDARD"] = Of("DTSTART TZOFFSETFROM TZOFFSETTO", "", inside: "VTIMEZONE"),
        ["DAYLIGHT"] = Of("DTSTART TZOFFSETFROM TZOFFSETTO", "", inside: "VTIMEZONE"),
        // §3.6.6 asks for more by ACTION (a DESCRIPTION to display…), which clients leave out and can do without
        ["VALARM"] = Of("ACTION TRIGGER", "DURATION REPEAT UID ACKNOWLEDGED", inside: "VEVENT VTODO VJOURNAL VAVAILABILITY"),
        ["VCALENDAR"] = Of("", "", inside: "nothing"),
    }.ToFrozenDictionary();

    /// <summary>The rule for a type, or null for one that is not known: of that everything is taken.</summary>
    public static ComponentRule? For(string component) => Table.GetValueOrDefault(component);

    private static ComponentRule Of(string required, string once, string? end = null, string? inside = null) =>
        new(required.Split(' ', StringSplitOptions.RemoveEmptyEntries), $"{required} {once}".Split(' ').ToFrozenSet(), end, inside?.Split(' '));
}
