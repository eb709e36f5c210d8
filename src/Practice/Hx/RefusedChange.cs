using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>What a device wanted to do to an appointment and was refused. No content.</summary>
/// <param name="AppointmentId">The appointment's UID.</param>
/// <param name="Wanted">What it wanted: to move, cancel, delete, add or edit.</param>
/// <param name="Reason">Why it was refused: a sentence without content.</param>
public sealed record RefusedChange(string AppointmentId, AuditAction Wanted, string Reason)
{
    private const int MaxId = 255;

    /// <summary>The occurrence of a series, or null for the whole.</summary>
    public LocalDateTime? Occurrence { get; init; }

    /// <summary>When it is; null for what is new.</summary>
    public AuditSpan? Before { get; init; }

    /// <summary>When it would have been; null where that was not to change.</summary>
    public AuditSpan? After { get; init; }

    /// <summary>What a device wanted, by what there is and what it sent. Null for what nobody could find again.</summary>
    /// <param name="existing">What the diary has, or null.</param>
    /// <param name="sent">What was sent; null for a removal, or where it cannot be read.</param>
    /// <param name="uid">The UID of what was sent, for what the diary does not have.</param>
    /// <param name="removes">Whether it is a removal.</param>
    /// <param name="reason">Why it was refused.</param>
    public static RefusedChange? Of(StoredObject? existing, CalendarObject? sent, string? uid, bool removes, string reason)
    {
        if ((existing?.Row.Index.Uid ?? uid) is not { Length: > 0 and <= MaxId } id) return null;
        try
        {
            return Read(id, existing, sent, removes, reason);
        }
        catch (FormatException)
        {
            return new RefusedChange(id, AuditAction.Edited, reason);
        }
    }

    private static RefusedChange Read(string uid, StoredObject? existing, CalendarObject? sent, bool removes, string reason)
    {
        var wanted = sent is null ? null : Series.Of(sent.Clone());
        if (existing is null) return new RefusedChange(uid, AuditAction.Added, reason) { After = wanted?.AuditSpanOf(wanted.Master) };
        var known = Series.Of(CalendarObject.Parse(existing.Bytes));
        var before = known?.AuditSpanOf(known.Master);
        var removal = AppointmentDetails.IsPatient(existing.Row.Details) ? AuditAction.Cancelled : AuditAction.Deleted;
        if (removes || (wanted is not null && EventFlags.IsCancelled(wanted.Master))) return new RefusedChange(uid, removal, reason) { Before = before };
        if (known is null || wanted is null) return new RefusedChange(uid, AuditAction.Edited, reason) { Before = before };
        if (wanted.AuditSpanOf(wanted.Master) is var after && after != before) return new RefusedChange(uid, AuditAction.Moved, reason) { Before = before, After = after };
        return OfOccurrence(uid, known, wanted, removal, reason) ?? new RefusedChange(uid, AuditAction.Edited, reason) { Before = before };
    }

    /// <summary>The first occurrence that was to be taken out or moved.</summary>
    private static RefusedChange? OfOccurrence(string uid, Series known, Series wanted, AuditAction removal, string reason)
    {
        foreach (var key in known.Occurring([.. wanted.Exclusions.Union(wanted.Overrides.Keys).Where(key => !known.Exclusions.Contains(key))]).Order())
        {
            var (before, after) = (known.AuditSpanOf(key), wanted.AuditSpanOf(key));
            if (wanted.Exclusions.Contains(key) || EventFlags.IsCancelled(wanted.Overrides[key])) return new RefusedChange(uid, removal, reason) { Occurrence = key, Before = before };
            if (before != after) return new RefusedChange(uid, AuditAction.Moved, reason) { Occurrence = key, Before = before, After = after };
        }

        return null;
    }
}
