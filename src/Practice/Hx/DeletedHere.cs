using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// What the practice deleted of an appointment lately, by its history: nothing else is left of it. A device that did not know does not bring it back.
/// </summary>
/// <param name="Whole">Whether it deleted the whole, or gave it to another practitioner.</param>
/// <param name="Occurrences">Single occurrences that it deleted.</param>
/// <param name="From">The first of those that it deleted with all that follow, or null.</param>
internal sealed record DeletedHere(bool Whole, IReadOnlySet<LocalDateTime> Occurrences, LocalDateTime? From)
{
    private const int MaxLines = 500;

    public static DeletedHere Nothing { get; } = new(false, new HashSet<LocalDateTime>(), null);

    public static async ValueTask<DeletedHere> ReadAsync(IStoreSnapshot snapshot, AppointmentKey appointment, Instant now)
    {
        var lines = await AuditLine.ListLastAsync(snapshot, DiaryAudit.Log, appointment.PractitionerId, long.MaxValue, MaxLines, appointment.Uid);
        List<AuditEntry> entries = [.. lines.Select(line => line.Entry).OfType<AuditEntry>().TakeWhile(entry => entry.At > now - RejectedEdit.Lasts)];
        var whole = entries.Find(static entry => entry.Occurrence is null && entry.Action is not (AuditAction.LeftAsItIs or AuditAction.Refused));
        var single = entries.Where(static entry => entry is { Occurrence: not null, AndFollowing: false }).DistinctBy(static entry => entry.Occurrence);
        // what was edited since in the practice goes by that edit
        var following = entries.TakeWhile(static entry => entry.IsByDevice || entry.Action is not (AuditAction.Edited or AuditAction.Moved or AuditAction.TakenOver));
        return new DeletedHere(
            whole is not null && IsDeletion(whole),
            single.Where(IsDeletion).Select(static entry => entry.Occurrence!.Value).ToHashSet(),
            following.Where(static entry => entry.AndFollowing && IsDeletion(entry)).Min(static entry => entry.Occurrence));
    }

    private static bool IsDeletion(AuditEntry entry) => entry.Action is AuditAction.Deleted or AuditAction.HandedOver && !entry.IsByDevice;
}
