using System.Security.Cryptography;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;

namespace Practice.People;

/// <summary>
/// Begins, follows and ends the sessions of browsers. What a browser has of one opens nothing by itself: the session must be in the store. What the store cannot write throws <see cref="StoreException"/>, but for the
/// note of a use.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
/// <param name="accounts">The accounts that they are sessions of.</param>
/// <param name="limits">When they end by themselves.</param>
public sealed class SessionBook(ICalendarStore store, IClock clock, AccountBook accounts, SessionLimits limits)
{
    /// <summary>
    /// Begins a session, whatever the browser had before. <paramref name="prove"/> looks at the account as it is when that is written, and returns null when it is not what the person has proved; then nothing
    /// happens.
    /// </summary>
    /// <param name="personId">Whose.</param>
    /// <param name="place">From where and with what they sign in.</param>
    /// <param name="before">Who was signed in in the browser before, and is signed out with it; or null.</param>
    /// <param name="prove">The account as it is after signing in.</param>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task<BegunSession?> BeginAsync(string personId, BrowserPlace place, AccountOwner? before, Func<Account, Account?> prove)
    {
        ArgumentNullException.ThrowIfNull(place);
        var now = clock.GetCurrentInstant();
        var secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var session = new Session(Session.IdOf(secret), now, now, place.Address, place.UserAgent) { Places = [new SessionPlace(place.Address, place.UserAgent, now, now)] };
        Principal? who = null;
        var begun = await accounts.ChangeAsync(
            personId,
            account =>
            {
                var looked = account.LastSignIn ?? now;
                session = session with { Looked = looked, Browsers = [new SessionBrowser(place.BrowserOf(session.Id), now, looked)] };
                return prove(account) is { } proved ? proved.SignedIn(now, place.Network) : null;
            },
            async (snapshot, person) =>
            {
                who = person;
                var over = (await Session.ListAsync(snapshot, personId)).Where(other => limits.IsOver(other, now) || other.Id == before?.SessionId);
                return
                [
                    session.Put(personId),
                    .. over.Select(other => other.End(personId)),
                    .. PracticeAudit.LinesAbout(person, now, AuditActor.OnPages(person, session.Id), AuditAction.SignedIn),
                    .. before is null || before.Person.Id == personId ? [] : await EndStepsAsync(snapshot, before, before.SessionId, AuditAction.SignedOut),
                ];
            });
        return begun ? new BegunSession(who!, secret) : null;
    }

    /// <summary>
    /// Notes that somebody has proved once more who they are, in one of the browsers of a session. <paramref name="prove"/> looks at the account as it is when that is written, and returns null when it is not what
    /// the person has proved; then nothing happens, and neither when the session has ended.
    /// </summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> ConfirmAsync(SessionKey key, SessionBrowser confirmed, Func<Account, Account?> prove)
    {
        ArgumentNullException.ThrowIfNull(confirmed);
        return accounts.ChangeAsync(key.PersonId, prove, async (snapshot, _) => await Session.FindAsync(snapshot, key) is var (session, version)
            ? [session.With(session.In(confirmed.Id) with { Confirmed = confirmed.Confirmed }).Put(key.PersonId, version)]
            : null);
    }

    /// <summary>Notes that the person has seen, in a browser, what was done to their account so far.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task NoteLookedAsync(SessionKey key, string browserId)
    {
        var now = clock.GetCurrentInstant();
        (await ChangeAsync(key, session => session.With(session.In(browserId) with { Looked = now }))).Written();
    }

    /// <summary>
    /// Notes a use of a session, where there is something to note (<see cref="Session.AfterUse"/>). One that has ended in the meantime does not begin again. A disk that takes no note of it keeps nobody from reading.
    /// </summary>
    public async Task NoteUseAsync(string personId, Session session, BrowserPlace place, bool byOpenPage)
    {
        ArgumentNullException.ThrowIfNull(session);
        var now = clock.GetCurrentInstant();
        Session? AfterUse(Session before) => before.AfterUse(place.Address, place.UserAgent, now, byOpenPage);
        if (AfterUse(session) is not null) await ChangeAsync(new SessionKey(personId, session.Id), AfterUse);
    }

    /// <summary>The session that has a secret and lasts, with whose it is; null when it has ended, or the person may no longer come in.</summary>
    public async Task<OpenSession?> FindAsync(string personId, string secret, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return null;
        if (await Session.FindAsync(snapshot, new SessionKey(personId, Session.IdOf(secret))) is not var (session, _) || limits.IsOver(session, clock.GetCurrentInstant())) return null;
        return new OpenSession(person, await PracticeGroup.FindAsync(snapshot, person.GroupId), session);
    }

    /// <summary>The sessions of a person that have not ended, the one used last first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(string personId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var now = clock.GetCurrentInstant();
        return [.. (await Session.ListAsync(snapshot, personId)).Where(session => !limits.IsOver(session, now))];
    }

    /// <summary>Signs the person out where they are.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task SignOutAsync(AccountOwner me)
    {
        ArgumentNullException.ThrowIfNull(me);
        return EndAsync(me, me.SessionId, AuditAction.SignedOut);
    }

    /// <summary>Ends one of the person's sessions; one that has ended already is none.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task EndAsync(AccountOwner me, string sessionId) => EndAsync(me, sessionId, AuditAction.SessionEnded);

    /// <summary>Ends every session of a person but the one in which they do it.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task EndOthersAsync(AccountOwner me)
    {
        ArgumentNullException.ThrowIfNull(me);
        var ended = await store.ChangeAsync(me.Person.Id, async snapshot =>
        {
            var now = clock.GetCurrentInstant();
            var ends = await Session.EndAllAsync(snapshot, me.Person.Id, me.SessionId);
            return new Decision<bool>(ends.Count == 0 ? null : [.. ends.SelectMany(end => PracticeAudit.LinesAbout(me.Person, now, me.Actor, AuditAction.SessionEnded).Prepend(end))], true);
        });
        ended.Written();
    }

    private async Task EndAsync(AccountOwner me, string sessionId, AuditAction action)
    {
        var ended = await store.ChangeAsync(sessionId, async snapshot => await EndStepsAsync(snapshot, me, sessionId, action) is { Count: > 0 } steps ? new Decision<bool>(steps, true) : new Decision<bool>(null, false));
        ended.Written();
    }

    // none when it has ended already: then there is no line of it either
    private async ValueTask<IReadOnlyList<StoreOperation>> EndStepsAsync(IStoreSnapshot snapshot, AccountOwner me, string sessionId, AuditAction action) =>
        await Session.FindAsync(snapshot, new SessionKey(me.Person.Id, sessionId)) is var (session, _)
            ? [session.End(me.Person.Id), .. PracticeAudit.LinesAbout(me.Person, clock.GetCurrentInstant(), me.Actor, action)]
            : [];

    // On what it is when it is written: of two uses at one time both are noted. Not when it was ended in the meantime: that would begin it again
    private async Task<Changed<bool>> ChangeAsync(SessionKey key, Func<Session, Session?> change) =>
        await store.ChangeAsync(key.SessionId, async snapshot =>
            await Session.FindAsync(snapshot, key) is var (session, version) && change(session) is { } changed
                ? new Decision<bool>([changed.Put(key.PersonId, version)], true)
                : new Decision<bool>(null, false));
}
