using System.Buffers;
using System.Xml;
using System.Xml.Linq;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Appointments;

namespace Practice.Feeds;

/// <summary>
/// Writes the appointments of a diary as one iCalendar object, at a privacy level (R12): everything that is not cancelled, whether it is
/// served to devices or not. Each time zone is defined once, before the first event that names it.
/// </summary>
/// <param name="hx">The practitioner's HX_ calendar.</param>
/// <param name="zone">The practice group's time zone.</param>
/// <param name="level">What is shown.</param>
/// <param name="from">No event starts before this local time: time zones are defined from here on.</param>
public sealed class FeedCalendar(Collection hx, DateTimeZone zone, PrivacyLevel level, LocalDateTime from)
{
    /// <summary>How often apps are asked to look again.</summary>
    private const string Refresh = "PT15M";

    private static readonly PropertyName DisplayName = new("DAV:", "displayname");
    private static readonly LocalDateTime FirstZone = new(1900, 1, 1, 0, 0);

    /// <summary>The definitions written so far, by TZID; null for those of the time zone database.</summary>
    private readonly Dictionary<string, byte[]?> _zones = new(StringComparer.Ordinal);

    /// <summary>Whether an appointment is in the feed.</summary>
    public static bool Shows(ObjectRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (!AppointmentDetails.IsPatient(row.Details)) return true;
        return AppointmentDetails.Read(row.Details).Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected);
    }

    /// <summary>What comes before the events.</summary>
    public void WriteStart(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("BEGIN:VCALENDAR\r\n"u8);
        var name = NameOf(hx);
        foreach (var line in (ReadOnlySpan<ContentLine>)[
            ContentLine.Create("VERSION", "2.0"),
            ContentLine.Create("PRODID", "-//CalendarSync//Feed//EN"),
            ContentLine.CreateText("NAME", name),
            ContentLine.CreateText("X-WR-CALNAME", name),
            ContentLine.CreateText("X-WR-TIMEZONE", zone.Id),
            ContentLine.Create("REFRESH-INTERVAL", Refresh, new Parameter("VALUE", "DURATION")),
            ContentLine.Create("X-PUBLISHED-TTL", Refresh)])
        {
            output.Write(line.Octets.Span);
        }
    }

    /// <summary>Writes an appointment, whole or not at all.</summary>
    /// <exception cref="FormatException">What is stored cannot be read; nothing was written.</exception>
    public void Write(StoredObject stored, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(output);
        var shown = HxCalendar.Show(stored, level);
        var events = shown.Calendar.Components.Where(component => component.Name == "VEVENT").ToList();
        if (events.TrueForAll(IsCancelled)) return;
        foreach (var id in events.SelectMany(component => component.Properties).Select(line => line.Parameter("TZID")).OfType<string>().Distinct().ToList())
            WriteZone(id, shown.Calendar, events, output);
        foreach (var component in events) component.WriteTo(output);
    }

    /// <summary>What comes after the events.</summary>
    public static void WriteEnd(IBufferWriter<byte> output) => output.Write("END:VCALENDAR\r\n"u8);

    private void WriteZone(string id, Component calendar, List<Component> events, IBufferWriter<byte> output)
    {
        if (_zones.TryGetValue(id, out var written) && written is null) return;
        var own = calendar.Components.FirstOrDefault(component => component.Name == "VTIMEZONE" && component.Find("TZID")?.Text == id);
        if (written is null && Known(id, own) is { } known)
        {
            // two definitions of one name in two objects may begin in different years
            var definition = ZoneDefinition.Of(known, LocalDateTime.Max(from, FirstZone));
            definition.Set(ContentLine.CreateText("TZID", id));
            definition.WriteTo(output);
            _zones.Add(id, null);
            return;
        }

        if (own is null) return;
        var octets = OctetsOf(own);
        var name = id;
        for (var number = 2; _zones.TryGetValue(name, out var other); number++)
        {
            if (other is not null && other.AsSpan().SequenceEqual(octets)) break;
            name = $"{id} {number}";
        }

        if (_zones.TryAdd(name, octets))
        {
            own.Set(ContentLine.CreateText("TZID", name));
            own.WriteTo(output);
        }

        // another zone has the name already
        if (name != id) events.ForEach(component => Rename(component, id, name));
    }

    /// <summary>What the name stands for; a name that only says an offset counts where the object does not define it.</summary>
    private static DateTimeZone? Known(string id, Component? own) =>
        TimeZoneCatalog.Find(id) is { } found && (own is null || DateTimeZoneProviders.Tzdb.Ids.Contains(found.Id)) ? found : null;

    private static void Rename(Component component, string id, string name)
    {
        foreach (var line in component.Properties.Where(line => line.Parameter("TZID") == id).ToList())
        {
            Parameter[] parameters =
                [.. line.Parameters.Select(parameter => parameter.Name.Equals("TZID", StringComparison.OrdinalIgnoreCase) ? new Parameter("TZID", name) : parameter)];
            component.Replace(line, ContentLine.Create(line.Name, line.RawValue, parameters));
        }
    }

    private static byte[] OctetsOf(Component component)
    {
        var octets = new ArrayBufferWriter<byte>();
        component.WriteTo(octets);
        return octets.WrittenSpan.ToArray();
    }

    private static bool IsCancelled(Component component) =>
        component.Find("STATUS") is { } line && line.RawValue.Equals("CANCELLED", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(Collection collection)
    {
        try
        {
            return collection.Properties.Values.TryGetValue(DisplayName, out var element) ? XElement.Parse(element).Value : collection.Name;
        }
        catch (XmlException)
        {
            return collection.Name;
        }
    }
}
