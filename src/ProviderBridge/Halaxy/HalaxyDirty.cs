using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Hx;

namespace ProviderBridge.Halaxy;

/// <summary>What may have changed in the diaries of a practice group since Halaxy was last told.</summary>
/// <param name="Ids">Appointments that Halaxy has, by its ids.</param>
/// <param name="Named">Appointments that say that Halaxy has them, by its ids.</param>
/// <param name="OnlyHere">Appointments that Halaxy does not have.</param>
/// <param name="Due">Appointments of which Halaxy did not take something, and is told again.</param>
/// <param name="Cursors">Up to which change of each practitioner's diary.</param>
/// <param name="IsIncomplete">Whether more may have changed than is remembered.</param>
internal sealed record HalaxyDirty(IReadOnlySet<string> Ids, IReadOnlyList<(string Id, AppointmentKey Appointment)> Named, IReadOnlyList<AppointmentKey> OnlyHere, IReadOnlyList<string> Due, IReadOnlyDictionary<string, long> Cursors, bool IsIncomplete)
{
    public static async Task<HalaxyDirty> ReadAsync(ICalendarStore store, HalaxyConnection connection, Instant now, CancellationToken cancelled)
    {
        var (ids, cursors, isIncomplete) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal), false);
        List<(string, AppointmentKey)> named = [];
        List<AppointmentKey> onlyHere = [];
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        foreach (var practitioner in connection.Matches.Select(match => match.PractitionerId).Distinct())
        {
            if (await snapshot.FindCollectionAsync(practitioner, HxCalendar.CollectionName) is not { IsHx: true } hx) continue;
            cursors[practitioner] = hx.Change;
            if (await HalaxyCursor.FindAsync(snapshot, connection.GroupId, practitioner) is not { } cursor) continue;
            isIncomplete |= cursor < await snapshot.OldestSyncAsync(hx.Id);
            await foreach (var entry in snapshot.ListChangesAsync(hx.Id, cursor).WithCancellation(cancelled))
            {
                if (entry.Row is { } row && Mirroring.HalaxyIdOf(row) is { } known)
                {
                    ids.Add(known);
                    named.Add((known, new AppointmentKey(practitioner, row.Index.Uid)));
                }
                else if (await HalaxyItem.FindIdByNameAsync(snapshot, practitioner, entry.Name) is { } id) ids.Add(id);
                else if (entry.Row is { } own) onlyHere.Add(new AppointmentKey(practitioner, own.Index.Uid));
            }
        }

        var due = (await HalaxyTask.ListAsync(snapshot, connection.GroupId)).Where(task => !task.IsOnlyHere && task.IsDue(now)).Select(task => task.Id);
        return new HalaxyDirty(ids, named, onlyHere, [.. due.Except(ids)], cursors, isIncomplete);
    }
}
