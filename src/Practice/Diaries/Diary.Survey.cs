using Calendaring.Store;
using NodaTime;
using Practice.Appointments;

namespace Practice.Diaries;

/// <summary>What is in a diary, counted; a repeating appointment counts once.</summary>
/// <param name="Live">Appointments that are not cancelled.</param>
/// <param name="Served">Those of them that the HX_ calendar shows.</param>
/// <param name="Kept">What was removed outside and kept (R6): appointments and single occurrences, the one that was removed last first.</param>
public sealed record DiarySurvey(int Live, int Served, IReadOnlyList<Appointment> Kept)
{
    /// <summary>How many are in the diary and not in the calendar: those from before the link was made (R5).</summary>
    public int Waiting => Live - Served;
}

public sealed partial class Diary
{
    /// <summary>Counts what is in the diary, and finds what was removed outside and kept.</summary>
    public async Task<DiarySurvey> SurveyAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync();
        var desk = await Desk.OpenAsync(snapshot, practitionerId, clock.GetCurrentInstant());
        var (live, served) = (0, 0);
        List<Appointment> kept = [];
        await foreach (var row in snapshot.ListRowsAsync(desk.Hx.Id))
        {
            if (AppointmentDetails.TryRead(row.Details) is not { } details) continue;
            if (!IsWithdrawn(details)) live++;
            if (!IsWithdrawn(details) && row.Published) served++;
            if (details.Kept is not null) kept.Add(await ReadAsync(desk, row, null));
            else await AddKeptOccurrencesAsync(desk, row, details, kept);
        }

        return new DiarySurvey(live, served, [.. kept.OrderByDescending(appointment => appointment.Kept?.At ?? Instant.MinValue)]);
    }

    private async Task AddKeptOccurrencesAsync(Desk desk, ObjectRow row, AppointmentDetails details, List<Appointment> kept)
    {
        foreach (var occurrence in details.Occurrences)
        {
            if (occurrence.Kept is not null) kept.Add(await ReadAsync(desk, row, occurrence.Key));
        }
    }

    private async Task<Appointment> ReadAsync(Desk desk, ObjectRow row, LocalDateTime? occurrence)
    {
        try
        {
            return new AppointmentReader((await desk.Snapshot.FindObjectAsync(desk.Hx.Id, row.Name))!, desk.Zone, !IsOwner).Read(occurrence);
        }
        catch (Exception fault) when (fault is CorruptObjectException or FormatException)
        {
            return AppointmentReader.Damaged(row, desk.Zone);
        }
    }
}
