namespace Calendaring.Store.Sqlite;

/// <summary>
/// Objects read lately, with their octets verified. Each has a few places, by its collection and name, and is given out only to a snapshot in which the collection stands at the very change
/// number at which it was read, or one that knows the object's own: change numbers never come twice, and neither do collection keys, so it can be neither stale nor another's. Lock-free: an
/// entry is never altered.
/// </summary>
internal sealed class ObjectCache(int places, int largest)
{
    /// <summary>Places that an object may take: with one, two objects of a calendar that is read as a whole would drive each other out.</summary>
    private const int Ways = 4;

    private readonly Entry?[] _entries = new Entry?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(places, Ways))];

    public StoredObject? Find(Collection collection, string name)
    {
        foreach (ref var place in Places(collection.Id, name))
        {
            var entry = Volatile.Read(ref place);
            if (entry is not null && entry.IsOf(collection) && entry.Found.Row.Name == name) return entry.Found;
        }

        return null;
    }

    /// <summary>The version of an object that has a change number. It is given out as of the collection's change number from then on.</summary>
    public StoredObject? Find(Collection collection, string name, long change)
    {
        foreach (ref var place in Places(collection.Id, name))
        {
            var entry = Volatile.Read(ref place);
            if (entry is null || entry.Found.Row.CollectionId != collection.Id || entry.Found.Row.Change != change || entry.Found.Row.Name != name) continue;
            if (entry.CollectionChange < collection.Change) Volatile.Write(ref place, entry with { CollectionChange = collection.Change });
            return entry.Found;
        }

        return null;
    }

    public void Keep(Collection collection, StoredObject found)
    {
        if (found.Octets.Length > largest) return;
        var ways = Places(collection.Id, found.Row.Name);
        var chosen = Random.Shared.Next(Ways);
        for (var way = 0; way < Ways; way++)
        {
            var entry = Volatile.Read(ref ways[way]);
            if (entry is not null && entry.IsOf(collection) && entry.Found.Row.Name != found.Row.Name) continue;
            chosen = way;
            break;
        }

        Volatile.Write(ref ways[chosen], new Entry(collection.Change, found));
    }

    private Span<Entry?> Places(long collectionId, string name)
    {
        var set = (string.GetHashCode(name, StringComparison.Ordinal) ^ (int)(collectionId * 0x9E3779B1)) & ((_entries.Length / Ways) - 1);
        return _entries.AsSpan(set * Ways, Ways);
    }

    private sealed record Entry(long CollectionChange, StoredObject Found)
    {
        public bool IsOf(Collection collection) => CollectionChange == collection.Change && Found.Row.CollectionId == collection.Id;
    }
}
