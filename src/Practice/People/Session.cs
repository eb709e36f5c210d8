using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.People;

/// <summary>A browser in which somebody is signed in. It ends when its record goes.</summary>
/// <param name="Id">Hash of the secret in the browser's cookie: who has the data, and the keys beside them, cannot make the cookie of it.</param>
/// <param name="Began">When the person signed in.</param>
/// <param name="LastSeen">When it was last used, to within a few minutes.</param>
/// <param name="Address">From where it was last used.</param>
/// <param name="UserAgent">What the browser calls itself.</param>
public sealed record Session(string Id, Instant Began, Instant LastSeen, string? Address, string? UserAgent)
{
    private const string RecordKind = "session";

    /// <summary>The id of the session that has a secret.</summary>
    public static string IdOf(string secret) => Secret.HashOf(secret);

    /// <summary>A session of a person, or null when it has ended.</summary>
    public static async ValueTask<Session?> FindAsync(IStoreSnapshot snapshot, string personId, string id)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, personId, id) is { } record ? Read(record) : null;
    }

    /// <summary>The sessions of a person, the one used last first.</summary>
    public static async ValueTask<IReadOnlyList<Session>> ListAsync(IStoreSnapshot snapshot, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, personId)).Select(Read).OrderByDescending(session => session.LastSeen)];
    }

    /// <summary>The steps that end every session of a person, or every other than one.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAllAsync(IStoreSnapshot snapshot, string personId, string? butId = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var sessions = await snapshot.ListRecordsAsync(RecordKind, personId);
        return [.. sessions.Where(session => session.Id != butId).Select(session => new DeleteRecord(RecordKind, personId, session.Id))];
    }

    /// <summary>The step that begins a session, or notes its use.</summary>
    public StoreOperation Put(string personId) =>
        new PutRecord(RecordKind, personId, Id, JsonSerializer.SerializeToUtf8Bytes(this, PracticeJson.Default.Session));

    /// <summary>The step that ends it.</summary>
    public StoreOperation End(string personId) => new DeleteRecord(RecordKind, personId, Id);

    private static Session Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.Session) ?? throw new JsonException("A session is empty.");
}
