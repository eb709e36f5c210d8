using System.Security.Cryptography;
using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.Audit;

/// <summary>
/// Something that was done to a person's account and by which somebody may come in, or who came in may stay: a new device, a feed, a passkey, another password. The person is shown it until they have
/// looked at it, in each browser of theirs but the one in which it was done; so it is seen without a mail server too.
/// </summary>
/// <param name="Action">What.</param>
/// <param name="At">When.</param>
/// <param name="SessionId">The session in which it was done; null when it was not in one of the person's.</param>
/// <param name="Label">What the person calls the device, or null.</param>
/// <param name="About">Id of the other person whom it is about, or null.</param>
public sealed record SecurityEvent(AuditAction Action, Instant At, string? SessionId, string? Label, string? About)
{
    /// <summary>The browser in which it was done (one of <c>SessionBrowser</c>); null when it was not in one of the person's.</summary>
    public string? Browser { get; init; }

    private const string RecordKind = "security-event";
    private const int MostKept = 100;
    private static readonly Duration KeptFor = Duration.FromDays(180);

    /// <summary>Whether an action is one that the person is told of.</summary>
    public static bool IsOne(AuditAction action) => action is
        AuditAction.PasswordChanged or AuditAction.PasswordReset or AuditAction.PasswordRemoved or AuditAction.PasskeyAdded or AuditAction.PasskeyRemoved
        or AuditAction.SecondFactorOn or AuditAction.SecondFactorOff or AuditAction.RecoveryCodesMade or AuditAction.AddressChanged
        or AuditAction.AppPasswordMade or AuditAction.AppPasswordReplaced or AuditAction.AppPasswordLevelChanged or AuditAction.AppPasswordChanged
        or AuditAction.FeedMade or AuditAction.FeedRegenerated or AuditAction.FeedChanged or AuditAction.LinkMade or AuditAction.AdministratorAdded;

    /// <summary>The step that notes it: in the batch of what it tells of. Nothing when the action is none that the person is told of.</summary>
    public static IEnumerable<StoreOperation> Note(string personId, Instant at, AuditActor by, AuditAction action, string? label = null, string? about = null)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!IsOne(action)) return [];
        var isOwn = by.PersonId == personId && by.Via == ActorVia.Web;
        var noted = new SecurityEvent(action, at, isOwn ? by.DeviceId : null, label, about) { Browser = isOwn ? by.Browser : null };
        return [new PutRecord(RecordKind, personId, $"{IdFrom(at)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", JsonSerializer.SerializeToUtf8Bytes(noted, AuditJson.Default.SecurityEvent))];
    }

    /// <summary>What was done since, the latest first.</summary>
    public static async ValueTask<IReadOnlyList<SecurityEvent>> ListAsync(IStoreSnapshot snapshot, string personId, Instant since)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var from = IdFrom(since);
        var records = await snapshot.ListRecordsAsync(RecordKind, personId);
        return [.. records.Where(record => string.CompareOrdinal(record.Id, from) >= 0).OrderByDescending(record => record.Id, StringComparer.Ordinal).Select(Read).Where(noted => noted.At > since)];
    }

    /// <summary>The steps that forget what is too old.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOldAsync(IStoreSnapshot snapshot, string personId, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var oldest = IdFrom(now - KeptFor);
        var records = (await snapshot.ListRecordsAsync(RecordKind, personId)).OrderByDescending(record => record.Id, StringComparer.Ordinal);
        return [.. records.Where((record, place) => place >= MostKept || string.CompareOrdinal(record.Id, oldest) < 0).Select(record => new DeleteRecord(RecordKind, personId, record.Id))];
    }

    private static string IdFrom(Instant at) => at.ToUnixTimeMilliseconds().ToString("D14", System.Globalization.CultureInfo.InvariantCulture);

    private static SecurityEvent Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, AuditJson.Default.SecurityEvent) ?? throw new JsonException("A security event is empty.");
}
