using System.Buffers;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Appointments;
using Practice.Hx;

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

    /// <summary>The names defined so far.</summary>
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);

    /// <summary>Those of them that are of the time zone database.</summary>
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Under which name an object's own definition of a TZID was written, by its hash: a feed is long, and each object may bring one.</summary>
    private readonly Dictionary<(string Id, string Hash), string> _own = [];

    /// <summary>How many definitions of its own a TZID has.</summary>
    private readonly Dictionary<string, int> _count = new(StringComparer.Ordinal);

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
        if (events.TrueForAll(EventFlags.IsCancelled)) return;
        if (!AppointmentDetails.IsPatient(stored.Row.Details) && events.Exists(EventFlags.IsPrivate)) events = [.. events.Select(Projection.Hidden)];
        foreach (var id in events.SelectMany(component => component.Properties).Select(line => line.Parameter("TZID")).OfType<string>().Distinct().ToList())
            WriteZone(id, shown.Calendar, events, output);
        foreach (var component in events) Write(component, output);
    }

    /// <summary>What comes after the events.</summary>
    public static void WriteEnd(IBufferWriter<byte> output) => output.Write("END:VCALENDAR\r\n"u8);

    private void WriteZone(string id, Component calendar, List<Component> events, IBufferWriter<byte> output)
    {
        if (_known.Contains(id)) return;
        var own = calendar.Components.FirstOrDefault(component => component.Name == "VTIMEZONE" && component.Find("TZID")?.Text == id);
        if (!_defined.Contains(id) && Known(id, own) is { } known)
        {
            // two definitions of one name in two objects may begin in different years
            var definition = ZoneDefinition.Of(known, LocalDateTime.Max(from, FirstZone));
            definition.Set(ContentLine.CreateText("TZID", id));
            Write(definition, output);
            _defined.Add(id);
            _known.Add(id);
            return;
        }

        if (own is null) return;
        var hash = HashOf(own);
        if (!_own.TryGetValue((id, hash), out var name))
        {
            _own.Add((id, hash), name = NewName(id));
            own.Set(ContentLine.CreateText("TZID", name));
            Write(own, output);
        }

        // another zone has the name already
        if (name != id) events.ForEach(component => Rename(component, id, name));
    }

    private string NewName(string id)
    {
        string name;
        do
        {
            _count[id] = _count.GetValueOrDefault(id) + 1;
            name = _count[id] == 1 ? id : $"{id} {_count[id]}";
        }
        while (!_defined.Add(name));
        return name;
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

    private static void Write(Component component, IBufferWriter<byte> output)
    {
        foreach (var line in component.GeneratedLines()) output.Write(line.Span);
    }

    private static string HashOf(Component component)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in component.GeneratedLines()) hash.AppendData(line.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

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
