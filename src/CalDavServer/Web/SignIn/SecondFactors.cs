using System.Security.Cryptography;
using CalDavServer.Http;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using Practice.Audit;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>The second step of signing in: set up, asked for, turned off. Keys are encrypted wherever they are kept.</summary>
internal sealed class SecondFactors(Accounts accounts, IDataProtectionProvider protection, IClock clock)
{
    private static readonly TimeSpan SetUpLasts = TimeSpan.FromMinutes(30);
    private readonly AttemptLimit _codes = new(clock, 5, Duration.FromMinutes(2));

    /// <summary>A key for a person to set up, and the same encrypted, which the form brings back.</summary>
    public (byte[] Key, string Kept) Begin(string personId)
    {
        var key = RandomNumberGenerator.GetBytes(Totp.KeyBytes);
        return (key, Convert.ToBase64String(SetUp(personId).Protect(key, SetUpLasts)));
    }

    /// <summary>The key that a form brought back; null when it is too old or another person's.</summary>
    public byte[]? Resume(string personId, string kept)
    {
        try
        {
            return SetUp(personId).Unprotect(Convert.FromBase64String(kept));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Turns it on for somebody who has just proved the password, when the code is that of the key: who only finds an open browser must not keep its owner out. Every other browser is signed out: who came in with
    /// the password alone is not left in. The recovery codes, to be shown once; null when the code is wrong or it is on already.
    /// </summary>
    public async Task<IReadOnlyList<string>?> TurnOnAsync(Person me, Account proved, byte[] key, string code)
    {
        var now = clock.GetCurrentInstant();
        if (Totp.FindStep(key, code, now, 0) is not { } step) return null;
        return await TurnOnAsync(me, account => account.PasswordHash == proved.PasswordHash, Convert.ToBase64String(Keys(me.Principal.Id).Protect(key)), step);
    }

    /// <summary>Turns it on without an app, for somebody who has a passkey and has confirmed who they are: the passkey is the second step. The recovery codes, to be shown once; null when it is on already.</summary>
    public Task<IReadOnlyList<string>?> TurnOnWithPasskeyAsync(Person me, Account proved) =>
        TurnOnAsync(me, account => account.HasPasskeys && account.PasswordHash == proved.PasswordHash, "", 0);

    /// <summary>Turns it off.</summary>
    /// <param name="me">Whose.</param>
    /// <param name="prove">The account after what the person proved who they are with was taken (<see cref="PasswordAndCode"/>, or a passkey); null when it is not right.</param>
    public Task<bool> TurnOffAsync(Person me, Func<Account, Account?> prove) =>
        ChangeAsync(me, AuditAction.SecondFactorOff, account => prove(account) is { SecondFactor: not null } taken ? taken with { SecondFactor = null } : null);

    /// <summary>New recovery codes, to be shown once; the ones before open nothing. Null when what was proved is not right.</summary>
    /// <param name="me">Whose.</param>
    /// <param name="prove">As in <see cref="TurnOffAsync"/>.</param>
    public async Task<IReadOnlyList<string>?> RenewCodesAsync(Person me, Func<Account, Account?> prove)
    {
        var recovery = SecondFactor.NewRecoveryCodes();
        var done = await ChangeAsync(
            me,
            AuditAction.RecoveryCodesMade,
            account => prove(account) is { SecondFactor: { } factor } taken ? taken with { SecondFactor = factor with { RecoveryHashes = SecondFactor.HashesOf(recovery) } } : null);
        return done ? recovery : null;
    }

    /// <summary>What the account becomes when its person has just proved the password and typed a code.</summary>
    public Func<Account, Account?> PasswordAndCode(string personId, Account proved, string code)
    {
        var now = clock.GetCurrentInstant();
        return account => account.PasswordHash == proved.PasswordHash && Take(personId, account, code, now) is { } left ? account with { SecondFactor = left } : null;
    }

    /// <summary>Counts a try at a code. 0: go on; otherwise the seconds to wait.</summary>
    public int BeginTry(string personId) => _codes.Begin(personId);

    /// <summary>Takes a try back that succeeded.</summary>
    public void ForgiveTry(string personId) => _codes.Forgive(personId);

    /// <summary>The second factor after a code was taken; null when the code is wrong, or it is off.</summary>
    public SecondFactor? Take(string personId, Account account, string code, Instant now) => account.SecondFactor?.Take(KeyOf(personId, account.SecondFactor), code, now);

    private async Task<IReadOnlyList<string>?> TurnOnAsync(Person me, Func<Account, bool> isProved, string key, long step)
    {
        var recovery = SecondFactor.NewRecoveryCodes();
        var factor = new SecondFactor(key, clock.GetCurrentInstant(), step, SecondFactor.HashesOf(recovery));
        var done = await ChangeAsync(me, AuditAction.SecondFactorOn, account => isProved(account) && account.SecondFactor is null ? account with { SecondFactor = factor } : null);
        return done ? recovery : null;
    }

    private Task<bool> ChangeAsync(Person me, AuditAction action, Func<Account, Account?> change) => accounts.ChangeAsync(
        me.Principal.Id,
        change,
        async (snapshot, person) =>
        [
            .. action == AuditAction.SecondFactorOn ? await Session.EndAllAsync(snapshot, person.Id, me.SessionId) : [],
            .. PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), me.Actor, action),
        ]);

    private byte[] KeyOf(string personId, SecondFactor factor)
    {
        if (!factor.HasApp) return [];
        try
        {
            return Keys(personId).Unprotect(Convert.FromBase64String(factor.Key));
        }
        catch (CryptographicException)
        {
            // the server's keys are lost: recovery codes still work
            return [];
        }
    }

    private IDataProtector Keys(string personId) => protection.CreateProtector("second-factor", personId);

    private ITimeLimitedDataProtector SetUp(string personId) => protection.CreateProtector("second-factor-set-up", personId).ToTimeLimitedDataProtector();
}
