using System.Collections.Concurrent;
using System.Security.Cryptography;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using NodaTime.TimeZones;

namespace Calendaring.TimeZones;

/// <summary>
/// The zone that a VTIMEZONE component describes (RFC 5545 §3.6.5). Its changes are computed when first asked for, up to a horizon that moves when later times are asked
/// for. Before its first onset the offset is the one that onset changes from. Never throws: onsets that cannot be read are left out, and of onsets less than a day apart
/// the last counts.
/// </summary>
internal sealed class VTimeZone : DateTimeZone
{
    private const int FirstHorizon = 2100;
    private const int LastHorizon = 9998;
    private const int BuildSteps = 40_000;
    private const int MaxCached = 256;

    // many objects of a calendar carry the same component
    private static readonly ConcurrentDictionary<UInt128, DateTimeZone?> Cache = new();

    private readonly List<Observance> _observances;
    private Table? _table;

    private VTimeZone(string id, List<Observance> observances, Offset min, Offset max)
        : base(id, false, min, max) => _observances = observances;

    /// <summary>The zone of a component; null when it has no observance that can be read.</summary>
    public static DateTimeZone? Of(Component component)
    {
        var key = KeyOf(component);
        if (Cache.TryGetValue(key, out var zone)) return zone;
        if (Cache.Count >= MaxCached) Cache.Clear();
        return Cache[key] = Read(component);
    }

    /// <inheritdoc/>
    public override ZoneInterval GetZoneInterval(Instant instant)
    {
        var table = Volatile.Read(ref _table);
        if (table is null || (instant >= table.Horizon && table.Year < LastHorizon))
        {
            var year = instant >= YearStart(FirstHorizon) ? Math.Min(instant.InUtc().Year + 100, LastHorizon) : FirstHorizon;
            Volatile.Write(ref _table, table = Build(year));
        }
        return table.Find(instant);
    }

    private static VTimeZone? Read(Component component)
    {
        var observances = new List<Observance>();
        foreach (var child in component.Components)
        {
            if (Observance.Of(child) is { } observance) observances.Add(observance);
        }
        if (observances.Count == 0) return null;
        int min = int.MaxValue, max = int.MinValue;
        foreach (var observance in observances)
        {
            min = Math.Min(min, Math.Min(observance.OffsetFrom, observance.OffsetTo));
            max = Math.Max(max, Math.Max(observance.OffsetFrom, observance.OffsetTo));
        }
        return new VTimeZone(component.Find("TZID")?.Text ?? "VTIMEZONE", observances, Offset.FromSeconds(min), Offset.FromSeconds(max));
    }

    private static UInt128 KeyOf(Component component)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, component);
        Span<byte> digest = stackalloc byte[32];
        hash.GetCurrentHash(digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private static void Append(IncrementalHash hash, Component component)
    {
        foreach (var line in component.Properties) hash.AppendData(line.Bytes.Span);
        foreach (var child in component.Components)
        {
            hash.AppendData(child.Name == "DAYLIGHT" ? "\0D"u8 : "\0S"u8);
            Append(hash, child);
        }
    }

    private static Instant YearStart(int year) => Instant.FromUtc(year, 1, 1, 0, 0);

    private Table Build(int year)
    {
        var budget = new ExpansionBudget(BuildSteps);
        var onsets = new List<(long Instant, Observance Observance)>();
        // two years more, so that the last stretch before the horizon has its end
        foreach (var observance in _observances) observance.AddOnsets(onsets, Math.Min(year + 2, 9999), budget);
        onsets.Sort(static (a, b) => a.Instant.CompareTo(b.Instant));
        var intervals = new List<ZoneInterval>(onsets.Count + 1);
        Instant? start = null;
        var (name, offset, savings) = ("standard", onsets.Count == 0 ? _observances[0].OffsetTo : onsets[0].Observance.OffsetFrom, 0);
        for (var i = 0; i < onsets.Count; i++)
        {
            var (instant, observance) = onsets[i];
            if (i + 1 < onsets.Count && onsets[i + 1].Instant - instant < CivilDay.Seconds) continue;
            // two legal offsets may lie farther apart than a saving can be
            var daylight = observance.IsDaylight ? Math.Clamp(observance.OffsetTo - observance.OffsetFrom, 0, Offset.MaxValue.Seconds) : 0;
            if (observance.OffsetTo == offset && daylight == savings) continue;
            var end = Instant.FromUnixTimeSeconds(instant);
            intervals.Add(new(name, start, end, Offset.FromSeconds(offset), Offset.FromSeconds(savings)));
            (start, name, offset, savings) = (end, observance.Name, observance.OffsetTo, daylight);
        }
        intervals.Add(new(name, start, null, Offset.FromSeconds(offset), Offset.FromSeconds(savings)));
        return new(intervals, year, YearStart(year));
    }

    /// <summary>The stretches up to a horizon, in order.</summary>
    private sealed record Table(List<ZoneInterval> Intervals, int Year, Instant Horizon)
    {
        public ZoneInterval Find(Instant instant)
        {
            int low = 0, high = Intervals.Count - 1;
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (Intervals[middle].Start <= instant) low = middle;
                else high = middle - 1;
            }
            return Intervals[low];
        }
    }
}
