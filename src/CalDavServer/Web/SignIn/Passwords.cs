using CalDavServer.Access;
using CalDavServer.Http;
using Microsoft.AspNetCore.Identity;

namespace CalDavServer.Web.SignIn;

/// <summary>Hashes and compares the passwords of people, slowly, and never so many at once that they take the machine.</summary>
internal sealed class Passwords
{
    private static readonly PasswordHasher<object> Hasher = new();

    // verified against where there is nothing else, so that an unknown login takes the time of a known one
    private static readonly string NobodysHash = Hasher.HashPassword(null!, Guid.NewGuid().ToString());
    private readonly SlowHashes _turns = new();

    /// <summary>The hash of a new password.</summary>
    public static string Hash(string password) => Hasher.HashPassword(null!, AppPassword.Composed(password));

    /// <summary>The hash of a new password when its turn comes, for somebody who has proved who they are; null when too many wait.</summary>
    public async Task<string?> HashAsync(string password, string whose, CancellationToken cancelled) =>
        (await _turns.TakeTurnAsync(() => Hash(password), whose, isKnown: true, cancelled)).Result;

    /// <summary>Compares a password with a hash; with null, takes the time of it and fails.</summary>
    public async Task<PasswordComparison> CompareAsync(string? hash, string password, Origin origin, bool isKnown, CancellationToken cancelled)
    {
        var (ran, comparison) = await _turns.TakeTurnAsync(() => Compare(hash, password), origin.Place, isKnown, cancelled);
        return ran ? comparison : PasswordComparison.Busy;
    }

    private static PasswordComparison Compare(string? hash, string password)
    {
        var composed = AppPassword.Composed(password);
        var result = Hasher.VerifyHashedPassword(null!, hash ?? NobodysHash, composed);
        if (hash is null || result == PasswordVerificationResult.Failed) return PasswordComparison.Wrong;
        // of an earlier, weaker way of hashing
        return new PasswordComparison(true, false, result == PasswordVerificationResult.SuccessRehashNeeded ? Hasher.HashPassword(null!, composed) : null);
    }
}

/// <summary>The end of a comparison.</summary>
/// <param name="IsRight">Whether it was the password.</param>
/// <param name="IsBusy">Whether too many waited, and nothing was compared.</param>
/// <param name="BetterHash">What to keep instead of the hash; null to keep it.</param>
internal readonly record struct PasswordComparison(bool IsRight, bool IsBusy, string? BetterHash)
{
    public static PasswordComparison Wrong => default;

    public static PasswordComparison Busy => new(false, true, null);
}
