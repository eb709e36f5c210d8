namespace CalDavServer.Links;

/// <summary>The services whose accounts can be linked.</summary>
internal sealed class Providers(IEnumerable<Provider> all)
{
    public IReadOnlyList<Provider> All { get; } = [.. all];

    /// <summary>A service by its name; null where this server is not set up for it.</summary>
    public Provider? Find(string id) => All.FirstOrDefault(provider => provider.Id == id);
}
