using Practice.Appointments;
using Practice.Audit;

namespace Practice.Diaries;

/// <summary>Invoices and clinical notes of appointments.</summary>
public static class Linking
{
    /// <summary>
    /// Links an invoice to an appointment or occurrence; with null the link is taken away. What has one is not lost by a removal outside
    /// (R6).
    /// </summary>
    /// <exception cref="DiaryException">There is no such appointment or occurrence, its version is another, it is personal or kept in Halaxy, or it could not be written.</exception>
    public static Task<string> LinkInvoiceAsync(this Diary diary,
        AppointmentTarget target, string? invoice) => LinkAsync(
        diary,
        target,
        invoice is null ? AuditAction.InvoiceUnlinked : AuditAction.InvoiceLinked,
        details => details with { Invoice = invoice },
        occurrence => occurrence with { Invoice = invoice });

    /// <summary>
    /// Links a clinical note to an appointment or occurrence; with null the link is taken away. What has one is not lost by a removal
    /// outside (R6).
    /// </summary>
    /// <exception cref="DiaryException">There is no such appointment or occurrence, its version is another, it is personal or kept in Halaxy, or it could not be written.</exception>
    public static Task<string> LinkNoteAsync(this Diary diary,
        AppointmentTarget target, string? note) => LinkAsync(
        diary,
        target,
        note is null ? AuditAction.NoteUnlinked : AuditAction.NoteLinked,
        details => details with { Note = note },
        occurrence => occurrence with { Note = note });

    private static Task<string> LinkAsync(
        Diary diary,
        AppointmentTarget target,
        AuditAction action,
        Func<AppointmentDetails, AppointmentDetails> whole,
        Func<OccurrenceRecord, OccurrenceRecord> single)
    {
        ArgumentNullException.ThrowIfNull(target);
        return diary.ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target);
            if (!held.IsPatient) throw new DiaryException(DiaryFault.Conflict, "A personal appointment has no invoice and no clinical note.");
            ConnectedCheck.Other(desk, held);
            held.Details = target.Occurrence is { } key
                ? held.Details.With(single(held.Details.Occurrence(key) ?? new OccurrenceRecord(key)))
                : whole(held.Details);
            return new Change(held.Id, held.Put(desk.PublishedAfterEdit(held)), diary.Note(action, held.Id, now, target.Occurrence));
        });
    }
}
