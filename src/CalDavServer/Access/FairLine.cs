using System.Diagnostics.CodeAnalysis;

namespace CalDavServer.Access;

/// <summary>
/// Who waits for a turn, by where they come from: places take turns whatever each has waiting, and whoever is first at a place is its next. A full line lets a newcomer from a place with fewer in, for the
/// last of the place with the most. Not thread-safe.
/// </summary>
internal sealed class FairLine<T>(int mostOfOne, int mostOfAll)
    where T : class
{
    // in the order of their turns
    private readonly LinkedList<Stand> _stands = [];
    private readonly Dictionary<string, Stand> _byPlace = new(StringComparer.Ordinal);

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Joins the line. False when there is no room.</summary>
    /// <param name="place">Where it comes from.</param>
    /// <param name="item">Who waits.</param>
    /// <param name="displaced">Who had to leave for it, or null.</param>
    public bool TryJoin(string place, T item, out T? displaced)
    {
        displaced = null;
        var waiting = _byPlace.TryGetValue(place, out var stand) ? stand.Waiting.Count : 0;
        if (waiting >= mostOfOne) return false;
        if (Count >= mostOfAll)
        {
            var longest = _stands.MaxBy(static each => each.Waiting.Count)!;
            if (longest.Waiting.Count <= waiting + 1) return false;
            displaced = longest.Waiting.Last!.Value;
            Leave(longest, displaced);
        }

        if (stand is null) _stands.AddLast(_byPlace[place] = stand = new Stand(place));
        stand.Waiting.AddLast(item);
        Count++;
        return true;
    }

    /// <summary>Takes who is next.</summary>
    public bool TryTake([NotNullWhen(true)] out T? item)
    {
        item = null;
        if (_stands.First is not { Value: var stand }) return false;
        item = stand.Waiting.First!.Value;
        Leave(stand, item);
        if (stand.Waiting.Count == 0) return true;
        _stands.RemoveFirst();
        _stands.AddLast(stand);
        return true;
    }

    /// <summary>Leaves the line. False when it was no longer in it.</summary>
    public bool Leave(string place, T item) => _byPlace.TryGetValue(place, out var stand) && Leave(stand, item);

    private bool Leave(Stand stand, T item)
    {
        if (!stand.Waiting.Remove(item)) return false;
        Count--;
        if (stand.Waiting.Count > 0) return true;
        _stands.Remove(stand);
        _byPlace.Remove(stand.Place);
        return true;
    }

    private sealed class Stand(string place)
    {
        public string Place => place;

        public LinkedList<T> Waiting { get; } = [];
    }
}
