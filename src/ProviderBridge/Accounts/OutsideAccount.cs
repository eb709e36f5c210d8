using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Accounts;

/// <summary>An account of a practitioner in an outside service, in which this server may keep a calendar.</summary>
/// <param name="Id">Its id: the same whenever the same account is connected by the same practitioner.</param>
/// <param name="PractitionerId">Whose.</param>
/// <param name="Provider">Which service: <c>google</c>, <c>microsoft</c> or <c>caldav</c>.</param>
/// <param name="Email">Its address, for people to know it by.</param>
/// <param name="ProtectedSecret">What opens it, encrypted: a refresh token, or a password that was made for this server.</param>
/// <param name="Connected">When it was last connected.</param>
public sealed record OutsideAccount(string Id, string PractitionerId, string Provider, string Email, [property: JsonPropertyName("protectedToken")] string ProtectedSecret, Instant Connected)
{
    private const string RecordKind = "outside-account";

    /// <summary>What names it among the accounts of everybody.</summary>
    [JsonIgnore]
    public AccountKey Key => new(PractitionerId, Id);

    /// <summary>When it was found not to let this server in any more; null while it does.</summary>
    public Instant? LostAt { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public string? LostBecause { get; init; }

    /// <summary>The id that it would have if it were connected for the first time now; null where that is its id.</summary>
    public string? KnownAs { get; init; }

    /// <summary>The version of the record it was read from; 0 before it is stored.</summary>
    internal long Version { get; init; }

    /// <summary>The id of an account: whoever connects it again has the same.</summary>
    public static string IdOf(string provider, string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{provider}|{subject}")).AsSpan(0, 8));

    /// <summary>Whether what a person has allowed is in this account.</summary>
    public bool IsOf(AccountGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var id = IdOf(Provider, grant.Subject);
        return Id == id || KnownAs == id || (grant.FormerSubject is { } former && Id == IdOf(Provider, former));
    }

    /// <summary>Reads an account; null when there is none.</summary>
    public static async ValueTask<OutsideAccount?> FindAsync(IStoreSnapshot snapshot, AccountKey key)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, key.PractitionerId, key.AccountId) is { } record ? Read(record) : null;
    }

    /// <summary>The accounts of a practitioner.</summary>
    public static async ValueTask<IReadOnlyList<OutsideAccount>> ListAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, practitionerId)).Select(Read)];
    }

    /// <summary>Whether somebody else has connected the same account.</summary>
    public static async ValueTask<bool> IsSharedAsync(IStoreSnapshot snapshot, AccountKey key)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return (await snapshot.ListRecordsOfAllAsync(RecordKind)).Any(record => record.Owner != key.PractitionerId && record.Id == key.AccountId);
    }

    /// <summary>The step that writes it; fails when it was changed since it was read.</summary>
    public StoreOperation Put() => new PutRecord(RecordKind, PractitionerId, Id, JsonSerializer.SerializeToUtf8Bytes(this, AccountJson.Default.OutsideAccount), Version);

    /// <summary>The step that forgets it; fails when it was changed since it was read.</summary>
    public StoreOperation Remove() => new DeleteRecord(RecordKind, PractitionerId, Id, Version);

    /// <inheritdoc/>
    public override string ToString() => $"{Provider} account {Id}";

    private static OutsideAccount Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, AccountJson.Default.OutsideAccount)! with { Version = record.Version };
}

/// <summary>How the documents of accounts are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Converters = [typeof(UnixTimeConverter)])]
[JsonSerializable(typeof(OutsideAccount))]
internal sealed partial class AccountJson : JsonSerializerContext;
