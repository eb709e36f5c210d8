using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.Audit;

/// <summary>What was done to an appointment.</summary>
public enum AuditAction
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>A patient appointment was booked.</summary>
    Booked,

    /// <summary>A personal appointment was added.</summary>
    Added,

    /// <summary>Edited.</summary>
    Edited,

    /// <summary>An edit of which something was not taken.</summary>
    EditedInPart,

    /// <summary>Cancelled.</summary>
    Cancelled,

    /// <summary>The patient did not attend.</summary>
    DidNotAttend,

    /// <summary>Removed outside, kept in the diary (R6).</summary>
    KeptInDiary,

    /// <summary>Put back.</summary>
    Restored,

    /// <summary>Deleted for good.</summary>
    Deleted,

    /// <summary>A personal appointment became a patient appointment (R4).</summary>
    Converted,

    /// <summary>A series was split in two.</summary>
    Split,

    /// <summary>An invoice was linked or unlinked.</summary>
    InvoiceLinked,

    /// <summary>An invoice was unlinked.</summary>
    InvoiceUnlinked,

    /// <summary>A clinical note was linked.</summary>
    NoteLinked,

    /// <summary>A clinical note was unlinked.</summary>
    NoteUnlinked,

    /// <summary>It is served outside from now on (R5).</summary>
    Published,
}

/// <summary>One line of the history: who did what to which appointment. No content, ever.</summary>
/// <param name="At">When.</param>
/// <param name="Who">The person, device or link.</param>
/// <param name="Action">What.</param>
/// <param name="AppointmentId">The appointment's UID.</param>
/// <param name="Occurrence">The occurrence concerned, in the series' own local time, or null for the whole.</param>
public sealed record AuditEntry(Instant At, string Who, AuditAction Action, string AppointmentId, LocalDateTime? Occurrence = null)
{
    internal const string RecordKind = "audit";

    private static long _lines;

    /// <summary>
    /// The step that appends the line: its id sorts by time, lines of one moment by the order of their making, and an existing line is
    /// never replaced.
    /// </summary>
    internal StoreOperation Append(string practitionerId)
    {
        var line = Interlocked.Increment(ref _lines);
        var random = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var id = string.Create(CultureInfo.InvariantCulture, $"{At.ToUnixTimeTicks():d19}-{line:x12}-{random}");
        return new PutRecord(RecordKind, practitionerId, id, JsonSerializer.SerializeToUtf8Bytes(this, PracticeJson.Default.AuditEntry), 0);
    }

    internal static AuditEntry Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.AuditEntry) ?? throw new JsonException("A line of the history is empty.");
}
