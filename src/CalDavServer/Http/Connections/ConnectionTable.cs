namespace CalDavServer.Http.Connections;

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

    // by age; those that have sent a request since are passed over when their turn comes
    private readonly LinkedList<OpenConnection> _neverAsked = [];
    private int _count;

    /// <summary>Lets a connection in. False when there is no room, and nothing that may be closed for it.</summary>
    public bool TryEnter(OpenConnection connection)
    {
        List<OpenConnection> closed = [];
        lock (_lock)
        {
            var own = SetOf(connection);
            if (connection.Place is not null && own.Count >= mostOfPlace) closed = WorthLeast(own);
            else if (_count >= mostOfAll) closed = WorthLeast();
            foreach (var other in closed) Remove(other);
            if (_count >= mostOfAll || (connection.Place is not null && own.Count >= mostOfPlace))
            {
                // a place that was refused leaves nothing behind
                Remove(connection);
                return false;
            }

            // it may have been the last of its place that was closed
            SetOf(connection).Add(connection);
            if (connection.Place is not null) _neverAsked.AddLast(connection.Age);
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

    /// <summary>Closes those that have said nothing for so long; proxies open connections ahead.</summary>
    public void CloseSilent(TimeSpan longest)
    {
        List<OpenConnection> closed;
        lock (_lock)
        {
            var last = Environment.TickCount64 - (long)longest.TotalMilliseconds;
            closed = [.. _neverAsked.TakeWhile(each => each.HasAsked || each.Since <= last).Where(static each => each.IsSilent)];
            foreach (var silent in closed) Remove(silent);
        }

        foreach (var silent in closed) silent.Close();
    }

    // a flood of silent ones comes by the thousand a second: nothing is looked through for each
    private List<OpenConnection> WorthLeast()
    {
        while (_neverAsked.First is { } oldest)
        {
            _neverAsked.RemoveFirst();
            if (!oldest.Value.HasAsked) return [oldest.Value];
        }

        return WorthLeast(_places.Values.SelectMany(static place => place));
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
        if (connection.Age.List is not null) _neverAsked.Remove(connection.Age);
        if (set.Count == 0 && connection.Place is { } place) _places.Remove(place);
    }
}
