using System.Globalization;
using CalDavServer.Http;

namespace CalDavServer.Access;

/// <summary>What is done with a request of somebody whose access was taken away, before they are asked for a login again.</summary>
internal delegate ValueTask TurnedAway(HttpContext context, Caller caller);

/// <summary>
/// Asks for a login before anything else, on every path and method (RFC 7617): one path without a challenge breaks an
/// account's set-up.
/// The caller is then in <c>HttpContext.Features</c>.
/// </summary>
internal sealed class Authentication(RequestDelegate next, Authenticator authenticator, TurnedAway noteTurnedAway)
{
    private const string Challenge = "Basic realm=\"CalendarSync\", charset=\"UTF-8\"";

    public Task InvokeAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count != 1 || authorization[0] is not { Length: > 0 } header) return ChallengeAsync(context.Response);
        return authenticator.TryRecall(header, out var caller) ? PassAsync(context, caller) : SignInAsync(context, header);
    }

    private Task PassAsync(HttpContext context, Caller caller)
    {
        context.Features.Set(caller);
        context.Features.Set<ISignedIn>(caller);
        return next(context);
    }

    private async Task SignInAsync(HttpContext context, string header)
    {
        var userAgent = context.Request.Headers.UserAgent.ToString();
        var signIn = await authenticator.SignInAsync(header, context.Connection.RemoteIpAddress, userAgent, context.RequestAborted);
        if (signIn.TurnedAway is { } stranger) await noteTurnedAway(context, stranger);
        if (signIn.Caller is { } caller) await PassAsync(context, caller);
        else if (signIn.RetryAfter > 0) await DelayAsync(context.Response, signIn.RetryAfter);
        else await ChallengeAsync(context.Response);
    }

    private static Task ChallengeAsync(HttpResponse response)
    {
        response.Headers.WWWAuthenticate = Challenge;
        return PlainAnswer.WriteAsync(response, StatusCodes.Status401Unauthorized, "Sign in with your login and an app password.");
    }

    // never 403: clients take that for a lack of permission and drop the account
    private static Task DelayAsync(HttpResponse response, int seconds)
    {
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return PlainAnswer.WriteAsync(response, StatusCodes.Status429TooManyRequests, "Too many failed logins: try again later.");
    }
}
