using System.Globalization;
using NodaTime;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>One occurrence of a component: start and end as far as it has them.</summary>
internal sealed record PlainOccurrence(PlainComponent Component, PlainTime? Start, Instant? End, PlainTime? RecurrenceId);

/// <summary>The occurrences of a component, found by walking over every day from its DTSTART on.</summary>
internal static class PlainOccurrences
{
    /// <summary>Whether a component describes more than one occurrence.</summary>
    public static bool Recurs(PlainComponent component) => component["RRULE"] is not null || component["RDATE"] is not null || IsForAllThatFollow(component);

    /// <summary>Whether a component is an override with RANGE=THISANDFUTURE.</summary>
    public static bool IsForAllThatFollow(PlainComponent component) => component["RECURRENCE-ID"]?.Parameter("RANGE") is not null;

    /// <summary>All occurrences that begin before a moment, of one component of an object.</summary>
    public static IEnumerable<PlainOccurrence> Of(PlainComponent calendar, PlainComponent component, DateTimeZone floating, Instant until)
    {
        var start = PlainTime.Of(component["DTSTART"], floating);
        var id = PlainTime.Of(component["RECURRENCE-ID"], floating);
        if (start is null || !Recurs(component) || id is not null)
        {
            var due = PlainTime.Of(component["DUE"], floating);
            yield return new PlainOccurrence(component, start, start is null ? due?.Instant : EndOf(component, start, floating), id);
            if (!IsForAllThatFollow(component)) yield break;
        }

        var master = calendar.Components.Single(other => other.Name == component.Name && other["RECURRENCE-ID"] is null);
        var overrides = calendar.Components.Where(other => other.Name == component.Name && other["RECURRENCE-ID"] is not null).ToList();
        var next = overrides.Where(IsForAllThatFollow).Select(other => PlainTime.Of(other["RECURRENCE-ID"], floating)!.Instant).Where(other => id is null || other > id.Instant).DefaultIfEmpty(Instant.MaxValue).Min();
        var shift = id is null ? Period.Zero : Period.Between(id.Local, start!.Local, PeriodUnits.Minutes);
        foreach (var occurrence in OfSeries(master, floating, until, [.. overrides.Select(other => PlainTime.Of(other["RECURRENCE-ID"], floating)!.Instant)]))
        {
            if (occurrence.Start!.Instant >= next || (id is not null && occurrence.Start.Instant < id.Instant)) continue;
            if (id is null)
            {
                yield return occurrence;
                continue;
            }

            var moved = occurrence.Start with { Local = occurrence.Start.Local + shift };
            yield return new PlainOccurrence(component, moved, EndOf(component, moved, floating), occurrence.RecurrenceId);
        }
    }

    // what the rule and the dates of a series say, without what is taken out
    private static IEnumerable<PlainOccurrence> OfSeries(PlainComponent master, DateTimeZone floating, Instant until, HashSet<Instant> gone)
    {
        foreach (var line in master.Lines.Where(line => line.Name == "EXDATE"))
        {
            foreach (var value in line.Value.Split(',')) gone.Add(PlainTime.Of(value, line.Parameter("TZID"), floating).Instant);
        }

        foreach (var at in Starts(master, PlainTime.Of(master["DTSTART"], floating)!, until))
        {
            if (gone.Add(at.Instant)) yield return new PlainOccurrence(master, at, EndOf(master, at, floating), at);
        }

        foreach (var line in master.Lines.Where(line => line.Name == "RDATE"))
        {
            foreach (var value in line.Value.Split(','))
            {
                var parts = value.Split('/');
                var at = PlainTime.Of(parts[0], line.Parameter("TZID"), floating);
                if (!gone.Add(at.Instant)) continue;
                yield return new PlainOccurrence(master, at, parts.Length == 1 ? EndOf(master, at, floating) : EndOf(parts[1], at, line.Parameter("TZID"), floating), at);
            }
        }
    }

    private static Instant EndOf(string end, PlainTime start, string? zone, DateTimeZone floating)
    {
        if (!end.StartsWith('P')) return PlainTime.Of(end, zone, floating).Instant;
        var (days, seconds) = PlainTime.Length(end);
        return start.Plus(days, seconds);
    }

    // RFC 5545 §3.8.5.3: DTEND and DUE give an exact length, DURATION a nominal one
    private static Instant? EndOf(PlainComponent component, PlainTime start, DateTimeZone floating)
    {
        if (component["DURATION"] is { } duration)
        {
            var (days, seconds) = PlainTime.Length(duration.Value);
            return start.Plus(days, seconds);
        }

        if (PlainTime.Of(component["DTEND"] ?? component["DUE"], floating) is { } end)
        {
            var first = PlainTime.Of(component["DTSTART"], floating)!;
            return end.IsDate ? start.Plus(Period.DaysBetween(first.Local.Date, end.Local.Date), 0) : start.Instant + (end.Instant - first.Instant);
        }

        if (component.Name == "VTODO") return null;
        return start.IsDate ? start.Plus(1, 0) : start.Instant;
    }

    private static IEnumerable<PlainTime> Starts(PlainComponent component, PlainTime start, Instant until)
    {
        yield return start;
        if (component["RRULE"] is not { } line) yield break;
        var rule = line.Value.Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        var count = rule.TryGetValue("COUNT", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;
        var last = rule.TryGetValue("UNTIL", out text) ? PlainTime.Of(text, null, start.Zone).Instant : Instant.MaxValue;
        var hours = rule["FREQ"] == "HOURLY";
        for (var i = 1; ; i++)
        {
            var at = start with { Local = hours ? start.Local.PlusHours(i) : start.Local.PlusDays(i) };
            if (at.Instant >= until || at.Instant > last) yield break;
            if (hours ? i % int.Parse(rule["INTERVAL"], CultureInfo.InvariantCulture) != 0 : !Fits(rule, start.Local.Date, at.Local.Date)) continue;
            if (--count <= 0) yield break;
            yield return at;
        }
    }

    private static bool Fits(Dictionary<string, string> rule, LocalDate first, LocalDate day)
    {
        var interval = rule.TryGetValue("INTERVAL", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
        var months = ((day.Year - first.Year) * 12) + day.Month - first.Month;
        switch (rule["FREQ"])
        {
            case "DAILY": return Period.DaysBetween(first, day) % interval == 0;
            case "WEEKLY":
                var monday = first.PlusDays(1 - (int)first.DayOfWeek);
                return Period.DaysBetween(monday, day) / 7 % interval == 0 && (rule.TryGetValue("BYDAY", out text) ? text.Split(',').Contains(NameOf(day)) : day.DayOfWeek == first.DayOfWeek);
            case "MONTHLY":
                return months % interval == 0 && FitsMonth(rule, first, day);
            case "YEARLY": return (day.Year - first.Year) % interval == 0 && day.Month == first.Month && day.Day == first.Day;
            default: throw new FormatException(rule["FREQ"]);
        }
    }

    private static bool FitsMonth(Dictionary<string, string> rule, LocalDate first, LocalDate day)
    {
        var length = day.Calendar.GetDaysInMonth(day.Year, day.Month);
        if (rule.TryGetValue("BYMONTHDAY", out var text))
            return text.Split(',').Select(value => int.Parse(value, CultureInfo.InvariantCulture)).Any(value => value > 0 ? day.Day == value : day.Day == length + 1 + value);
        if (!rule.TryGetValue("BYDAY", out text)) return day.Day == first.Day;
        var position = text.StartsWith('-') ? -(((length - day.Day) / 7) + 1) : ((day.Day - 1) / 7) + 1;
        return text == position.ToString(CultureInfo.InvariantCulture) + NameOf(day);
    }

    private static string NameOf(LocalDate day) => day.DayOfWeek.ToString()[..2].ToUpperInvariant();
}
