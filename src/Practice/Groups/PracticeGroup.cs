using System.Globalization;
using System.Text.Json;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using NodaTime.TimeZones;

namespace Practice.Groups;

/// <summary>When a practice group is open on one day of the week, in its own time zone.</summary>
/// <param name="Day">The day.</param>
/// <param name="From">Opens.</param>
/// <param name="Until">Closes; exclusive.</param>
public sealed record OpeningHours(IsoDayOfWeek Day, LocalTime From, LocalTime Until);

/// <summary>A practice group: the practitioners and administrators who work under one name, in one time zone.</summary>
/// <param name="Id">Opaque and unique.</param>
/// <param name="Name">The name that its HX_ calendars carry (R2).</param>
/// <param name="ZoneId">IANA time zone.</param>
/// <param name="Hours">Opening hours; empty when they are not kept.</param>
public sealed record PracticeGroup(string Id, string Name, string ZoneId, IReadOnlyList<OpeningHours> Hours)
{
    internal const string RecordKind = "practice";
    internal const string RecordOwner = "practices";

    /// <summary>
    /// Whether two-way sync is a paid add-on here (R7). Otherwise calendars are provided by whoever runs the server, to every practitioner.
    /// </summary>
    public bool Billing { get; init; }

    /// <summary>The payment band; not the practice group's own to choose.</summary>
    public PaymentBand PaymentBand { get; init; }

    /// <summary>Whether its diaries mirror those that it keeps in Halaxy: then that is the truth, and here can be changed only what Halaxy takes.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whose diaries those are, where it is connected; null for everybody's, as it was before that was noted.</summary>
    public IReadOnlyList<string>? ConnectedPractitioners { get; init; }

    /// <summary>Whether a practitioner's diary mirrors that in Halaxy. Of who is nobody there it is the practice's own.</summary>
    public bool IsConnectedFor(string practitionerId) => IsConnected && ConnectedPractitioners?.Contains(practitionerId) != false;

    /// <summary>The time zone.</summary>
    public DateTimeZone Zone() => TimeZoneCatalog.Find(ZoneId) ?? DateTimeZone.Utc;

    /// <summary>The currency of its fees, that of the country its time zone lies in; null where the zone is no country's.</summary>
    public Currency? Currency()
    {
        var place = TzdbDateTimeZoneSource.Default.ZoneLocations?.FirstOrDefault(location => location.ZoneId == Zone().Id);
        try
        {
            return place is null ? null : new Currency(new RegionInfo(place.CountryCode).ISOCurrencySymbol);
        }
        catch (ArgumentException)
        {
            // a country that this machine does not know
            return null;
        }
    }

    /// <summary>When a day begins here. One that a change of the clocks leaves out begins when the next one does.</summary>
    public Instant StartOf(LocalDate day) => Zone().ResolveLocal(day.AtMidnight(), Resolvers.LenientResolver).ToInstant();

    /// <summary>Whether the diary of a practitioner, of whichever practice group, mirrors that in Halaxy (<see cref="IsConnectedFor"/>).</summary>
    public static async ValueTask<bool> MirrorsHalaxyAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var practitioner = await snapshot.FindPrincipalAsync(practitionerId);
        return (await FindAsync(snapshot, practitioner?.GroupId))?.IsConnectedFor(practitionerId) == true;
    }

    /// <summary>The steps that note whether its diaries mirror those in Halaxy (<see cref="IsConnected"/>), and whose do; none where that is noted.</summary>
    /// <param name="snapshot">The store as it is.</param>
    /// <param name="id">The practice group.</param>
    /// <param name="isConnected">Whether it is connected.</param>
    /// <param name="practitioners">Whose diaries mirror Halaxy then; null for everybody's.</param>
    public static async ValueTask<IReadOnlyList<StoreOperation>> SetConnectedAsync(IStoreSnapshot snapshot, string id, bool isConnected, IEnumerable<string>? practitioners = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        List<string>? whose = isConnected && practitioners is not null ? [.. practitioners.Distinct().Order(StringComparer.Ordinal)] : null;
        if (await snapshot.FindRecordAsync(RecordKind, RecordOwner, id) is not { } record || Read(record) is not { } practice || practice.Has(isConnected, whose)) return [];
        return [(practice with { IsConnected = isConnected, ConnectedPractitioners = whose }).Put(record.Version)];
    }

    private bool Has(bool isConnected, IReadOnlyList<string>? whose) =>
        IsConnected == isConnected && (whose is null ? ConnectedPractitioners is null : ConnectedPractitioners?.SequenceEqual(whose) == true);

    internal StoreOperation Put(long expectedVersion) =>
        new PutRecord(RecordKind, RecordOwner, Id, JsonSerializer.SerializeToUtf8Bytes(this, GroupJson.Default.PracticeGroup), expectedVersion);

    internal static PracticeGroup Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, GroupJson.Default.PracticeGroup)
        ?? throw new JsonException("A practice group's document is empty.");

    /// <summary>Reads one; null when it is damaged.</summary>
    internal static PracticeGroup? TryRead(StoredRecord record)
    {
        try
        {
            return Read(record);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A practice group by its id, or null.</summary>
    public static async ValueTask<PracticeGroup?> FindAsync(IStoreSnapshot snapshot, string? id)
    {
        if (id is null) return null;
        return await snapshot.FindRecordAsync(RecordKind, RecordOwner, id) is { } record ? Read(record) : null;
    }

    /// <summary>The time zone of a practice group by its id; null when there is no such group, or its document is damaged.</summary>
    public static async ValueTask<DateTimeZone?> FindZoneAsync(IStoreSnapshot snapshot, string? id)
    {
        if (id is null) return null;
        return await snapshot.FindRecordAsync(RecordKind, RecordOwner, id) is { } record ? TryRead(record)?.Zone() : null;
    }
}
