using CalDavServer.Access;
using Calendaring.Store;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Compares and sets the passwords with which people sign in to the pages.</summary>
internal sealed class Accounts(ICalendarStore store)
{
    /// <summary>The shortest password that is taken, in characters.</summary>
    public const int MinLength = 10;

    private static readonly PasswordHasher<Principal> Hasher = new();

    // verified against where there is nothing else, so that an unknown login takes the time of a known one
    private static readonly string NobodysHash = Hasher.HashPassword(null!, Guid.NewGuid().ToString());

    /// <summary>The account of a new password.</summary>
    public static Account Create(string password, Instant now) => new(Hasher.HashPassword(null!, AppPassword.Composed(password)), now);

    /// <summary>The person with this login and password; null when there is none.</summary>
    public async Task<Principal?> FindAsync(string login, string password)
    {
        var composed = AppPassword.Composed(password);
        Principal? person = null;
        (Account Account, long Version)? account = null;
        if (LoginName.Normalise(login) is { } normalised)
        {
            using var snapshot = await store.OpenSnapshotAsync();
            person = await snapshot.FindPrincipalByLoginAsync(normalised);
            if (person is not null) account = await Account.FindAsync(snapshot, person.Id);
        }

        var result = Hasher.VerifyHashedPassword(null!, account?.Account.PasswordHash ?? NobodysHash, composed);
        return account is null || result == PasswordVerificationResult.Failed || person?.Deactivated is not null ? null : person;
    }
}
