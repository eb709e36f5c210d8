using System.Globalization;
using System.Security.Cryptography;
using CalDavServer.Operations;
using Microsoft.AspNetCore.DataProtection;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>
/// Remembers between the two steps of signing in who has proved the password in this browser: in a cookie, encrypted, for ten minutes. It
/// opens nothing by itself, and is worth nothing once the password is changed.
/// </summary>
internal sealed class HalfWay(IDataProtectionProvider protection, ServerOptions options)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);
    private readonly string _cookie = CookieName.Of("calendarsync-step", options);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("half-way").ToTimeLimitedDataProtector();

    /// <summary>Remembers a person.</summary>
    public void Remember(HttpContext context, string personId, Account proved) =>
        context.Response.Cookies.Append(_cookie, _protector.Protect($"{MarkOf(proved)} {personId}", Lasts), Options());

    /// <summary>Whom this browser has proved the password of, and the mark of their account then; null when nobody.</summary>
    public (string PersonId, string Mark)? Find(HttpContext context)
    {
        if (context.Request.Cookies[_cookie] is not { Length: > 0 } cookie) return null;
        try
        {
            var text = _protector.Unprotect(cookie);
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            return (text[(space + 1)..], text[..space]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Forgets the person.</summary>
    public void Forget(HttpContext context) => context.Response.Cookies.Delete(_cookie, Options());

    /// <summary>What changes with the password.</summary>
    public static string MarkOf(Account account) => account.PasswordSet.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture);

    private static CookieOptions Options() =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = Lasts, IsEssential = true };
}
