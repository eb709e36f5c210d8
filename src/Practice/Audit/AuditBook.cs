using Calendaring.Store;
using NodaTime;

namespace Practice.Audit;

/// <summary>Reads audit logs, and notes that one was taken along.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class AuditBook(ICalendarStore store, IClock clock)
{
    /// <summary>The newest lines of a log before a number, newest first; with <paramref name="subject"/> only those about an appointment or person.</summary>
    public async Task<IReadOnlyList<AuditLine>> ListLastAsync(string log, string owner, long before, int limit, string? subject = null, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await AuditLine.ListLastAsync(snapshot, log, owner, before, limit, subject);
    }

    /// <summary>The lines of a log after a number, oldest first; with <paramref name="subject"/> only those about an appointment or person.</summary>
    public async Task<IReadOnlyList<AuditLine>> ListAsync(string log, string owner, long after, int limit, string? subject = null, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await AuditLine.ListAsync(snapshot, log, owner, after, limit, subject);
    }

    /// <summary>What the chain of a log begins with; empty when there is no such log.</summary>
    public async Task<ReadOnlyMemory<byte>> OriginAsync(string log, string owner, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await snapshot.ListLogsAsync()).FirstOrDefault(head => head.Log == log && head.Owner == owner)?.Origin ?? default;
    }

    /// <summary>What was done to an appointment, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> HistoryAsync(AppointmentKey appointment, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await DiaryAudit.HistoryAsync(snapshot, appointment);
    }

    /// <summary>Notes in the audit log of a practice group that a log was taken along as a file.</summary>
    /// <exception cref="StoreException">It could not be noted: then the file is not to be given.</exception>
    public async Task NoteExportAsync(string practiceId, AuditActor by) =>
        (await store.ChangeAsync(practiceId, _ => ValueTask.FromResult(new Decision<bool>([PracticeAudit.Line(practiceId, clock.GetCurrentInstant(), by, AuditAction.AuditExported)], true)))).Written();
}
