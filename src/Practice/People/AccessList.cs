using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Devices;
using Practice.Feeds;

namespace Practice.People;

/// <summary>What of a person's opens their calendar or account without the password: devices, passkeys, the feed. Who changes the password may take them away with it.</summary>
/// <param name="store">Where it is kept.</param>
/// <param name="clock">The current time.</param>
public sealed class AccessList(ICalendarStore store, IClock clock)
{
    private const string Device = "device ";
    private const string Key = "passkey ";
    private const string FeedId = "feed";
    private static readonly Duration NewFor = Duration.FromDays(30);

    /// <summary>Reads it.</summary>
    public async Task<IReadOnlyList<AccessItem>> ReadAsync(string personId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var since = clock.GetCurrentInstant() - NewFor;
        var items = (await snapshot.ListCredentialsAsync(personId)).Select(device => new AccessItem(Device + device.Id, AccessKind.Device, device.Label, device.Created, device.Created > since)).ToList();
        var account = (await Account.FindAsync(snapshot, personId))?.Account;
        items.AddRange(PasskeysOf(account).Select(passkey => new AccessItem(Key + passkey.Id, AccessKind.Passkey, passkey.Name, passkey.Made, passkey.Made > since)));
        if (await Feed.FindAsync(snapshot, personId) is var (feed, _)) items.Add(new AccessItem(FeedId, AccessKind.Feed, null, feed.Changed, feed.Changed > since));
        return items;
    }

    /// <summary>The account without the passkeys that are taken away.</summary>
    internal static Account Without(Account account, IReadOnlyCollection<string> chosen) =>
        PasskeysOf(account).Count > 0 ? account with { Passkeys = [.. account.Passkeys!.Where(passkey => !chosen.Contains(Key + passkey.Id))] } : account;

    /// <summary>The steps that take the rest away.</summary>
    internal static async ValueTask<IReadOnlyList<StoreOperation>> EndAsync(IStoreSnapshot snapshot, Principal person, IReadOnlyCollection<string> chosen, AuditActor by, Instant now)
    {
        List<StoreOperation> steps = [];
        var devices = (await snapshot.ListCredentialsAsync(person.Id)).Where(device => chosen.Contains(Device + device.Id));
        steps.AddRange(devices.SelectMany(device => DeviceBook.RevokeSteps(person, device, now, by)));
        var passkeys = PasskeysOf((await Account.FindAsync(snapshot, person.Id))?.Account);
        steps.AddRange(passkeys.Where(passkey => chosen.Contains(Key + passkey.Id)).SelectMany(passkey => PracticeAudit.LinesAbout(person, now, by, AuditAction.PasskeyRemoved)));
        if (chosen.Contains(FeedId)) steps.AddRange(await FeedBook.EndAsync(snapshot, person, by, now));
        return steps;
    }

    // Not where a passkey is the only second step: it would be lost with it, and who reads somebody's mailbox could take the step away.
    private static IReadOnlyList<Passkey> PasskeysOf(Account? account) => account is { SecondFactor: not { HasApp: false } } ? account.Passkeys ?? [] : [];
}

/// <summary>What opens an account or a calendar without the password.</summary>
public enum AccessKind
{
    /// <summary>A device, with an app password.</summary>
    Device,

    /// <summary>A passkey.</summary>
    Passkey,

    /// <summary>The one-way calendar feed, with the secret in its address.</summary>
    Feed,
}

/// <summary>Something that opens a person's calendar or account.</summary>
/// <param name="Id">Names it among those of the person.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What the person calls it; null for the feed.</param>
/// <param name="Since">Since when.</param>
/// <param name="IsNew">Whether that is not long ago.</param>
public sealed record AccessItem(string Id, AccessKind Kind, string? Name, Instant Since, bool IsNew);
