using System.Collections.Concurrent;
using System.Security.Cryptography;
using CalDavServer.Options;
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

    /// <summary>The one that each session, or person of whom one step is done, was given last for each purpose: nobody fills the room of all others.</summary>
    private readonly ConcurrentDictionary<(PasskeyPurpose, string), string> _last = new();

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
        var name = RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (boundTo is not null)
        {
            if (_last.TryGetValue((purpose, boundTo), out var last)) _given.TryRemove(last, out _);
            _last[(purpose, boundTo)] = name;
        }

        if (_given.Count >= MostKept) MakeRoom(now);
        _given[name] = new Challenge(purpose, boundTo, challenge, now + Lasts);
        context.Response.Cookies.Append(_cookie, name, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = Lasts.ToTimeSpan(), IsEssential = true });
    }

    private void MakeRoom(Instant now)
    {
        foreach (var (old, each) in _given)
        {
            if (each.Until <= now) Forget(old, each);
        }

        if (_given.Count >= MostKept && _given.MinBy(each => each.Value.Until) is { Key: { } oldest, Value: { } value }) Forget(oldest, value);
    }

    private void Forget(string name, Challenge challenge)
    {
        _given.TryRemove(name, out _);
        if (challenge.BoundTo is { } bound) _last.TryRemove(new((challenge.Purpose, bound), name));
    }

    /// <summary>What this browser was given for this; null when nothing, or it is too old. It is used up by this.</summary>
    public string? Take(HttpContext context, PasskeyPurpose purpose, string? boundTo)
    {
        if (context.Request.Cookies[_cookie] is not { } name || !_given.TryRemove(name, out var found)) return null;
        Forget(name, found);
        return found.Purpose == purpose && found.BoundTo == boundTo && clock.GetCurrentInstant() < found.Until ? found.Options : null;
    }
}
