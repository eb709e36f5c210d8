using NodaTime;
using Practice.Audit;

namespace Practice.Diaries;

public sealed partial class Diary
{
    /// <summary>
    /// Everything in the diary that overlaps [from, until), by start: what is served outside, and what is cancelled, kept, or not served yet.
    /// </summary>
    public async Task<IReadOnlyList<Appointment>> ListAsync(Instant from, Instant until)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        var desk = await Desk.OpenAsync(snapshot, practitionerId);
        List<Appointment> found = [];
        await foreach (var stored in snapshot.ListCandidatesAsync(desk.Hx.Id, "VEVENT", from, until))
            found.AddRange(new AppointmentReader(stored, desk.Zone).Between(from, until));
        return [.. found.OrderBy(appointment => appointment.Start.ToInstant()).ThenBy(appointment => appointment.Id, StringComparer.Ordinal)];
    }

    /// <summary>One appointment: the whole of it, or one occurrence.</summary>
    public async Task<Appointment> GetAsync(AppointmentTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var snapshot = await store.OpenSnapshotAsync();
        var desk = await Desk.OpenAsync(snapshot, practitionerId);
        var held = await desk.FindAsync(target);
        var stored = await snapshot.FindObjectAsync(desk.Hx.Id, held.Row.Name);
        return new AppointmentReader(stored!, desk.Zone).Read(target.Occurrence);
    }

    /// <summary>What was done to an appointment, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> HistoryAsync(string id)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        var records = await snapshot.ListRecordsAsync(AuditEntry.RecordKind, practitionerId);
        return [.. records.Select(AuditEntry.Read).Where(entry => entry.AppointmentId == id)];
    }
}
