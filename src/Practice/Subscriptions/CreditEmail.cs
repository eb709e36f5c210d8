using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;

namespace Practice.Subscriptions;

/// <summary>
/// A notice that is still to be written to a person. It is made with the notice, in one batch, and goes when the mail server has taken it or it no longer has anything to say: so it is written once,
/// whatever stops in the meantime.
/// </summary>
/// <param name="PracticeId">The practice group.</param>
/// <param name="PractitionerId">Whose subscription.</param>
/// <param name="RecipientId">To whom: the practitioner, or an administrator.</param>
/// <param name="Due">The day of the renewal.</param>
/// <param name="DaysBefore">7 or 1; 0 when the subscription has ended.</param>
/// <param name="At">When the notice was given.</param>
public sealed record CreditEmail(string PracticeId, string PractitionerId, [property: JsonPropertyName(CreditEmail.StoredRecipientId)] string RecipientId, LocalDate Due, int DaysBefore, Instant At)
{
    internal const string RecordKind = "credit-email";

    /// <summary>All of them have one owner: they are looked for often, and mostly there are none.</summary>
    internal const string RecordOwner = "emails";

    // as it has been stored since the first e-mails
    private const string StoredRecipientId = "readerId";

    // how long after an end it is still news
    private static readonly Duration EndIsNews = Duration.FromDays(7);
    private static readonly Duration[] Pauses = [Duration.FromMinutes(1), Duration.FromMinutes(5), Duration.FromMinutes(15), Duration.FromHours(1)];
    private static readonly Duration LongestPause = Duration.FromHours(2);

    /// <summary>How often it has been tried.</summary>
    public int Tries { get; init; }

    /// <summary>Not tried again before; null when it has not been tried.</summary>
    public Instant? Next { get; init; }

    /// <summary>Names it.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{PracticeId}/{PractitionerId}/{RecipientId}/{Due:uuuu-MM-dd}/{DaysBefore}");

    /// <summary>Whether a record names a person, damaged or not: no id has a slash in it.</summary>
    internal static bool IsAbout(StoredRecord record, string personId) => record.Id.Split('/').Contains(personId, StringComparer.Ordinal);

    /// <summary>What it becomes when it is tried.</summary>
    internal CreditEmail Try(Instant now) => this with { Tries = Tries + 1, Next = now + (Tries < Pauses.Length ? Pauses[Tries] : LongestPause) };

    /// <summary>Whether it still says what is so: an e-mail that was held up must not ask for credits that have come, or tell of a day that is over.</summary>
    internal bool IsTrue(PracticeAccount account, Standing standing)
    {
        if (account.IsFree || standing is not { IsHere: true, Subscription: { } subscription } || subscription.Ends != Due) return false;
        if (DaysBefore == 0) return subscription.End == SubscriptionEnd.NoCredits && account.Now < At + EndIsNews;
        return subscription.Renews && account.MissingFor(standing) > 0 && account.Now < account.Practice.StartOf(DaysBefore == 1 ? Due : Due.PlusDays(-1));
    }

    internal static CreditEmail? TryRead(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Document.Span, SubscriptionJson.Default.CreditEmail);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal StoreOperation Put(long expectedVersion) =>
        new PutRecord(RecordKind, RecordOwner, Id, JsonSerializer.SerializeToUtf8Bytes(this, SubscriptionJson.Default.CreditEmail), expectedVersion) { Due = Next ?? At };

    internal static StoreOperation Remove(StoredRecord record) => new DeleteRecord(RecordKind, RecordOwner, record.Id, record.Version);
}
