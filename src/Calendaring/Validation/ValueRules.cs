using Calendaring.ICalendar;
using Calendaring.Recurrence;

namespace Calendaring.Validation;

/// <summary>Whether the value of a property can be read as its type (RFC 5545 §3.8).</summary>
internal static class ValueRules
{
    /// <summary>Why the value is not good, or null. Properties whose values are text, or not known, are good.</summary>
    public static string? Check(ContentLine line) => line.Name switch
    {
        "DTSTART" or "DTEND" or "DUE" or "RECURRENCE-ID" => CheckTime(line),
        // these must be in UTC (§3.8.7), but are met as local times and dates; nothing depends on them
        "DTSTAMP" or "CREATED" or "LAST-MODIFIED" or "COMPLETED" or "ACKNOWLEDGED" => CheckTime(line),
        "EXDATE" => CheckList(line, periods: false, times: true),
        "RDATE" => CheckList(line, periods: true, times: true),
        "FREEBUSY" => CheckList(line, periods: true, times: false),
        "DURATION" => line.TryReadDuration(out _) ? null : "the value is not a duration.",
        "TRIGGER" => CheckTrigger(line),
        "TZOFFSETFROM" or "TZOFFSETTO" => line.TryReadOffset(out _) ? null : "the value is not an offset from UTC.",
        "SEQUENCE" or "PRIORITY" or "PERCENT-COMPLETE" or "REPEAT" => line.TryReadInteger(out _) ? null : "the value is not a whole number.",
        "UID" or "TZID" => string.IsNullOrWhiteSpace(line.RawValue) ? "the value is empty." : null,
        // UNTIL in another form than DTSTART's is against §3.3.10 and very common: the recurrence set knows what is meant
        "RRULE" => RecurrenceRule.TryParse(line.RawValue, out _, out var reason) ? null : reason,
        _ => null,
    };

    private static string? CheckTime(ContentLine line) =>
        line.TryReadTime(out _) ? null : "the value is not a date or date-time, or not of the type that VALUE says.";

    private static string? CheckList(ContentLine line, bool periods, bool times)
    {
        if (!line.TryReadPeriods(out var list)) return "a value is not a date, date-time or period, or not of the type that VALUE says.";
        foreach (var value in list)
        {
            var isPeriod = value.End is not null || value.Duration is not null;
            if (isPeriod ? !periods : !times) return isPeriod ? "a period is not allowed here." : "a value is not a period.";
            if (value.Duration is { IsNegative: true }) return "a period has a negative duration.";
        }

        return null;
    }

    /// <summary>§3.8.6.3: a duration, or a point of time if VALUE says so.</summary>
    private static string? CheckTrigger(ContentLine line) =>
        "DATE-TIME".Equals(line.Parameter("VALUE"), StringComparison.OrdinalIgnoreCase)
            ? CheckTime(line)
            : line.TryReadDuration(out _) ? null : "the value is neither a duration nor, by its VALUE parameter, a date-time.";
}
