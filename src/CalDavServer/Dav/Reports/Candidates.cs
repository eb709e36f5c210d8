using CalDavServer.Dav.Filters;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>The objects of a calendar that the index holds possible, with their bytes; a damaged one does not end the list.</summary>
internal static class Candidates
{
    /// <param name="snapshot">The moment.</param>
    /// <param name="collectionId">The calendar.</param>
    /// <param name="component">The component type wanted, or null for all.</param>
    /// <param name="range">Where an occurrence may lie.</param>
    /// <param name="broken">Told each damaged object.</param>
    public static async IAsyncEnumerable<StoredObject> ListAsync(IStoreSnapshot snapshot, long collectionId, string? component, TimeRange range, Action<ObjectRow> broken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await using (var list = snapshot.ListCandidatesAsync(collectionId, component, range.From, range.Until).GetAsyncEnumerator())
        {
            while (true)
            {
                try
                {
                    if (!await list.MoveNextAsync()) yield break;
                }
                catch (CorruptObjectException)
                {
                    break;
                }

                if (!list.Current.Row.Published) continue;
                seen.Add(list.Current.Row.Name);
                yield return list.Current;
            }
        }

        // the list ended at a damaged object: the rest are read one by one
        await foreach (var row in snapshot.ListRowsAsync(collectionId))
        {
            if (!row.Published || seen.Contains(row.Name) || !MayMatch(row.Index, component, range)) continue;
            if (await ReadAsync(snapshot, row, broken) is { } stored) yield return stored;
        }
    }

    /// <summary>One object with its bytes; null when it is damaged.</summary>
    public static async ValueTask<StoredObject?> ReadAsync(IStoreSnapshot snapshot, ObjectRow row, Action<ObjectRow> broken)
    {
        try
        {
            return await snapshot.FindObjectAsync(row.CollectionId, row.Name);
        }
        catch (CorruptObjectException)
        {
            broken(row);
            return null;
        }
    }

    private static bool MayMatch(ObjectIndex index, string? component, TimeRange range) =>
        (component is null || index.Component == component) && !(index.Start > range.End) && !(index.End < range.Start);
}
