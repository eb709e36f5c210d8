using System.Text.Json;
using Calendaring.Store;

namespace Practice.Audit;

/// <summary>Up to where in their diary's audit log a practitioner has said that they have seen what was not taken over.</summary>
/// <param name="Through">The number of the last line that was seen.</param>
public sealed record SeenLines(long Through)
{
    private const string RecordKind = "seen-lines";

    /// <summary>What a practitioner has seen.</summary>
    public static async ValueTask<SeenLines> FindAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var record = await snapshot.FindRecordAsync(RecordKind, practitionerId, RecordKind);
        return record is null ? new SeenLines(0) : JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.SeenLines) ?? new SeenLines(0);
    }

    /// <summary>The step that notes it.</summary>
    public StoreOperation Put(string practitionerId) =>
        new PutRecord(RecordKind, practitionerId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, PracticeJson.Default.SeenLines));
}
