using System.Security.Claims;
using System.Security.Cryptography;
using Calendaring.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using NodaTime;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Begins and ends the sessions of browsers. A cookie alone opens nothing: its session must be in the store.</summary>
internal sealed class Sessions(ICalendarStore store, IClock clock)
{
    private const string SessionClaim = "session";
    private const int MaxUserAgent = 200;
    private static readonly Duration NotedWithin = Duration.FromMinutes(5);

    /// <summary>Signs a browser in.</summary>
    public async Task BeginAsync(HttpContext context, Principal person)
    {
        var now = clock.GetCurrentInstant();
        var session = Seen(new Session(RandomNumberGenerator.GetHexString(32, lowercase: true), now, now, null, null), context, now);
        await store.ApplyAsync(StoreBatch.Of(session.Put(person.Id)));
        Claim[] claims =
            [new(ClaimTypes.NameIdentifier, person.Id), new(ClaimTypes.Role, person.Role.ToString()), new(SessionClaim, session.Id)];
        var identity = new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
    }

    /// <summary>Signs this browser out.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (context.Features.Get<Person>() is { } person) await EndAsync(person.Principal.Id, person.SessionId);
        await context.SignOutAsync();
    }

    /// <summary>Ends a session of a person, here or elsewhere.</summary>
    public async Task EndAsync(string personId, string sessionId) =>
        await store.ApplyAsync(StoreBatch.Of(new DeleteRecord("session", personId, sessionId)));

    /// <summary>Who has the session that a cookie names; null when it has ended.</summary>
    public async Task<Person?> FindAsync(ClaimsPrincipal cookie, HttpContext context)
    {
        if (cookie.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || cookie.FindFirstValue(SessionClaim) is not { } sessionId) return null;
        Session session;
        Person person;
        using (var snapshot = await store.OpenSnapshotAsync(context.RequestAborted))
        {
            if (await snapshot.FindPrincipalAsync(id) is not { Deactivated: null } principal || !cookie.IsInRole(principal.Role.ToString())) return null;
            if (await Session.FindAsync(snapshot, id, sessionId) is not { } found) return null;
            session = found;
            person = new Person(principal, await PracticeGroup.FindAsync(snapshot, principal.PracticeId), sessionId);
        }

        var now = clock.GetCurrentInstant();
        if (now - session.LastSeen > NotedWithin) await store.ApplyAsync(StoreBatch.Of(Seen(session, context, now).Put(id)));
        return person;
    }

    private static Session Seen(Session session, HttpContext context, Instant now)
    {
        var userAgent = context.Request.Headers.UserAgent.ToString();
        if (userAgent.Length > MaxUserAgent) userAgent = userAgent[..MaxUserAgent];
        return session with { LastSeen = now, Address = context.Connection.RemoteIpAddress?.ToString(), UserAgent = userAgent.Length == 0 ? null : userAgent };
    }
}
