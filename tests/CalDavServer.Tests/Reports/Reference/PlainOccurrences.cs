using System.Globalization;
using NodaTime;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>One occurrence of a component: start and end as far as it has them.</summary>
internal sealed record PlainOccurrence(PlainComponent Component, PlainTime? Start, Instant? End, PlainTime? RecurrenceId);

/// <summary>The occurrences of a component, found by walking over every day from its DTSTART on.</summary>
internal static class PlainOccurrences
{
    /// <summary>Whether a component describes more than one occurrence.</summary>
    public static bool Recurs(PlainComponent component) => component["RRULE"] is not null || component["RDATE"] is not null;

    /// <summary>All occurrences that begin before a moment, of one component of an object.</summary>
    public static IEnumerable<PlainOccurrence> Of(PlainComponent calendar, PlainComponent component, DateTimeZone floating, Instant until)
    {
        var start = PlainTime.Of(component["DTSTART"], floating);
        if (start is null || !Recurs(component))
        {
            var due = PlainTime.Of(component["DUE"], floating);
            yield return new PlainOccurrence(component, start, start is null ? due?.Instant : EndOf(component, start, floating), PlainTime.Of(component["RECURRENCE-ID"], floating));
            yield break;
        }

        var gone = component.Lines.Where(line => line.Name == "EXDATE").SelectMany(line => line.Value.Split(',').Select(value => PlainTime.Of(value, line.Parameter("TZID"), floating).Instant)).ToHashSet();
        foreach (var other in calendar.Components)
        {
            if (other.Name == component.Name && PlainTime.Of(other["RECURRENCE-ID"], floating) is { } id) gone.Add(id.Instant);
        }

        foreach (var at in Starts(component, start, until))
        {
            if (gone.Add(at.Instant)) yield return new PlainOccurrence(component, at, EndOf(component, at, floating), at);
        }

        foreach (var line in component.Lines.Where(line => line.Name == "RDATE"))
        {
            foreach (var value in line.Value.Split(','))
            {
                var parts = value.Split('/');
                var at = PlainTime.Of(parts[0], line.Parameter("TZID"), floating);
                if (!gone.Add(at.Instant)) continue;
                yield return new PlainOccurrence(component, at, parts.Length == 1 ? EndOf(component, at, floating) : EndOf(parts[1], at, line.Parameter("TZID"), floating), at);
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
        for (var day = start.Local.Date.PlusDays(1); ; day = day.PlusDays(1))
        {
            var at = start with { Local = day + start.Local.TimeOfDay };
            if (at.Instant >= until || at.Instant > last) yield break;
            if (!Fits(rule, start.Local.Date, day)) continue;
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
