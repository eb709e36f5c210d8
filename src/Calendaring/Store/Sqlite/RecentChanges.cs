namespace Calendaring.Store.Sqlite;

/// <summary>
/// The last few changes of the calendars that were synced last: the devices of a person ask one after the other what has changed since about the same moment. Each stretch is given out only
/// while its collection stands at the very change number at which it was read, so it cannot be stale; a collection has one place, which it shares with others. Lock-free: a stretch is never altered.
/// </summary>
internal sealed class RecentChanges
{
    /// <summary>Entries of a stretch at most: who is further behind is rare, and reads the tables.</summary>
    public const int Longest = 32;

    private const int Places = 256;
    private readonly Stretch?[] _stretches = new Stretch?[Places];

    /// <summary>What changed in a collection after a change number, in the order of change numbers; null when that is not all in memory.</summary>
    public ArraySegment<ChangeEntry>? Find(Collection collection, long after)
    {
        var stretch = Volatile.Read(ref PlaceOf(collection));
        if (stretch is null || stretch.CollectionId != collection.Id || stretch.Until != collection.Change || stretch.After > after) return null;
        var first = 0;
        while (first < stretch.Entries.Length && stretch.Entries[first].Change <= after) first++;
        return new ArraySegment<ChangeEntry>(stretch.Entries, first, stretch.Entries.Length - first);
    }

    /// <summary>Keeps all that changed in a collection after a change number.</summary>
    public void Keep(Collection collection, long after, ChangeEntry[] entries) =>
        Volatile.Write(ref PlaceOf(collection), new Stretch(collection.Id, after, collection.Change, entries));

    private ref Stretch? PlaceOf(Collection collection) => ref _stretches[(int)(collection.Id % Places)];

    private sealed record Stretch(long CollectionId, long After, long Until, ChangeEntry[] Entries);
}
