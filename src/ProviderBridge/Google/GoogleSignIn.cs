using System.Buffers.Text;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Flows;
using Google.Apis.Auth.OAuth2.Requests;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Apis.Calendar.v3;
using NodaTime;
using ProviderBridge.Accounts;

namespace ProviderBridge.Google;

/// <summary>Signing in at Google by its own library: the code flow (RFC 6749 §4.1) with PKCE (RFC 7636, S256).</summary>
public sealed class GoogleSignIn(GoogleApp app) : IAccountSignIn, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly PkceGoogleAuthorizationCodeFlow _flow = new(new Setup(app));

    /// <inheritdoc/>
    public string Provider => "google";

    /// <inheritdoc/>
    public string Name => "Google";

    /// <inheritdoc/>
    public (Uri Address, string Verifier) Begin(string redirect, string state, string? email)
    {
        var request = (GoogleAuthorizationCodeRequestUrl)_flow.CreateAuthorizationCodeRequest(redirect, out var verifier);
        (request.AccessType, request.State, request.LoginHint) = ("offline", state, email);
        return (request.Build(), verifier);
    }

    /// <inheritdoc/>
    public SignInFault FaultOf(string? error, string? description) => error == "access_denied" ? SignInFault.Denied : SignInFault.Unavailable;

    /// <inheritdoc/>
    public async Task<AccountGrant> FinishAsync(string code, string verifier, string redirect, CancellationToken cancellationToken = default)
    {
        var answer = await AskAsync(
            stop => _flow.ExchangeCodeForTokenAsync("", code, verifier, redirect, stop),
            static (error, failure) => new SignInException(FaultOfAnswer(error), $"Google answered a code with {error}.", failure),
            static failure => new SignInException(SignInFault.Unavailable, "Google's sign-in does not answer.", failure),
            cancellationToken);
        if (!(answer.Scope ?? "").Split(' ').Contains(CalendarService.ScopeConstants.CalendarAppCreated)) throw new SignInException(SignInFault.BoxUnticked, "The calendar was not allowed.");
        if (string.IsNullOrEmpty(answer.RefreshToken)) throw new SignInException(SignInFault.Unavailable, "Google has given no refresh token.");
        var (subject, email) = ReadWho(answer.IdToken);
        return new AccountGrant(subject, email, answer.RefreshToken);
    }

    /// <inheritdoc/>
    public async Task<bool> RevokeAsync(string refreshToken, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await _flow.RevokeTokenAsync("", refreshToken, patience.Token);
            return true;
        }
        catch (TokenResponseException ended) when (ended.Error?.Error == "invalid_token")
        {
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<Access?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(
                stop => _flow.RefreshTokenAsync("", refreshToken, stop),
                static (error, failure) => error == "invalid_grant" ? failure : new Sync.OutsideException(FaultOfAnswer(error) == SignInFault.NotRegistered ? Sync.OutsideFault.NotRegistered : Sync.OutsideFault.Unavailable, $"Google answered a refresh with {error}.", failure),
                static failure => new Sync.OutsideException(Sync.OutsideFault.Unavailable, "Google's sign-in does not answer.", failure),
                cancellationToken);
            return new Access(answer.AccessToken, Duration.FromSeconds(answer.ExpiresInSeconds ?? 0), answer.RefreshToken);
        }
        catch (TokenResponseException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _flow.Dispose();

    private static async Task<TokenResponse> AskAsync(Func<CancellationToken, Task<TokenResponse>> ask, Func<string, Exception, Exception> refused, Func<Exception, Exception> silent, CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(Patience);
        try
        {
            return await ask(patience.Token);
        }
        catch (TokenResponseException failure) when (failure.StatusCode is { } status && (int)status < 500 && failure.Error?.Error is { } error)
        {
            throw refused(error, failure);
        }
        catch (Exception failure) when (!cancelled.IsCancellationRequested)
        {
            // whatever the library makes of an answer that is not Google's: of an empty one, a null reference
            throw silent(failure);
        }
    }

    private static SignInFault FaultOfAnswer(string error) => error switch
    {
        "invalid_grant" => SignInFault.Expired,
        "invalid_client" or "unauthorized_client" or "redirect_uri_mismatch" => SignInFault.NotRegistered,
        _ => SignInFault.Unavailable,
    };

    // it comes from the token endpoint itself, over TLS: no signature is needed to know whose it is (OpenID Connect Core §3.1.3.7, 6)
    private (string Subject, string Email) ReadWho(string? idToken)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars((idToken ?? "").Split('.')[1]));
            var root = claims.RootElement;
            if (root.GetProperty("aud").GetString() == app.ClientId && root.GetProperty("sub").GetString() is { Length: > 0 } subject)
                return (subject, root.TryGetProperty("email", out var email) ? email.GetString() ?? "" : "");
        }
        catch (Exception failure) when (failure is FormatException or JsonException or KeyNotFoundException or IndexOutOfRangeException or InvalidOperationException)
        {
            // no id token that can be read
        }

        throw new SignInException(SignInFault.Unavailable, "Google has not said whose account it is.");
    }

    private sealed class Setup : GoogleAuthorizationCodeFlow.Initializer
    {
        public Setup(GoogleApp app)
            : base(app.Authorize.AbsoluteUri, app.Token.AbsoluteUri, app.Revoke.AbsoluteUri)
        {
            ClientSecrets = new ClientSecrets { ClientId = app.ClientId, ClientSecret = app.ClientSecret };
            Scopes = [CalendarService.ScopeConstants.CalendarAppCreated, "openid", "email"];
            (Prompt, IncludeGrantedScopes) = ("consent", true);
        }
    }
}
