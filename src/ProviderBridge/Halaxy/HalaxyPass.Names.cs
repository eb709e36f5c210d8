using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>The part of a pass that writes patients' names where they are needed now, and takes them away where they are not.</summary>
public sealed partial class HalaxyPass
{
    /// <summary>Patients whose names were missing, and who are in an appointment of somebody who needs names; null before all appointments were looked at.</summary>
    private HashSet<string>? _seen;

    /// <summary>Whose missing names are asked for in this pass, and whose are not yet: none where nobody needs names.</summary>
    private static (IReadOnlyList<string> Due, IReadOnlySet<string> Paused) DueNamesOf(HalaxyConnection connection, bool areNeeded, Instant now)
    {
        if (!areNeeded || !connection.LacksNames) return ([], new HashSet<string>());
        // whoever was not asked for longest comes first: Halaxy is asked for a few only while it fails
        var missing = connection.MissingNames.OrderBy(one => one.Tried).ToLookup(one => one.IsDue(now), one => one.PatientId);
        return (connection.MissingNames.Count > 0 ? [.. missing[true]] : [HalaxyMissingName.Many], missing[false].ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Notes whose names an appointment needs, of those that are missing.</summary>
    private void See(HalaxyItem item, HalaxyConnection connection, HalaxyViews views)
    {
        if (connection.MissingNames.Count > 0 && views.IsNeededIn(item)) _seen!.UnionWith(item.Shown.PatientIds);
    }

    /// <summary>Whether a name that is missing is needed still, as far as that was looked at: whoever needed it may not any more, or the appointment is gone.</summary>
    private bool IsNeeded(HalaxyMissingName name, HalaxyConnection connection, HalaxyViews views) =>
        _seen is null || name.PatientId == HalaxyMissingName.Many || _seen.Contains(name.PatientId) || views.Wanted.Contains(name.PatientId) || connection.MissingNames.All(one => one.PatientId != name.PatientId);

    /// <summary>A device or link shows names now and none did before, or the other way round, or a name can be asked for that could not be before: what is mirrored is written so.</summary>
    private async Task RenameAsync(HalaxyReconciler reconciler, HalaxyViews views, HalaxyConnection connection, IReadOnlyList<string> due, CancellationToken cancelled)
    {
        List<HalaxyItem> piece = [];
        var isOfMany = due.Contains(HalaxyMissingName.Many);
        var changed = (isOfMany ? views.NeededBy : views.NeededBy.Except(connection.NameNeeds)).Concat(connection.NameNeeds.Except(views.NeededBy)).Select(need => need.PractitionerId).ToHashSet(StringComparer.Ordinal);
        var found = await views.AskAgainAsync([.. due.Where(id => id != HalaxyMissingName.Many)], cancelled);
        if (changed.Count == 0 && found.Count == 0) return;
        _seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in ListAsync(connection.GroupId, cancelled))
        {
            See(item, connection, views);
            if (item.Shown.PatientIds.Count == 0 || !(found.Overlaps(item.Shown.PatientIds) || item.Copies.Any(copy => changed.Contains(copy.PractitionerId)))) continue;
            piece.Add(item);
            if (piece.Count < Chunk) continue;
            await RenameAsync(reconciler, views, piece, cancelled);
            piece.Clear();
        }

        await RenameAsync(reconciler, views, piece, cancelled);
    }

    private static async Task RenameAsync(HalaxyReconciler reconciler, HalaxyViews views, IReadOnlyList<HalaxyItem> items, CancellationToken cancelled)
    {
        await views.PrepareAsync(items, cancelled);
        foreach (var item in items) await reconciler.RenameAsync(item, cancelled);
    }
}
