using System.Security.Cryptography;
using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.People;

/// <summary>An e-mail address that a person is to have: it counts when the link that was sent to it has been followed. There is one at a time.</summary>
/// <param name="Email">The address.</param>
/// <param name="Hash">Of the secret in the link.</param>
/// <param name="Until">When the link ends.</param>
public sealed record NewAddress(string Email, string Hash, Instant Until)
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
        return JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.NewAddress) is { } address ? (address, record.Version) : null;
    }

    /// <summary>The step that forgets it; none when there is none.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAsync(IStoreSnapshot snapshot, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, personId, RecordKind) is { } record ? [new DeleteRecord(RecordKind, personId, RecordKind, record.Version)] : [];
    }

    /// <summary>Whether a secret is the one in the link, and the link still works.</summary>
    public bool Has(string secret, Instant now) =>
        now < Until && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(Secret.HashOf(secret)), Convert.FromHexString(Hash));

    /// <summary>The step that keeps it, in the place of another.</summary>
    internal StoreOperation Put(string personId) =>
        new PutRecord(RecordKind, personId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, PracticeJson.Default.NewAddress));
}
