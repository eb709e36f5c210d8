using Calendaring.Store;
using Practice.Hx;

namespace ProviderBridge.Sync;

// What is gone on one side.
internal sealed partial class Reconciler
{
    /// <summary>Removes what was planned to be removed. What somebody changed since is looked at again.</summary>
    public async Task RemoveAsync(PlannedRemoval removal, CancellationToken cancelled)
    {
        var planned = removal;
        for (var attempt = 1; !await TryRemoveAsync(planned, cancelled); attempt++)
        {
            if (attempt == Attempts)
            {
                // one that changes all the time stops no other
                await QuarantineAsync(removal.Item.Uid, "It was changed there each time that this server tried to remove it.", cancelled);
                return;
            }

            if (await ReconcileAsync(removal.Item.Uid, mayHaveChangedOutside: true, cancelled) is not { } still) return;
            // more than was asked about: what was removed since the listing is in the next
            if (still.Dates > planned.Dates) return;
            planned = still;
        }
    }

    /// <summary>Removes what is still as it was when that was planned; false when it is not.</summary>
    private async Task<bool> TryRemoveAsync(PlannedRemoval removal, CancellationToken cancelled)
    {
        await permit.CheckAsync(cancelled);
        // dates are taken out of a series with what else was changed of it
        _dates[removal.Item.Uid] = removal.Dates;
        if (removal.Dates > 0) return false;
        var (item, hx) = await ReadAsync(removal.Item.Uid, cancelled);
        if (item is null || item.Version != removal.Item.Version) return false;
        if (removal.Outside is { } there)
        {
            if (hx is { IsEmpty: false }) return false;
            if (there.Parts is not null)
            {
                if (await NoteLeavingAsync(item, there, cancelled) is not { } leaving) return false;
                item = leaving;
            }

            try
            {
                await outside.DeleteAsync(there, cancelled);
            }
            catch (OutsideException changed) when (changed.Fault == OutsideFault.Changed)
            {
                return false;
            }
            catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
            {
                // one that cannot be removed there stops no other
                await SaveAsync(item, item with { Quarantine = refused.Message, IsOwed = true });
                return true;
            }

            Counts.RemovedOut++;
        }
        else if (hx is not null)
        {
            if (ExternalPatch.Differences(LinkItem.Parse(item.HxBase), hx.Content, isOurs: true).Count > 0) return false;
            var outcome = await _changes.RemoveAsync(link.PractitionerId, _origin, AsRead(item.Uid, hx), permit.Expected, cancellationToken: cancelled);
            if (outcome is ExternalGone) return false;
            if (outcome is not ExternalApplied)
            {
                await permit.CheckAsync(cancelled);
                throw new OutsideException(OutsideFault.Unavailable, "An appointment could not be removed in the practice.");
            }

            Counts.RemovedIn++;
        }

        await SaveAsync(item, null);
        return true;
    }

    /// <summary>Notes that what is there in parts is removed, which takes several steps: a pass that is cut short between two of them must not take it for somebody's edit. Null when it is at another version.</summary>
    private async Task<LinkItem?> NoteLeavingAsync(LinkItem item, OutsideSeries there, CancellationToken cancelled)
    {
        if (item.IsLeaving) return item;
        if ((await ReadOutsideAsync(item, cancelled))?.Version != there.Version) return null;
        await SaveAsync(item, item with { IsLeaving = true });
        return (await ReadItemAsync(item.Uid, cancelled))!;
    }

    /// <summary>The path segment of an appointment that is as it was read.</summary>
    private static Func<IStoreSnapshot, Collection, ValueTask<string?>> AsRead(string uid, HxSide read) =>
        async (snapshot, hx) => await snapshot.FindRowByUidAsync(hx.Id, uid) is { Published: true } row && row.Change == read.Change ? row.Name : null;
}
