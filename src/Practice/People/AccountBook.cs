using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;

namespace Practice.People;

/// <summary>
/// The accounts with which people sign in to the pages: found, and changed on what they are when that is written. A change that the store cannot write throws <see cref="StoreException"/>.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class AccountBook(ICalendarStore store, IClock clock)
{
    /// <summary>The account of a person; null when they cannot sign in to the pages.</summary>
    public async Task<Account?> FindAsync(string personId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await Account.FindAsync(snapshot, personId))?.Account;
    }

    /// <summary>The person with a login or e-mail address, and their account where they may come in. It takes the same time when it is nobody.</summary>
    public async Task<(Principal? Person, Account? Account)> FindByLoginAsync(string login, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var person = await SignInName.FindAsync(snapshot, login);
        // of nobody too: it takes its time
        var found = await Account.FindAsync(snapshot, person?.Id ?? "");
        return (person, person is { Deactivated: null } ? found?.Account : null);
    }

    /// <summary>Writes into the audit log that somebody typed a wrong password.</summary>
    public async Task NoteFailedSignInAsync(Principal person)
    {
        var lines = PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), AuditActor.Anonymous, AuditAction.SignInFailed).ToList();
        if (lines.Count > 0) await store.ApplyAsync(new StoreBatch(lines));
    }

    /// <summary>Changes the password of somebody who has just proved it; every other browser is signed out, and links to set a password end.</summary>
    /// <param name="me">Whose.</param>
    /// <param name="proved">The account as they have proved it.</param>
    /// <param name="hash">The hash of the new password, slow and salted.</param>
    /// <param name="end">What they take away with it (<see cref="AccessList"/>).</param>
    /// <returns>Whether it was changed: not when the password is another one in the meantime.</returns>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> ChangePasswordAsync(AccountOwner me, Account proved, string hash, IReadOnlyCollection<string> end)
    {
        ArgumentNullException.ThrowIfNull(me);
        var now = clock.GetCurrentInstant();
        return ChangeAsync(
            me.Person.Id,
            account => account.PasswordHash == proved.PasswordHash ? AccessList.Without(account, end) with { PasswordHash = hash, PasswordSet = now } : null,
            async (snapshot, person) =>
            [
                .. await Session.EndAllAsync(snapshot, person.Id, me.SessionId),
                .. await OneTimeLinks.EndAllAsync(snapshot, person.Id),
                // an address that somebody else asked for must not count after this
                .. await NewAddress.EndLinkAsync(snapshot, person.Id),
                .. await AccessList.EndAsync(snapshot, person, end, me.Actor, now),
                .. PracticeAudit.LinesAbout(person, now, me.Actor, AuditAction.PasswordChanged),
            ]);
    }

    /// <summary>Removes the password of somebody who has passkeys. False when they have none: they could no longer sign in.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> RemovePasswordAsync(AccountOwner me) => ChangeAsync(
        me, AuditAction.PasswordRemoved, account => account is { HasPasskeys: true, PasswordHash: not null } ? account with { PasswordHash = null, PasswordSet = clock.GetCurrentInstant() } : null);

    /// <summary>Changes the account of somebody who does it, with a line of audit. False when <paramref name="change"/> returns null.</summary>
    internal Task<bool> ChangeAsync(AccountOwner me, AuditAction action, Func<Account, Account?> change) =>
        ChangeAsync(me.Person.Id, change, (_, person) => ValueTask.FromResult<IReadOnlyList<StoreOperation>?>([.. PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), me.Actor, action)]));

    /// <summary>
    /// Changes the account of a person on what it is when it is written. False when <paramref name="change"/> returns null, which it does where the account is not as it was when the person proved who they
    /// are, or when <paramref name="alongside"/> does.
    /// </summary>
    /// <param name="personId">Whose.</param>
    /// <param name="change">The account afterwards, or null to leave it.</param>
    /// <param name="alongside">What else is written.</param>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    internal async Task<bool> ChangeAsync(string personId, Func<Account, Account?> change, Func<IStoreSnapshot, Principal, ValueTask<IReadOnlyList<StoreOperation>?>> alongside)
    {
        var changed = await store.ChangeAsync(personId, async snapshot =>
        {
            if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return new Decision<bool>(null, false);
            if (await Account.FindAsync(snapshot, personId) is not var (account, version) || change(account) is not { } after) return new Decision<bool>(null, false);
            return await alongside(snapshot, person) is { } steps ? new Decision<bool>([after.Put(personId, version), .. steps], true) : new Decision<bool>(null, false);
        });
        return changed.Written();
    }
}
