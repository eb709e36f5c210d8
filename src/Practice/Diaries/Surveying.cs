using Calendaring.Store;
using NodaTime;
using Practice.Appointments;

namespace Practice.Diaries;

/// <summary>A diary counted.</summary>
public static class Surveying
{
    /// <summary>Counts what is in the diary, and finds what was removed outside and kept.</summary>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static async Task<DiarySurvey> SurveyAsync(this Diary diary, CancellationToken cancelled = default)
    {
        using var snapshot = await diary.Store.OpenSnapshotAsync(cancelled);
        var desk = await diary.OpenAsync(snapshot);
        var (live, served) = (0, 0);
        List<Appointment> kept = [];
        await foreach (var row in snapshot.ListRowsAsync(desk.Hx.Id))
        {
            if (AppointmentDetails.TryRead(row.Details) is not { } details) continue;
            if (!details.IsWithdrawn) live++;
            if (!details.IsWithdrawn && row.Published) served++;
            if (details.Kept is not null) kept.Add(await ReadAsync(diary, desk, row, null));
            else await AddKeptOccurrencesAsync(diary, desk, row, details, kept);
        }

        return new DiarySurvey(live, served, [.. kept.OrderByDescending(appointment => appointment.Kept?.At ?? Instant.MinValue)]);
    }

    private static async Task AddKeptOccurrencesAsync(Diary diary, Desk desk, ObjectRow row, AppointmentDetails details, List<Appointment> kept)
    {
        foreach (var occurrence in details.Occurrences)
        {
            if (occurrence.Kept is not null) kept.Add(await ReadAsync(diary, desk, row, occurrence.Key));
        }
    }

    /// <summary>An appointment or occurrence as it is shown; of one that is damaged, that there is one.</summary>
    internal static async Task<Appointment> ReadAsync(Diary diary, Desk desk, ObjectRow row, LocalDateTime? occurrence)
    {
        try
        {
            return new AppointmentReader((await desk.Snapshot.FindObjectAsync(desk.Hx.Id, row.Name))!, desk.Zone, !diary.IsOwner).Read(occurrence);
        }
        catch (Exception fault) when (fault is CorruptObjectException or FormatException)
        {
            return AppointmentReader.Damaged(row, desk.Zone);
        }
    }
}
