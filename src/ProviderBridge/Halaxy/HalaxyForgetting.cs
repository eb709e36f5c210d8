using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace ProviderBridge.Halaxy;

/// <summary>
/// Forgets which appointments of a practice group's diaries came from a Halaxy account that is not connected any more. They stay as they are, and are the practice's own. Done in pieces: one that is cut short is gone on with when it is
/// asked for again, and ends as soon as an account is connected.
/// </summary>
internal sealed class HalaxyForgetting(ICalendarStore store, IClock clock, string groupId)
{
    private const int AtOnce = 100;

    /// <summary>What is kept of the account beside the appointments.</summary>
    private static readonly string[] Kinds = [HalaxyTask.RecordKind, HalaxyOverruled.RecordKind, HalaxyIntent.RecordKind, HalaxyCursor.RecordKind, HalaxyNames.RecordKind];
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Forgets it; false when an account is connected, or a key of one is known.</summary>
    public async Task<bool> RunAsync(AuditActor by)
    {
        while (true)
        {
            var done = await store.ChangeAsync(groupId, async snapshot =>
            {
                if (await HalaxyConnection.FindAsync(snapshot, groupId) is not { State: HalaxyState.Disconnected, IsBlank: false } connection) return new Decision<bool?>(null, false);
                if (await ReleaseAsync(snapshot, by) is { Count: > 0 } releases) return new Decision<bool?>([connection.Expect(), .. releases], null);
                if (await ForgetItemsAsync(snapshot) is { Count: > 0 } items) return new Decision<bool?>([connection.Expect(), .. items], null);
                return new Decision<bool?>([.. await ForgetRestAsync(snapshot), connection.Forgotten().Put(), PracticeAudit.Line(groupId, clock.GetCurrentInstant(), by, AuditAction.HalaxyForgotten)], true);
            });
            if (done.Written() is { } ended) return ended;
        }
    }

    /// <summary>The steps after which some appointments more are the practice's own.</summary>
    private async Task<IReadOnlyList<StoreOperation>> ReleaseAsync(IStoreSnapshot snapshot, AuditActor by)
    {
        List<StoreOperation> steps = [];
        var left = AtOnce;
        foreach (var person in (await snapshot.ListPrincipalsAsync(groupId)).Where(person => person.Role == PrincipalRole.Practitioner))
        {
            if (await snapshot.FindCollectionAsync(person.Id, HxCalendar.CollectionName) is not { IsHx: true } hx) continue;
            await foreach (var row in snapshot.ListRowsAsync(hx.Id))
            {
                if (left == 0) return steps;
                if (Mirroring.HalaxyIdOf(row) is null || _unreadable.Contains($"{person.Id}|{row.Name}")) continue;
                var release = await ReleaseAsync(snapshot, by, new AppointmentKey(person.Id, row.Index.Uid), row.Name);
                steps.AddRange(release);
                if (release.Count > 0) left--;
            }
        }

        return steps;
    }

    private async Task<IReadOnlyList<StoreOperation>> ReleaseAsync(IStoreSnapshot snapshot, AuditActor by, AppointmentKey appointment, string name)
    {
        try
        {
            return await Mirroring.ReleaseAsync(snapshot, clock.GetCurrentInstant(), by, appointment, AuditAction.HalaxyForgotten);
        }
        catch (Exception damaged) when (HalaxyReconciler.IsPoison(damaged))
        {
            // its own page says so, and nothing can be written of it
            _unreadable.Add($"{appointment.PractitionerId}|{name}");
            return [];
        }
    }

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
}
