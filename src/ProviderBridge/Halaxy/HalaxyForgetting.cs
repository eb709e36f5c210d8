using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace ProviderBridge.Halaxy;

/// <summary>
/// Forgets which appointments of a practice group's diaries came from a Halaxy account that is not connected any more. They stay as they are, and are the practice's own. Done in pieces: the first says that it was begun, so that
/// no account is connected until one that was cut short is finished.
/// </summary>
internal sealed class HalaxyForgetting(ICalendarStore store, IClock clock, string groupId)
{
    private const int AtOnce = 100;

    /// <summary>What is kept of the account beside the appointments.</summary>
    private static readonly string[] Kinds = [HalaxyTask.RecordKind, HalaxyOverruled.RecordKind, HalaxyIntent.RecordKind, HalaxyCursor.RecordKind, HalaxyNames.RecordKind];

    /// <summary>Forgets it; false when nothing was done, since an account is connected, a key of one is known, or there is nothing to forget.</summary>
    public async Task<bool> RunAsync(AuditActor by, CancellationToken cancelled)
    {
        Place? at = null;
        while (true)
        {
            var before = at ?? new Place(new Dictionary<string, long>(), false, false);
            var done = await store.ChangeAsync(groupId, snapshot => StepAsync(snapshot, before, by), cancellationToken: cancelled);
            // somebody else may have finished it
            if (done.Written() is not { } next) return at is not null;
            if (next.IsEnd) return true;
            at = next;
        }
    }

    private async ValueTask<Decision<Place?>> StepAsync(IStoreSnapshot snapshot, Place at, AuditActor by)
    {
        if (await HalaxyConnection.FindAsync(snapshot, groupId) is not { State: HalaxyState.Disconnected, IsBlank: false } connection) return new Decision<Place?>(null, null);
        if (!connection.IsForgetting) return new Decision<Place?>([connection.Forgetting().Put()], at);
        if (!at.IsReleased)
        {
            var (releases, reached) = await ReleaseAsync(snapshot, at.Reached, by);
            if (releases.Count == 0) releases = await ReleaseRemovedAsync(snapshot);
            if (releases.Count > 0) return new Decision<Place?>([connection.Expect(), .. releases], at with { Reached = reached });
        }

        // from here on nothing in the diaries is the account's, and nothing can become it
        at = at with { IsReleased = true };
        if (await ForgetItemsAsync(snapshot) is { Count: > 0 } items) return new Decision<Place?>([connection.Expect(), .. items], at);
        return new Decision<Place?>([.. await ForgetRestAsync(snapshot), connection.Forgotten().Put(), PracticeAudit.Line(groupId, clock.GetCurrentInstant(), by, AuditAction.HalaxyForgotten)], at with { IsEnd = true });
    }

    /// <summary>The steps after which some appointments more are the practice's own, and up to which change each diary was looked at then.</summary>
    private async Task<(IReadOnlyList<StoreOperation> Steps, IReadOnlyDictionary<string, long> Reached)> ReleaseAsync(IStoreSnapshot snapshot, IReadOnlyDictionary<string, long> before, AuditActor by)
    {
        List<StoreOperation> steps = [];
        var (reached, left) = (new Dictionary<string, long>(before), AtOnce);
        foreach (var person in await PractitionersAsync(snapshot))
        {
            if (await snapshot.FindCollectionAsync(person.Id, HxCalendar.CollectionName) is not { IsHx: true } hx) continue;
            await foreach (var entry in snapshot.ListChangesAsync(hx.Id, before.GetValueOrDefault(person.Id)))
            {
                if (left == 0) return (steps, reached);
                reached[person.Id] = entry.Change;
                if (entry.Row is not { } row || Mirroring.HalaxyIdOf(row) is null) continue;
                var release = await ReleaseAsync(snapshot, by, new AppointmentKey(person.Id, row.Index.Uid));
                steps.AddRange(release);
                if (release.Count > 0) left--;
            }
        }

        return (steps, reached);
    }

    private async Task<IReadOnlyList<StoreOperation>> ReleaseAsync(IStoreSnapshot snapshot, AuditActor by, AppointmentKey appointment)
    {
        try
        {
            return await Mirroring.ReleaseAsync(snapshot, clock.GetCurrentInstant(), by, appointment, AuditAction.HalaxyForgotten);
        }
        catch (Exception damaged) when (HalaxyReconciler.IsPoison(damaged))
        {
            // its own page says so, and nothing can be written of it
            return [];
        }
    }

    private async Task<IReadOnlyList<StoreOperation>> ReleaseRemovedAsync(IStoreSnapshot snapshot)
    {
        List<StoreOperation> steps = [];
        foreach (var person in await PractitionersAsync(snapshot)) steps.AddRange(await Mirroring.ReleaseRemovedAsync(snapshot, person.Id));
        return steps;
    }

    private async Task<IEnumerable<Principal>> PractitionersAsync(IStoreSnapshot snapshot) => (await snapshot.ListPrincipalsAsync(groupId)).Where(person => person.Role == PrincipalRole.Practitioner);

    private async Task<IReadOnlyList<StoreOperation>> ForgetItemsAsync(IStoreSnapshot snapshot)
    {
        List<StoreOperation> steps = [];
        foreach (var item in await HalaxyItem.ListAsync(snapshot, groupId, null, AtOnce))
        {
            foreach (var step in item.Remove())
            {
                // what was kept for a practitioner went with them
                if (step is not DeleteRecord name || await snapshot.FindRecordAsync(name.Kind, name.Owner, name.Id) is not null) steps.Add(step);
            }
        }

        return steps;
    }

    private async Task<IReadOnlyList<StoreOperation>> ForgetRestAsync(IStoreSnapshot snapshot)
    {
        List<StoreOperation> steps = [];
        foreach (var kind in Kinds) steps.AddRange((await snapshot.ListRecordsAsync(kind, groupId)).Select(record => new DeleteRecord(kind, groupId, record.Id, record.Version)));
        return steps;
    }

    /// <summary>How far it is.</summary>
    /// <param name="Reached">Up to which change the diary of each practitioner was looked at.</param>
    /// <param name="IsReleased">Whether nothing in the diaries is the account's any more.</param>
    /// <param name="IsEnd">Whether all is forgotten.</param>
    private sealed record Place(IReadOnlyDictionary<string, long> Reached, bool IsReleased, bool IsEnd);
}
