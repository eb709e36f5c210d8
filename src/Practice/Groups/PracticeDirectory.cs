using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Groups;

/// <summary>A practice group or person cannot be made; the message is a sentence for whoever asked.</summary>
public sealed class PracticeDirectoryException(string message) : Exception(message)
{
    /// <summary>Whether it tells that a login is that of somebody of another practice group.</summary>
    public bool IsOfAnother { get; init; }
}

/// <summary>Makes practice groups and the people in them, each with the collections that the role has (docs/rules.md R2, R3, R9).</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class PracticeDirectory(ICalendarStore store, IClock clock)
{
    /// <summary>What is said of a name that <see cref="NameText.IsWritable"/> does not take.</summary>
    public const string NameNotWritable = "The name has a character in it that cannot be shown. Type the name again.";

    /// <summary>Makes a practice group.</summary>
    /// <param name="name">Its name; unique.</param>
    /// <param name="zoneId">IANA time zone, or any name that the catalog knows.</param>
    /// <param name="hours">Opening hours, or null.</param>
    /// <param name="billing">Whether two-way sync is a paid add-on here (R7).</param>
    /// <exception cref="PracticeDirectoryException">The name is empty or taken, or the time zone is not known.</exception>
    public async Task<PracticeGroup> CreatePracticeAsync(string name, string zoneId, IReadOnlyList<OpeningHours>? hours = null, bool billing = false)
    {
        name = name.Trim();
        if (PracticeNames.Problem(name) is { } problem) throw new PracticeDirectoryException(problem);
        var zone = TimeZoneCatalog.Find(zoneId)
            ?? throw new PracticeDirectoryException($"'{zoneId}' is not a time zone. Use an IANA name such as Australia/Melbourne.");
        var practice = new PracticeGroup(NewId(), name, zone.Id, hours ?? []) { Billing = billing };
        var changed = await store.ChangeAsync(name, async snapshot =>
        {
            if (Find(await ListPracticesAsync(snapshot), name) is not null) throw new PracticeDirectoryException($"There is a practice group named '{name}' already.");
            // of two practice groups that are given the same name at one time, one is decided again
            return new Decision<bool>([await SignInName.ChangeAsync(snapshot), practice.Put(expectedVersion: 0)], true);
        });
        Check(changed.Failure);
        return practice;
    }

    /// <summary>The people of a practice group by id, also those who no longer have access.</summary>
    public async Task<IReadOnlyList<Principal>> ListPeopleAsync(string practiceId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await snapshot.ListPrincipalsAsync(practiceId);
    }

    /// <summary>A practice group by its id or its name, or null.</summary>
    public async Task<PracticeGroup?> FindPracticeAsync(string idOrName, CancellationToken cancelled = default) => Find(await ListPracticesAsync(cancelled), idOrName);

    /// <summary>All practice groups that can be read, by name.</summary>
    public async Task<IReadOnlyList<PracticeGroup>> ListPracticesAsync(CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await ListPracticesAsync(snapshot);
    }

    /// <summary>
    /// Makes a person: a practitioner with an HX_ calendar and a task list, a user with a calendar and a task list, an administrator with
    /// neither (R9). When a practice group gets its second practitioner, the HX_ calendars of all of them take the practitioner into their
    /// names (R3).
    /// </summary>
    /// <param name="login">Login name.</param>
    /// <param name="name">Display name.</param>
    /// <param name="email">Calendar user address, or null.</param>
    /// <param name="role">What the person may be.</param>
    /// <param name="practiceId">The practice group; required but for a user.</param>
    /// <param name="id">Path segment; random when null.</param>
    /// <param name="alongside">What else is written for the person, in the same transaction; or null.</param>
    /// <exception cref="PracticeDirectoryException">Something is missing, not valid or taken.</exception>
    public async Task<Principal> CreatePersonAsync(
        string login, string name, string? email, PrincipalRole role, string? practiceId, string? id = null, Func<Principal, IEnumerable<StoreOperation>>? alongside = null)
    {
        var person = new Principal(
            Id: string.IsNullOrEmpty(id) ? NewId() : CheckId(id),
            Login: NormaliseLogin(login),
            DisplayName: string.IsNullOrWhiteSpace(name) ? login.Trim() : name.Trim(),
            Email: string.IsNullOrWhiteSpace(email) ? null : email.Trim(),
            Kind: (int)role,
            GroupId: string.IsNullOrEmpty(practiceId) ? null : practiceId);
        if (!NameText.IsWritable(person.DisplayName)) throw new PracticeDirectoryException(NameNotWritable);
        var changed = await store.ChangeAsync(person.Login, async snapshot =>
        {
            var operations = await StepsAsync(snapshot, person);
            if (alongside is not null) operations.AddRange(alongside(person));
            return new Decision<bool>(operations, true);
        });
        Check(changed.Failure);
        return person;
    }

    private static PracticeGroup? Find(IReadOnlyList<PracticeGroup> all, string idOrName) =>
        all.FirstOrDefault(practice => practice.Id == idOrName)
        ?? all.FirstOrDefault(practice => string.Equals(practice.Name, idOrName.Trim(), StringComparison.OrdinalIgnoreCase));

    private static async Task<IReadOnlyList<PracticeGroup>> ListPracticesAsync(IStoreSnapshot snapshot)
    {
        var records = await snapshot.ListRecordsAsync(PracticeGroup.RecordKind, PracticeGroup.RecordOwner);
        return [.. records.Select(PracticeGroup.TryRead).OfType<PracticeGroup>().OrderBy(practice => practice.Name, StringComparer.Ordinal)];
    }

    internal static PracticeDirectoryException AddressTaken(string email) => new($"The e-mail address '{email}' cannot be used. Each person needs one of their own.");

    // decided again when names to sign in with, or the practice group's people, are others by the time that it is written
    private async Task<List<StoreOperation>> StepsAsync(IStoreSnapshot snapshot, Principal person)
    {
        var role = person.Role;
        var practice = await PracticeGroup.FindAsync(snapshot, person.GroupId);
        if (practice is null && person.GroupId is not null)
            throw new PracticeDirectoryException($"There is no practice group '{person.GroupId}'.");
        if (practice is null && role != PrincipalRole.User)
            throw new PracticeDirectoryException("A practitioner or administrator belongs to a practice group: name it.");
        if (await snapshot.FindPrincipalByLoginAsync(person.Login) is { } holder)
            throw new PracticeDirectoryException($"The login '{person.Login}' is taken.") { IsOfAnother = holder.GroupId is null || holder.GroupId != person.GroupId };
        if (person.Email is { } address && await SignInName.IsOfAnotherAsync(snapshot, address, person.Id)) throw AddressTaken(address);
        if (await SignInName.IsOfAnotherAsync(snapshot, person.Login, person.Id))
            throw new PracticeDirectoryException($"'{person.Login}' is the e-mail address with which somebody else signs in. Choose another login.");
        if (await snapshot.FindPrincipalAsync(person.Id) is not null)
            throw new PracticeDirectoryException($"The id '{person.Id}' is taken.");
        List<StoreOperation> operations = [await SignInName.ChangeAsync(snapshot), new CreatePrincipal(person)];
        if (practice is not null) operations.Insert(0, await PracticeAudit.ExpectAsync(snapshot, practice.Id));
        if (role == PrincipalRole.Practitioner) await AddPractitionerAsync(operations, snapshot, person, practice!);
        if (role == PrincipalRole.User) operations.Add(Create(person, "calendar", Collection.OrdinaryKind, "VEVENT", "Calendar"));
        operations.Add(Create(person, "tasks", Collection.OrdinaryKind, "VTODO", "Tasks"));
        return operations;
    }

    private async Task AddPractitionerAsync(List<StoreOperation> operations, IStoreSnapshot snapshot, Principal person, PracticeGroup practice)
    {
        var colleagues = (await snapshot.ListPrincipalsAsync(practice.Id))
            .Where(other => other.Role == PrincipalRole.Practitioner)
            .ToList();
        List<Principal> all = [.. colleagues, person];
        var hx = Create(person, HxCalendar.CollectionName, HxCalendar.Kind, "VEVENT", HxName.Of(practice, person, all));
        operations.Add(practice.Billing ? HxCalendar.Hide(hx) : hx);
        if (practice.Billing) operations.Add(Unbought(practice).Put(person.Id, expectedVersion: 0));
        operations.AddRange(await HxName.RenameAsync(snapshot, practice, colleagues, all));
    }

    // what a new practitioner has where two-way sync is paid for
    private HxAccess Unbought(PracticeGroup practice) =>
        new(HxState.NotStarted) { Until = practice.PaymentBand == PaymentBand.Standard ? clock.GetCurrentInstant() : null };

    private CreateCollection Create(Principal owner, string name, int kind, string component, string displayName) =>
        new(new Collection(
            0, owner.Id, name, kind, [component], "", 0, clock.GetCurrentInstant(), HxName.Properties(displayName)));

    private static void Check(StoreFailure? failure)
    {
        if (failure is null) return;
        throw new PracticeDirectoryException(failure.Kind switch
        {
            StoreFailureKind.NoSpace => "The disk is full: nothing was written.",
            StoreFailureKind.Unavailable => "The disk cannot be written to: nothing was changed.",
            _ => "Somebody else changed the practice group at the same time: try again.",
        });
    }

    private static string NormaliseLogin(string login)
    {
        var normalised = LoginName.Normalise(login) ?? throw new PracticeDirectoryException("A person needs a login, of readable characters.");
        if (normalised.Contains(':', StringComparison.Ordinal)) throw new PracticeDirectoryException("A login cannot have a colon in it (RFC 7617 §2).");
        return normalised;
    }

    private static string CheckId(string id)
    {
        if (id is "." or ".." || id.Any(character => character is '/' or '\\' or '?' or '#' or '%' || char.IsControl(character)))
            throw new PracticeDirectoryException("An id is one path segment: it cannot have '/', '\\', '?', '#', '%' or control characters in it.");
        return id;
    }

    private static string NewId() => Guid.NewGuid().ToString("N");
}
