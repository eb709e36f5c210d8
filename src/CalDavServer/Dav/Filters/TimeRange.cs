using System.Text;
using System.Xml.Linq;
using Calendaring.ICalendar;
using Calendaring.Validation;
using NodaTime;

namespace CalDavServer.Dav.Filters;

/// <summary>A range of time, the start in it and the end not (RFC 4791 §9.9). An end that is left open is <see cref="Instant.MinValue"/> or <see cref="Instant.MaxValue"/>.</summary>
internal readonly record struct TimeRange(Instant Start, Instant End)
{
    private static readonly Instant First = CalendarObjectLimits.Default.MinDateTime;
    private static readonly Instant Last = CalendarObjectLimits.Default.MaxDateTime;

    /// <summary>All of time.</summary>
    public static TimeRange Always { get; } = new(Instant.MinValue, Instant.MaxValue);

    /// <summary>The start, or null when it is open.</summary>
    public Instant? From => Start == Instant.MinValue ? null : Start;

    /// <summary>The end, or null when it is open.</summary>
    public Instant? Until => End == Instant.MaxValue ? null : End;

    /// <summary>Whether a moment lies in the range.</summary>
    public bool Contains(Instant moment) => Start <= moment && moment < End;

    /// <summary>Whether a span lies in the range in part; one without length counts by its start.</summary>
    public bool Overlaps(Instant start, Instant end) => start == end ? Contains(start) : Start < end && End > start;

    /// <summary>The range made longer at both ends; an open end stays open.</summary>
    public TimeRange Widen(Duration before, Duration after) => new(Add(Start, -before), Add(End, after));

    /// <summary>A sum that stays within what an <see cref="Instant"/> can hold; an open end stays open.</summary>
    public static Instant Add(Instant moment, Duration duration)
    {
        if (moment == Instant.MinValue || moment == Instant.MaxValue) return moment;
        var seconds = (moment - NodaConstants.UnixEpoch).TotalSeconds + duration.TotalSeconds;
        if (seconds >= Instant.MaxValue.ToUnixTimeSeconds()) return Instant.MaxValue;
        return seconds <= Instant.MinValue.ToUnixTimeSeconds() ? Instant.MinValue : moment + duration;
    }

    /// <summary>
    /// Reads the <c>start</c> and <c>end</c> attributes: times in UTC, the end later than the start; both of them, or one at least. A range that begins or ends where no calendar reaches
    /// fails the preconditions min-date-time and max-date-time (RFC 4791 §7.8); anything else that is wrong is <paramref name="invalid"/>.
    /// </summary>
    public static DavError? TryParse(XElement element, bool bothEnds, DavError invalid, out TimeRange range)
    {
        range = Always;
        var start = element.Attribute("start")?.Value;
        var end = element.Attribute("end")?.Value;
        if (bothEnds ? start is null || end is null : start is null && end is null) return invalid;
        var from = Instant.MinValue;
        var until = Instant.MaxValue;
        if (start is not null && !TryParse(start, out from)) return invalid;
        if (end is not null && !TryParse(end, out until)) return invalid;
        if (from >= until) return invalid;
        range = new TimeRange(from, until);
        if (range.From < First || range.Until < First) return DavError.Forbidden(DavNames.C("min-date-time"), "The time range begins before the first time that a calendar accepts.");
        if (range.From > Last || range.Until > Last) return DavError.Forbidden(DavNames.C("max-date-time"), "The time range ends after the last time that a calendar accepts.");
        return null;
    }

    private static bool TryParse(string text, out Instant moment)
    {
        moment = default;
        if (text.Length > 32 || !CalendarTime.TryParse(Encoding.UTF8.GetBytes(text.Trim()), out var time) || time.Kind != CalendarTimeKind.Utc) return false;
        moment = time.Local.InUtc().ToInstant();
        return true;
    }
}
