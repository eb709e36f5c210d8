using System.Collections.Concurrent;

namespace CalDavServer.Operations.Fairness;

/// <summary>What everybody asks for, by the person's id: as many as there are people.</summary>
internal sealed class Loads
{
    private readonly ConcurrentDictionary<string, Load> _loads = new(StringComparer.Ordinal);

    /// <summary>A person's.</summary>
    public Load Of(string id) => _loads.GetOrAdd(id, static _ => new Load());
}
