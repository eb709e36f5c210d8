using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;

namespace ProviderBridge.Mapping;

/// <summary>Calendar objects of what a service has in a form of its own. The same events always give the same bytes.</summary>
internal static class ReadEvents
{
    /// <summary>An event with what every service knows.</summary>
    public static Component Create(string uid, CalendarTime start, CalendarTime? end, string? title, string? description, string? place)
    {
        var component = new Component("VEVENT");
        component.Add(ContentLine.CreateText("UID", uid));
        component.Add(ContentLine.CreateTime("DTSTAMP", CalendarTime.OfUtc(Instant.FromUnixTimeSeconds(0))));
        component.Add(ContentLine.CreateTime("DTSTART", start));
        if (end is { } known) component.Add(ContentLine.CreateTime("DTEND", known));
        AddText(component, "SUMMARY", title);
        AddText(component, "DESCRIPTION", description);
        AddText(component, "LOCATION", place);
        return component;
    }

    /// <summary>The object of a master and its overrides, with the definitions of the zones that they name.</summary>
    /// <param name="events">The master first.</param>
    /// <param name="start">When it begins: the zones are defined from a year before.</param>
    public static CalendarObject ToObject(IReadOnlyList<Component> events, CalendarTime start)
    {
        var calendar = new Component("VCALENDAR");
        calendar.Add(ContentLine.Create("VERSION", "2.0"));
        calendar.Add(ContentLine.Create("PRODID", "-//CalendarSync//Bridge//EN"));
        foreach (var id in events.SelectMany(static component => component.Properties).Select(static line => line.Parameter("TZID")).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is { } zone) calendar.Add(ZoneDefinition.Of(zone, start.Local.PlusYears(-1)));
        }

        foreach (var component in events) calendar.Add(component);
        return new CalendarObject(calendar);
    }

    // a service may have characters in its texts that no line can have
    private static void AddText(Component component, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) component.Add(ContentLine.CreateText(name, new string([.. text.ReplaceLineEndings("\n").Where(static character => character == '\n' || !char.IsControl(character))])));
    }
}
