using System.Collections.Immutable;

namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private static readonly Sql InsertPrincipal = new(
        """
        INSERT INTO principals
            (login, display_name, email, kind, group_id, deactivated, id)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """);
    private static readonly Sql ReplacePrincipal = new(
        """
        UPDATE principals SET login = ?, display_name = ?, email = ?, kind = ?, group_id = ?, deactivated = ?
        WHERE id = ?
        """);
    private static readonly Sql InsertHome = new("INSERT INTO homes (principal_id, change, incarnation, swept) VALUES (?, 0, ?, 0)");
    private static readonly Sql ReplaceCredential = new(
        """
        INSERT OR REPLACE INTO credentials
            (principal_id, id, label, secret_kind, secret_hash, read_only, level_name, created, last_used, last_address, last_user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);
    private static readonly Sql RemoveCredential = new("DELETE FROM credentials WHERE principal_id = ? AND id = ?");

    private StoreFailure? Create(CreatePrincipal create)
    {
        var principal = AsStored(create.Principal);
        if (Catalog.Homes.ContainsKey(principal.Id) || Catalog.Logins.ContainsKey(principal.Login)) return Fail(StoreFailureKind.Exists);
        BindPrincipal(connection.Take(InsertPrincipal), principal).Run();
        var incarnation = NewIncarnation();
        connection.Take(InsertHome).Bind(principal.Id).Bind(incarnation).Run();
        Catalog = Catalog.WithPrincipal(new Home(principal, 0, HomeUsage.None, [], Home.NoCollections, incarnation, 0), null);
        return null;
    }

    private StoreFailure? Update(UpdatePrincipal update)
    {
        var principal = AsStored(update.Principal);
        if (!Catalog.Homes.TryGetValue(principal.Id, out var home)) return Fail(StoreFailureKind.NotFound);
        if (Catalog.Logins.TryGetValue(principal.Login, out var holder) && holder != principal.Id) return Fail(StoreFailureKind.Exists);
        BindPrincipal(connection.Take(ReplacePrincipal), principal).Run();
        Catalog = Catalog.WithPrincipal(home with { Principal = principal }, home.Principal);
        return null;
    }

    private StoreFailure? Set(SetDeactivated set) => Catalog.Homes.TryGetValue(set.PrincipalId, out var home)
        ? Update(new UpdatePrincipal(home.Principal with { Deactivated = set.Deactivated }))
        : Fail(StoreFailureKind.NotFound);

    private StoreFailure? Rename(RenamePrincipal rename) => Catalog.Homes.TryGetValue(rename.PrincipalId, out var home)
        ? Update(new UpdatePrincipal(home.Principal with { DisplayName = rename.DisplayName, Email = rename.Email }))
        : Fail(StoreFailureKind.NotFound);

    private StoreFailure? Put(PutCredential put)
    {
        var credential = AsStored(put.Credential);
        if (!Catalog.Homes.TryGetValue(credential.PrincipalId, out var home)) return Fail(StoreFailureKind.NotFound);
        if (put.OnlyNew && IndexOf(home.Credentials, credential.Id) >= 0) return Fail(StoreFailureKind.Exists);
        Store(home, credential);
        return null;
    }

    private StoreFailure? Change(ChangeCredential change)
    {
        if (!Catalog.Homes.TryGetValue(change.Credential.PrincipalId, out var home)) return Fail(StoreFailureKind.NotFound);
        if (IndexOf(home.Credentials, change.Credential.Id) is not (>= 0 and var place)) return Fail(StoreFailureKind.NotFound);
        var stored = home.Credentials[place];
        if (WithUseOf(stored, AsStored(change.Earlier)) != stored) return Fail(StoreFailureKind.Precondition);
        Store(home, WithUseOf(stored, AsStored(change.Credential)));
        return null;
    }

    private static Credential WithUseOf(Credential used, Credential credential) =>
        credential with { LastUsed = used.LastUsed, LastAddress = used.LastAddress, LastUserAgent = used.LastUserAgent };

    private StoreFailure? Delete(DeleteCredential delete)
    {
        if (!Catalog.Homes.TryGetValue(delete.PrincipalId, out var home)) return Fail(StoreFailureKind.NotFound);
        if (IndexOf(home.Credentials, delete.CredentialId) is not (>= 0 and var place)) return Fail(StoreFailureKind.NotFound);
        connection.Take(RemoveCredential).Bind(delete.PrincipalId).Bind(delete.CredentialId).Run();
        Catalog = Catalog.With(home with { Credentials = home.Credentials.RemoveAt(place) });
        return null;
    }

    /// <summary>A password that has been revoked in the meantime stays revoked.</summary>
    private StoreFailure? Write(WriteUses uses)
    {
        foreach (var use in uses.Uses)
        {
            if (!Catalog.Homes.TryGetValue(use.PrincipalId, out var home)) continue;
            if (IndexOf(home.Credentials, use.CredentialId) is not (>= 0 and var place)) continue;
            var at = Columns.InstantOf(Columns.Ticks(use.At));
            Store(home, home.Credentials[place] with { LastUsed = at, LastAddress = use.Address, LastUserAgent = use.UserAgent });
        }
        return null;
    }

    private void Store(Home home, Credential credential)
    {
        connection.Take(ReplaceCredential)
            .Bind(credential.PrincipalId)
            .Bind(credential.Id)
            .Bind(credential.Label)
            .Bind((long)credential.SecretKind)
            .Bind(credential.SecretHash)
            .Bind(credential.ReadOnly)
            .Bind(credential.LevelName)
            .Bind(Columns.Ticks(credential.Created))
            .Bind(credential.LastUsed is { } used ? Columns.Ticks(used) : (long?)null)
            .Bind(credential.LastAddress)
            .Bind(credential.LastUserAgent)
            .Run();
        var place = IndexOf(home.Credentials, credential.Id);
        var others = place < 0 ? home.Credentials : home.Credentials.RemoveAt(place);
        var position = 0;
        while (position < others.Length && IsBefore(others[position], credential)) position++;
        Catalog = Catalog.With(home with { Credentials = others.Insert(position, credential) });
    }

    private static bool IsBefore(Credential first, Credential second)
    {
        var order = first.Created.CompareTo(second.Created);
        return order != 0 ? order < 0 : string.CompareOrdinal(first.Id, second.Id) < 0;
    }

    private static int IndexOf(ImmutableArray<Credential> credentials, string id)
    {
        for (var place = 0; place < credentials.Length; place++)
        {
            if (credentials[place].Id == id) return place;
        }
        return -1;
    }

    private static Credential AsStored(Credential credential) => credential with
    {
        Created = Columns.InstantOf(Columns.Ticks(credential.Created)),
        LastUsed = credential.LastUsed is { } used ? Columns.InstantOf(Columns.Ticks(used)) : null,
    };

    private static Principal AsStored(Principal principal) =>
        principal.Deactivated is { } deactivated ? principal with { Deactivated = Columns.InstantOf(Columns.Ticks(deactivated)) } : principal;

    private static Statement BindPrincipal(Statement statement, Principal principal) => statement
        .Bind(principal.Login)
        .Bind(principal.DisplayName)
        .Bind(principal.Email)
        .Bind(principal.Kind)
        .Bind(principal.GroupId)
        .Bind(principal.Deactivated is { } deactivated ? Columns.Ticks(deactivated) : (long?)null)
        .Bind(principal.Id);
}
