using CalDavServer.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace CalDavServer.Web.SignIn;

/// <summary>Compares each cookie with the store: who was signed out elsewhere, or may no longer come in, is out at once.</summary>
internal sealed class SessionCheck(Sessions sessions) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (context.Principal is { } cookie && await sessions.FindAsync(cookie, context.HttpContext) is { } person)
        {
            context.HttpContext.Features.Set(person);
            context.HttpContext.Features.Set<ISignedIn>(person);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync();
    }

    /// <summary>A cookie gets older with its session.</summary>
    public override Task CheckSlidingExpiration(CookieSlidingExpirationContext context)
    {
        if (Sessions.IsOfOpenPage(context.Request)) context.ShouldRenew = false;
        return Task.CompletedTask;
    }

    /// <summary>A page whose session is over is led to the sign-in; its stream of changes ends without a word (204), and is not asked for again.</summary>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal)) return base.RedirectToLogin(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>The status says it, under the address that was asked for; the words are those of the page of failures.</summary>
    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
