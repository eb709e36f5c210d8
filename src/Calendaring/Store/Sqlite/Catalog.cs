using System.Collections.Immutable;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// Principals, app passwords and collections as of one commit, in memory and immutable: they are few and asked for with every request. Objects and records are not here.
/// </summary>
/// <param name="CommitNumber">The commit it belongs to: <c>meta.commit_number</c>.</param>
/// <param name="RecordVersion">The last version number given to a record.</param>
/// <param name="Homes">By principal id.</param>
/// <param name="Logins">Principal ids by login.</param>
/// <param name="Emails">Principal ids by e-mail address, as <see cref="Columns.KeyOfEmail"/> makes it one to compare.</param>
/// <param name="Groups">The principal ids of each group.</param>
/// <param name="Shelves">By collection id.</param>
internal sealed record Catalog(
    long CommitNumber,
    long RecordVersion,
    ImmutableDictionary<string, Home> Homes,
    ImmutableDictionary<string, string> Logins,
    ImmutableDictionary<string, ImmutableSortedSet<string>> Emails,
    ImmutableDictionary<string, ImmutableSortedSet<string>> Groups,
    ImmutableDictionary<long, Shelf> Shelves)
{
    private static readonly ImmutableSortedSet<string> NoMembers = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public static readonly Catalog Empty = new(
        0,
        0,
        ImmutableDictionary.Create<string, Home>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal),
        ImmutableDictionary<long, Shelf>.Empty);

    /// <summary>What all homes of a group hold, as a level may know it.</summary>
    public long UsageOf(string groupId, int level)
    {
        var sum = 0L;
        foreach (var id in Groups.GetValueOrDefault(groupId, NoMembers)) sum += Homes[id].Usage.SeenAt(level);
        return sum;
    }

    public Catalog With(Home home) => this with { Homes = Homes.SetItem(home.Principal.Id, home) };

    /// <summary>The catalog after a principal was made or replaced.</summary>
    public Catalog WithPrincipal(Home home, Principal? before)
    {
        var principal = home.Principal;
        var logins = before is null ? Logins : Logins.Remove(before.Login);
        return With(home) with
        {
            Logins = logins.SetItem(principal.Login, principal.Id),
            Emails = Moved(Emails, principal.Id, Columns.KeyOfEmail(before?.Email), Columns.KeyOfEmail(principal.Email)),
            Groups = Moved(Groups, principal.Id, before?.GroupId, principal.GroupId),
        };
    }

    /// <summary>The catalog without a principal and what hangs on it.</summary>
    public Catalog Without(Home home)
    {
        var principal = home.Principal;
        return this with
        {
            Homes = Homes.Remove(principal.Id),
            Logins = Logins.Remove(principal.Login),
            Emails = Moved(Emails, principal.Id, Columns.KeyOfEmail(principal.Email), null),
            Groups = Moved(Groups, principal.Id, principal.GroupId, null),
            Shelves = Shelves.RemoveRange(home.Collections.Values),
        };
    }

    public Catalog With(Shelf shelf) => this with { Shelves = Shelves.SetItem(shelf.Collection.Id, shelf) };

    public Catalog With(Home home, Shelf shelf) =>
        this with { Homes = Homes.SetItem(home.Principal.Id, home), Shelves = Shelves.SetItem(shelf.Collection.Id, shelf) };

    private static ImmutableDictionary<string, ImmutableSortedSet<string>> Moved(ImmutableDictionary<string, ImmutableSortedSet<string>> groups, string id, string? from, string? to)
    {
        if (from == to) return groups;
        if (from is not null && groups[from].Remove(id) is var left) groups = left.IsEmpty ? groups.Remove(from) : groups.SetItem(from, left);
        return to is null ? groups : groups.SetItem(to, groups.GetValueOrDefault(to, NoMembers).Add(id));
    }
}
