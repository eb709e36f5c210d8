namespace Calendaring.Store.Sqlite;

/// <summary>
/// Objects read lately, with their bytes verified. Each has a few places, by its collection and name, and is given out only to a snapshot in which the collection stands at the very change
/// number at which it was read, or one that knows the object's own: change numbers never come twice, and neither do collection keys, so it can be neither stale nor another's. What is kept is
/// bounded in bytes. Lock-free: an entry is never altered.
/// </summary>
/// <param name="size">Bytes, about, that all objects kept may take.</param>
internal sealed class ObjectCache(long size)
{
    /// <summary>Places that an object may take: with one, two objects of a calendar that is read as a whole would drive each other out.</summary>
    private const int Ways = 4;

    /// <summary>What an object takes besides its bytes, about: its row with name, UID and ETag.</summary>
    private const int RowSize = 700;

    /// <summary>A larger one would drive out too many others.</summary>
    private readonly long _largest = size / 256;

    private readonly Entry?[] _entries = new Entry?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(size / 512, Ways))];
    private long _used;
    private int _hand;

    /// <summary>Bytes, about, that the objects kept take.</summary>
    public long Used => Volatile.Read(ref _used);

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
            if (entry.CollectionChange < collection.Change) Interlocked.CompareExchange(ref place, entry with { CollectionChange = collection.Change }, entry);
            return entry.Found;
        }

        return null;
    }

    public void Keep(Collection collection, StoredObject found)
    {
        var entry = new Entry(collection.Change, found);
        if (entry.Size > _largest) return;
        var ways = Places(collection.Id, found.Row.Name);
        var chosen = WayFor(ways, collection, found.Row.Name);
        var former = Interlocked.Exchange(ref ways[chosen], entry);
        Interlocked.Add(ref _used, entry.Size - (former?.Size ?? 0));
        LeaveOne(ways, chosen, entry);
        MakeRoom();
    }

    /// <summary>Two readers that keep an object at once may find another way free each: each looks after it has written, so that one of them sees the other's.</summary>
    private void LeaveOne(Span<Entry?> ways, int chosen, Entry kept)
    {
        for (var way = 0; way < Ways; way++)
        {
            var other = Volatile.Read(ref ways[way]);
            if (way == chosen || other is null || other.Found.Row.CollectionId != kept.Found.Row.CollectionId || other.Found.Row.Name != kept.Found.Row.Name) continue;
            if (Interlocked.CompareExchange(ref ways[way], null, other) == other) Interlocked.Add(ref _used, -other.Size);
        }
    }

    /// <summary>The way in which the object is already, so that none is kept twice; then one that is free or out of date; then one by its name.</summary>
    private static int WayFor(Span<Entry?> ways, Collection collection, string name)
    {
        var chosen = -1;
        for (var way = 0; way < Ways; way++)
        {
            var other = Volatile.Read(ref ways[way]);
            if (other is not null && other.Found.Row.CollectionId == collection.Id && other.Found.Row.Name == name) return way;
            if (chosen < 0 && (other is null || !other.IsOf(collection))) chosen = way;
        }

        // the same for all: two readers that keep an object at once choose one way
        return chosen >= 0 ? chosen : (string.GetHashCode(name, StringComparison.Ordinal) >>> 28) & (Ways - 1);
    }

    /// <summary>Goes round over the places, from where it was last.</summary>
    private void MakeRoom()
    {
        while (Used > size)
        {
            ref var place = ref _entries[Interlocked.Increment(ref _hand) & (_entries.Length - 1)];
            if (Volatile.Read(ref place) is not null && Interlocked.Exchange(ref place, null) is { } former) Interlocked.Add(ref _used, -former.Size);
        }
    }

    private Span<Entry?> Places(long collectionId, string name)
    {
        var set = (string.GetHashCode(name, StringComparison.Ordinal) ^ (int)(collectionId * 0x9E3779B1)) & ((_entries.Length / Ways) - 1);
        return _entries.AsSpan(set * Ways, Ways);
    }

    private sealed record Entry(long CollectionChange, StoredObject Found)
    {
        public int Size => Found.Bytes.Length + (Found.Row.Details?.Document.Length ?? 0) + RowSize;

        public bool IsOf(Collection collection) => CollectionChange == collection.Change && Found.Row.CollectionId == collection.Id;
    }
}
