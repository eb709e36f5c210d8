namespace CalDavServer.Operations.Connections;

/// <summary>
/// All open connections, bounded in all and for each place. Whoever comes when there are too many is let in for those that are worth least, of their own place when that has too many: silent ones before
/// idle ones, and the longest first. So one address closes its own connections, and sockets that say nothing close each other.
/// </summary>
internal sealed class ConnectionTable(int mostOfPlace, int mostOfAll)
{
    // a few at once, so that a flood does not have all looked at for each
    private const int Share = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<OpenConnection>> _places = new(StringComparer.Ordinal);
    private readonly HashSet<OpenConnection> _ofProxies = [];
    private int _count;

    /// <summary>Lets a connection in. False when there is no room, and nothing that may be closed for it.</summary>
    public bool TryEnter(OpenConnection connection)
    {
        List<OpenConnection> closed = [];
        lock (_lock)
        {
            var own = SetOf(connection);
            if (connection.Place is not null && own.Count >= mostOfPlace) closed = WorthLeast(own);
            else if (_count >= mostOfAll) closed = WorthLeast(_places.Values.SelectMany(static place => place));
            foreach (var other in closed) Remove(other);
            if (_count >= mostOfAll || (connection.Place is not null && own.Count >= mostOfPlace))
            {
                // a place that was refused leaves nothing behind
                Remove(connection);
                return false;
            }

            // it may have been the last of its place that was closed
            SetOf(connection).Add(connection);
            _count++;
        }

        foreach (var other in closed) other.Close();
        return true;
    }

    /// <summary>A connection has ended.</summary>
    public void Leave(OpenConnection connection)
    {
        lock (_lock) Remove(connection);
    }

    private static List<OpenConnection> WorthLeast(IEnumerable<OpenConnection> connections)
    {
        var ranked = connections.Select(static each => (Connection: each, each.Worth, each.Since)).Where(static each => each.Worth is not null).ToList();
        return [.. ranked.OrderBy(static each => each.Worth).ThenBy(static each => each.Since).Take(Math.Max(1, ranked.Count / Share)).Select(static each => each.Connection)];
    }

    private HashSet<OpenConnection> SetOf(OpenConnection connection)
    {
        if (connection.Place is not { } place) return _ofProxies;
        if (!_places.TryGetValue(place, out var set)) _places[place] = set = [];
        return set;
    }

    private void Remove(OpenConnection connection)
    {
        var set = SetOf(connection);
        if (set.Remove(connection)) _count--;
        if (set.Count == 0 && connection.Place is { } place) _places.Remove(place);
    }
}
