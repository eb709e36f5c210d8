namespace Calendaring.Store.Sqlite;

internal sealed partial class Snapshot
{
    private static readonly Sql RemovedCollections = new("SELECT name, change FROM collection_tombstones WHERE principal_id = ? AND change > ? ORDER BY change");

    public ValueTask<IReadOnlyList<RemovedCollection>> ListRemovedCollectionsAsync(string principalId, long after)
    {
        var all = new List<RemovedCollection>();
        using var statement = Connection.Take(RemovedCollections).Bind(principalId).Bind(after);
        while (statement.Step()) all.Add(new RemovedCollection(statement.Text(0), statement.Integer(1)));
        return new(all);
    }

    public IAsyncEnumerable<ChangeEntry> ListHomeChangesAsync(string principalId, long after) => ListHomeChanges(principalId, after).ToAsyncEnumerable();

    /// <summary>The changes of each collection are in order already: they are merged. A collection in which nothing changed is not looked at.</summary>
    private IEnumerable<ChangeEntry> ListHomeChanges(string principalId, long after)
    {
        if (!_catalog.Homes.TryGetValue(principalId, out var home)) yield break;
        var heads = new PriorityQueue<IEnumerator<ChangeEntry>, long>();
        try
        {
            foreach (var (_, id) in home.Collections)
            {
                if (_catalog.Shelves[id].Collection.Change > after) Enqueue(heads, ListChanges(id, after).GetEnumerator());
            }

            while (heads.TryPeek(out var head, out _))
            {
                yield return head.Current;
                heads.Dequeue();
                Enqueue(heads, head);
            }
        }
        finally
        {
            while (heads.TryDequeue(out var head, out _)) head.Dispose();
        }
    }

    private static void Enqueue(PriorityQueue<IEnumerator<ChangeEntry>, long> heads, IEnumerator<ChangeEntry> changes)
    {
        if (changes.MoveNext()) heads.Enqueue(changes, changes.Current.Change);
        else changes.Dispose();
    }
}
