using Calendaring.Store;
using NodaTime;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>How much was changed in a diary while the practice was not connected, of what Halaxy has too: it is told that with the next connection, where it did not change the same itself.</summary>
public sealed record HalaxyUnsent
{
    /// <summary>How many are at another time, or of another length.</summary>
    public int Moved { get; init; }

    /// <summary>How many are cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>How many take place again.</summary>
    public int PutBack { get; init; }

    /// <summary>How many have other comments.</summary>
    public int Commented { get; init; }

    /// <summary>How many meetings were deleted, where Halaxy can be told.</summary>
    public int Deleted { get; init; }

    /// <summary>How many are in the diary no longer and Halaxy cannot be told: a person does it there.</summary>
    public int ByHand { get; init; }

    /// <summary>How many were changed before, and are told again because Halaxy did not take that then.</summary>
    public int TriedAgain { get; init; }

    /// <summary>Counts it by practitioner. Halaxy is not asked.</summary>
    internal static async Task<IReadOnlyDictionary<string, HalaxyUnsent>> CountAsync(ICalendarStore store, HalaxyConnection connection, Instant now, CancellationToken cancelled)
    {
        var dirty = await HalaxyDirty.ReadAsync(store, connection, now, cancelled);
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        List<(HalaxyOutgoing Change, bool IsAgain)> changes = [];
        foreach (var id in dirty.IsIncomplete ? (await HalaxyItem.ListAsync(snapshot, connection.GroupId)).Select(item => item.Id) : dirty.Ids.Concat(dirty.Due))
        {
            if (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id) is not { IsGone: false } item) continue;
            // what somebody has who was taken for somebody else leaves, and nobody is told of it
            foreach (var place in item.Copies.Where(place => connection.HasMatch(place.PractitionerId) && !connection.WouldLeave(place)))
            {
                if (await ChangeOfAsync(snapshot, item, place, now) is { } change) changes.Add((change, dirty.Due.Contains(id) && !IsByHand(change, connection.CanDelete)));
            }
        }

        return changes.GroupBy(one => one.Change.Place.PractitionerId).ToDictionary(
            own => own.Key,
            own => Of([.. own.Where(one => !one.IsAgain).Select(one => one.Change)], connection.CanDelete) with { TriedAgain = own.Count(one => one.IsAgain) },
            StringComparer.Ordinal);
    }

    /// <summary>What Halaxy is to be told of a copy; null when nothing, or when it cannot be read.</summary>
    private static async ValueTask<HalaxyOutgoing?> ChangeOfAsync(IStoreSnapshot snapshot, HalaxyItem item, HalaxyCopy place, Instant now)
    {
        try
        {
            var shown = place.Left ?? item.Shown;
            var outgoing = new HalaxyOutgoing(place, await Mirroring.ReadAsync(snapshot, place.Appointment, now), MirroredFields.None) { IsOfPatient = shown.PatientIds.Count > 0 };
            if (outgoing.Copy is not { } copy) return outgoing;
            if (HalaxyMadeOwn.Is(shown, copy)) return null;
            var told = shown.DifferencesTo(copy) & HalaxyComparison.Told;
            if (copy.KeepsComments && !outgoing.IsOfPatient) told &= ~MirroredFields.Comments;
            return told == MirroredFields.None ? null : outgoing with { Fields = told };
        }
        catch (Exception poison) when (HalaxyReconciler.IsPoison(poison))
        {
            // its own page says so
            return null;
        }
    }

    private static HalaxyUnsent Of(IReadOnlyList<HalaxyOutgoing> changes, bool canDelete)
    {
        var (gone, told) = (changes.Where(change => change.IsDeletion), changes.Where(change => !change.IsDeletion));
        int Have(MirroredFields field, bool? cancelled = null) => told.Count(change => change.Fields.HasFlag(field) && (cancelled is null || change.Copy!.IsCancelled == cancelled));
        return new HalaxyUnsent
        {
            Moved = Have(MirroredFields.Times),
            Cancelled = Have(MirroredFields.Status, true),
            PutBack = Have(MirroredFields.Status, false),
            Commented = Have(MirroredFields.Comments),
            Deleted = gone.Count(change => !IsByHand(change, canDelete)),
            ByHand = gone.Count(change => IsByHand(change, canDelete)),
        };
    }

    private static bool IsByHand(HalaxyOutgoing change, bool canDelete) => change.IsDeletion && (!canDelete || change.IsOfPatient);
}
