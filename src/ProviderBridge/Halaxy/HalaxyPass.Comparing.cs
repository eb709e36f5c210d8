using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>The part of a pass that compares everything.</summary>
public sealed partial class HalaxyPass
{
    /// <summary>How far what is too old was looked at.</summary>
    private HalaxyRound? _round;

    /// <summary>All that Halaxy has from lately on; up to when it was changed by Halaxy's clock. What is mirrored and not there is asked for one by one: only Halaxy's word about that one says that it is gone.</summary>
    private async Task<(Instant? Latest, int? Count, int AddedBefore, bool IsWhole)> CompareAsync(HalaxyReconciler reconciler, HalaxyViews views, HalaxyConnection connection, Instant now, CancellationToken cancelled)
    {
        var from = connection.LastPass is null || connection.ComparesAll ? connection.From : Instant.Max(connection.From, now - ComparedBack);
        // what waited to be removed is looked for, however long ago it was; but of what was there before the first day nothing new comes
        var held = connection.HeldFrom ?? from;
        from = Instant.Min(from, Instant.Max(connection.From, held));
        var listed = new HashSet<string>(StringComparer.Ordinal);
        Instant? latest = null;
        var total = 0;
        await foreach (var found in SearchAsync($"date=ge{TimeOf(from)}", views, all => total = all, cancelled))
        {
            latest = Latest(latest, found);
            if (found.Id is not { Length: > 0 } id || !listed.Add(id)) continue;
            await reconciler.ReconcileAsync(id, found, cancelled);
            Progress?.Invoke(listed.Count, Math.Max(listed.Count, total));
        }

        // what becomes of one when it is looked at comes after it was counted
        var (count, addedBefore) = (0, reconciler.Added);
        var haveDiary = new Dictionary<string, bool>(StringComparer.Ordinal);
        var round = HalaxyRound.Next(connection.Older, now);
        _seen ??= new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in ListAsync(connection.GroupId, cancelled))
        {
            if (await IsOfNobodyAsync(item, haveDiary))
            {
                await reconciler.ForgetAsync(item);
                continue;
            }

            if (item.IsMirrored) count++;
            See(item, connection, views);
            if (reconciler.IsLeftBehind(item)) reconciler.Removals.Add(item);
            if (item.IsGone || listed.Contains(item.Id)) continue;
            var isOlder = item.Shown.Start < Instant.Min(from, held) && !(connection.ComparesAll && item.Copies.Any(copy => connection.WasRematched(copy.PractitionerId)));
            if (isOlder && (!item.IsMirrored || round?.Takes(item.Id) != true)) continue;
            if (isOlder) round = round!.Past(item.Id);
            await reconciler.ReconcileAsync(item.Id, null, cancelled);
        }

        _round = round?.AtEnd() ?? connection.Older;
        return (latest, count, addedBefore, listed.Count >= total);
    }

    private async ValueTask<bool> IsOfNobodyAsync(HalaxyItem item, Dictionary<string, bool> haveDiary)
    {
        foreach (var practitioner in item.Copies.Select(copy => copy.PractitionerId))
        {
            if (!haveDiary.TryGetValue(practitioner, out var has))
            {
                using var snapshot = await store.OpenSnapshotAsync();
                haveDiary[practitioner] = has = await HasDiaryAsync(snapshot, practitioner);
            }

            if (has) return false;
        }

        return true;
    }
}
