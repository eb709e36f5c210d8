using NodaTime;

namespace Practice.People;

/// <summary>A passkey (WebAuthn) of a person: what the server knows of a key that is on a device or in a password manager, and never leaves it.</summary>
/// <param name="Id">The id of the credential, base64url.</param>
/// <param name="PublicKey">The public key (COSE), base64url.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Made">When it was added.</param>
/// <param name="Counter">How often it has signed, as it last said; 0 for those that do not count.</param>
public sealed record Passkey(string Id, string PublicKey, string Name, Instant Made, uint Counter)
{
    /// <summary>How many a person may have.</summary>
    public const int Most = 20;

    /// <summary>When it was last used; null when never.</summary>
    public Instant? LastUsed { get; init; }
}
