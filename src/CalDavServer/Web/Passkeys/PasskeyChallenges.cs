using System.Collections.Concurrent;
using System.Security.Cryptography;
using CalDavServer.Operations;
using CalDavServer.Web.SignIn;
using NodaTime;

namespace CalDavServer.Web.Passkeys;

/// <summary>For what a browser is asked to use a passkey.</summary>
internal enum PasskeyPurpose
{
    SignIn,
    SecondStep,
    Confirm,
    New,
}

/// <summary>
/// The challenges that browsers were given, each good for one attempt within five minutes, in the browser that asked for it, for what it was asked for. They are in memory under a random name that the browser's
/// cookie has: none outlives the server, and what a passkey signed before is worth nothing.
/// </summary>
internal sealed class PasskeyChallenges(IClock clock, ServerOptions options)
{
    private const int MostKept = 10_000;
    private static readonly Duration Lasts = Duration.FromMinutes(5);
    private readonly string _cookie = CookieName.Of("calendarsync-passkey", options);
    private readonly ConcurrentDictionary<string, Challenge> _given = new(StringComparer.Ordinal);

    private sealed record Challenge(PasskeyPurpose Purpose, string? BoundTo, string Options, Instant Until);

    /// <summary>Keeps what a browser is given.</summary>
    /// <param name="context">The request for it.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="boundTo">The session, or the person of whom one step is done; null before signing in.</param>
    /// <param name="challenge">The options with the challenge, as JSON.</param>
    public void Give(HttpContext context, PasskeyPurpose purpose, string? boundTo, string challenge)
    {
        var now = clock.GetCurrentInstant();
        if (context.Request.Cookies[_cookie] is { } before) _given.TryRemove(before, out _);
        foreach (var (old, _) in _given.Where(each => each.Value.Until <= now)) _given.TryRemove(old, out _);
        if (_given.Count >= MostKept) _given.TryRemove(_given.MinBy(each => each.Value.Until).Key, out _);
        var name = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _given[name] = new Challenge(purpose, boundTo, challenge, now + Lasts);
        context.Response.Cookies.Append(_cookie, name, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = Lasts.ToTimeSpan(), IsEssential = true });
    }

    /// <summary>What this browser was given for this; null when nothing, or it is too old. It is used up by this.</summary>
    public string? Take(HttpContext context, PasskeyPurpose purpose, string? boundTo)
    {
        if (context.Request.Cookies[_cookie] is not { } name || !_given.TryRemove(name, out var found)) return null;
        return found.Purpose == purpose && found.BoundTo == boundTo && clock.GetCurrentInstant() < found.Until ? found.Options : null;
    }
}
