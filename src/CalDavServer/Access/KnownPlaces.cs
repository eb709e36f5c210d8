namespace CalDavServer.Access;

/// <summary>
/// From where each person's devices signed in since the server's start: the last <see cref="MostOfOne"/> places, so that memory is bounded by the people there are. What was before the start is known from
/// the last address of each app password.
/// </summary>
internal sealed class KnownPlaces
{
    /// <summary>Places remembered of one person.</summary>
    public const int MostOfOne = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _places = new(StringComparer.Ordinal);

    /// <summary>Notes that somebody signed in.</summary>
    public void Note(string personId, string place)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(personId, out var places)) _places[personId] = places = [];
            if (places.Count > 0 && places[^1] == place) return;
            places.Remove(place);
            places.Add(place);
            if (places.Count > MostOfOne) places.RemoveAt(0);
        }
    }

    /// <summary>Whether somebody signed in from a place.</summary>
    public bool Has(string personId, string place)
    {
        lock (_lock) return _places.TryGetValue(personId, out var places) && places.Contains(place);
    }
}
