using Calendaring.ICalendar;

namespace Calendaring.TimeZones;

/// <summary>Names of time zones in the lines of a component (RFC 5545 §3.2.19).</summary>
public static class ZoneNames
{
    /// <summary>Gives a time zone another name in all lines of a component that refer to it; not in what is inside the component.</summary>
    /// <param name="component">The component.</param>
    /// <param name="id">The TZID.</param>
    /// <param name="name">The name that takes its place.</param>
    public static void Rename(Component component, string id, string name)
    {
        ArgumentNullException.ThrowIfNull(component);
        foreach (var line in component.Properties.Where(line => line.Parameter("TZID") == id).ToList())
        {
            Parameter[] parameters =
                [.. line.Parameters.Select(parameter => parameter.Name.Equals("TZID", StringComparison.OrdinalIgnoreCase) ? new Parameter("TZID", name) : parameter)];
            component.Replace(line, ContentLine.Create(line.Name, line.RawValue, parameters));
        }
    }
}
