using Calendaring.Store;

namespace Practice.Groups;

/// <summary>What people type to sign in to the pages: their login, or their e-mail address.</summary>
public static class SignInName
{
    private const string RecordKind = "sign-in-names";

    /// <summary>A person by login, or by an e-mail address that nobody else of those who may come in has; or null.</summary>
    public static async ValueTask<Principal?> FindAsync(IStoreSnapshot snapshot, string typed)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (LoginName.Normalise(typed) is not { } name) return null;
        if (await snapshot.FindPrincipalByLoginAsync(name) is { } person) return person;
        if (!name.Contains('@', StringComparison.Ordinal)) return null;
        var holders = (await snapshot.ListPrincipalsByEmailAsync(name)).Where(other => other.Deactivated is null && Address(other) == name).Take(2).ToList();
        return holders.Count == 1 ? holders[0] : null;
    }

    /// <summary>
    /// Whether somebody other than a person has this for a login or e-mail address: were it the person's too, one of them could no longer sign in with it. Also somebody who may not come in: they
    /// may again.
    /// </summary>
    public static async ValueTask<bool> IsOfAnotherAsync(IStoreSnapshot snapshot, string name, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (LoginName.Normalise(name) is not { } normalised) return false;
        if (await snapshot.FindPrincipalByLoginAsync(normalised) is { } holder && holder.Id != personId) return true;
        return (await snapshot.ListPrincipalsByEmailAsync(normalised)).Any(other => other.Id != personId && Address(other) == normalised);
    }

    /// <summary>The step in the batch of each new login or address, with which it fails when another was given since the snapshot: of two who give the same at one time one is told that it is taken.</summary>
    internal static async ValueTask<StoreOperation> ChangeAsync(IStoreSnapshot snapshot)
    {
        var version = (await snapshot.FindRecordAsync(RecordKind, RecordKind, RecordKind))?.Version ?? 0;
        return new PutRecord(RecordKind, RecordKind, RecordKind, "{}"u8.ToArray(), version);
    }

    private static string? Address(Principal person) => person.Email is { } email ? LoginName.Normalise(email) : null;
}
