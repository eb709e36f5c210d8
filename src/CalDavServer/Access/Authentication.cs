using Microsoft.AspNetCore.Authentication;

namespace CalDavServer.Access;

/// <summary>
/// Asks for a login before anything else, on every path and method (RFC 7617): one path without a challenge breaks an
/// account's set-up.
/// </summary>
internal sealed class Authentication(RequestDelegate next, Authenticator authenticator)
{
    public Task InvokeAsync(HttpContext context)
    {
        // who was proved a moment ago goes past the framework's service of schemes, which takes a tenth of the time of a small request
        if (BasicAuthenticationHandler.HeaderOf(context.Request) is not { } header || !authenticator.TryRecall(header, out var caller)) return SignInAsync(context);
        caller.Enter(context);
        return next(context);
    }

    private async Task SignInAsync(HttpContext context)
    {
        if ((await context.AuthenticateAsync(BasicAuthenticationHandler.Name)).Succeeded) await next(context);
        else await context.ChallengeAsync(BasicAuthenticationHandler.Name);
    }
}
