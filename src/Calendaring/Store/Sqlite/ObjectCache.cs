namespace Calendaring.Store.Sqlite;

/// <summary>
/// Objects read lately, with their octets verified. Each has one place, by its collection and name, and is given out only to a snapshot in which the collection stands at the very change number
/// at which it was read: change numbers never come twice, and neither do collection keys, so it can be neither stale nor another's. Lock-free: an entry is never altered.
/// </summary>
internal sealed class ObjectCache(int places, int largest)
{
    private readonly Entry?[] _entries = new Entry?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)places)];

    public StoredObject? Find(Collection collection, string name)
    {
        var entry = Volatile.Read(ref Place(collection.Id, name));
        if (entry is null || entry.CollectionChange != collection.Change || entry.Found.Row.CollectionId != collection.Id) return null;
        return entry.Found.Row.Name == name ? entry.Found : null;
    }

    public void Keep(Collection collection, StoredObject found)
    {
        if (found.Octets.Length > largest) return;
        Volatile.Write(ref Place(collection.Id, found.Row.Name), new Entry(collection.Change, found));
    }

    private ref Entry? Place(long collectionId, string name) =>
        ref _entries[(string.GetHashCode(name, StringComparison.Ordinal) ^ (int)(collectionId * 0x9E3779B1)) & (_entries.Length - 1)];

    private sealed record Entry(long CollectionChange, StoredObject Found);
}
