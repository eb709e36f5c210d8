using System.Diagnostics.CodeAnalysis;

namespace Calendaring.ICalendar;

/// <summary>Typed access to the values of content lines. Nothing throws on bad input: the Try methods answer false.</summary>
public static class ValueReader
{
    /// <summary>A single DATE or DATE-TIME with its VALUE and TZID parameters.</summary>
    public static bool TryReadTime(this ContentLine line, out CalendarTime time) => throw new NotImplementedException();

    /// <summary>A comma-separated list of DATE, DATE-TIME or PERIOD values (EXDATE, RDATE); a DATE or DATE-TIME is a period without end and duration.</summary>
    public static bool TryReadPeriods(this ContentLine line, [NotNullWhen(true)] out IReadOnlyList<CalendarPeriod>? periods) => throw new NotImplementedException();

    /// <summary>A DURATION.</summary>
    public static bool TryReadDuration(this ContentLine line, out CalendarDuration duration) => throw new NotImplementedException();

    /// <summary>A UTC-OFFSET (RFC 5545 §3.3.14), in seconds.</summary>
    public static bool TryReadOffset(this ContentLine line, out int seconds) => throw new NotImplementedException();

    /// <summary>An INTEGER.</summary>
    public static bool TryReadInteger(this ContentLine line, out int value) => throw new NotImplementedException();

    /// <summary>A comma-separated list of TEXT values, decoded (CATEGORIES, RESOURCES).</summary>
    public static IReadOnlyList<string> ReadTextList(this ContentLine line) => throw new NotImplementedException();
}
