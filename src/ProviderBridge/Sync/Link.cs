using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>Whether a link mirrors.</summary>
public enum LinkState
{
    /// <summary>It mirrors.</summary>
    Active,

    /// <summary>The practitioner has paused it: nothing is read or written until they go on.</summary>
    Paused,

    /// <summary>The account has to be connected again; nothing is lost in the meantime.</summary>
    NeedsReconnecting,

    /// <summary>The calendar was deleted in the account: the practitioner is asked what to do.</summary>
    CalendarGone,

    /// <summary>So many appointments would be deleted at once that a person has to say whether that is meant.</summary>
    DeletesHeld,
}

/// <summary>A practitioner's HX_ calendar mirrored in a calendar of an outside account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PractitionerId">Whose HX_ calendar.</param>
/// <param name="Provider">Which service: <c>google</c>, <c>microsoft</c> or <c>caldav</c>.</param>
/// <param name="Label">What the practitioner calls it.</param>
/// <param name="Level">What the outside calendar is shown.</param>
public sealed record Link(string Id, string PractitionerId, string Provider, string Label, PrivacyLevel Level)
{
    internal const string RecordKind = "link";

    /// <summary>Whether it mirrors. Written always: links are counted by it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public LinkState State { get; init; }

    /// <summary>The outside calendar's id.</summary>
    public string CalendarId { get; init; } = "";

    /// <summary>What it shows of private appointments; null in a link that was made before there was a choice and has not run since: as busy.</summary>
    public PrivateAs? PrivateAs { get; init; }

    /// <summary>What names it among the links of everybody.</summary>
    [JsonIgnore]
    public LinkKey Key => new(PractitionerId, Id);

    /// <summary>The account in which the outside calendar is (<see cref="Accounts.OutsideAccount"/>).</summary>
    [JsonIgnore]
    public AccountKey Account => new(PractitionerId, Id[(Id.LastIndexOf('/') + 1)..]);

    /// <summary>The change number of the HX_ calendar up to which all is mirrored. The one at which the link was made, for a link "from now on"; 0 includes what was there.</summary>
    public long HxCursor { get; init; }

    /// <summary>From which change of the HX_ calendar on the link mirrors at all (docs/rules.md R5); 0 includes what was there before.</summary>
    public long From { get; init; }

    /// <summary>From where the outside calendar's changes are read; null at first.</summary>
    public string? OutsideCursor { get; init; }

    /// <summary>When all that is outside was last listed; null for never.</summary>
    public Instant? LastWhole { get; init; }

    /// <summary>When a pass last came to its end.</summary>
    public Instant? LastPass { get; init; }

    /// <summary>When something that was changed in the practice was last written outside; null for never.</summary>
    public Instant? LastOut { get; init; }

    /// <summary>When something that was changed outside was last taken in; null for never.</summary>
    public Instant? LastIn { get; init; }

    /// <summary>How many appointments it mirrors.</summary>
    public int Count { get; init; }

    /// <summary>How many deletions wait for a person (<see cref="LinkState.DeletesHeld"/>).</summary>
    public int HeldDeletions { get; init; }

    /// <summary>How many deletions a person has allowed after <see cref="LinkState.DeletesHeld"/>, and no more than those; 0 for none.</summary>
    public int AllowedDeletions { get; init; }

    /// <summary>Whether a person wants what was deleted outside to be put back there, after <see cref="LinkState.DeletesHeld"/>.</summary>
    public bool PutsBack { get; init; }

    /// <summary>Appointments that one of the sides did not take, by UID: tried again when they change, and now and then.</summary>
    public IReadOnlyList<string> Quarantined { get; init; } = [];

    /// <summary>Series that are in the outside calendar as single events, by UID.</summary>
    public IReadOnlyList<string> InParts
    {
        get;
        // a link that was written before there was such a list has none
        init => field = value ?? [];
    } = [];

    /// <summary>Those of <see cref="Quarantined"/> that somebody wants to be tried at once.</summary>
    public IReadOnlyList<string> AskedAgain { get; init; } = [];

    /// <summary>At what the service has failed though the calendar answers, by UID, or by the id outside of what is not known yet, with in how many passes in a row. What fails too often is quarantined. Null when there is nothing.</summary>
    public IReadOnlyDictionary<string, int>? Failing { get; init; }

    /// <summary>Since when all that is outside has still to be rewritten, because it is to show something else; null when it shows what it may.</summary>
    public Instant? RewritingSince { get; init; }

    /// <summary>Whether what is outside may still show more than it may since <see cref="RewritingSince"/>: what cannot be rewritten is removed there.</summary>
    public bool IsLowered { get; init; }

    /// <summary>How many appointments were removed in the practice in the last hour without a question: many in small portions are many, too.</summary>
    public IReadOnlyList<RecentRemovals> Removed
    {
        get;
        // a link that was written before there was such a list has none
        init => field = value ?? [];
    } = [];

    /// <summary>The version of the record it was read from; 0 before it is stored.</summary>
    internal long Version { get; init; }

    /// <summary>What names the link to an account. What is kept by it begins with the practitioner's id, and is erased with them.</summary>
    public static LinkKey KeyOf(AccountKey account) => new(account.PractitionerId, $"{account.PractitionerId}/{account.AccountId}");

    /// <summary>Reads a link; null when there is none.</summary>
    public static async ValueTask<Link?> FindAsync(IStoreSnapshot snapshot, LinkKey key)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, key.PractitionerId, key.LinkId) is { } record ? Read(record) : null;
    }

    /// <summary>The links of a practitioner.</summary>
    public static async ValueTask<IReadOnlyList<Link>> ListAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, practitionerId)).Select(Read)];
    }

    /// <summary>All links of everybody. One that cannot be read is left out: it must not hold up those of others.</summary>
    public static async ValueTask<IReadOnlyList<Link>> ListAllAsync(IStoreSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsOfAllAsync(RecordKind)).Select(TryRead).OfType<Link>()];
    }

    /// <summary>The step that writes it; fails when it was changed since it was read.</summary>
    public StoreOperation Put() => new PutRecord(RecordKind, PractitionerId, Id, JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.Link), Version);

    /// <summary>The step that writes it together with an event of its timeline.</summary>
    public async ValueTask<IReadOnlyList<StoreOperation>> PutAsync(IStoreSnapshot snapshot, LinkEvent happened) => [Put(), await LinkTimeline.AddAsync(snapshot, Key, happened)];

    /// <summary>Its last events, oldest first.</summary>
    public ValueTask<IReadOnlyList<LinkEvent>> ReadTimelineAsync(IStoreSnapshot snapshot) => LinkTimeline.ReadAsync(snapshot, Key);

    /// <summary>How many appointments of the practice it is to mirror.</summary>
    public async ValueTask<int> CountDueAsync(IStoreSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (await HxSide.FindCalendarAsync(snapshot, this) is not { } hx) return 0;
        List<ObjectRow> due = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id))
        {
            if (row is { Published: true, Index.Start: not null } && row.Change > From) due.Add(row);
        }

        if (PrivateAs != Sync.PrivateAs.Nothing) return due.Count;
        var withheld = 0;
        foreach (var row in due.Where(row => !HxCalendar.IsPatient(row))) withheld += await IsWithheldAsync(snapshot, hx.Id, row.Name) ? 1 : 0;
        return due.Count - withheld;
    }

    private async ValueTask<bool> IsWithheldAsync(IStoreSnapshot snapshot, long calendar, string name)
    {
        try
        {
            return await snapshot.FindObjectAsync(calendar, name) is { } stored && HxSide.Of(stored, this).IsWithheld;
        }
        catch (CorruptObjectException)
        {
            return false;
        }
    }

    /// <summary>The same link, which compares all there is on both sides again.</summary>
    public Link Resynced() => this with { HxCursor = From, OutsideCursor = null };

    /// <summary>The same link, which shows of private appointments what is chosen now; null when it does so already. What it showed of them is looked at again.</summary>
    public Link? ShowingPrivate(PrivateAs chosen, Instant now)
    {
        if (chosen == (PrivateAs ?? Sync.PrivateAs.Busy)) return null;
        var looks = this with { PrivateAs = chosen, HxCursor = From };
        return chosen == Sync.PrivateAs.Nothing ? looks with { RewritingSince = now, IsLowered = true } : looks;
    }

    /// <summary>The same link, which looks again at what was held back, after <see cref="LinkState.DeletesHeld"/>; null when nothing is.</summary>
    /// <param name="putsBack">Whether what is gone outside is put back there then.</param>
    public Link? Released(bool putsBack) =>
        State == LinkState.DeletesHeld ? Resynced() with { State = LinkState.Active, HeldDeletions = 0, AllowedDeletions = 0, PutsBack = putsBack } : null;

    /// <summary>The step that fails when it was changed since it was read.</summary>
    internal StoreOperation Expect() => new ExpectRecord(RecordKind, PractitionerId, Id, Version);

    /// <summary>Whether a practitioner's calendar is mirrored at all: of somebody without access nothing goes out and nothing comes in.</summary>
    public static async ValueTask<bool> HasAccessAsync(IStoreSnapshot snapshot, string practitionerId, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindPrincipalAsync(practitionerId) is { Deactivated: null } && (await HxAccess.ReadAsync(snapshot, practitionerId, now)).State == HxState.Active;
    }

    /// <summary>The steps that end it, with all that is kept of what it mirrors; they fail when it was changed since it was read. The practice's appointments stay as they are.</summary>
    public async ValueTask<IReadOnlyList<StoreOperation>> EndAsync(IStoreSnapshot snapshot) =>
        [new DeleteRecord(RecordKind, PractitionerId, Id, Version), .. await ForgetAsync(snapshot), .. await Conflict.ForgetAsync(snapshot, this), .. await LinkTimeline.ForgetAsync(snapshot, Key), .. await LinkItem.ForgetGenerationsAsync(snapshot, Key)];

    /// <summary>The steps that forget what it mirrors, but for hashes of what it leaves outside: the next pass begins from nothing.</summary>
    public async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot) =>
        [.. await LeftObject.NoteAsync(snapshot, Key), .. await LinkItem.ForgetAsync(snapshot, Key), .. await LinkLease.BreakAsync(snapshot, Id), .. await LinkChannel.ForgetAsync(snapshot, Key)];

    private static Link? TryRead(StoredRecord record)
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

    private static Link Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.Link)! with { Version = record.Version };
}
