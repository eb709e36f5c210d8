using System.Text.Json;
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

/// <summary>One line of a practice group's ledger. Lines are added and never changed.</summary>
/// <param name="Number">Counts from 1 without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Amount">What came (positive) or went (negative).</param>
/// <param name="Balance">What there is after it; never negative.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">The id of the person who did it; null for whoever runs the server, and for a renewal.</param>
public sealed record CreditLine(long Number, Instant At, int Amount, long Balance, CreditReason Reason, string? By = null)
{
    /// <summary>Whose subscription it was for, or null.</summary>
    public string? PractitionerId { get; init; }

    /// <summary>The first day that was paid for, or null.</summary>
    public LocalDate? From { get; init; }

    /// <summary>The last day that was paid for, or null.</summary>
    public LocalDate? Through { get; init; }

    /// <summary>What whoever added credits wrote, or null.</summary>
    public string? Note { get; init; }
}

/// <summary>The ledger of a practice group. Whoever appends names the line before: two who read the same balance cannot both spend it.</summary>
internal static class CreditLedger
{
    private const string RecordKind = "credit-line";

    public static async ValueTask<IReadOnlyList<CreditLine>> ListAsync(IStoreSnapshot snapshot, string practiceId)
    {
        var records = await snapshot.ListRecordsAsync(RecordKind, practiceId);
        return [.. records.Select(record => JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.CreditLine)!)];
    }

    public static async ValueTask<CreditLine?> FindLastAsync(IStoreSnapshot snapshot, string practiceId)
    {
        var lines = await ListAsync(snapshot, practiceId);
        return lines.Count == 0 ? null : lines[^1];
    }

    /// <summary>The step that appends a line; it fails when there is a line of its number already.</summary>
    public static StoreOperation Append(string practiceId, CreditLine line)
    {
        var id = line.Number.ToString("d12", System.Globalization.CultureInfo.InvariantCulture);
        return new PutRecord(RecordKind, practiceId, id, JsonSerializer.SerializeToUtf8Bytes(line, PracticeJson.Default.CreditLine), 0);
    }
}
