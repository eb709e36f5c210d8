using System.Buffers;
using System.Security.Cryptography;
using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.TimeZones;

/// <summary>
/// Writes the components of many calendar objects into one iCalendar object (RFC 5545 §3.6.5): each time zone is defined once, before the first component that names it. Objects that define
/// different zones under one name keep their own: the later ones get a number behind the name. Not thread-safe.
/// </summary>
/// <param name="from">No component starts before this local time: time zones are defined from here on.</param>
public sealed class ZoneMerge(LocalDateTime from)
{
    private static readonly LocalDateTime FirstZone = new(1900, 1, 1, 0, 0);

    /// <summary>The names defined so far.</summary>
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);

    /// <summary>Those of them that are of the time zone database.</summary>
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Under which name an object's own definition of a TZID was written, by its hash: the whole is long, and each object may bring one.</summary>
    private readonly Dictionary<(string Id, string Hash), string> _own = [];

    /// <summary>How many definitions of its own a TZID has.</summary>
    private readonly Dictionary<string, int> _count = new(StringComparer.Ordinal);

    /// <summary>Writes components of one object, with the time zones that they name and that were not written before. Lines end with CRLF.</summary>
    /// <param name="calendar">The object; a component of it may get another TZID.</param>
    /// <param name="components">Those of its components that are wanted; not its time zones.</param>
    /// <param name="output">Where to write.</param>
    public void Write(Component calendar, IReadOnlyList<Component> components, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var id in components.SelectMany(component => component.Properties).Select(line => line.Parameter("TZID")).OfType<string>().Distinct().ToList())
            WriteZone(id, calendar, components, output);
        foreach (var component in components) Write(component, output);
    }

    private void WriteZone(string id, Component calendar, IReadOnlyList<Component> components, IBufferWriter<byte> output)
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
        if (name == id) return;
        foreach (var component in components) ZoneNames.Rename(component, id, name);
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
}
