using System.Collections.Concurrent;

namespace ProviderBridge.CalDav;

/// <summary>
/// Objects that a server lists and does not give. At first a copy of the server may be behind, and all is asked for again; what is still so then is one that is damaged there, and keeps no other waiting. It is not gone before the
/// server lists it no more.
/// </summary>
public sealed class MissingObjects
{
    private const int Often = 3;
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<(string Calendar, string Name), int> _times = new();

    /// <summary>Notes that one is listed and not given; whether that has been so several times. Where there are too many to count, each has been.</summary>
    internal bool IsOften(string calendar, string name) =>
        (_times.Count >= Most && !_times.ContainsKey((calendar, name))) || _times.AddOrUpdate((calendar, name), 1, static (_, before) => before + 1) >= Often;

    /// <summary>Whether one was listed and not given when it was last asked for.</summary>
    internal bool Has(string calendar, string name) => _times.ContainsKey((calendar, name));

    /// <summary>Forgets one: it was given, or is listed no more.</summary>
    internal void Forget(string calendar, string name) => _times.TryRemove((calendar, name), out _);

    /// <summary>Forgets those of a calendar that a whole listing does not have.</summary>
    internal void Keep(string calendar, IReadOnlyCollection<string> listed)
    {
        foreach (var (own, name) in _times.Keys.Where(key => key.Calendar == calendar && !listed.Contains(key.Name))) Forget(own, name);
    }
}
