using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;
using NodaTime.TimeZones;

namespace Practice.Hx;

/// <summary>
/// Names of time zones in what a lower level is shown. A TZID is free text: a device may write a person's name there. Only names that everybody knows are shown; others get one that says nothing, and a
/// definition that nothing refers to is left out.
/// </summary>
internal static class ShownZones
{
    /// <summary>Renames and drops what may not be shown.</summary>
    public static void Tidy(Component calendar)
    {
        var used = calendar.Components.Where(component => component.Name != "VTIMEZONE").SelectMany(component => component.Properties).Select(line => line.Parameter("TZID")).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        foreach (var zone in calendar.Components.Where(component => component.Name == "VTIMEZONE").ToList())
        {
            if (zone.Find("TZID") is not { } id || !used.Contains(id.Text)) calendar.Remove(zone);
        }

        var number = 0;
        foreach (var id in used.Where(id => !IsKnown(id)))
        {
            var defined = calendar.Components.Where(component => component.Name == "VTIMEZONE" && component.Find("TZID")?.Text == id).ToList();
            var name = defined.Count == 0 && TimeZoneCatalog.Find(id) is { } found && IsKnown(found.Id) ? found.Id : $"Zone-{++number}";
            foreach (var zone in defined) zone.Set(ContentLine.CreateText("TZID", name));
            foreach (var component in calendar.Components.Where(component => component.Name != "VTIMEZONE")) ZoneNames.Rename(component, id, name);
        }
    }

    private static bool IsKnown(string id) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is not null || TzdbDateTimeZoneSource.Default.WindowsToTzdbIds.ContainsKey(id);
}
