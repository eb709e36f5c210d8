using System.Globalization;
using NodaTime;

namespace Calendaring.ICalendar;

/// <summary>A DATE or DATE-TIME value as written: local fields, and how they are tied to a time zone.</summary>
/// <param name="Local">The fields as written. For a DATE the time is midnight.</param>
/// <param name="Kind">How the fields are tied to the time line.</param>
/// <param name="TimeZoneId">The TZID parameter as written; only when <paramref name="Kind"/> is <see cref="CalendarTimeKind.Zoned"/>.</param>
public readonly record struct CalendarTime(LocalDateTime Local, CalendarTimeKind Kind, string? TimeZoneId = null)
{
    /// <summary>Whether the value is a DATE.</summary>
    public bool IsDate => Kind == CalendarTimeKind.Date;

    /// <summary>A DATE value.</summary>
    public static CalendarTime OfDate(LocalDate date) => new(date.AtMidnight(), CalendarTimeKind.Date);

    /// <summary>A DATE-TIME in UTC, cut to the second.</summary>
    public static CalendarTime OfUtc(Instant instant) => new(instant.InUtc().LocalDateTime, CalendarTimeKind.Utc);

    /// <summary>Reads a bare DATE or DATE-TIME value, such as the UNTIL of a rule.</summary>
    /// <param name="text">E.g. <c>20261231T235959Z</c>.</param>
    /// <param name="time">The time.</param>
    /// <param name="timeZoneId">The TZID that applies to it, or null. It does not apply to a DATE or to a time in UTC.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out CalendarTime time, string? timeZoneId = null)
    {
        time = default;
        if (text.Length is not (8 or 15 or 16) || !TryReadDate(text, out var date)) return false;
        if (text.Length == 8)
        {
            time = OfDate(date);
            return true;
        }

        var utc = text.Length == 16;
        if ((utc && (text[15] | 0x20) != 'z') || (text[8] | 0x20) != 't' || !TryReadTimeOfDay(text.Slice(9, 6), out var timeOfDay)) return false;
        // RFC 5545 §3.2.19 forbids TZID with UTC, clients send it: the Z is what they mean
        var kind = utc ? CalendarTimeKind.Utc : string.IsNullOrEmpty(timeZoneId) ? CalendarTimeKind.Floating : CalendarTimeKind.Zoned;
        time = new CalendarTime(date + timeOfDay, kind, kind == CalendarTimeKind.Zoned ? timeZoneId : null);
        return true;
    }

    /// <summary>The value as it is written in a content line; the TZID is not part of it.</summary>
    public override string ToString()
    {
        var date = string.Create(CultureInfo.InvariantCulture, $"{Local.Year:D4}{Local.Month:D2}{Local.Day:D2}");
        if (IsDate) return date;
        var suffix = Kind == CalendarTimeKind.Utc ? "Z" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{date}T{Local.Hour:D2}{Local.Minute:D2}{Local.Second:D2}{suffix}");
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out LocalDate date)
    {
        date = default;
        if (!Digits.TryRead(text[..4], out var year) || !Digits.TryRead(text.Slice(4, 2), out var month) || !Digits.TryRead(text.Slice(6, 2), out var day)) return false;
        if (month is < 1 or > 12 || day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(year, month)) return false;
        date = new LocalDate(year, month, day);
        return true;
    }

    private static bool TryReadTimeOfDay(ReadOnlySpan<byte> text, out LocalTime time)
    {
        time = default;
        if (!Digits.TryRead(text[..2], out var hour) || !Digits.TryRead(text.Slice(2, 2), out var minute) || !Digits.TryRead(text[4..], out var second)) return false;
        if (hour > 23 || minute > 59 || second > 60) return false;
        // a leap second is taken for the one before (RFC 5545 §3.3.12)
        time = new LocalTime(hour, minute, Math.Min(second, 59));
        return true;
    }
}
