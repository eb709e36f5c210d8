using CalDavServer.Web.Passkeys;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using NodaTime;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>
/// "Confirm that it is you": has a person prove once more who they are, by a passkey, or by the password and the second step where they have set one up. For ten minutes they are not asked again. The page that asks
/// has in it all that was posted, and posts it once more: nothing that was typed is lost, and nothing is kept here.
/// </summary>
internal sealed class Confirmation(AccountBook book, Accounts accounts, SecondFactors factors, PasskeyService passkeys, Sessions sessions, IClock clock)
{
    /// <summary>For programs.</summary>
    public const string Asked = "Confirm that it is you: this needs your password or passkey once more. Open the page again.";

    private const string View = "/Web/Pages/Account/_Confirm.cshtml";
    private static readonly Duration Lasts = Duration.FromMinutes(10);

    /// <summary>Whether somebody has proved a short while ago, in this browser and from where it is now, who they are.</summary>
    public static bool IsRecent(Person person, Instant now) => now - person.Browser.Confirmed < Lasts;

    /// <summary>Whether somebody has proved a short while ago, in this browser and from where it is now, who they are.</summary>
    public bool IsRecent(Person person) => IsRecent(person, clock.GetCurrentInstant());

    /// <summary>Whether somebody has a password.</summary>
    public async Task<bool> HasPasswordAsync(Person person) => (await AccountOfAsync(person)).PasswordHash is not null;

    /// <summary>Null when the person has confirmed who they are, before or in what was posted; otherwise what they are answered.</summary>
    public async Task<IActionResult?> AskAsync(PageModel page)
    {
        var (context, me) = (page.HttpContext, Person.Of(page.HttpContext));
        if (IsRecent(me)) return null;
        if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            return new ContentResult { StatusCode = StatusCodes.Status403Forbidden, ContentType = "text/plain; charset=utf-8", Content = Asked };
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        string? problem = null;
        if (form[ConfirmStep.Passkey] is [{ Length: > 0 } sent]) problem = await ProveByPasskeyAsync(context, me, sent);
        else if (form.ContainsKey(ConfirmStep.Password)) problem = await ProveByPasswordAsync(context, me, form[ConfirmStep.Password].ToString(), form[ConfirmStep.Code].ToString());
        if (IsRecent(Person.Of(context))) return null;
        page.ModelState.Clear();
        return new ViewResult
        {
            ViewName = View,
            TempData = page.TempData,
            ViewData = new ViewDataDictionary<ConfirmStep>(page.MetadataProvider, page.ModelState) { Model = ConfirmStep.Of(context.Request, form, me, await AccountOfAsync(me), passkeys.WorksAt(context.Request), problem) },
        };
    }

    private async Task<string?> ProveByPasskeyAsync(HttpContext context, Person me, string sent)
    {
        var proof = await passkeys.VerifyUseAsync(context, PasskeyPurpose.Confirm, me.SessionId, me.Principal.Id, sent);
        var now = clock.GetCurrentInstant();
        if (proof.Problem is null && await sessions.ConfirmAsync(context, account => proof.Take(account, now))) return null;
        return proof.Problem ?? "This passkey was not accepted. Try again.";
    }

    private async Task<string?> ProveByPasswordAsync(HttpContext context, Person me, string password, string code)
    {
        var check = await accounts.CheckAsync(me.Principal.Login, password, context);
        if (check is not { Account: { } proved, Person.Id: var id } || id != me.Principal.Id) return check.Sentence(context.Response, "This is not your password.");
        if (proved.SecondFactor is null) return await ConfirmAsync(context, proved, account => account) ? null : Refusal.Busy;
        // after the password: who only finds an open browser must not use up the tries with which its owner signs in
        var wait = factors.BeginTry(id);
        if (wait > 0) return Refusal.TooMany(context.Response, wait);
        var now = clock.GetCurrentInstant();
        if (!await ConfirmAsync(context, proved, account => factors.Take(id, account, code, now) is { } left ? account with { SecondFactor = left } : null))
            return "The code is not right, or was used before. Wait for the next one and type it.";
        factors.ForgiveTry(id);
        return null;
    }

    private Task<bool> ConfirmAsync(HttpContext context, Account proved, Func<Account, Account?> prove) => sessions.ConfirmAsync(
        context, account => account.PasswordHash == proved.PasswordHash && account.SecondFactor is null == proved.SecondFactor is null ? prove(account) : null);

    private async Task<Account> AccountOfAsync(Person person) => await book.FindAsync(person.Principal.Id) ?? new Account(null, default);
}

/// <summary>The page on which somebody confirms who they are.</summary>
/// <param name="Action">Where what was posted goes.</param>
/// <param name="Back">The page that it was posted from.</param>
/// <param name="Fields">What was posted.</param>
/// <param name="Login">Who has to confirm.</param>
/// <param name="HasPassword">Whether they have a password.</param>
/// <param name="AsksCode">Whether the password needs a second step.</param>
/// <param name="HasPasskeys">Whether they have a passkey that the browser can use here.</param>
/// <param name="Problem">What was wrong with the last try; null before.</param>
internal sealed record ConfirmStep(string Action, string Back, IReadOnlyList<KeyValuePair<string, string>> Fields, string Login, bool HasPassword, bool AsksCode, bool HasPasskeys, string? Problem)
{
    public const string Password = "confirm-password";
    public const string Code = "confirm-code";
    public const string Passkey = "confirm-passkey";
    public const string From = "confirm-from";

    // a password is not written into a page: the form that had it asks for it again
    private static readonly string[] NotKept = [Password, Code, Passkey, From, "__RequestVerificationToken", "password", "again", "current"];

    public static ConfirmStep Of(HttpRequest request, IFormCollection form, Person me, Account account, bool takesPasskeys, string? problem)
    {
        var fields = form.Where(field => !NotKept.Contains(field.Key, StringComparer.OrdinalIgnoreCase)).SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")));
        return new ConfirmStep($"{request.Path}{request.QueryString}", BackOf(request, form), [.. fields], me.Principal.Login, account.PasswordHash is not null, account.SecondFactor is not null, takesPasskeys && account.HasPasskeys, problem);
    }

    // the first time the browser says it; then the page has it
    private static string BackOf(HttpRequest request, IFormCollection form)
    {
        if (form[From] is [{ } kept] && kept.StartsWith('/') && kept.AsSpan(1).IndexOfAny('/', '\\') != 0) return kept;
        return request.GetTypedHeaders().Referer is { } page && page.Authority == request.Host.Value ? page.PathAndQuery : "/";
    }
}
