using Calendaring.Store;
using NodaTime;

namespace Practice.Subscriptions;

/// <summary>
/// When something is to be done for the subscriptions of a practice group: a record that is found when its time has come, whatever else there is. Whatever changes the account makes it due at once, and
/// the renewal says when again.
/// </summary>
internal static class RenewalDue
{
    public const string RecordKind = "renewal";

    public static ValueTask<StoredRecord?> FindAsync(IStoreSnapshot snapshot, string practiceId) => snapshot.FindRecordAsync(RecordKind, practiceId, RecordKind);

    /// <summary>The step that makes it due; with the version of the record as it was read (0: there is none), only when nobody else has changed it since.</summary>
    public static PutRecord Put(string practiceId, Instant due, long? expectedVersion = null) => new(RecordKind, practiceId, RecordKind, "{}"u8.ToArray(), expectedVersion) { Due = due };

    /// <summary>The step that forgets it: there is nothing to renew.</summary>
    public static DeleteRecord Remove(StoredRecord record) => new(RecordKind, record.Owner, RecordKind, record.Version);
}
