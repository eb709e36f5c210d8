using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using ProviderBridge.Sync;

namespace ProviderBridge.Halaxy;

/// <summary>How a practice group's connection to Halaxy stands.</summary>
public enum HalaxyState
{
    /// <summary>The key is good; a person has still to say who is who, and to connect.</summary>
    Proposed,

    /// <summary>Its appointments are mirrored.</summary>
    Active,

    /// <summary>Halaxy does not take the API key, or not any more.</summary>
    KeyRefused,

    /// <summary>The API key may not see what has to be seen.</summary>
    MissingScope,

    /// <summary>Very many appointments would be removed: an administrator is asked first.</summary>
    DeletionsHeld,

    /// <summary>This server can no longer read the API key: it has lost what that was encrypted with.</summary>
    KeyLost,

    /// <summary>It was disconnected. What was mirrored is known still, so that nothing is doubled when it is connected again.</summary>
    Disconnected,
}

/// <summary>A practitioner at a clinic, in Halaxy (PractitionerRole).</summary>
/// <param name="Id">Its id there.</param>
/// <param name="PractitionerId">The practitioner's id there.</param>
/// <param name="Practitioner">The practitioner's name; empty where the key may not see it.</param>
/// <param name="Clinic">The clinic's name; empty where the key may not see it.</param>
public sealed record HalaxyRole(string Id, string PractitionerId, string Practitioner, string Clinic)
{
    /// <summary>Whether the practitioner is archived there, at that clinic.</summary>
    public bool IsArchived { get; init; }
}

/// <summary>Who a practitioner of the practice group is in Halaxy, as a person confirmed it.</summary>
/// <param name="PractitionerId">The practitioner here.</param>
/// <param name="HalaxyPractitionerId">The practitioner there: all of their clinics count.</param>
public sealed record HalaxyMatch(string PractitionerId, string HalaxyPractitionerId);

/// <summary>A type of appointment in Halaxy (HealthcareService).</summary>
/// <param name="Id">Its id there.</param>
/// <param name="Name">Its name.</param>
public sealed record HalaxyService(string Id, string Name)
{
    /// <summary>Whether it is archived there: what was booked as it has its name still, and nothing new is.</summary>
    public bool IsArchived { get; init; }
}

/// <summary>What the administrators of a practice were written to about.</summary>
/// <param name="State">How the connection stood.</param>
/// <param name="At">When.</param>
public sealed record HalaxyNotice(HalaxyState State, Instant At)
{
    /// <summary>Whether it stood otherwise in between.</summary>
    public bool IsOfBefore { get; init; }

    /// <summary>Whether that is told still, and nothing is written: it is about this time, or was today.</summary>
    public bool Covers(HalaxyState state, Instant now) => State == state && (!IsOfBefore || At > now - Duration.FromDays(1));
}

/// <summary>A practice group's connection to its Halaxy account.</summary>
/// <param name="GroupId">The practice group.</param>
/// <param name="Address">The base of the API.</param>
/// <param name="ClientId">The client id of the API key.</param>
/// <param name="ProtectedSecret">The client secret, encrypted; empty when disconnected.</param>
/// <param name="From">Appointments that start before this are not asked for, unless they are changed.</param>
public sealed record HalaxyConnection(string GroupId, Uri Address, string ClientId, string ProtectedSecret, Instant From)
{
    private const string RecordKind = "halaxy-connection";

    /// <summary>How it stands.</summary>
    public HalaxyState State { get; init; }

    /// <summary>Who is who.</summary>
    public IReadOnlyList<HalaxyMatch> Matches { get; init => field = value ?? []; } = [];

    /// <summary>Who somebody was taken for in Halaxy, until somebody else was chosen, or nobody: what is in their diary from then is somebody else's there.</summary>
    public IReadOnlyList<HalaxyMatch> Former { get; init => field = value ?? []; } = [];

    /// <summary>How many accounts the practice had before, of which it is forgotten what was mirrored, or is being forgotten: another one may give other appointments the same ids.</summary>
    public int Account { get; init; }

    /// <summary>Whether it was begun to forget what was mirrored, and that is not finished: until it is, no account can be connected.</summary>
    public bool IsForgetting { get; init; }

    /// <summary>Whether who is who was changed since all was last compared: it is compared from the first day on.</summary>
    public bool ComparesAll { get; init; }

    /// <summary>The practitioners at their clinics, as last read.</summary>
    public IReadOnlyList<HalaxyRole> Roles { get; init => field = value ?? []; } = [];

    /// <summary>The types of appointments, as last read.</summary>
    public IReadOnlyList<HalaxyService> Services { get; init => field = value ?? []; } = [];

    /// <summary>The kinds of resources that the key may not see, as <see cref="HalaxyScope.Resource"/> has them.</summary>
    public IReadOnlyList<string> MissingScopes { get; init => field = value ?? []; } = [];

    /// <summary>Whether Halaxy takes personal appointments from a program, as its API last said (<see cref="HalaxyAbilities"/>).</summary>
    public bool CanCreate { get; init; }

    /// <summary>Whether Halaxy ever took a personal appointment from this server.</summary>
    public bool HasCreated { get; init; }

    /// <summary>How often in a row fewer appointments came than Halaxy said that there are, when all were compared.</summary>
    public int Partial { get; init; }

    /// <summary>How often in a row fewer appointments came than Halaxy said that there are, when it was asked what changed lately.</summary>
    public int PartialPolls { get; init; }

    /// <summary>Whether Halaxy lets a program delete appointments, as its API last said.</summary>
    public bool CanDelete { get; init; }

    /// <summary>What webhooks are known by, encrypted: see <see cref="HalaxyHook"/>.</summary>
    public string ProtectedHook { get; init; } = "";

    /// <summary>Whether webhooks have to have the Authentication Header.</summary>
    public bool AsksHookHeader { get; init; }

    /// <summary>Up to when Halaxy was asked what changed, by its own clock; null before the first import.</summary>
    public Instant? PolledTo { get; init; }

    /// <summary>When everything was last brought to agreement; null for never.</summary>
    public Instant? LastPass { get; init; }

    /// <summary>When all of Halaxy's appointments were last compared; null for never.</summary>
    public Instant? LastCompare { get; init; }

    /// <summary>When all are compared again before their usual time, since not all came that Halaxy said that there are; null when they did.</summary>
    public Instant? CompareAgain { get; init; }

    /// <summary>How far what is too old for the comparisons was looked at; null before it ever was.</summary>
    public HalaxyRound? Older { get; init; }

    /// <summary>When something was last taken from Halaxy; null for never.</summary>
    public Instant? LastIn { get; init; }

    /// <summary>When Halaxy was last told something; null for never.</summary>
    public Instant? LastOut { get; init; }

    /// <summary>Where patients' names were shown then.</summary>
    public IReadOnlyList<HalaxyNameNeed> NameNeeds { get; init => field = value ?? []; } = [];

    /// <summary>Whether names that are to be shown could not be asked for.</summary>
    public bool LacksNames { get; init; }

    /// <summary>Whose these are: they are asked for again, less often the longer it lasts. Empty where that is not known.</summary>
    public IReadOnlyList<HalaxyMissingName> MissingNames { get; init => field = value ?? []; } = [];

    /// <summary>How many appointments of Halaxy are in the diaries of those who are matched.</summary>
    public int Count { get; init; }

    /// <summary>How many of Halaxy's appointments could not be read when all were last compared, and are in no diary.</summary>
    public int Unreadable { get; init; }

    /// <summary>How many appointments wait to be removed until an administrator says so.</summary>
    public int HeldDeletions { get; init; }

    /// <summary>How many of them are somebody else's in Halaxy since who is who was changed, and not deleted there.</summary>
    public int HeldLeaving { get; init; }

    /// <summary>When the earliest of them starts; null when none waits.</summary>
    public Instant? HeldFrom { get; init; }

    /// <summary>How many an administrator has allowed to be removed.</summary>
    public int AllowedDeletions { get; init; }

    /// <summary>What was removed lately because it was deleted in Halaxy.</summary>
    public IReadOnlyList<RecentRemovals> Removed { get; init => field = value ?? []; } = [];

    /// <summary>What administrators were last written to about; null for nothing.</summary>
    public HalaxyNotice? Notice { get; init; }

    /// <summary>The version of the record it was read from; 0 before it is stored.</summary>
    internal long Version { get; init; }

    /// <summary>Who does what is done in Halaxy, for the audit log.</summary>
    internal AuditActor Actor => AuditActor.InHalaxy($"halaxy-{GroupId}");

    /// <summary>Whether the key may see patients.</summary>
    public bool SeesPatients => !MissingScopes.Contains("Patient");

    /// <summary>Whether the diaries mirror Halaxy, even if not at this moment.</summary>
    public bool IsConnected => State is not (HalaxyState.Proposed or HalaxyState.Disconnected);

    /// <summary>Whether nothing is known of any account: what was mirrored is forgotten.</summary>
    public bool IsBlank => ClientId.Length == 0;

    /// <summary>Whether another API key is needed.</summary>
    public bool NeedsKey => State is HalaxyState.KeyRefused or HalaxyState.KeyLost;

    /// <summary>Whether Halaxy is asked, and told.</summary>
    public bool Mirrors => State == HalaxyState.Active;

    /// <summary>Reads the connection of a practice group; null when there never was one.</summary>
    public static async ValueTask<HalaxyConnection?> FindAsync(IStoreSnapshot snapshot, string groupId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, groupId, RecordKind) is { } record ? Read(record) : null;
    }

    /// <summary>All practice groups that have a connection, or had one.</summary>
    public static async ValueTask<IReadOnlyList<string>> ListGroupsAsync(IStoreSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsOfAllAsync(RecordKind)).Select(record => record.Owner)];
    }

    /// <summary>It while it waits for an administrator, who is written to once a day at most for one reason.</summary>
    internal HalaxyConnection Waiting(HalaxyState state) => this with { State = state, Notice = Notice is { } told && told.State == state ? told with { IsOfBefore = true } : null };

    /// <summary>It while what was mirrored is forgotten. What comes after is of another account already, whatever becomes of this.</summary>
    internal HalaxyConnection Forgetting() => this with { IsForgetting = true, Account = Account + 1 };

    /// <summary>It once it is forgotten what was mirrored: any account may be connected.</summary>
    internal HalaxyConnection Forgotten() => new(GroupId, Address, "", "", From) { State = HalaxyState.Disconnected, Account = Account, Version = Version };

    /// <summary>What an appointment of the account is known by in the diaries, by its id there.</summary>
    internal string NameOf(string halaxyId) => Account == 0 ? halaxyId : $"#{Account}|{halaxyId}";

    /// <summary>It after an administrator has said that the deletions which wait are meant: they are looked for again, and done.</summary>
    public HalaxyConnection AllowingDeletions() => this with { State = HalaxyState.Active, AllowedDeletions = HeldDeletions, LastCompare = null, Notice = null };

    /// <summary>It with other people matched. What would leave their diaries and waits is looked for again.</summary>
    internal HalaxyConnection Matching(IReadOnlyList<HalaxyMatch> matches) => this with
    {
        Matches = matches,
        // before anything was mirrored nothing is anybody's
        Former = LastPass is null ? [] : [.. Former.Union(Matches).Except(matches)],
        State = State == HalaxyState.DeletionsHeld && HeldLeaving > 0 ? HalaxyState.Active : State,
        ComparesAll = true,
        LastCompare = null,
    };

    /// <summary>It after what former matches have in Halaxy has left the diaries: of these only people who are archived there count still, whose appointments stay.</summary>
    internal HalaxyConnection Settled() => this with { Former = [.. Former.Where(match => IsArchived(match.HalaxyPractitionerId))] };

    private bool IsArchived(string halaxyPractitionerId) => Roles.Where(role => role.PractitionerId == halaxyPractitionerId).All(role => role.IsArchived);

    /// <summary>It with all of Halaxy's appointments to be compared by the next pass, for deletions that wait as well, and where a box was not ticked.</summary>
    public HalaxyConnection Comparing() => (State is HalaxyState.DeletionsHeld or HalaxyState.MissingScope ? Resuming() : this) with { LastCompare = null };

    /// <summary>It with Halaxy to be asked again: what was not ticked may be ticked now. All is compared: nobody heard what was deleted meanwhile.</summary>
    public HalaxyConnection Resuming() => this with { State = HalaxyState.Active, LastCompare = null, MissingScopes = [.. MissingScopes.Where(resource => !HalaxyScopes.IsNeeded(resource))] };

    /// <summary>The kinds of resources that are needed, and that the key may not see; empty when that is not known.</summary>
    public IEnumerable<string> NeededScopes => MissingScopes.Where(HalaxyScopes.IsNeeded);

    /// <summary>What the key may not see and has to, so that a patient appointment can be booked from here.</summary>
    public IEnumerable<string> BookingScopes => MissingScopes.Where(static resource => resource is "Patient" or "HealthcareService");

    /// <summary>Whose role it is here; null when nobody's.</summary>
    public string? PractitionerOf(string roleId)
    {
        var role = Roles.FirstOrDefault(one => one.Id == roleId);
        return role is null ? null : Matches.FirstOrDefault(match => match.HalaxyPractitionerId == role.PractitionerId)?.PractitionerId;
    }

    /// <summary>Whether a practitioner of the practice group is one of Halaxy's.</summary>
    public bool HasMatch(string practitionerId) => Matches.Any(match => match.PractitionerId == practitionerId);

    /// <summary>Whether a practitioner was taken for somebody else once.</summary>
    public bool WasRematched(string practitionerId) => Former.Any(match => match.PractitionerId == practitionerId);

    /// <summary>Whether a copy leaves its diary, as far as that is known without asking Halaxy: it came while its practitioner was taken for somebody else, who is not archived there.</summary>
    internal bool WouldLeave(HalaxyCopy copy) =>
        Matches.All(match => match.PractitionerId != copy.PractitionerId || match.HalaxyPractitionerId != copy.Person)
        && Former.Any(match => match.PractitionerId == copy.PractitionerId && (copy.Person is null || match.HalaxyPractitionerId == copy.Person) && !IsArchived(match.HalaxyPractitionerId));

    /// <summary>The role, if it is of somebody in Halaxy for whom a practitioner was taken once; otherwise null.</summary>
    public HalaxyRole? FormerRoleOf(string roleId, string practitionerId) =>
        Roles.FirstOrDefault(one => one.Id == roleId) is { } role && Former.Contains(new HalaxyMatch(practitionerId, role.PractitionerId)) ? role : null;

    /// <summary>Whether it is known whose role it is in Halaxy.</summary>
    public bool Knows(string roleId) => Roles.Any(role => role.Id == roleId);

    /// <summary>It without a practitioner who is erased, and without the name that Halaxy has for them.</summary>
    internal HalaxyConnection Without(string practitionerId)
    {
        var there = Matches.Concat(Former).Where(match => match.PractitionerId == practitionerId).Select(match => match.HalaxyPractitionerId).ToList();
        return there.Count == 0 ? this : this with
        {
            Matches = [.. Matches.Where(match => match.PractitionerId != practitionerId)],
            Former = [.. Former.Where(match => match.PractitionerId != practitionerId)],
            NameNeeds = [.. NameNeeds.Where(need => need.PractitionerId != practitionerId)],
            // who else is without a name is found out anew
            MissingNames = [],
            LacksNames = LacksNames && NameNeeds.Any(need => need.PractitionerId != practitionerId),
            Roles = [.. Roles.Select(role => there.Contains(role.PractitionerId) ? role with { Practitioner = "" } : role)],
        };
    }

    /// <summary>It with what was read of who works where. What is not in a list now and was before is known still: appointments may be of it, and a list may not be whole.</summary>
    public HalaxyConnection With(HalaxyCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return this with
        {
            // nor is a name gone which the key may not see any more
            Roles = [.. catalog.Roles.Select(Named), .. Roles.Where(role => catalog.Roles.All(one => one.Id != role.Id))],
            Services = [.. catalog.Services, .. Services.Where(service => catalog.Services.All(one => one.Id != service.Id))],
        };
    }

    /// <summary>It with what the API says that it can do; null: it could not be asked.</summary>
    public HalaxyConnection With(HalaxyAbilities? abilities) => abilities is { } can ? this with { CanCreate = can.CanCreate, CanDelete = can.CanDelete } : this;

    /// <summary>The step that writes it; fails when it was changed since it was read.</summary>
    public StoreOperation Put() => new PutRecord(RecordKind, GroupId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, HalaxyJson.Default.HalaxyConnection), Version);

    /// <summary>The step that fails when it was changed since it was read.</summary>
    public StoreOperation Expect() => new ExpectRecord(RecordKind, GroupId, RecordKind, Version);

    /// <summary>Nothing of it: it holds what opens an account.</summary>
    public override string ToString() => $"the Halaxy connection of {GroupId}";

    private HalaxyRole Named(HalaxyRole role) => Roles.FirstOrDefault(one => one.Id == role.Id) is not { } before ? role : role with
    {
        Practitioner = role.Practitioner.Length > 0 ? role.Practitioner : before.Practitioner,
        Clinic = role.Clinic.Length > 0 ? role.Clinic : before.Clinic,
    };

    private static HalaxyConnection Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, HalaxyJson.Default.HalaxyConnection)! with { Version = record.Version };
}
