using System.Globalization;
using System.Text;
using Calendaring.ICalendar;
using NodaTime;

namespace Practice.Hx;

/// <summary>Edits of an RRULE value as text: parts that are not named keep what was written.</summary>
internal static class RuleText
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST",
    };

    /// <summary>Whether two rules are written alike, whatever the order and case of their parts; null is no rule. What they mean is for <see cref="RuleMeaning"/>.</summary>
    public static bool Same(string? left, string? right) => Normal(left) == Normal(right);

    /// <summary>The value of a part, or null.</summary>
    public static string? Part(string rule, string name)
    {
        foreach (var (key, value) in Parts(rule))
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }

    /// <summary>Without a part.</summary>
    public static string Without(string rule, string name) =>
        Join(Parts(rule).Where(part => !part.Key.Equals(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>With a part set.</summary>
    public static string With(string rule, string name, string value)
    {
        var rest = Without(rule, name);
        return rest.Length == 0 ? $"{name}={value}" : $"{rest};{name}={value}";
    }

    /// <summary>The parts that RFC 5545 knows, and no others.</summary>
    public static string Plain(string rule) =>
        Join(Parts(rule).Where(part => Known.Contains(part.Key) && part.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is ',' or '+' or '-')));

    /// <summary>Ends just before an occurrence: UNTIL in the form that RFC 5545 §3.3.10 asks for.</summary>
    public static string EndBefore(string rule, CalendarTime occurrence, Instant instant)
    {
        var until = occurrence.Kind switch
        {
            CalendarTimeKind.Date => Format(occurrence.Local.PlusDays(-1), "yyyyMMdd"),
            CalendarTimeKind.Floating => Format(occurrence.Local.PlusSeconds(-1), "yyyyMMdd'T'HHmmss"),
            _ => Format((instant - Duration.FromSeconds(1)).InUtc().LocalDateTime, "yyyyMMdd'T'HHmmss'Z'"),
        };
        return With(Without(rule, "COUNT"), "UNTIL", until);
    }

    /// <summary>Ends with the occurrence at a moment.</summary>
    public static string EndAt(string rule, Instant last) => With(rule, "UNTIL", Format(last.InUtc().LocalDateTime, "yyyyMMdd'T'HHmmss'Z'"));

    /// <summary>Ends with an occurrence, in the form that RFC 5545 §3.3.10 asks for.</summary>
    public static string EndAt(string rule, CalendarTime last, DateTimeZone zone) => last.Kind switch
    {
        CalendarTimeKind.Date => With(rule, "UNTIL", Format(last.Local, "yyyyMMdd")),
        CalendarTimeKind.Floating => With(rule, "UNTIL", Format(last.Local, "yyyyMMdd'T'HHmmss")),
        CalendarTimeKind.Utc => EndAt(rule, last.Local.InUtc().ToInstant()),
        _ => EndAt(rule, last.Local.InZoneLeniently(zone).ToInstant()),
    };

    /// <summary>The end of a rule, where the times of its series have all moved by as much.</summary>
    public static string MoveEnd(string rule, CalendarTime before, CalendarTime after, DateTimeZone zone)
    {
        if (Part(rule, "UNTIL") is { } until && CalendarTime.TryParse(Encoding.ASCII.GetBytes(until), out var end, null))
        {
            var local = end.Kind == CalendarTimeKind.Utc ? end.Local.InUtc().WithZone(zone).LocalDateTime : end.Local;
            var moved = local + Series.Between(before, after);
            // days end on a day, times at a time (RFC 5545 §3.3.10); a rule that had it otherwise keeps that
            var kind = before.IsDate == after.IsDate ? end.Kind : after.IsDate ? CalendarTimeKind.Date : CalendarTimeKind.Utc;
            rule = With(rule, "UNTIL", kind switch
            {
                CalendarTimeKind.Date => Format(moved, "yyyyMMdd"),
                CalendarTimeKind.Utc => Format(moved.InZoneLeniently(zone).ToInstant().InUtc().LocalDateTime, "yyyyMMdd'T'HHmmss'Z'"),
                _ => Format(moved, "yyyyMMdd'T'HHmmss"),
            });
        }

        return rule;
    }

    private static string? Normal(string? rule) =>
        rule is null ? null : Join(Parts(rule.ToUpperInvariant())
            .Where(static part => part is not { Key: "INTERVAL", Value: "1" })
            .OrderBy(static part => part.Key, StringComparer.Ordinal));

    private static string Join(IEnumerable<(string Key, string Value)> parts) => string.Join(';', parts.Select(static part => $"{part.Key}={part.Value}"));

    private static IEnumerable<(string Key, string Value)> Parts(string rule)
    {
        foreach (var part in rule.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) yield return (part[..equals], part[(equals + 1)..]);
        }
    }

    private static string Format(LocalDateTime time, string pattern) => time.ToString(pattern, CultureInfo.InvariantCulture);
}
