using CalDavServer.Access;
using CalDavServer.Http;
using Calendaring.Store;
using NodaTime;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Who signs in with what password, and that guesses are slow. The accounts themselves are in <see cref="AccountBook"/>.</summary>
internal sealed class Accounts(AccountBook book, IClock clock, Passwords passwords, GuessAlarm alarm)
{
    // not that of devices: a phone with an old app password must not keep its owner out of the pages
    private readonly LoginThrottle _throttle = new(clock);
    private readonly AttemptLimit _failuresInAudit = new(clock, 20, Duration.FromMinutes(1));

    /// <summary>The account of a new password.</summary>
    public static Account Create(string password, Instant now) => new(Passwords.Hash(password), now);

    /// <summary>The person with this login or e-mail address and this password. Guesses are slowed.</summary>
    public async Task<PasswordCheck> CheckAsync(string login, string password, HttpContext context)
    {
        var cancelled = context.RequestAborted;
        var (person, account) = await book.FindByLoginAsync(login, cancelled);

        // counted by what was typed and never by whose account it is: a second spelling must not tell that there is one
        var key = LoginName.Canonical(login) ?? "";
        var (origin, isKnown) = OriginOf(context, person, account);
        var verdict = _throttle.Begin(key, origin, isKnown);
        if (verdict.IsCeiling && (isKnown || verdict.Wait > 0) && person is { Deactivated: null }) alarm.Raise(person);
        if (verdict.Wait > 0) return new PasswordCheck(null, null, PasswordComparison.Wrong, verdict.Wait);
        var comparison = await passwords.CompareAsync(account?.PasswordHash, password, origin, isKnown, cancelled);
        if (comparison.IsRight || comparison.IsBusy) _throttle.Forgive(key, origin, isKnown);
        if (comparison.IsRight) return new PasswordCheck(person, account, comparison, 0);
        if (!comparison.IsBusy && person is not null) NoteFailure(person);
        return new PasswordCheck(null, null, comparison, 0);
    }

    /// <summary>
    /// Somebody who is signed in types the password once more. Who has none has confirmed with a passkey that it is them: <see cref="ConfirmationFilter"/> asks for that before.
    /// </summary>
    public async Task<PasswordCheck> CheckAgainAsync(string? password, HttpContext context)
    {
        var me = Person.Of(context);
        var account = await book.FindAsync(me.Principal.Id, context.RequestAborted);
        return account is { PasswordHash: null } && Confirmation.IsRecent(me, clock.GetCurrentInstant())
            ? new PasswordCheck(me.Principal, account, new PasswordComparison(true, false, null), 0)
            : await CheckAsync(me.Principal.Login, password ?? "", context);
    }

    /// <summary>Changes the password of somebody who is signed in and has just proved it; every other browser is signed out. False when the account is another one in the meantime, or too many wait.</summary>
    /// <param name="me">Whose.</param>
    /// <param name="proved">The account as they have proved it.</param>
    /// <param name="password">The new password.</param>
    /// <param name="end">What they take away with it (<see cref="AccessList"/>).</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task<bool> ChangePasswordAsync(Person me, Account proved, string password, IReadOnlyCollection<string> end, CancellationToken cancelled) =>
        await passwords.HashAsync(password, me.SessionId, cancelled) is { } hash && await book.ChangePasswordAsync(me.Owner, proved, hash, end);

    // who is signed in and proves it once more is kept from that by nobody else, wherever they are now
    private static (Origin Origin, bool IsKnown) OriginOf(HttpContext context, Principal? person, Account? account)
    {
        if (person is not null && context.Features.Get<Person>() is { } me && me.Principal.Id == person.Id) return (new Origin(me.SessionId, null), true);
        var origin = Origin.Of(context.Connection.RemoteIpAddress);
        return (origin, account is not null && account.IsKnownPlace(origin.Place));
    }

    // Not waited for: a known login must not take longer than an unknown one. And not without end: who guesses must not fill the disk.
    private void NoteFailure(Principal person)
    {
        if (_failuresInAudit.Begin(person.Id) == 0) _ = Task.Run(() => book.NoteFailedSignInAsync(person));
    }
}

/// <summary>The end of a comparison of login and password.</summary>
/// <param name="Person">Who it is; null when it is nobody.</param>
/// <param name="Account">Their account as it was compared.</param>
/// <param name="Comparison">How it went.</param>
/// <param name="Wait">The seconds to wait when nothing was compared.</param>
internal sealed record PasswordCheck(Principal? Person, Account? Account, PasswordComparison Comparison, int Wait)
{
    /// <summary>What to say to who is not let through.</summary>
    public string Sentence(HttpResponse response, string wrong) =>
        Wait > 0 ? Refusal.TooMany(response, Wait)
        : Comparison.IsBusy ? Refusal.Busy
        : wrong;
}
