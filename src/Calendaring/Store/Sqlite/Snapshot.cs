using System.Collections.Immutable;

namespace Calendaring.Store.Sqlite;

/// <summary>A reader at its moment. Principals, app passwords and collections come from the catalog of that moment; objects and records from the tables.</summary>
internal sealed partial class Snapshot(Reader reader, ReaderPool pool, ObjectCache cache, Listings listings, RecentChanges recent, CancellationToken cancelled) : IStoreSnapshot
{
    private readonly Catalog _catalog = reader.Catalog!;
    private Reader? _reader = reader;

    private Connection Connection
    {
        get
        {
            cancelled.ThrowIfCancellationRequested();
            return (_reader ?? throw new ObjectDisposedException(nameof(IStoreSnapshot))).Connection;
        }
    }

    public ValueTask<Principal?> FindPrincipalAsync(string id) => new(_catalog.Homes.GetValueOrDefault(id)?.Principal);

    public ValueTask<Principal?> FindPrincipalByLoginAsync(string login) =>
        new(_catalog.Logins.TryGetValue(login, out var id) ? _catalog.Homes[id].Principal : null);

    public ValueTask<IReadOnlyList<Principal>> ListPrincipalsAsync()
    {
        var all = new List<Principal>(_catalog.Homes.Count);
        foreach (var (_, home) in _catalog.Homes) all.Add(home.Principal);
        all.Sort((first, second) => string.CompareOrdinal(first.Id, second.Id));
        return new(all);
    }

    public ValueTask<IReadOnlyList<Principal>> ListPrincipalsAsync(string groupId) => new(List(_catalog.Groups.GetValueOrDefault(groupId)));

    public ValueTask<IReadOnlyList<Principal>> ListPrincipalsByEmailAsync(string email) =>
        new(Columns.KeyOfEmail(email) is { } key ? List(_catalog.Emails.GetValueOrDefault(key)) : []);

    private List<Principal> List(ImmutableSortedSet<string>? ids)
    {
        var all = new List<Principal>(ids?.Count ?? 0);
        foreach (var id in ids ?? []) all.Add(_catalog.Homes[id].Principal);
        return all;
    }

    public ValueTask<IReadOnlyList<Credential>> ListCredentialsAsync(string principalId) =>
        new(_catalog.Homes.TryGetValue(principalId, out var home) ? home.Credentials : ImmutableArray<Credential>.Empty);

    public ValueTask<HomeState> GetHomeAsync(string principalId) =>
        new(_catalog.Homes.TryGetValue(principalId, out var home) ? new HomeState(home.Incarnation, home.Change, home.Swept) : default);

    public ValueTask<Collection?> FindCollectionAsync(string principalId, string name) =>
        new(_catalog.Homes.TryGetValue(principalId, out var home) && home.Collections.TryGetValue(name, out var id) ? _catalog.Shelves[id].Collection : null);

    public ValueTask<Collection?> FindCollectionAsync(long collectionId) => new(_catalog.Shelves.GetValueOrDefault(collectionId)?.Collection);

    public ValueTask<IReadOnlyList<Collection>> ListCollectionsAsync(string principalId)
    {
        if (!_catalog.Homes.TryGetValue(principalId, out var home)) return new([]);
        var all = new List<Collection>(home.Collections.Count);
        foreach (var (_, id) in home.Collections) all.Add(_catalog.Shelves[id].Collection);
        return new(all);
    }

    public ValueTask<long> OldestSyncAsync(long collectionId) => new(_catalog.Shelves.GetValueOrDefault(collectionId)?.Swept ?? 0);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _reader, null) is { } held) pool.GiveBack(held);
    }
}
