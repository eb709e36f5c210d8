using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;

namespace Practice.Subscriptions;

/// <summary>Why credits came or went.</summary>
public enum CreditReason
{
    /// <summary>Whoever runs the server added them.</summary>
    Added,

    /// <summary>A subscription was bought after its free days, or again.</summary>
    Bought,

    /// <summary>The next period of a subscription.</summary>
    Renewed,
}

/// <summary>One line of a practice group's ledger. Lines are only added, never changed.</summary>
/// <param name="At">When.</param>
/// <param name="Amount">What came (positive) or went (negative).</param>
/// <param name="Balance">What there is after it; never negative.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">The id of the person who did it; null for whoever runs the server, and for a renewal.</param>
public sealed record CreditLine(Instant At, int Amount, long Balance, CreditReason Reason, string? By = null)
{
    /// <summary>Counts from 1 without gaps; given by the store.</summary>
    [JsonIgnore]
    public long Number { get; init; }

    /// <summary>Whose subscription it was for, or null.</summary>
    public string? PractitionerId { get; init; }

    /// <summary>The first day that was paid for, or null.</summary>
    public LocalDate? From { get; init; }

    /// <summary>The last day that was paid for, or null.</summary>
    public LocalDate? Through { get; init; }

    /// <summary>What whoever added credits wrote, or null.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// The ledger of a practice group: a log of the store. Whoever appends names the last line that was read, so that two who read the same
/// balance cannot both spend it.
/// </summary>
internal static class CreditLedger
{
    private const string Log = "credits";

    /// <summary>The last lines, newest first.</summary>
    public static async ValueTask<IReadOnlyList<CreditLine>> ListLastAsync(IStoreSnapshot snapshot, string practiceId, long before, int limit) =>
        [.. (await snapshot.ListLastLinesAsync(Log, practiceId, before, limit)).Select(Read)];

    /// <summary>The last line, or null.</summary>
    public static async ValueTask<CreditLine?> FindLastAsync(IStoreSnapshot snapshot, string practiceId) =>
        await ListLastAsync(snapshot, practiceId, long.MaxValue, 1) is [var last] ? last : null;

    /// <summary>The step that fails when a line was appended after one that was read.</summary>
    public static StoreOperation Expect(string practiceId, long lastNumber) => new ExpectLine(Log, practiceId, lastNumber);

    /// <summary>The step that appends a line.</summary>
    public static StoreOperation Append(string practiceId, CreditLine line) =>
        new AppendLine(Log, practiceId, JsonSerializer.SerializeToUtf8Bytes(line, SubscriptionJson.Default.CreditLine));

    private static CreditLine Read(LogLine line) =>
        JsonSerializer.Deserialize(line.Document.Span, SubscriptionJson.Default.CreditLine)! with { Number = line.Number };
}
