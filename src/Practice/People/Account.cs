using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;

namespace Practice.People;

/// <summary>How a person signs in to the pages. Devices have app passwords instead.</summary>
/// <param name="PasswordHash">Slow and salted; null for somebody who signs in with passkeys only.</param>
/// <param name="PasswordSet">When the password was set, or removed.</param>
public sealed record Account(string? PasswordHash, Instant PasswordSet)
{
    private const string RecordKind = "account";
    private const int MostPlaces = 20;

    /// <summary>The passkeys, oldest first; null when there never were any.</summary>
    public IReadOnlyList<Passkey>? Passkeys { get; init; }

    /// <summary>Whether there is a passkey to sign in with.</summary>
    [JsonIgnore]
    public bool HasPasskeys => Passkeys is { Count: > 0 };

    /// <summary>The second step of signing in; null when it is off.</summary>
    public SecondFactor? SecondFactor { get; init; }

    /// <summary>When the person last signed in, or null.</summary>
    public Instant? LastSignIn { get; init; }

    /// <summary>From where the person signed in, newest last: attempts from there are never held up by those of strangers. Null for none.</summary>
    public IReadOnlyList<string>? Places { get; init; }

    /// <summary>Whether the person signed in from a place.</summary>
    public bool IsKnownPlace(string place) => Places?.Contains(place) == true;

    /// <summary>The account after the person signed in.</summary>
    public Account SignedIn(Instant now, string place) => WithPlace(place) with { LastSignIn = now };

    /// <summary>The account with a place at which the person proved who they are.</summary>
    public Account WithPlace(string place) => this with { Places = [.. (Places ?? []).Where(other => other != place).TakeLast(MostPlaces - 1), place] };

    /// <summary>The account of a person, with the version of its record; null when the person cannot sign in to the pages.</summary>
    public static async ValueTask<(Account Account, long Version)?> FindAsync(IStoreSnapshot snapshot, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (await snapshot.FindRecordAsync(RecordKind, personId, RecordKind) is not { } record) return null;
        var account = JsonSerializer.Deserialize(record.Document.Span, PeopleJson.Default.Account) ?? throw new JsonException("An account is empty.");
        return (account, record.Version);
    }

    /// <summary>Without a passkey. Null when there is no such, or when the person could no longer sign in.</summary>
    public Account? Without(string passkeyId)
    {
        var left = (Passkeys ?? []).Where(passkey => passkey.Id != passkeyId).ToList();
        if (left.Count == (Passkeys?.Count ?? 0)) return null;
        var opens = left.Count > 0 || (PasswordHash is not null && SecondFactor is not { HasApp: false });
        return opens ? this with { Passkeys = left } : null;
    }

    /// <summary>The step that makes or replaces the account of a person.</summary>
    public StoreOperation Put(string personId, long? expectedVersion = null) =>
        new PutRecord(RecordKind, personId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, PeopleJson.Default.Account), expectedVersion);
}
