using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using CalDavServer.Options;
using NodaTime;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>
/// Remembers between the two steps of signing in who has proved the password in this browser, for ten minutes. It opens nothing by itself, and is worth nothing once the password is changed. It is in the
/// server's memory, under a random name that the browser's cookie has: who has the keys of a backup cannot say that a password was proved.
/// </summary>
internal sealed class PendingSignIn(IClock clock, ServerOptions options)
{
    private const int MostKept = 10_000;
    private static readonly Duration Lasts = Duration.FromMinutes(10);
    private readonly string _cookie = CookieName.Of("calendarsync-step", options);
    private readonly ConcurrentDictionary<string, (string PersonId, string Mark, Instant Until)> _proved = new(StringComparer.Ordinal);

    /// <summary>Remembers a person.</summary>
    public void Remember(HttpContext context, string personId, Account proved)
    {
        var now = clock.GetCurrentInstant();
        foreach (var (old, _) in _proved.Where(each => each.Value.Until <= now)) _proved.TryRemove(old, out _);
        if (_proved.Count >= MostKept) _proved.TryRemove(_proved.MinBy(each => each.Value.Until).Key, out _);
        var name = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _proved[name] = (personId, MarkOf(proved), now + Lasts);
        context.Response.Cookies.Append(_cookie, name, Options());
    }

    /// <summary>Whom this browser has proved the password of, and the mark of their account then; null when nobody.</summary>
    public (string PersonId, string Mark)? Find(HttpContext context) =>
        context.Request.Cookies[_cookie] is { Length: > 0 } name && _proved.TryGetValue(name, out var found) && clock.GetCurrentInstant() < found.Until
            ? (found.PersonId, found.Mark)
            : null;

    /// <summary>Forgets the person.</summary>
    public void Forget(HttpContext context)
    {
        if (context.Request.Cookies[_cookie] is { } name) _proved.TryRemove(name, out _);
        context.Response.Cookies.Delete(_cookie, Options());
    }

    /// <summary>What changes with the password.</summary>
    public static string MarkOf(Account account) => account.PasswordSet.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture);

    private static CookieOptions Options() =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = Lasts.ToTimeSpan(), IsEssential = true };
}
