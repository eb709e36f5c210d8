using System.Diagnostics.CodeAnalysis;

namespace Calendaring.ICalendar;

/// <summary>Typed access to the values of content lines. Nothing throws on bad input: the Try methods answer false.</summary>
public static class ValueReader
{
    /// <summary>
    /// A single DATE or DATE-TIME with its VALUE and TZID parameters. A DATE without <c>VALUE=DATE</c>, which clients send, is taken for what it is.
    /// </summary>
    public static bool TryReadTime(this ContentLine line, out CalendarTime time)
    {
        ArgumentNullException.ThrowIfNull(line);
        var type = line.Parameter("VALUE");
        return CalendarTime.TryParse(line.ValueBytes, out time, line.Parameter("TZID")) && Fits(type, new CalendarPeriod(time, null, null));
    }

    /// <summary>A comma-separated list of DATE, DATE-TIME or PERIOD values (EXDATE, RDATE, FREEBUSY); a DATE or DATE-TIME is a period without end and duration.</summary>
    public static bool TryReadPeriods(this ContentLine line, [NotNullWhen(true)] out IReadOnlyList<CalendarPeriod>? periods)
    {
        ArgumentNullException.ThrowIfNull(line);
        periods = null;
        var type = line.Parameter("VALUE");
        var timeZoneId = line.Parameter("TZID");
        var value = line.ValueBytes;
        var result = new List<CalendarPeriod>(value.Count((byte)',') + 1);
        foreach (var range in value.Split((byte)','))
        {
            if (!CalendarPeriod.TryParse(value[range], timeZoneId, out var period) || !Fits(type, period)) return false;
            result.Add(period);
        }

        periods = result;
        return true;
    }

    /// <summary>A DURATION.</summary>
    public static bool TryReadDuration(this ContentLine line, out CalendarDuration duration)
    {
        ArgumentNullException.ThrowIfNull(line);
        duration = default;
        return line.Parameter("VALUE") is null or "DURATION" && CalendarDuration.TryParse(line.ValueBytes, out duration);
    }

    /// <summary>A UTC-OFFSET (RFC 5545 §3.3.14), in seconds; at most 18 hours, which no zone ever had.</summary>
    public static bool TryReadOffset(this ContentLine line, out int seconds)
    {
        ArgumentNullException.ThrowIfNull(line);
        seconds = 0;
        var value = line.ValueBytes;
        if (value.Length is not (5 or 7) || value[0] is not ((byte)'+' or (byte)'-')) return false;
        var second = 0;
        if (!Digits.TryRead(value.Slice(1, 2), out var hour) || !Digits.TryRead(value.Slice(3, 2), out var minute)) return false;
        if (value.Length == 7 && !Digits.TryRead(value[5..], out second)) return false;
        if (minute > 59 || second > 59) return false;
        seconds = (hour * 3600) + (minute * 60) + second;
        if (value[0] == '-') seconds = -seconds;
        return Math.Abs(seconds) <= 18 * 3600;
    }

    /// <summary>An INTEGER.</summary>
    public static bool TryReadInteger(this ContentLine line, out int value)
    {
        ArgumentNullException.ThrowIfNull(line);
        return System.Buffers.Text.Utf8Parser.TryParse(line.ValueBytes, out value, out var read) && read == line.ValueBytes.Length;
    }

    /// <summary>A comma-separated list of TEXT values, decoded (CATEGORIES, RESOURCES).</summary>
    public static IReadOnlyList<string> ReadTextList(this ContentLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return TextValue.UnescapeList(line.RawValue);
    }

    /// <summary>Whether a value is of the type that the VALUE parameter says.</summary>
    private static bool Fits(string? type, CalendarPeriod value) => type is null
        || (value.Duration is not null || value.End is not null
            ? type.Equals("PERIOD", StringComparison.OrdinalIgnoreCase)
            : type.Equals(value.Start.IsDate ? "DATE" : "DATE-TIME", StringComparison.OrdinalIgnoreCase));
}
