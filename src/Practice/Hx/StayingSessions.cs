using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// What of a patient series stays where it is when the whole is moved: sessions that are over, by the clock or because somebody marked them,
/// and those with an invoice or a clinical note.
/// </summary>
internal sealed class StayingSessions
{
    public const string TooMany = "So many appointments of this series have taken place that it cannot be moved as a whole: move the next one and all that follow.";
    public const string All = "Every appointment of this series has taken place, or has an invoice or a clinical note: they all stay as they are.";
    private const int Most = 500;

    private readonly List<(LocalDateTime Key, CalendarTime Start, Duration Length)> _sessions;

    private StayingSessions(List<(LocalDateTime, CalendarTime, Duration)> sessions) => _sessions = sessions;

    public int Count => _sessions.Count;

    /// <summary>Why the series is not moved, or null.</summary>
    public string? Refusal { get; private init; }

    public static StayingSessions Of(Series series, AppointmentDetails details, Instant now)
    {
        if (details.Kind != AppointmentKind.Patient || !series.Recurring) return new StayingSessions([]);
        if (details.Protected || HasBeen(details.Status)) return new StayingSessions([]) { Refusal = All };
        var sessions = new Dictionary<LocalDateTime, (LocalDateTime, CalendarTime, Duration)>();
        foreach (var occurrence in series.Between(Instant.MinValue, now))
        {
            if (occurrence.RecurrenceId is not { } id || occurrence.End > now) continue;
            var key = series.KeyOf(id);
            sessions[key] = (key, occurrence.StartTime, occurrence.End - occurrence.Start);
            if (sessions.Count > Most) return new StayingSessions([]) { Refusal = TooMany };
        }

        foreach (var record in details.Occurrences)
        {
            if (record.Removed || !(record.Protected || (record.Status is { } status && HasBeen(status)))) continue;
            var component = series.Overrides.GetValueOrDefault(record.Key);
            var (from, until) = component is null ? series.PlaceOf(record.Key) : series.SpanOf(component);
            sessions[record.Key] = (record.Key, component is null ? series.TimeOf(record.Key) : series.TimesOf(component).Start, until - from);
        }

        var left = series.Between(now, Instant.MaxValue).Take(sessions.Count + 1).Any(one => one.RecurrenceId is { } id && !sessions.ContainsKey(series.KeyOf(id)));
        return new StayingSessions([.. sessions.Values]) { Refusal = left ? null : All };
    }

    /// <summary>Puts them back where they were, after the series was moved: overrides from now on, with what was added to the series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="details">Its details, moved.</param>
    /// <param name="move">How it was moved.</param>
    /// <returns>The details, and the keys of those that stayed.</returns>
    public (AppointmentDetails Details, IReadOnlyList<LocalDateTime> Keys) PutBack(Series series, AppointmentDetails details, SeriesMove move)
    {
        foreach (var (key, start, length) in _sessions)
        {
            var place = move[key];
            if (!series.Overrides.TryGetValue(place, out var component))
            {
                component = series.MakeOverride(place);
                series.AddOverride(component);
                details = AdditionLevels.Inherit(details, place);
            }

            series.SetTimes(component, start, length);
        }

        return (details, [.. _sessions.Select(session => move[session.Key])]);
    }

    private static bool HasBeen(AppointmentStatus status) => status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend;
}
