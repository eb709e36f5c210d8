using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using CalDavServer.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CalDavServer.Access;

/// <summary>What is done with a request of somebody whose access was taken away, before they are asked for a login again.</summary>
internal delegate ValueTask TurnedAway(HttpContext context, Caller caller);

/// <summary>The settings of <see cref="BasicAuthenticationHandler"/>.</summary>
internal sealed class BasicAuthenticationOptions : AuthenticationSchemeOptions
{
    /// <summary>What is done with a request of somebody whose access was taken away; nothing by default.</summary>
    public TurnedAway NoteTurnedAway { get; set; } = static (_, _) => default;
}

/// <summary>A login and an app password in each request (RFC 7617), beside the cookie of the pages. The caller is then in <c>HttpContext.Features</c>.</summary>
internal sealed class BasicAuthenticationHandler(IOptionsMonitor<BasicAuthenticationOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Authenticator authenticator)
    : AuthenticationHandler<BasicAuthenticationOptions>(options, loggers, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "Basic";

    private const string Asking = "Basic realm=\"CalendarSync\", charset=\"UTF-8\"";
    private int _retryAfter;

    /// <summary>The one Authorization header that a request has; null when it has none, or more.</summary>
    public static string? HeaderOf(HttpRequest request) => request.Headers.Authorization is [{ Length: > 0 } header] ? header : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (HeaderOf(Request) is not { } header) return AuthenticateResult.NoResult();
        var signIn = await authenticator.SignInAsync(header, Context.Connection.RemoteIpAddress, Request.Headers.UserAgent.ToString(), Context.RequestAborted);
        if (signIn.TurnedAway is { } turnedAway) await Options.NoteTurnedAway(Context, turnedAway);
        _retryAfter = signIn.RetryAfter;
        if (signIn.Caller is not { } caller) return AuthenticateResult.NoResult();
        caller.Enter(Context);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.PersonId)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_retryAfter == 0)
        {
            Response.Headers.WWWAuthenticate = Asking;
            return PlainAnswer.WriteAsync(Response, StatusCodes.Status401Unauthorized, "Sign in with your login and an app password.");
        }

        // never 403: clients take that for a lack of permission and drop the account
        Response.Headers.RetryAfter = _retryAfter.ToString(CultureInfo.InvariantCulture);
        return PlainAnswer.WriteAsync(Response, StatusCodes.Status429TooManyRequests, "Too many failed logins: try again later.");
    }
}
