using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.Subscriptions;

/// <summary>Says that a renewal is near and the credits for it are not there.</summary>
/// <param name="At">When it was given.</param>
/// <param name="PractitionerId">Whose subscription.</param>
/// <param name="Due">The day of the renewal.</param>
/// <param name="DaysBefore">7 or 1.</param>
/// <param name="Missing">How many credits were missing.</param>
public sealed record CreditNotice(Instant At, string PractitionerId, LocalDate Due, int DaysBefore, long Missing)
{
    internal const string RecordKind = "credit-notice";

    private static readonly int[] Stages = [1, 7];

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

    internal static CreditNotice Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.CreditNotice) ?? throw new JsonException("A notice is empty.");

    internal StoreOperation Put(string practiceId) =>
        new PutRecord(RecordKind, practiceId, Id, JsonSerializer.SerializeToUtf8Bytes(this, PracticeJson.Default.CreditNotice), 0);
}
