using System.Security.Cryptography;
using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Groups;

namespace Practice.People;

/// <summary>
/// An e-mail address that was given for a person and that nobody has proved: it is shown, and neither signs in nor gets e-mails, until a link that was sent to it has been followed. So it may be somebody else's too, and
/// nobody learns whether it is. There is one at a time.
/// </summary>
/// <param name="Email">The address.</param>
/// <param name="Hash">Of the secret in the link; null when none was sent.</param>
/// <param name="Until">When the link ends.</param>
public sealed record NewAddress(string Email, string? Hash, Instant Until)
{
    private const string RecordKind = "new-address";
    private const int Letters = 28;
    private static readonly Duration Lasts = Duration.FromDays(1);

    /// <summary>A new one and the secret of its link, which is kept nowhere.</summary>
    public static (NewAddress Address, string Secret) Create(string email, Instant now)
    {
        var secret = Secret.Generate(Letters);
        return (new NewAddress(email, Secret.HashOf(secret), now + Lasts), secret);
    }

    /// <summary>The one that a person is to have, with the version of its record; null when there is none.</summary>
    public static async ValueTask<(NewAddress Address, long Version)?> FindAsync(IStoreSnapshot snapshot, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (await snapshot.FindRecordAsync(RecordKind, personId, RecordKind) is not { } record) return null;
        return JsonSerializer.Deserialize(record.Document.Span, PeopleJson.Default.NewAddress) is { } address ? (address, record.Version) : null;
    }

    /// <summary>The steps that forget it when a link was sent to it: the link must no longer work. An address without one stays.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndLinkAsync(IStoreSnapshot snapshot, string personId) =>
        await FindAsync(snapshot, personId) is var (address, version) && address.Hash is not null ? [Delete(personId, version)] : [];

    /// <summary>
    /// The steps for the person's first address when a link was followed whose secret only its mailbox had: it is proved, unless somebody else signs in with it, which is not told here either. With another secret they end
    /// its link.
    /// </summary>
    public static async ValueTask<(string? Proved, IReadOnlyList<StoreOperation> Steps)> FollowAsync(IStoreSnapshot snapshot, Principal person, string secret, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(person);
        if (await FindAsync(snapshot, person.Id) is not var (address, version)) return (null, []);
        if (person.Email is not null || !address.Has(secret, now)) return (null, await EndLinkAsync(snapshot, person.Id));
        if (await SignInName.IsOfAnotherAsync(snapshot, address.Email, person.Id)) return (null, [address.WithoutLink().Put(person.Id, version)]);
        return (address.Email, [await SignInName.ChangeAsync(snapshot), Delete(person.Id, version), new RenamePrincipal(person.Id, person.DisplayName, address.Email)]);
    }

    /// <summary>The step that forgets it; none when there is none.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAsync(IStoreSnapshot snapshot, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, personId, RecordKind) is { } record ? [Delete(personId, record.Version)] : [];
    }

    /// <summary>Whether a secret is the one in the link, and the link still works.</summary>
    public bool Has(string secret, Instant now) =>
        Hash is not null && now < Until && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(Secret.HashOf(secret)), Convert.FromHexString(Hash));

    /// <summary>The step that keeps it, in the place of another.</summary>
    internal StoreOperation Put(string personId, long? expectedVersion = null) =>
        new PutRecord(RecordKind, personId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, PeopleJson.Default.NewAddress), expectedVersion);

    /// <summary>The same with the link of an invitation, which is sent to it.</summary>
    internal NewAddress With(OneTimeLink link) => this with { Hash = link.Hash, Until = link.Until };

    /// <summary>The same when nobody can prove it.</summary>
    internal NewAddress WithoutLink() => this with { Hash = null, Until = default };

    private static DeleteRecord Delete(string personId, long version) => new(RecordKind, personId, RecordKind, version);
}
