using System.Text.Json;
using Calendaring.Store;

namespace ProviderBridge.Halaxy;

/// <summary>Up to which change of each diary Halaxy was told.</summary>
internal static class HalaxyCursor
{
    internal const string RecordKind = "halaxy-cursor";

    /// <summary>Up to which change; null when it was never told.</summary>
    public static async ValueTask<long?> FindAsync(IStoreSnapshot snapshot, string groupId, string practitionerId) =>
        await snapshot.FindRecordAsync(RecordKind, groupId, practitionerId) is { } record ? JsonSerializer.Deserialize<long>(record.Document.Span) : null;

    /// <summary>The step that forgets it; none when there is none.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, string groupId, string practitionerId) =>
        await snapshot.FindRecordAsync(RecordKind, groupId, practitionerId) is { } record ? [new DeleteRecord(RecordKind, groupId, practitionerId, record.Version)] : [];

    /// <summary>The step that writes it.</summary>
    public static StoreOperation Put(string groupId, string practitionerId, long change) => new PutRecord(RecordKind, groupId, practitionerId, JsonSerializer.SerializeToUtf8Bytes(change));
}
