using System.Globalization;
using System.Text;
using NodaTime;

namespace Calendaring.ICalendar;

/// <summary>
/// A DURATION value (RFC 5545 §3.3.6). Weeks and days are nominal (they keep the local time across a change of offset), hours to seconds are exact.
/// </summary>
/// <param name="Days">Nominal days; a week is seven. Negative in a negative duration.</param>
/// <param name="Seconds">Exact seconds; negative in a negative duration.</param>
public readonly record struct CalendarDuration(int Days, long Seconds)
{
    /// <summary>Whether the end would come before the start.</summary>
    public bool IsNegative => Days < 0 || Seconds < 0;

    /// <summary>A duration without nominal days, cut to the second.</summary>
    public static CalendarDuration Exactly(Duration length) => new(0, (long)length.TotalSeconds);

    /// <summary>Reads a bare DURATION value.</summary>
    /// <param name="text">E.g. <c>-P1DT2H</c>.</param>
    /// <param name="duration">The duration.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out CalendarDuration duration)
    {
        duration = default;
        var negative = text is [(byte)'-', ..];
        if (text is [(byte)'-' or (byte)'+', ..]) text = text[1..];
        if (text is not [(byte)'P' or (byte)'p', .. var rest]) return false;
        long days = 0, seconds = 0;
        var inTime = false;
        var parts = 0;
        // more lenient than the grammar, which wants weeks alone and hours before seconds: order and mixture say nothing else
        while (rest.Length > 0)
        {
            if (!inTime && (rest[0] | 0x20) == 't')
            {
                inTime = true;
                rest = rest[1..];
                // a T with nothing after it, as in P1DT, is written by programs and taken by all
                if (rest.Length == 0) break;
            }

            var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (length <= 0 || !Digits.TryRead(rest[..length], out var count)) return false;
            switch ((char)(rest[length] | 0x20), inTime)
            {
                case ('w', false): days += count * 7L; break;
                case ('d', false): days += count; break;
                case ('h', true): seconds += count * 3600L; break;
                case ('m', true): seconds += count * 60L; break;
                case ('s', true): seconds += count; break;
                default: return false;
            }

            parts++;
            rest = rest[(length + 1)..];
        }

        if (parts == 0 || days > int.MaxValue) return false;
        duration = negative ? new CalendarDuration((int)-days, -seconds) : new CalendarDuration((int)days, seconds);
        return true;
    }

    /// <summary>The value as it is written in a content line (RFC 5545 §3.3.6: between hours and seconds there are minutes).</summary>
    public override string ToString()
    {
        var text = new StringBuilder(IsNegative ? "-P" : "P");
        var (days, seconds) = (Math.Abs((long)Days), Math.Abs(Seconds));
        if (days > 0) text.Append(CultureInfo.InvariantCulture, $"{days}D");
        if (days > 0 && seconds == 0) return text.ToString();
        var (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        text.Append('T');
        if (hours > 0) text.Append(CultureInfo.InvariantCulture, $"{hours}H");
        if (minutes > 0 || (hours > 0 && rest > 0)) text.Append(CultureInfo.InvariantCulture, $"{minutes}M");
        if (rest > 0 || seconds == 0) text.Append(CultureInfo.InvariantCulture, $"{rest}S");
        return text.ToString();
    }

    /// <summary>
    /// The instant that lies this duration after a local time in a zone. Beyond the ends of the calendar (year 9999) it is <see cref="Instant.MaxValue"/> or
    /// <see cref="Instant.MinValue"/>.
    /// </summary>
    public Instant After(LocalDateTime local, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var day = Period.DaysBetween(LocalDate.FromDateTime(DateTime.UnixEpoch), local.Date) + (long)Days;
        if (day > LastDay) return Instant.MaxValue;
        if (day < FirstDay) return Instant.MinValue;
        var start = (LocalDate.FromDateTime(DateTime.UnixEpoch).PlusDays((int)day) + local.TimeOfDay).InZoneLeniently(zone).ToInstant();
        var second = start.ToUnixTimeSeconds() + Seconds;
        if (second > Instant.MaxValue.ToUnixTimeSeconds()) return Instant.MaxValue;
        return second < Instant.MinValue.ToUnixTimeSeconds() ? Instant.MinValue : start + Duration.FromSeconds(Seconds);
    }

    // a day from each end of what NodaTime can hold, so that no offset leads out of it
    private static readonly int LastDay = Period.DaysBetween(LocalDate.FromDateTime(DateTime.UnixEpoch), new LocalDate(9999, 12, 30));
    private static readonly int FirstDay = Period.DaysBetween(LocalDate.FromDateTime(DateTime.UnixEpoch), new LocalDate(-9998, 1, 2));
}
