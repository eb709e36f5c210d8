using System.Security.Claims;
using CalDavServer.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using NodaTime;
using Practice;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>The cookies with which browsers have sessions. A cookie alone opens nothing: its session must be in the store (<see cref="SessionBook"/>).</summary>
internal sealed class Sessions(SessionBook book, IClock clock)
{
    /// <summary>How long a session lasts when it is not used.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(14);

    private const string OpenPage = "X-Open-Page";
    private const string SessionClaim = "session";
    private const int MaxUserAgent = 200;

    /// <summary>
    /// Signs a browser in, with a session of its own whatever it had before. <paramref name="prove"/> looks at the account as it is when that is written, and returns null
    /// when it is not what the person has proved; then nothing happens.
    /// </summary>
    public async Task<bool> BeginAsync(HttpContext context, string personId, Func<Account, Account?> prove)
    {
        var before = context.Features.Get<Person>();
        if (await book.BeginAsync(personId, PlaceOf(context), before?.Owner, prove) is not { } begun) return false;
        Claim[] claims = [new(ClaimTypes.NameIdentifier, personId), new(ClaimTypes.Role, begun.Person.Role.ToString()), new(SessionClaim, begun.Secret)];
        var identity = new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        return true;
    }

    /// <summary>
    /// Notes that the person has proved once more who they are, in this browser. <paramref name="prove"/> looks at the account as it is when that is written, and returns null when it is not what the person has
    /// proved; then nothing happens.
    /// </summary>
    public async Task<bool> ConfirmAsync(HttpContext context, Func<Account, Account?> prove)
    {
        var me = Person.Of(context);
        var browser = me.Browser with { Confirmed = clock.GetCurrentInstant() };
        var confirmed = await book.ConfirmAsync(me.Session, browser, prove);
        if (confirmed) context.Features.Set(me with { Browser = browser });
        return confirmed;
    }

    /// <summary>Signs this browser out.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (context.Features.Get<Person>() is { } person) await book.SignOutAsync(person.Owner);
        await context.SignOutAsync();
    }

    /// <summary>
    /// Whether a request is one that an open page makes by itself: it follows changes, and fills parts of itself again. That is no use of the session: a page that is only left open comes to its end.
    /// The scripts say so themselves, because browsers send <c>Sec-Fetch-Dest</c> over https only. From where it comes is noted nevertheless.
    /// </summary>
    public static bool IsOfOpenPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && (request.Headers.ContainsKey(OpenPage) || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase));

    /// <summary>Who has the session that a cookie names, which is used by this where a person asks; null when it has ended.</summary>
    public async Task<Person?> FindAsync(ClaimsPrincipal cookie, HttpContext context)
    {
        if (await ReadAsync(cookie, context.RequestAborted) is not { } open) return null;
        var place = PlaceOf(context);
        await book.NoteUseAsync(open.Person.Id, open.Session, place, IsOfOpenPage(context.Request));
        return new Person(open.Person, open.Practice, open.Session.Id, open.Session.In(place.BrowserOf(open.Session.Id)));
    }

    /// <summary>Whether the session that a cookie names still lasts. Looking is no use of it.</summary>
    public async Task<bool> IsStillSignedInAsync(ClaimsPrincipal cookie, CancellationToken cancel) => await ReadAsync(cookie, cancel) is not null;

    // not that of somebody whose role is another one since they signed in: what they may open is in the cookie
    private async Task<OpenSession?> ReadAsync(ClaimsPrincipal cookie, CancellationToken cancel)
    {
        if (cookie.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || cookie.FindFirstValue(SessionClaim) is not { } secret) return null;
        return await book.FindAsync(id, secret, cancel) is { } open && cookie.IsInRole(open.Person.Role.ToString()) ? open : null;
    }

    private static BrowserPlace PlaceOf(HttpContext context)
    {
        var userAgent = context.Request.Headers.UserAgent.ToString();
        if (userAgent.Length > MaxUserAgent) userAgent = userAgent[..MaxUserAgent];
        var address = context.Connection.RemoteIpAddress;
        return new BrowserPlace(address?.ToString(), userAgent.Length == 0 ? null : userAgent, Origin.Of(address).Place);
    }
}
