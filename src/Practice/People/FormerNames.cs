using Calendaring.Store;

namespace Practice.People;

/// <summary>
/// The display names that a person has had. Lines of audit logs name a person by id and by name; the oldest have the name alone, as it was then, and whoever is erased is erased from those too.
/// </summary>
internal static class FormerNames
{
    private const string RecordKind = "former-name";

    /// <summary>The step that keeps the name that a person has.</summary>
    public static StoreOperation Keep(Principal person) => new PutRecord(RecordKind, person.Id, person.DisplayName, "{}"u8.ToArray());

    public static async ValueTask<IReadOnlyList<string>> ListAsync(IStoreSnapshot snapshot, string personId) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, personId)).Select(record => record.Id)];
}
