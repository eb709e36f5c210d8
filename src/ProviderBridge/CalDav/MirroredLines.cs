using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;

namespace ProviderBridge.CalDav;

/// <summary>
/// What of a calendar object is mirrored: times, repeat, words, status. What an application keeps for itself on one side, alarms, attendees, attachments, X- properties and X- parameters among it, stays on that side.
/// </summary>
internal static class MirroredLines
{
    private static readonly HashSet<string> Names =
    [
        "UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "TRANSP", "CLASS", "SEQUENCE", "CREATED", "LAST-MODIFIED",
    ];

    /// <summary>What says how to read a line.</summary>
    private static readonly HashSet<string> Parameters = new(StringComparer.OrdinalIgnoreCase) { "VALUE", "TZID", "RANGE", "LANGUAGE" };

    /// <summary>The object with those lines only; null when it has no event of its own with a start.</summary>
    /// <param name="source">The object.</param>
    /// <param name="uid">The UID that it has then.</param>
    public static CalendarObject? Of(CalendarObject source, string uid)
    {
        var events = source.Calendar.Components.Where(component => component.Name == "VEVENT").ToList();
        if (!events.Any(one => one.Find("RECURRENCE-ID") is null && one.Find("DTSTART")?.TryReadTime(out _) == true)) return null;
        var calendar = new Component("VCALENDAR");
        calendar.Add(ContentLine.Create("VERSION", "2.0"));
        calendar.Add(ContentLine.Create("PRODID", "-//CalendarSync//Bridge//EN"));
        foreach (var zone in source.Calendar.Components.Where(component => component.Name == "VTIMEZONE")) calendar.Add(zone);
        foreach (var one in events.OrderBy(one => one.Find("RECURRENCE-ID") is null ? 0 : 1)) calendar.Add(Of(one, uid));
        AddZones(calendar);
        return new CalendarObject(calendar);
    }

    /// <summary>Adds the definitions of zones that are named and not defined: RFC 5545 §3.2.19 wants them, and not every server knows what is meant by a name.</summary>
    public static void AddZones(Component calendar)
    {
        var defined = calendar.Components.Where(component => component.Name == "VTIMEZONE").Select(zone => zone.Find("TZID")?.Text).ToHashSet();
        var named = calendar.Components.Where(component => component.Name == "VEVENT").SelectMany(component => component.Properties)
            .Where(line => line.Parameter("TZID") is { } id && !defined.Contains(id) && line.TryReadPeriods(out _)).ToLookup(line => line.Parameter("TZID")!);
        foreach (var lines in named)
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(lines.Key) is not { } zone) continue;
            var first = lines.SelectMany(line => line.TryReadPeriods(out var periods) ? periods : []).Min(period => period.Start.Local);
            calendar.Add(ZoneDefinition.Of(zone, first.PlusYears(-1)));
        }
    }

    /// <summary>Says when an event ends that leaves it to its start (RFC 5545 §3.6.1): iCloud takes none that does not say it.</summary>
    public static void AddEnd(Component one)
    {
        if (one.Find("DTEND") is not null || one.Find("DURATION") is not null || one.Find("DTSTART") is not { } line || !line.TryReadTime(out var start)) return;
        one.Add(start.IsDate ? ContentLine.CreateTime("DTEND", CalendarTime.OfDate(start.Local.Date.PlusDays(1))) : ContentLine.Create("DURATION", "PT0S"));
    }

    /// <summary>A line without what an application says beside it for itself.</summary>
    private static ContentLine Plain(ContentLine line) =>
        line.Parameters.All(one => Parameters.Contains(one.Name)) ? line : ContentLine.Create(line.Name, line.RawValue, [.. line.Parameters.Where(one => Parameters.Contains(one.Name))]);

    private static Component Of(Component source, string uid)
    {
        var made = new Component("VEVENT");
        foreach (var line in source.Properties.Where(line => Names.Contains(line.Name))) made.Add(line.Name == "UID" ? ContentLine.CreateText("UID", uid) : Plain(line));
        if (made.Find("UID") is null) made.Add(ContentLine.CreateText("UID", uid));
        if (made.Find("DTSTAMP") is null) made.Add(ContentLine.CreateTime("DTSTAMP", CalendarTime.OfUtc(Instant.FromUnixTimeSeconds(0))));
        AddEnd(made);
        return made;
    }
}
