using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Feeds;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>What of a person's opens their calendar or account without the password: devices, passkeys, the feed. Who changes the password may take them away with it.</summary>
internal sealed class AccessList(ICalendarStore store, IClock clock)
{
    private const string Device = "device ";
    private const string Key = "passkey ";
    private const string Feed = "feed";
    private static readonly Duration NewFor = Duration.FromDays(30);

    /// <summary>Reads it.</summary>
    public async Task<IReadOnlyList<AccessItem>> ReadAsync(string personId, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var since = clock.GetCurrentInstant() - NewFor;
        var items = (await snapshot.ListCredentialsAsync(personId)).Select(device => new AccessItem(Device + device.Id, device.Label, "a device", device.Created, device.Created > since)).ToList();
        items.AddRange(PasskeysOf((await Account.FindAsync(snapshot, personId))?.Account).Select(passkey => new AccessItem(Key + passkey.Id, passkey.Name, "a passkey", passkey.Made, passkey.Made > since)));
        if (await Practice.Feeds.Feed.FindAsync(snapshot, personId) is var (feed, _)) items.Add(new AccessItem(Feed, "One-way calendar feed", "its address is a secret", feed.Changed, feed.Changed > since));
        return items;
    }

    /// <summary>The account without the passkeys that are taken away.</summary>
    public static Account Without(Account account, IReadOnlyCollection<string> chosen) =>
        PasskeysOf(account).Count > 0 ? account with { Passkeys = [.. account.Passkeys!.Where(passkey => !chosen.Contains(Key + passkey.Id))] } : account;

    /// <summary>The steps that take the rest away.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAsync(IStoreSnapshot snapshot, Principal person, IReadOnlyCollection<string> chosen, AuditActor by, Instant now)
    {
        List<StoreOperation> steps = [];
        foreach (var device in (await snapshot.ListCredentialsAsync(person.Id)).Where(device => chosen.Contains(Device + device.Id)))
            steps.AddRange([new DeleteCredential(person.Id, device.Id), .. PracticeAudit.LinesAbout(person, now, by, AuditAction.AppPasswordRevoked, device.Id, device.Label)]);
        var passkeys = PasskeysOf((await Account.FindAsync(snapshot, person.Id))?.Account);
        steps.AddRange(passkeys.Where(passkey => chosen.Contains(Key + passkey.Id)).SelectMany(passkey => PracticeAudit.LinesAbout(person, now, by, AuditAction.PasskeyRemoved)));
        if (chosen.Contains(Feed)) steps.AddRange(await FeedBook.EndAsync(snapshot, person, by, now));
        return steps;
    }

    /// <summary>What was taken away, as a sentence with a space before it; nothing when nothing was.</summary>
    public static string Ended(IReadOnlyList<AccessItem> before, IReadOnlyCollection<string> chosen)
    {
        var names = before.Where(item => chosen.Contains(item.Id)).Select(item => item.Name).ToList();
        return names.Count == 0 ? "" : $" Access was taken away from: {string.Join(", ", names)}.";
    }

    // Not where a passkey is the only second step: it would be lost with it, and who reads somebody's mailbox could take the step away.
    private static IReadOnlyList<Passkey> PasskeysOf(Account? account) => account is { SecondFactor: not { HasApp: false } } ? account.Passkeys ?? [] : [];
}

/// <summary>Something that opens a person's calendar or account.</summary>
/// <param name="Id">Names it in the form.</param>
/// <param name="Name">What the person calls it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Since">Since when.</param>
/// <param name="IsNew">Whether that is not long ago.</param>
internal sealed record AccessItem(string Id, string Name, string Kind, Instant Since, bool IsNew);
