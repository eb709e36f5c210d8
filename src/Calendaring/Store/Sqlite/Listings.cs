using System.Collections.Concurrent;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// The listings of the calendars that were listed last, in memory up to a size. One that is behind is brought up by what has changed since, so that no listing walks over a table twice.
/// Collection keys never come twice: a listing cannot be another collection's.
/// </summary>
internal sealed class Listings(long largestSize)
{
    private readonly ConcurrentDictionary<long, Place> _places = new();
    private readonly Lock _keeping = new();
    private long _size;
    private long _turn;

    /// <summary>The most that one listing may take: a calendar that would drive out all others is walked over each time.</summary>
    public long LargestListing { get; } = largestSize / 2;

    public Listing? Find(long collectionId)
    {
        if (!_places.TryGetValue(collectionId, out var place)) return null;
        place.LastUse = Interlocked.Increment(ref _turn);
        return place.Listing;
    }

    /// <summary>Keeps a listing unless a newer one is kept, and forgets those that were not used for longest when all together become too large.</summary>
    public void Keep(long collectionId, Listing listing)
    {
        lock (_keeping)
        {
            _places.TryGetValue(collectionId, out var earlier);
            if (earlier?.Listing.Change >= listing.Change) return;
            if (earlier is not null) Forget(collectionId, earlier);
            if (listing.Size > LargestListing) return;
            while (_size + listing.Size > largestSize) ForgetOldest();
            _places[collectionId] = new Place(listing) { LastUse = Interlocked.Increment(ref _turn) };
            _size += listing.Size;
        }
    }

    private void ForgetOldest()
    {
        var (oldest, place) = _places.MinBy(static pair => pair.Value.LastUse);
        Forget(oldest, place);
    }

    private void Forget(long collectionId, Place place)
    {
        _places.TryRemove(collectionId, out _);
        _size -= place.Listing.Size;
    }

    private sealed class Place(Listing listing)
    {
        public Listing Listing { get; } = listing;

        public long LastUse { get; set; }
    }
}
