using System.Security.Claims;
using System.Security.Cryptography;
using CalDavServer.Http;
using CalDavServer.Options;
using Calendaring.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Begins and ends the sessions of browsers. A cookie alone opens nothing: its session must be in the store.</summary>
internal sealed class Sessions(ICalendarStore store, IClock clock, Accounts accounts, ServerOptions options)
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
        var now = clock.GetCurrentInstant();
        var secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var (address, userAgent) = PlaceOf(context);
        var session = new Session(Session.IdOf(secret), now, now, address, userAgent) { Places = [new SessionPlace(address, userAgent, now, now)] };
        var browser = BrowserOf(context, session.Id);
        var before = context.Features.Get<Person>();
        var role = "";
        var begun = await accounts.ChangeAsync(
            personId,
            account =>
            {
                var looked = account.LastSignIn ?? now;
                session = session with { Looked = looked, Browsers = [new SessionBrowser(browser, now, looked)] };
                return prove(account) is { } proved ? proved.SignedIn(now, Origin.Of(context.Connection.RemoteIpAddress).Place) : null;
            },
            async (snapshot, person) =>
            {
                role = person.Role.ToString();
                var over = (await Session.ListAsync(snapshot, personId)).Where(other => IsOver(other, now) || other.Id == before?.SessionId);
                return
                [
                    session.Put(personId),
                    .. over.Select(other => other.End(personId)),
                    .. PracticeAudit.LinesAbout(person, now, AuditActor.OnPages(person, session.Id), AuditAction.SignedIn),
                ];
            });
        if (!begun) return false;
        if (before is not null && before.Principal.Id != personId) await EndAsync(before, before.SessionId, AuditAction.SignedOut);
        Claim[] claims = [new(ClaimTypes.NameIdentifier, personId), new(ClaimTypes.Role, role), new(SessionClaim, secret)];
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
        var confirmed = await accounts.ChangeAsync(
            me.Principal.Id,
            prove,
            async (snapshot, _) => await Session.FindAsync(snapshot, me.Principal.Id, me.SessionId) is var (session, version)
                ? [session.With(session.In(browser.Id) with { Confirmed = browser.Confirmed }).Put(me.Principal.Id, version)]
                // ended meanwhile: nothing is written
                : [new DeleteRecord("session", me.Principal.Id, me.SessionId)]);
        if (confirmed) context.Features.Set(me with { Browser = browser });
        return confirmed;
    }

    /// <summary>Notes that the person has seen, in this browser, what was done to their account so far.</summary>
    public Task NoteLookedAsync(Person me)
    {
        var now = clock.GetCurrentInstant();
        return ChangeAsync(me.Principal.Id, me.SessionId, session => session.With(session.In(me.Browser.Id) with { Looked = now }));
    }

    /// <summary>Whether a session has ended: it was not used for too long, or the person signed in too long ago.</summary>
    public bool IsOver(Session session, Instant now) => now - session.LastSeen > Duration.FromTimeSpan(Lasts) || now - session.Began > options.SessionLasts;

    /// <summary>The sessions of a person that have not ended, the one used last first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(IStoreSnapshot snapshot, string personId) =>
        [.. (await Session.ListAsync(snapshot, personId)).Where(session => !IsOver(session, clock.GetCurrentInstant()))];

    /// <summary>Signs this browser out.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (context.Features.Get<Person>() is { } person) await EndAsync(person, person.SessionId, AuditAction.SignedOut);
        await context.SignOutAsync();
    }

    /// <summary>Ends a session of somebody who is signed in, here or elsewhere; one that has ended already is none.</summary>
    public async Task EndAsync(Person me, string sessionId, AuditAction action = AuditAction.SessionEnded)
    {
        var (person, actor) = (me.Principal, me.Actor);
        await store.ApplyAsync(new StoreBatch(
            [new DeleteRecord("session", person.Id, sessionId), .. PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), actor, action)]));
    }

    /// <summary>Ends every session of a person but this browser's.</summary>
    public async Task EndOthersAsync(Person me)
    {
        var (person, actor) = (me.Principal, me.Actor);
        IReadOnlyList<StoreOperation> ends;
        using (var snapshot = await store.OpenSnapshotAsync()) ends = await Session.EndAllAsync(snapshot, person.Id, me.SessionId);
        // one by one: one that was ended a moment ago must not keep the others
        foreach (var end in ends)
        {
            var lines = PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), actor, AuditAction.SessionEnded);
            await store.ApplyAsync(new StoreBatch([end, .. lines]));
        }
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
        var now = clock.GetCurrentInstant();
        if (await ReadAsync(cookie, now, context.RequestAborted) is not var (principal, practice, session)) return null;
        var ((address, userAgent), byOpenPage) = (PlaceOf(context), IsOfOpenPage(context.Request));
        Session? AfterUse(Session before) => before.AfterUse(address, userAgent, now, byOpenPage);
        if (AfterUse(session) is not null) await ChangeAsync(principal.Id, session.Id, AfterUse);
        return new Person(principal, practice, session.Id, session.In(BrowserOf(context, session.Id)));
    }

    /// <summary>Whether the session that a cookie names still lasts. Looking is no use of it.</summary>
    public async Task<bool> LastsStillAsync(ClaimsPrincipal cookie, CancellationToken cancel) =>
        await ReadAsync(cookie, clock.GetCurrentInstant(), cancel) is not null;

    private async Task<(Principal Person, PracticeGroup? Practice, Session Session)?> ReadAsync(ClaimsPrincipal cookie, Instant now, CancellationToken cancel)
    {
        if (cookie.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || cookie.FindFirstValue(SessionClaim) is not { } secret) return null;
        var sessionId = Session.IdOf(secret);
        using var snapshot = await store.OpenSnapshotAsync(cancel);
        if (await snapshot.FindPrincipalAsync(id) is not { Deactivated: null } principal || !cookie.IsInRole(principal.Role.ToString())) return null;
        if (await Session.FindAsync(snapshot, id, sessionId) is not var (session, _) || IsOver(session, now)) return null;
        return (principal, await PracticeGroup.FindAsync(snapshot, principal.PracticeId), session);
    }

    // On what it is when it is written: of two uses at one time both are noted. Not when it was ended meanwhile: that would begin it again
    private async Task ChangeAsync(string personId, string sessionId, Func<Session, Session?> change) =>
        await store.ChangeAsync(sessionId, async snapshot =>
            await Session.FindAsync(snapshot, personId, sessionId) is var (session, version) && change(session) is { } changed
                ? new Decision<bool>([changed.Put(personId, version)], true)
                : new Decision<bool>(null, false));

    // by network and not by address: a browser does not always have the same one there
    private static string BrowserOf(HttpContext context, string sessionId) =>
        Session.BrowserOf(sessionId, Origin.Of(context.Connection.RemoteIpAddress).Place, PlaceOf(context).UserAgent);

    private static (string? Address, string? UserAgent) PlaceOf(HttpContext context)
    {
        var userAgent = context.Request.Headers.UserAgent.ToString();
        if (userAgent.Length > MaxUserAgent) userAgent = userAgent[..MaxUserAgent];
        return (context.Connection.RemoteIpAddress?.ToString(), userAgent.Length == 0 ? null : userAgent);
    }
}
