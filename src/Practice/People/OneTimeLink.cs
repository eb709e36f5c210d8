using System.Security.Cryptography;
using NodaTime;

namespace Practice.People;

/// <summary>Why somebody has a one-time link.</summary>
public enum LinkPurpose
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>The password is forgotten.</summary>
    Reset,

    /// <summary>The person was invited and has no password yet.</summary>
    Invitation,
}

/// <summary>A link with which a person sets a password, once.</summary>
/// <param name="Purpose">Why.</param>
/// <param name="Hash">Of the secret in the link.</param>
/// <param name="Until">When it ends by itself.</param>
public sealed record OneTimeLink(LinkPurpose Purpose, string Hash, Instant Until)
{
    private const int Letters = 28;
    private static readonly Duration ResetLasts = Duration.FromHours(1);
    private static readonly Duration InvitationLasts = Duration.FromDays(7);

    /// <summary>A new link and its secret of 140 random bits, which is kept nowhere.</summary>
    public static (OneTimeLink Link, string Secret) Create(LinkPurpose purpose, Instant now)
    {
        var secret = People.Secret.Generate(Letters);
        return (new OneTimeLink(purpose, People.Secret.HashOf(secret), now + (purpose == LinkPurpose.Reset ? ResetLasts : InvitationLasts)), secret);
    }

    /// <summary>Whether a secret is the one in the link.</summary>
    public bool Has(string secret) => CryptographicOperations.FixedTimeEquals(Convert.FromHexString(People.Secret.HashOf(secret)), Convert.FromHexString(Hash));
}
