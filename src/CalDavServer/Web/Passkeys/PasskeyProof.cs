using NodaTime;
using Practice.People;

namespace CalDavServer.Web.Passkeys;

/// <summary>What came of a passkey that a browser sent.</summary>
/// <param name="PersonId">Whose it is; null when it was not taken.</param>
/// <param name="Before">The passkey as it was verified.</param>
/// <param name="Counter">How often it says that it has signed.</param>
/// <param name="Problem">Why it was not taken, as a sentence.</param>
internal sealed record PasskeyProof(string? PersonId, Passkey? Before, uint Counter, string? Problem)
{
    public static PasskeyProof Refused(string problem) => new(null, null, 0, problem);

    /// <summary>The account after the passkey was used. Null when it has been removed, or used, since it was verified.</summary>
    public Account? Take(Account account, Instant now)
    {
        if (Before is null || account.Passkeys is not { } all) return null;
        var used = all.FirstOrDefault(passkey => passkey.Id == Before.Id && passkey.PublicKey == Before.PublicKey);
        if (used is null || (used.Counter != Before.Counter && used.Counter >= Counter)) return null;
        return account with { Passkeys = [.. all.Select(passkey => passkey == used ? passkey with { Counter = Counter, LastUsed = now } : passkey)] };
    }
}
