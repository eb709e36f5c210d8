using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Signing in at Microsoft: the code flow (RFC 6749 §4.1) with PKCE (RFC 7636, S256), in the messages of Microsoft's own library. Why the flow itself is ours is in decision 20.
/// </summary>
public sealed class MicrosoftSignIn(MicrosoftApp app) : IAccountSignIn, IDisposable
{
    private const string Calendars = "Calendars.ReadWrite";
    private const string Scopes = $"openid email profile offline_access {Calendars}";

    // what everybody has allowed: who signed in before the profile was asked for has not allowed that, and a refresh may ask for nothing that was not allowed (RFC 6749 §6)
    private const string AllowedByAll = $"openid email offline_access {Calendars}";
    private const string Graph = "https://graph.microsoft.com/";

    // an administrator has to consent, to assign, or to let the sign-in pass
    private static readonly string[] OfAdministrators = ["AADSTS65001", "AADSTS90094", "AADSTS90093", "AADSTS90095", "AADSTS900941", "AADSTS50105", "AADSTS53000", "AADSTS53003", "AADSTS530004", "AADSTS65005"];
    private static readonly string[] OfOperators = ["AADSTS700016", "AADSTS7000215", "AADSTS7000222", "AADSTS50011", "AADSTS500113", "AADSTS700054", "AADSTS7000218"];
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <inheritdoc/>
    public string Provider => "microsoft";

    /// <inheritdoc/>
    public string Name => "Microsoft";

    /// <inheritdoc/>
    public (Uri Address, string Verifier) Begin(string redirect, string state, string? email)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));
        var message = new OpenIdConnectMessage
        {
            IssuerAddress = app.Authorize.AbsoluteUri,
            ClientId = app.ClientId,
            ResponseType = "code",
            ResponseMode = "query",
            Scope = Scopes,
            RedirectUri = redirect,
            State = state,
            Prompt = "select_account",
            LoginHint = email,
        };
        message.SetParameter("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))));
        message.SetParameter("code_challenge_method", "S256");
        return (new Uri(message.CreateAuthenticationRequestUrl()), verifier);
    }

    /// <inheritdoc/>
    public SignInFault FaultOf(string? error, string? description)
    {
        if (Says(description, OfAdministrators) || error is "consent_required" or "interaction_required") return SignInFault.NeedsAdministrator;
        if (Says(description, OfOperators) || error is "unauthorized_client" or "invalid_client") return SignInFault.NotRegistered;
        return error == "access_denied" ? SignInFault.Denied : SignInFault.Unavailable;
    }

    /// <inheritdoc/>
    public async Task<AccountGrant> FinishAsync(string code, string verifier, string redirect, CancellationToken cancellationToken = default)
    {
        var answer = await AskAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["code_verifier"] = verifier, ["redirect_uri"] = redirect }, static failure => new SignInException(SignInFault.Unavailable, "Microsoft's sign-in does not answer.", failure), cancellationToken);
        if (answer.Error is { } error) throw new SignInException(error == "invalid_grant" && !Says(answer.ErrorDescription, OfAdministrators) ? SignInFault.Expired : FaultOf(error, answer.ErrorDescription), $"Microsoft answered a code with {Known(error)}.");
        if (!ScopesOf(answer).Contains(Calendars)) throw new SignInException(SignInFault.BoxUnticked, "The calendars were not allowed.");
        if (string.IsNullOrEmpty(answer.RefreshToken)) throw new SignInException(SignInFault.Unavailable, "Microsoft has given no refresh token.");
        return ReadWho(answer.IdToken, answer.RefreshToken);
    }

    /// <inheritdoc/>
    public async Task<Access?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken, ["scope"] = AllowedByAll }, static failure => new OutsideException(OutsideFault.Unavailable, "Microsoft's sign-in does not answer.", failure), cancellationToken);
        if (answer.Error is { } error)
        {
            // a policy of the organisation that asks for the person is met by the person only
            if (error is "invalid_grant" or "interaction_required" or "consent_required" or "login_required") return null;
            throw new OutsideException(FaultOf(error, answer.ErrorDescription) == SignInFault.NotRegistered ? OutsideFault.NotRegistered : OutsideFault.Unavailable, $"Microsoft answered a refresh with {Known(error)}.");
        }

        if (string.IsNullOrEmpty(answer.AccessToken)) throw new OutsideException(OutsideFault.Unavailable, "Microsoft has given no access.");
        var lasts = int.TryParse(answer.ExpiresIn, out var seconds) ? Duration.FromSeconds(seconds) : Duration.Zero;
        return new Access(answer.AccessToken, lasts, string.IsNullOrEmpty(answer.RefreshToken) ? refreshToken : answer.RefreshToken);
    }

    /// <summary>Microsoft takes no refresh token back: only the person can end the access.</summary>
    public Task<bool> RevokeAsync(string refreshToken, CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<OpenIdConnectMessage> AskAsync(Dictionary<string, string> form, Func<Exception?, Exception> silent, CancellationToken cancelled)
    {
        (form["client_id"], form["client_secret"]) = (app.ClientId, app.ClientSecret);
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await _http.PostAsync(app.Token, content, cancelled);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError || answer.StatusCode == HttpStatusCode.TooManyRequests) throw silent(null);
            var message = new OpenIdConnectMessage(await answer.Content.ReadAsStringAsync(cancelled));
            return answer.IsSuccessStatusCode || message.Error is not null ? message : throw silent(null);
        }
        catch (Exception failure) when (failure is not (SignInException or OutsideException) && !cancelled.IsCancellationRequested)
        {
            throw silent(failure);
        }
    }

    /// <summary>What was allowed, by the names of Graph: some answers have them with its address before them.</summary>
    private static IEnumerable<string> ScopesOf(OpenIdConnectMessage answer) =>
        (answer.Scope ?? "").Split(' ').Select(scope => scope.StartsWith(Graph, StringComparison.OrdinalIgnoreCase) ? scope[Graph.Length..] : scope);

    private static bool Says(string? description, string[] codes) => description is not null && codes.Any(code => description.Contains(code + ":", StringComparison.Ordinal));

    // what is not a word of RFC 6749 is not repeated
    private static string Known(string error) => error.Length < 40 && error.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? error : "an error";

    // it comes from the token endpoint itself, over TLS: no signature is needed to know whose it is (OpenID Connect Core §3.1.3.7, 6)
    // the subject is another for each app: who registers the app again would have nothing but strangers
    private AccountGrant ReadWho(string? idToken, string refreshToken)
    {
        try
        {
            var token = new JsonWebToken(idToken);
            if (token.Audiences.Contains(app.ClientId) && token.Subject is { Length: > 0 } subject)
            {
                var email = Claim(token, "email") ?? Claim(token, "preferred_username") ?? "";
                return Claim(token, "tid") is { } tenant && Claim(token, "oid") is { } person ? new AccountGrant($"{tenant}|{person}", email, refreshToken) { FormerSubject = subject } : new AccountGrant(subject, email, refreshToken);
            }
        }
        catch (ArgumentException)
        {
            // no id token that can be read
        }

        throw new SignInException(SignInFault.Unavailable, "Microsoft has not said whose account it is.");
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) && value.Length > 0 ? value : null;
}
