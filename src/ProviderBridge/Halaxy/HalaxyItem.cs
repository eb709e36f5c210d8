using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using Practice;
using Practice.Diaries;
using Practice.Hx;

namespace ProviderBridge.Halaxy;

/// <summary>Where an appointment of Halaxy is in a diary.</summary>
/// <param name="PractitionerId">Whose diary.</param>
/// <param name="Uid">Its UID there.</param>
/// <param name="Name">Its path segment there.</param>
public sealed record HalaxyCopy(string PractitionerId, string Uid, string Name)
{
    /// <summary>What names it among the appointments of all diaries.</summary>
    [JsonIgnore]
    public AppointmentKey Appointment => new(PractitionerId, Uid);

    /// <summary>Whether its practitioner is not matched any more: nothing of it is told to Halaxy or taken from there.</summary>
    public bool IsAside { get; init; }

    /// <summary>What the diary and Halaxy had when they were last compared before that: what either changes meanwhile is seen once the practitioner is matched again. Null while it is not left aside.</summary>
    public HalaxyShown? Left { get; init; }

    /// <summary>Whose it is in Halaxy, where its practitioner was taken for somebody else before; null where they were not, or it is not known.</summary>
    public string? Person { get; init; }
}

/// <summary>What Halaxy was told of an appointment.</summary>
/// <param name="PractitionerId">From whose diary.</param>
/// <param name="Wanted">What it was to have then.</param>
public sealed record HalaxyTold(string PractitionerId, HalaxyShown Wanted);

/// <summary>
/// An appointment of Halaxy that is mirrored. It stays when a practice disconnects, so that nothing is doubled when it connects again.
/// </summary>
/// <param name="GroupId">The practice group.</param>
/// <param name="Id">What Halaxy calls it.</param>
/// <param name="Shown">What Halaxy had when both sides were last compared: what either has otherwise now, it has changed since.</param>
public sealed record HalaxyItem(string GroupId, string Id, [property: JsonPropertyName("compared")] HalaxyShown Shown)
{
    private const string RecordKind = "halaxy-item";
    private const string NameKind = "halaxy-item-name";

    /// <summary>Where it is: in the diary of each practitioner who takes part.</summary>
    public IReadOnlyList<HalaxyCopy> Copies { get; init => field = value ?? []; } = [];

    /// <summary>The practitioners at their clinics who took part before Halaxy was told of a cancellation, until they were seen to take part still; empty when nothing is to be looked at.</summary>
    public IReadOnlyList<string> Roles { get; init => field = value ?? []; } = [];

    /// <summary>What Halaxy was told last, until it was read again: its answer may be lost, and the diary changed meanwhile. Null when it was told nothing.</summary>
    public HalaxyTold? Told { get; init; }

    /// <summary>The patients of a group who had cancelled before nobody came any longer: they do not come when it is put back.</summary>
    public IReadOnlyList<string> Absent { get; init => field = value ?? []; } = [];

    /// <summary>Whether it was deleted in Halaxy.</summary>
    public bool IsGone { get; init; }

    /// <summary>Whether it is in the diary of somebody who is matched, and Halaxy has it still.</summary>
    [JsonIgnore]
    public bool IsMirrored => !IsGone && Copies.Any(copy => !copy.IsAside);

    /// <summary>Whether it is stored as it was once, with all that Halaxy had: it is written anew when it is compared.</summary>
    [JsonIgnore]
    internal bool IsWhole { get; init; }

    /// <summary>The version of the record it was read from; 0 before it is stored.</summary>
    [JsonIgnore]
    internal long Version { get; init; }

    /// <summary>Reads one; null when it is not known.</summary>
    public static async ValueTask<HalaxyItem?> FindAsync(IStoreSnapshot snapshot, string groupId, string id)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, groupId, id) is { } record ? Read(record) : null;
    }

    /// <summary>The items of a practice group after an id (null: from the first), in ordinal order of their ids, at most <paramref name="limit"/>.</summary>
    public static async ValueTask<IReadOnlyList<HalaxyItem>> ListAsync(IStoreSnapshot snapshot, string groupId, string? after = null, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, groupId, after, limit)).Select(Read)];
    }

    /// <summary>What Halaxy calls the appointment that has, or had, a path segment in a diary; null when it has none.</summary>
    public static async ValueTask<string?> FindIdByNameAsync(IStoreSnapshot snapshot, string practitionerId, string name)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(NameKind, practitionerId, name) is { } record ? Encoding.UTF8.GetString(record.Document.Span) : null;
    }

    /// <summary>What Halaxy calls an appointment of a diary, or called it; null when it was never there, or is the practice's own by now.</summary>
    internal static async ValueTask<string?> FindIdAsync(IStoreSnapshot snapshot, AppointmentKey appointment)
    {
        if (await snapshot.FindCollectionAsync(appointment.PractitionerId, HxCalendar.CollectionName) is not { IsHx: true } hx || await snapshot.FindRowByUidAsync(hx.Id, appointment.Uid) is not { } row) return null;
        return Mirroring.HalaxyIdOf(row) ?? await FindIdByNameAsync(snapshot, appointment.PractitionerId, row.Name);
    }

    /// <summary>What Halaxy calls the appointments that are, or were, in a diary.</summary>
    internal static async ValueTask<IEnumerable<string>> ListIdsAsync(IStoreSnapshot snapshot, string practitionerId) =>
        (await snapshot.ListRecordsAsync(NameKind, practitionerId)).Select(record => Encoding.UTF8.GetString(record.Document.Span)).Distinct(StringComparer.Ordinal);

    /// <summary>The UID of an appointment of Halaxy in a diary: the same whenever it is mirrored, and another in each diary.</summary>
    public static string UidOf(string practitionerId, string id) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"halaxy|{practitionerId}|{id}")).AsSpan(0, 16)).ToString();

    /// <summary>The steps that write it in place of what there was; they fail when that has changed since.</summary>
    public IEnumerable<StoreOperation> Put(HalaxyItem? before)
    {
        foreach (var copy in Without(before?.Copies ?? [], Copies)) yield return new DeleteRecord(NameKind, copy.PractitionerId, copy.Name);
        foreach (var copy in Without(Copies, before?.Copies ?? [])) yield return new PutRecord(NameKind, copy.PractitionerId, copy.Name, Encoding.UTF8.GetBytes(Id));
        yield return Put(before?.Version ?? 0);
    }

    /// <summary>The step after which it is known without somebody who is erased, and not at all when it was in no other diary. What is kept by their own id goes with them.</summary>
    internal StoreOperation Without(string practitionerId) =>
        Copies.Where(copy => copy.PractitionerId != practitionerId).ToList() is { Count: > 0 } left ? (this with { Copies = left, Told = Told?.PractitionerId == practitionerId ? null : Told }).Put(Version) : new DeleteRecord(RecordKind, GroupId, Id, Version);

    /// <summary>The step that fails when it was changed since it was read.</summary>
    internal StoreOperation Expect() => new ExpectRecord(RecordKind, GroupId, Id, Version);

    /// <summary>The steps that forget it.</summary>
    public IEnumerable<StoreOperation> Remove()
    {
        foreach (var copy in Copies) yield return new DeleteRecord(NameKind, copy.PractitionerId, copy.Name);
        yield return new DeleteRecord(RecordKind, GroupId, Id, Version);
    }

    /// <summary>Which one it is, and nothing of what it says.</summary>
    public override string ToString() => $"appointment {Id} in Halaxy";

    private static IEnumerable<HalaxyCopy> Without(IReadOnlyList<HalaxyCopy> copies, IReadOnlyList<HalaxyCopy> others) => copies.ExceptBy(others.Select(KeyOf), KeyOf);

    private static (string, string) KeyOf(HalaxyCopy copy) => (copy.PractitionerId, copy.Name);

    private PutRecord Put(long version) => new(RecordKind, GroupId, Id, JsonSerializer.SerializeToUtf8Bytes(this, HalaxyJson.Default.HalaxyItem), version);

    private static HalaxyItem Read(StoredRecord record)
    {
        var item = JsonSerializer.Deserialize(record.Document.Span, HalaxyJson.Default.HalaxyItem)! with { Version = record.Version };
        return item.Shown is not null ? item : item with { Shown = HalaxyShown.Of(JsonSerializer.Deserialize(record.Document.Span, HalaxyJson.Default.HalaxyWholeItem)!.Shown), IsWhole = true };
    }
}
