using Calendaring.Store;
using NodaTime;

namespace Practice.Audit;

/// <summary>The audit log of a practitioner's diary: what was done to appointments. Lines are found by appointment.</summary>
public static class DiaryAudit
{
    /// <summary>The log's name in the store; its owner is the practitioner.</summary>
    public const string Log = "audit";

    /// <summary>The step that appends a line, in the batch of what it tells of.</summary>
    public static StoreOperation Line(
        AppointmentKey appointment, Instant at, AuditActor by, AuditAction action, LocalDateTime? occurrence = null, string? about = null,
        Func<AuditEntry, AuditEntry>? with = null)
    {
        ArgumentNullException.ThrowIfNull(by);
        var entry = AuditEntry.By(by, at, action) with { AppointmentId = appointment.Uid, Occurrence = occurrence, About = about };
        if (with is not null) entry = with(entry);
        return new AppendLine(Log, appointment.PractitionerId, entry.Write(), appointment.Uid);
    }

    /// <summary>What was done to an appointment, oldest first. Reads no other appointment's lines.</summary>
    public static async ValueTask<IReadOnlyList<AuditEntry>> HistoryAsync(IStoreSnapshot snapshot, AppointmentKey appointment)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var lines = await snapshot.ListLinesAsync(Log, appointment.PractitionerId, subject: appointment.Uid);
        return [.. lines.Select(AuditEntry.Read).OfType<AuditEntry>()];
    }
}
