using Calendaring.Store;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// Where a cancelled series ends in the diary. Its rule stays as it was, so that it can be put back whole; but what nobody had planned yet when it was cancelled is not history, and an endless
/// series would be struck through for ever.
/// </summary>
internal static class CancelledTail
{
    /// <summary>How far ahead sessions are planned: a quarter of a year.</summary>
    public static Duration Planned { get; } = Duration.FromDays(91);

    /// <summary>From when on nothing is shown of it; null when it is not cancelled as a whole.</summary>
    /// <param name="details">The series' details.</param>
    /// <param name="start">Its first start.</param>
    /// <param name="modified">When it was last written, for what was cancelled before the time of that was noted.</param>
    public static Instant? EndOf(AppointmentDetails details, Instant? start, Instant modified)
    {
        if (!details.IsCancelled) return null;
        var since = details.CancelledAt ?? modified;
        return Instant.Max(since, start ?? since) + Planned;
    }

    /// <summary>Whether an occurrence has a story of its own, which is shown however late it is.</summary>
    public static bool IsKept(OccurrenceRecord record) =>
        !record.Removed && (record.Protected || record.Kept is not null || record.Status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend);

    /// <summary>The index of a cancelled series, which is not looked for after its end.</summary>
    public static ObjectIndex Bound(ObjectIndex index, AppointmentDetails details)
    {
        if (!index.Recurring || details.CancelledAt is not { } at || EndOf(details, index.Start, at) is not { } end || details.Occurrences.Any(IsKept)) return index;
        return index with { End = index.End is { } last ? Instant.Min(last, end + Duration.FromDays(1)) : end + Duration.FromDays(1) };
    }
}
