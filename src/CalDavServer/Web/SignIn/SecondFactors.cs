using System.Security.Cryptography;
using CalDavServer.Http;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>The second step of signing in: set up and asked for. Keys are encrypted wherever they are kept, and guesses at codes are slow; the accounts that have it are changed by <see cref="SecondFactorBook"/>.</summary>
internal sealed class SecondFactors(SecondFactorBook book, IDataProtectionProvider protection, IClock clock)
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
        return await book.TurnOnAsync(me.Owner, account => account.PasswordHash == proved.PasswordHash, Convert.ToBase64String(Keys(me.Principal.Id).Protect(key)), step);
    }

    /// <summary>Turns it on without an app, for somebody who has a passkey and has confirmed who they are: the passkey is the second step. The recovery codes, to be shown once; null when it is on already.</summary>
    public Task<IReadOnlyList<string>?> TurnOnWithPasskeyAsync(Person me, Account proved) =>
        book.TurnOnAsync(me.Owner, account => account.HasPasskeys && account.PasswordHash == proved.PasswordHash, "", 0);

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
