using Calendaring.Store;
using NodaTime;
using Practice.Feeds;

namespace Practice.People;

/// <summary>Something that was taken away after a backup was made, and that a restore would give back.</summary>
/// <param name="What">What, in words.</param>
/// <param name="Steps">What keeps it away in the data of the backup.</param>
public sealed record Revocation(string What, IReadOnlyList<StoreOperation> Steps)
{
    /// <summary>Compares the data of a backup with those that it is to replace. When they have nobody in common they are of another server, and nothing was taken away.</summary>
    public static async Task<IReadOnlyList<Revocation>> ListAsync(IStoreSnapshot backup, IStoreSnapshot live, Instant now)
    {
        ArgumentNullException.ThrowIfNull(backup);
        ArgumentNullException.ThrowIfNull(live);
        var people = await backup.ListPrincipalsAsync();
        var there = (await live.ListPrincipalsAsync()).ToDictionary(person => person.Id, StringComparer.Ordinal);
        var revoked = new List<Revocation>();
        if (!people.Any(person => there.ContainsKey(person.Id))) return revoked;
        foreach (var person in people)
        {
            var current = there.GetValueOrDefault(person.Id);
            if (person.Deactivated is null && current is null or { Deactivated: not null })
                revoked.Add(new Revocation($"{person.Login}: {(current is null ? "the person was erased (erase them again)" : "access was taken away")}", [new SetDeactivated(person.Id, current?.Deactivated ?? now)]));
            if (current is null) continue;
            revoked.AddRange(await DevicesAsync(backup, live, person));
            if (await AccountAsync(backup, live, person) is { } account) revoked.Add(account);
            if (await FeedAsync(backup, live, person, now) is { } feed) revoked.Add(feed);
        }

        return revoked;
    }

    private static async Task<IReadOnlyList<Revocation>> DevicesAsync(IStoreSnapshot backup, IStoreSnapshot live, Principal person)
    {
        var now = (await live.ListCredentialsAsync(person.Id)).ToDictionary(device => device.Id, StringComparer.Ordinal);
        var revoked = new List<Revocation>();
        foreach (var device in await backup.ListCredentialsAsync(person.Id))
        {
            if (!now.TryGetValue(device.Id, out var current))
                revoked.Add(new Revocation($"{person.Login}: the app password '{device.Label}' was revoked", [new DeleteCredential(person.Id, device.Id)]));
            else if ((device.SecretHash, device.ReadOnly, device.LevelName) != (current.SecretHash, current.ReadOnly, current.LevelName))
                revoked.Add(new Revocation($"{person.Login}: the app password '{device.Label}' was changed", [new ChangeCredential(device, current)]));
        }

        return revoked;
    }

    private static async Task<Revocation?> AccountAsync(IStoreSnapshot backup, IStoreSnapshot live, Principal person)
    {
        if (await Account.FindAsync(backup, person.Id) is not var (before, version)) return null;
        if (await Account.FindAsync(live, person.Id) is not var (current, _)) return null;
        var put = (PutRecord)current.Put(person.Id, version);
        if (((PutRecord)Unused(before).Put(person.Id)).Document.Span.SequenceEqual(((PutRecord)Unused(current).Put(person.Id)).Document.Span)) return null;
        var what = before.PasswordSet != current.PasswordSet ? "the password was changed"
            : !NamesOf(before).SequenceEqual(NamesOf(current)) ? "passkeys were added or removed"
            : "two-step sign-in was changed";
        return new Revocation($"{person.Login}: {what}", [put]);
    }

    // without what signing in changes
    private static Account Unused(Account account) =>
        account with { LastSignIn = null, Places = null, Passkeys = account.Passkeys is { Count: > 0 } all ? [.. all.Select(passkey => passkey with { Counter = 0, LastUsed = null })] : null };

    private static IEnumerable<string> NamesOf(Account account) => (account.Passkeys ?? []).Select(passkey => passkey.Id);

    private static async Task<Revocation?> FeedAsync(IStoreSnapshot backup, IStoreSnapshot live, Principal person, Instant now)
    {
        if (await Feed.FindAsync(backup, person.Id) is not var (before, version)) return null;
        var current = (await Feed.FindAsync(live, person.Id))?.Feed;
        if (current?.SecretHash == before.SecretHash && current.Level == before.Level) return null;
        var ended = new FeedAddress(person.Id, now).Put(before.SecretHash);
        return current switch
        {
            null => new Revocation($"{person.Login}: the one-way feed was switched off", [new DeleteRecord(Feed.RecordKind, person.Id, Feed.RecordId, version), ended]),
            _ when current.SecretHash == before.SecretHash => new Revocation($"{person.Login}: what the one-way feed shows was changed", [current.Put(person.Id, version)]),
            _ => new Revocation($"{person.Login}: the one-way feed got another address", [current.Put(person.Id, version), new FeedAddress(person.Id).Put(current.SecretHash), ended]),
        };
    }
}
