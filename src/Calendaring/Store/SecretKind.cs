namespace Calendaring.Store;

/// <summary>How the secret of a <see cref="Credential"/> is kept.</summary>
public enum SecretKind
{
    /// <summary>SHA-256 of a generated secret of at least 128 random bits.</summary>
    Sha256,

    /// <summary>A salted, slow hash: for a password that somebody chose.</summary>
    Slow,
}
