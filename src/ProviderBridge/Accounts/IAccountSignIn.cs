using NodaTime;

namespace ProviderBridge.Accounts;

/// <summary>What a person has allowed in an account.</summary>
/// <param name="Subject">Names the account for ever.</param>
/// <param name="Email">Its address, for people to know it by.</param>
/// <param name="Secret">What opens it from now on: a refresh token, or a password that was made for this server.</param>
public sealed record AccountGrant(string Subject, string Email, string Secret)
{
    /// <summary>What named the account before, where a service has come to be asked for something else; null where it was always the same.</summary>
    public string? FormerSubject { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(AccountGrant);
}

/// <summary>Access for about an hour.</summary>
/// <param name="Token">The access token.</param>
/// <param name="Lasts">How long it is good.</param>
/// <param name="RefreshToken">What access is renewed with from now on.</param>
public sealed record Access(string Token, Duration Lasts, string RefreshToken)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(Access);
}

/// <summary>Signing in at a service on its own page: the code flow (RFC 6749 §4.1) with PKCE (RFC 7636, S256).</summary>
public interface IAccountSignIn
{
    /// <summary>The name by which accounts of the service are kept.</summary>
    string Provider { get; }

    /// <summary>What people call whoever runs it.</summary>
    string Name { get; }

    /// <summary>The address of the page on which a person allows access, and the secret that proves later who asked.</summary>
    /// <param name="redirect">Where the person comes back to.</param>
    /// <param name="state">What comes back with them.</param>
    /// <param name="email">Which account is meant; null for any.</param>
    (Uri Address, string Verifier) Begin(string redirect, string state, string? email);

    /// <summary>Why a person came back without a code.</summary>
    /// <param name="error">What the service says (RFC 6749 §4.1.2.1); null for nothing.</param>
    /// <param name="description">In its own words; null for none.</param>
    SignInFault FaultOf(string? error, string? description);

    /// <summary>Takes what a person came back with for what they allowed.</summary>
    /// <exception cref="SignInException">They did not allow enough, or the service does not answer.</exception>
    Task<AccountGrant> FinishAsync(string code, string verifier, string redirect, CancellationToken cancellationToken = default);

    /// <summary>Renews access. Null when the account no longer gives any.</summary>
    /// <exception cref="Sync.OutsideException">The service does not answer, or does not know this server.</exception>
    Task<Access?> RefreshAsync(string refreshToken, CancellationToken cancellationToken);

    /// <summary>Gives access back: whatever was allowed to this server in that account ends. False when the service could not be told, or takes nothing back.</summary>
    Task<bool> RevokeAsync(string refreshToken, CancellationToken cancellationToken = default);
}
