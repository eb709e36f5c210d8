using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.Subscriptions;

/// <summary>Says that a renewal is near and the credits for it are not there, or that the subscription has ended for want of them.</summary>
/// <param name="At">When it was given.</param>
/// <param name="PractitionerId">Whose subscription.</param>
/// <param name="Due">The day of the renewal.</param>
/// <param name="DaysBefore">7 or 1; 0 when it has ended.</param>
/// <param name="Missing">How many credits were missing.</param>
public sealed record CreditNotice(Instant At, string PractitionerId, LocalDate Due, int DaysBefore, long Missing)
{
    internal const string RecordKind = "credit-notice";

    private static readonly int[] Stages = [1, 7];

    /// <summary>The notice that a subscription has ended.</summary>
    internal static CreditNotice OfEnd(PracticeAccount account, Standing standing) =>
        new(account.Now, standing.Practitioner.Id, standing.Subscription!.Ends, 0, account.MissingFor(standing));

    /// <summary>Names one notice of one renewal.</summary>
    internal string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{PractitionerId} {Due:uuuu-MM-dd} {DaysBefore}");

    /// <summary>Which notice a day is for: 7, 1, or null when the renewal is far off, or has come.</summary>
    internal static int? StageAt(LocalDate today, LocalDate due)
    {
        var left = Period.DaysBetween(today, due);
        return left < 1 ? null : Stages.Where(stage => left <= stage).Select(stage => (int?)stage).FirstOrDefault();
    }

    /// <summary>When something is to be done for a renewal: the notices, and the day itself.</summary>
    internal static IEnumerable<LocalDate> DaysOf(LocalDate due) => Stages.Select(stage => due.PlusDays(-stage)).Prepend(due);

    /// <summary>Reads one; null when it is damaged: its id says enough not to give it again.</summary>
    internal static CreditNotice? TryRead(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Document.Span, SubscriptionJson.Default.CreditNotice);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a record is of a practitioner's subscription, damaged or not.</summary>
    internal static bool IsOf(StoredRecord record, string practitionerId) =>
        record.Id.Length == practitionerId.Length + " 2026-04-02 7".Length && record.Id.StartsWith(practitionerId + ' ', StringComparison.Ordinal);

    /// <summary>The steps that give it, once: the notice itself, and an e-mail to everybody whom it concerns. None when it has been given.</summary>
    internal IEnumerable<StoreOperation> Give(PracticeAccount account)
    {
        if (account.Given.Contains(Id)) return [];
        var practiceId = account.Practice.Id;
        var put = new PutRecord(RecordKind, practiceId, Id, JsonSerializer.SerializeToUtf8Bytes(this, SubscriptionJson.Default.CreditNotice), 0);
        var recipients = account.Administrators.Where(person => person.Deactivated is null).Select(person => person.Id).Prepend(PractitionerId);
        return [put, .. recipients.Select(recipient => new CreditEmail(practiceId, PractitionerId, recipient, Due, DaysBefore, At).Put(0))];
    }
}
