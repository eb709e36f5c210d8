using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.Subscriptions;

namespace Practice.People;

/// <summary>Whether a person may come in.</summary>
public enum AccessState
{
    /// <summary>They have a password for the pages.</summary>
    Active,

    /// <summary>They were invited and have not set a password yet.</summary>
    Invited,

    /// <summary>They have no password for the pages and no invitation; their devices may have app passwords.</summary>
    WithoutPassword,

    /// <summary>Their access was taken away.</summary>
    Deactivated,
}

/// <summary>A person as an administrator of the practice group sees them.</summary>
/// <param name="Principal">The person.</param>
/// <param name="State">Whether they may come in.</param>
/// <param name="LastSeen">When they or one of their devices last came in, to within some minutes; or null.</param>
/// <param name="HasSecondFactor">Whether signing in takes a second step.</param>
/// <param name="InvitedUntil">When their invitation ends, or ended; null without one.</param>
/// <param name="Unproved">An e-mail address that nobody has proved (<see cref="NewAddress"/>); or null.</param>
public sealed record PracticePerson(Principal Principal, AccessState State, Instant? LastSeen, bool HasSecondFactor, Instant? InvitedUntil, string? Unproved);

/// <summary>What an administrator does with the people of their practice group.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class PracticePeople(ICalendarStore store, IClock clock)
{
    /// <summary>The people of a practice group by name.</summary>
    public async Task<IReadOnlyList<PracticePerson>> ListAsync(string practiceId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var people = new List<PracticePerson>();
        foreach (var principal in await snapshot.ListPrincipalsAsync(practiceId)) people.Add(await DescribeAsync(snapshot, principal));
        return [.. people.OrderBy(person => person.Principal.DisplayName, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>One person of a practice group, or of those without one; null when there is none of that id in it.</summary>
    public async Task<PracticePerson?> FindAsync(string? practiceId, string personId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await FindAsync(snapshot, practiceId, personId);
    }

    private static async Task<PracticePerson?> FindAsync(IStoreSnapshot snapshot, string? practiceId, string personId)
    {
        var principal = await snapshot.FindPrincipalAsync(personId);
        return principal?.GroupId == practiceId && principal is not null ? await DescribeAsync(snapshot, principal) : null;
    }

    /// <summary>
    /// Makes a person who sets a password by the link with the secret that is returned. Whether somebody of another practice group has the address makes no difference: it is theirs when the link was followed that was sent to it.
    /// </summary>
    /// <param name="practiceId">The practice group.</param>
    /// <param name="by">Who invites.</param>
    /// <param name="login">The login, which is no e-mail address; one is made when there is none.</param>
    /// <param name="name">The display name.</param>
    /// <param name="email">The e-mail address, or null.</param>
    /// <param name="role">What the person may be.</param>
    /// <param name="sends">Whether the link is sent to the address, and shown to nobody else.</param>
    /// <exception cref="PracticeDirectoryException">Something is missing, not valid or taken.</exception>
    public async Task<(Principal Person, string Secret)> InviteAsync(
        string practiceId, AuditActor by, string? login, string name, string? email, PrincipalRole role, bool sends = false)
    {
        var now = clock.GetCurrentInstant();
        var (link, secret) = OneTimeLink.Create(LinkPurpose.Invitation, now);
        var address = string.IsNullOrWhiteSpace(email) ? null : new NewAddress(email.Trim(), null, default);
        if (address is not null) await CheckColleaguesAsync(practiceId, address.Email);
        IReadOnlyList<Principal> administrators = role == PrincipalRole.Administrator ? await AdministratorsAsync(practiceId) : [];
        var person = await new PracticeDirectory(store, clock).CreatePersonAsync(
            await InvitedLogin.OfAsync(store, login, name),
            name,
            email: null,
            role,
            practiceId,
            alongside: made =>
            [
                new OneTimeLinks([link]).Put(made.Id, expectedVersion: 0),
                .. address is null ? Array.Empty<StoreOperation>() : [(sends ? address.With(link) : address).Put(made.Id)],
                PracticeAudit.Line(practiceId, now, by, AuditAction.Invited, made.Id),
                .. administrators.SelectMany(other => SecurityEvent.Note(other.Id, now, by, AuditAction.AdministratorAdded, about: made.Id)),
            ]);
        return (person, secret);
    }

    /// <summary>Makes another invitation for a person who has no password yet; the one before ends.</summary>
    /// <param name="practiceId">The practice group.</param>
    /// <param name="by">Who invites.</param>
    /// <param name="personId">Whom.</param>
    /// <param name="sends">Whether the link is sent to the person's address, and shown to nobody else.</param>
    /// <exception cref="PracticeDirectoryException">They have a password, or may not come in.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task<string> InviteAgainAsync(string practiceId, AuditActor by, string personId, bool sends = false)
    {
        var now = clock.GetCurrentInstant();
        var (link, secret) = OneTimeLink.Create(LinkPurpose.Invitation, now);
        await ChangeAsync(practiceId, personId, by, AuditAction.Invited, async (snapshot, person) =>
        {
            if (person.State is not (AccessState.Invited or AccessState.WithoutPassword)) throw new PracticeDirectoryException($"{person.Principal.DisplayName} needs no invitation.");
            var (links, version) = await OneTimeLinks.ReadAsync(snapshot, personId);
            // to an address that is proved it goes alone: then it says nothing about another
            var first = person.Principal.Email is null && await NewAddress.FindAsync(snapshot, personId) is var (address, _) ? address : null;
            return [links.With(link, now).Put(personId, version), .. first is null ? Array.Empty<StoreOperation>() : [(sends ? first.With(link) : first.WithoutLink()).Put(personId)]];
        });
        return secret;
    }

    /// <summary>Takes a person's access away at once; what they own stays.</summary>
    /// <exception cref="PracticeDirectoryException">It is the administrator's own, or that of the last administrator.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task DeactivateAsync(string practiceId, AuditActor by, string personId) =>
        ChangeAsync(practiceId, personId, by, AuditAction.Deactivated, async (snapshot, person) =>
        {
            if (personId == by.PersonId) throw new PracticeDirectoryException("You cannot take away your own access. Ask another administrator.");
            if (person.State == AccessState.Deactivated) throw new PracticeDirectoryException($"{person.Principal.DisplayName} already has no access.");
            if (!(await snapshot.ListPrincipalsAsync(practiceId)).Any(other => other is { Role: PrincipalRole.Administrator, Deactivated: null } && other.Id != personId))
                throw new PracticeDirectoryException($"{person.Principal.DisplayName} is the last administrator. Invite another one first.");
            // the account as it is: a sign-in that is under way has its version as precondition, and must not leave a session
            var account = await Account.FindAsync(snapshot, personId) is var (unchanged, version) ? [unchanged.Put(personId, version)] : Array.Empty<StoreOperation>();
            return [new SetDeactivated(personId, clock.GetCurrentInstant()), .. account, .. await Session.EndAllAsync(snapshot, personId)];
        });

    /// <summary>Gives a person's access back: their password and their devices work again.</summary>
    /// <exception cref="PracticeDirectoryException">They have access.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task ReactivateAsync(string practiceId, AuditActor by, string personId) =>
        ChangeAsync(practiceId, personId, by, AuditAction.Reactivated, async (snapshot, person) => person.State == AccessState.Deactivated
            ? [
                new SetDeactivated(personId, null),
                .. await Subscription.EndDueAsync(snapshot, practiceId, personId, clock.GetCurrentInstant()),
                .. person.Principal.Role == PrincipalRole.Administrator ? await NoteAdministratorAsync(snapshot, practiceId, by, personId) : [],
            ]
            : throw new PracticeDirectoryException($"{person.Principal.DisplayName} already has access."));

    /// <summary>Turns off the second step of signing in for a person who has lost the phone and the recovery codes.</summary>
    /// <exception cref="PracticeDirectoryException">It is off, or the administrator's own.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task RemoveSecondFactorAsync(string practiceId, AuditActor by, string personId) =>
        ChangeAsync(practiceId, personId, by, AuditAction.SecondFactorOff, async (snapshot, person) =>
        {
            if (personId == by.PersonId) throw new PracticeDirectoryException("Turn off your own two-step sign-in on your account's page.");
            return await Account.FindAsync(snapshot, personId) is { Account.SecondFactor: not null } found
                ? [(found.Account with { SecondFactor = null }).Put(personId, found.Version), .. SecurityEvent.Note(personId, clock.GetCurrentInstant(), by, AuditAction.SecondFactorOff)]
                : throw new PracticeDirectoryException($"{person.Principal.DisplayName} does not use two-step sign-in.");
        });

    /// <summary>Gives a person another display name and e-mail address, and their calendar the name (R3). Links to set a password that went to another address end.</summary>
    /// <param name="practiceId">The practice group; null for somebody without one.</param>
    /// <param name="by">Who does it: an administrator of the practice group, or the person.</param>
    /// <param name="personId">Whose.</param>
    /// <param name="name">The display name.</param>
    /// <param name="email">The e-mail address, or nothing.</param>
    /// <exception cref="PracticeDirectoryException">There is no name, or somebody else signs in with the address.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task EditAsync(string? practiceId, AuditActor by, string personId, string name, string? email)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (newName, newEmail) = (name.Trim(), string.IsNullOrWhiteSpace(email) ? null : email.Trim());
        if (newName.Length == 0) throw new PracticeDirectoryException("Type the name.");
        if (!NameText.IsWritable(newName)) throw new PracticeDirectoryException(PracticeDirectory.NameNotWritable);
        return ChangeAsync(practiceId, personId, by, AuditAction.PersonChanged, async (snapshot, described) =>
        {
            var person = described.Principal;
            List<StoreOperation> steps = [];
            if (newEmail != person.Email)
            {
                if (newEmail is not null && await SignInName.IsOfAnotherAsync(snapshot, newEmail, personId)) throw PracticeDirectory.AddressTaken(newEmail);
                steps.Add(await SignInName.ChangeAsync(snapshot));
                steps.AddRange(await OneTimeLinks.EndAllAsync(snapshot, personId));
                steps.AddRange(await NewAddress.EndAsync(snapshot, personId));
                steps.AddRange(SecurityEvent.Note(personId, clock.GetCurrentInstant(), by, AuditAction.AddressChanged));
            }

            if (newName != person.DisplayName) steps.AddRange([FormerNames.Keep(person), .. await RenameCalendarsAsync(snapshot, person, newName)]);
            return newName == person.DisplayName && newEmail == person.Email ? [] : [new RenamePrincipal(personId, newName, newEmail), .. steps];
        });
    }

    // who invites sees the list of the practice's people; of others they are told nothing
    private async Task CheckColleaguesAsync(string practiceId, string email)
    {
        var wanted = LoginName.Normalise(email);
        using var snapshot = await store.OpenSnapshotAsync();
        foreach (var colleague in await snapshot.ListPrincipalsAsync(practiceId))
        {
            string?[] theirs = [colleague.Login, colleague.Email, (await NewAddress.FindAsync(snapshot, colleague.Id))?.Address.Email];
            if (theirs.Any(address => address is not null && LoginName.Normalise(address) == wanted)) throw PracticeDirectory.AddressTaken(email);
        }
    }

    /// <summary>The administrators of a practice group who may come in.</summary>
    public async Task<IReadOnlyList<Principal>> AdministratorsAsync(string practiceId)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return await AdministratorsAsync(snapshot, practiceId);
    }

    private static async ValueTask<IReadOnlyList<Principal>> AdministratorsAsync(IStoreSnapshot snapshot, string practiceId) =>
        [.. (await snapshot.ListPrincipalsAsync(practiceId)).Where(person => person is { Role: PrincipalRole.Administrator, Deactivated: null })];

    // they are told of it, each: who took over one account must not make another in silence
    private async ValueTask<IEnumerable<StoreOperation>> NoteAdministratorAsync(IStoreSnapshot snapshot, string practiceId, AuditActor by, string personId) =>
        (await AdministratorsAsync(snapshot, practiceId)).SelectMany(other => SecurityEvent.Note(other.Id, clock.GetCurrentInstant(), by, AuditAction.AdministratorAdded, about: personId));

    private static async ValueTask<IReadOnlyList<StoreOperation>> RenameCalendarsAsync(IStoreSnapshot snapshot, Principal person, string name)
    {
        if (await PracticeGroup.FindAsync(snapshot, person.GroupId) is not { } practice) return [];
        var before = (await snapshot.ListPrincipalsAsync(practice.Id)).Where(other => other.Role == PrincipalRole.Practitioner).ToList();
        return await HxName.RenameAsync(snapshot, practice, before, [.. before.Select(other => other.Id == person.Id ? other with { DisplayName = name } : other)]);
    }

    // Decided on the practice group's people as they are when it is written: who changes access appends to the audit log, and a line that
    // came in between has it decided again.
    private async Task ChangeAsync(
        string? practiceId, string personId, AuditActor by, AuditAction action, Func<IStoreSnapshot, PracticePerson, Task<IReadOnlyList<StoreOperation>>> decide)
    {
        var changed = await store.ChangeAsync(practiceId ?? personId, async snapshot =>
        {
            var person = await FindAsync(snapshot, practiceId, personId) ?? throw new PracticeDirectoryException("This person no longer exists.");
            List<StoreOperation> operations = [.. await decide(snapshot, person)];
            if (operations.Count == 0) return new Decision<bool>(null, true);
            if (practiceId is not null)
            {
                // before what was decided: that may append lines too
                operations.Insert(0, await PracticeAudit.ExpectAsync(snapshot, practiceId));
                operations.Add(PracticeAudit.Line(practiceId, clock.GetCurrentInstant(), by, action, personId));
            }

            return new Decision<bool>(operations, true);
        });
        changed.Written();
    }

    private static async Task<PracticePerson> DescribeAsync(IStoreSnapshot snapshot, Principal principal)
    {
        var account = (await Account.FindAsync(snapshot, principal.Id))?.Account;
        var invitation = (await OneTimeLinks.ReadAsync(snapshot, principal.Id)).Links.Invitation;
        var sessions = await Session.ListAsync(snapshot, principal.Id);
        var credentials = await snapshot.ListCredentialsAsync(principal.Id);
        Instant?[] seen = [account?.LastSignIn, .. sessions.Select(session => (Instant?)session.LastSeen), .. credentials.Select(credential => credential.LastUsed)];
        var state = principal.Deactivated is not null ? AccessState.Deactivated
            : account is not null ? AccessState.Active
            : invitation is not null ? AccessState.Invited
            : AccessState.WithoutPassword;
        return new PracticePerson(principal, state, seen.Max(), account?.SecondFactor is not null, invitation?.Until, (await NewAddress.FindAsync(snapshot, principal.Id))?.Address.Email);
    }
}
