using System.Text;
using Calendaring.Store;
using NodaTime;
using NodaTime.Text;
using Practice.Audit;
using Practice.Groups;

namespace Practice.People;

/// <summary>The links with which people set a password: made for who forgot it, found, and used once. What the store cannot write throws <see cref="StoreException"/>.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class PasswordLinkBook(ICalendarStore store, IClock clock)
{
    private const string AskedKind = "password-link-asked";

    /// <summary>
    /// Notes that somebody asks for a link, whoever it is: it takes as long for nobody, and where it cannot be written no link can be made either. So they are not told that one is on its way.
    /// </summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task NoteAskedAsync()
    {
        var noted = await store.ChangeAsync(AskedKind, _ => ValueTask.FromResult(
            new Decision<bool>([new PutRecord(AskedKind, AskedKind, AskedKind, Encoding.UTF8.GetBytes(InstantPattern.General.Format(clock.GetCurrentInstant())))], true)));
        noted.Written();
    }

    /// <summary>Who may set a password with a link, and for what it was made; null when it has been used, has ended or never was.</summary>
    public async Task<(Principal Person, LinkPurpose Purpose)?> FindAsync(string personId, string secret, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await FindAsync(snapshot, personId, secret) is var (person, link) ? (person, link.Purpose) : null;
    }

    /// <summary>The person with a login or e-mail address to whom a link can be sent: they may come in and have an address. Null when there is none.</summary>
    public async Task<Principal?> FindRecipientAsync(string login, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await SignInName.FindAsync(snapshot, login) is { Deactivated: null, Email: not null } person ? person : null;
    }

    /// <summary>
    /// Makes a link for somebody who forgot the password: its secret, and the address it is for. Null when there are enough links, or none can be made. Decided on the person as they are when it is written, because a
    /// link must not go to an address that is theirs no more: who changes the address changes the record of links.
    /// </summary>
    /// <param name="asked">The person as they were when the link was asked for.</param>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task<(string Address, string Secret)?> MakeResetAsync(Principal asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Email is { } address && await MakeAsync(asked.Id, person => person.Email == address, AuditActor.Anonymous) is { } secret ? (address, secret) : null;
    }

    /// <summary>Makes a link for whoever runs the server to hand over: its secret; null when there are enough links, or none can be made.</summary>
    /// <param name="personId">For whom.</param>
    /// <param name="by">Who asks for it.</param>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<string?> MakeAsync(string personId, AuditActor by) => MakeAsync(personId, static _ => true, by);

    private async Task<string?> MakeAsync(string personId, Func<Principal, bool> isRight, AuditActor by)
    {
        var made = await store.ChangeAsync(personId, async snapshot =>
        {
            var now = clock.GetCurrentInstant();
            var (links, version) = await OneTimeLinks.ReadAsync(snapshot, personId);
            if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person || !isRight(person) || links.AreEnough(now)) return new Decision<string?>(null, null);
            var (link, secret) = OneTimeLink.Create(LinkPurpose.Reset, now);
            return new Decision<string?>([links.With(link, now).Put(person.Id, version), .. PracticeAudit.LinesAbout(person, now, by, AuditAction.PasswordResetRequested)], secret);
        });
        return made.Written();
    }

    /// <summary>
    /// Sets a password with a link; every link of the person ends, and every browser is signed out. Who has the link is known where it is opened: they can sign in there while others try passwords. Null when the
    /// link has been used or has ended.
    /// </summary>
    /// <param name="personId">Whose.</param>
    /// <param name="secret">The secret in the link.</param>
    /// <param name="hash">The hash of the new password, slow and salted.</param>
    /// <param name="end">What they take away with it (<see cref="AccessList"/>).</param>
    /// <param name="place">The network where it is opened (<see cref="Account.Places"/>).</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task<UsedLink?> UseAsync(string personId, string secret, string hash, IReadOnlyCollection<string> end, string place, CancellationToken cancelled = default)
    {
        var used = await store.ChangeAsync(personId, DecideAsync, cancellationToken: cancelled);
        return used.Written();

        async ValueTask<Decision<UsedLink?>> DecideAsync(IStoreSnapshot snapshot)
        {
            if (await FindAsync(snapshot, personId, secret) is not var (person, link)) return new Decision<UsedLink?>(null, null);
            var now = clock.GetCurrentInstant();
            var account = await Account.FindAsync(snapshot, personId);
            var changed = (account is { } old ? AccessList.Without(old.Account, end) with { PasswordHash = hash, PasswordSet = now } : new Account(hash, now)).WithPlace(place);
            var action = link.Purpose == LinkPurpose.Invitation ? AuditAction.InvitationAccepted : AuditAction.PasswordReset;
            var by = AuditActor.ByLink(person, link.Hash);
            // an address that somebody else asked for must not count after this
            var (proved, address) = await NewAddress.FollowAsync(snapshot, person, secret, now);
            return new Decision<UsedLink?>(
                [
                    .. await OneTimeLinks.EndAllAsync(snapshot, personId),
                    changed.Put(personId, account?.Version ?? 0),
                    .. await Session.EndAllAsync(snapshot, personId),
                    .. address,
                    .. await AccessList.EndAsync(snapshot, person, end, by, now),
                    .. PracticeAudit.LinesAbout(person, now, by, action),
                ],
                new UsedLink(proved ?? person.Email));
        }
    }

    private async ValueTask<(Principal Person, OneTimeLink Link)?> FindAsync(IStoreSnapshot snapshot, string personId, string secret)
    {
        if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return null;
        return (await OneTimeLinks.ReadAsync(snapshot, personId)).Links.Find(secret, clock.GetCurrentInstant()) is { } link ? (person, link) : null;
    }
}

/// <summary>A link with which a password was set.</summary>
/// <param name="Email">The person's e-mail address after that, or null.</param>
public sealed record UsedLink(string? Email);
