using NodaTime;
using Practice.Audit;

namespace Practice.People;

/// <summary>The second step of signing in: turned on and off, with recovery codes.</summary>
/// <param name="clock">The current time.</param>
/// <param name="accounts">The accounts that have it.</param>
public sealed class SecondFactorBook(IClock clock, AccountBook accounts)
{
    /// <summary>
    /// Turns it on. Every other browser is signed out: who came in with the password alone is not left in. The recovery codes, to be shown once; null when the account is not what was proved, or it is on already.
    /// </summary>
    /// <param name="me">Whose.</param>
    /// <param name="isProved">Whether the account is still what the person has proved.</param>
    /// <param name="key">The key of the app, encrypted; empty where a passkey is the second step.</param>
    /// <param name="step">The time step of the code that was typed to turn it on; 0 for none.</param>
    /// <exception cref="Calendaring.Store.StoreException">It could not be written: nothing was changed.</exception>
    public async Task<IReadOnlyList<string>?> TurnOnAsync(AccountOwner me, Func<Account, bool> isProved, string key, long step)
    {
        ArgumentNullException.ThrowIfNull(me);
        var recovery = SecondFactor.NewRecoveryCodes();
        var factor = new SecondFactor(key, clock.GetCurrentInstant(), step, SecondFactor.HashesOf(recovery));
        var done = await accounts.ChangeAsync(
            me.Person.Id,
            account => isProved(account) && account.SecondFactor is null ? account with { SecondFactor = factor } : null,
            async (snapshot, person) =>
            [
                .. await Session.EndAllAsync(snapshot, person.Id, me.SessionId),
                .. PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), me.Actor, AuditAction.SecondFactorOn),
            ]);
        return done ? recovery : null;
    }

    /// <summary>Turns it off.</summary>
    /// <param name="me">Whose.</param>
    /// <param name="prove">The account after what the person proved who they are with was taken; null when it is not right.</param>
    /// <exception cref="Calendaring.Store.StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> TurnOffAsync(AccountOwner me, Func<Account, Account?> prove) =>
        accounts.ChangeAsync(me, AuditAction.SecondFactorOff, account => prove(account) is { SecondFactor: not null } taken ? taken with { SecondFactor = null } : null);

    /// <summary>New recovery codes, to be shown once; the ones before open nothing. Null when what was proved is not right.</summary>
    /// <param name="me">Whose.</param>
    /// <param name="prove">As in <see cref="TurnOffAsync"/>.</param>
    /// <exception cref="Calendaring.Store.StoreException">It could not be written: nothing was changed.</exception>
    public async Task<IReadOnlyList<string>?> RenewCodesAsync(AccountOwner me, Func<Account, Account?> prove)
    {
        var recovery = SecondFactor.NewRecoveryCodes();
        var done = await accounts.ChangeAsync(
            me,
            AuditAction.RecoveryCodesMade,
            account => prove(account) is { SecondFactor: { } factor } taken ? taken with { SecondFactor = factor with { RecoveryHashes = SecondFactor.HashesOf(recovery) } } : null);
        return done ? recovery : null;
    }
}
