using CalDavServer.Mail;
using CalDavServer.Web.Devices;
using CalDavServer.Web.Passkeys;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>Where a person adds, names and removes passkeys.</summary>
internal sealed class PasskeysModel(AccountBook accounts, PasskeyBook own, PasskeyService passkeys, Confirmation confirmation, MailSender mail) : PageModel
{
    public const int MaxName = 60;

    public Practice.People.Account Account { get; private set; } = null!;

    public IReadOnlyList<Passkey> All => Account.Passkeys ?? [];

    /// <summary>Whether browsers take passkeys at the address that was asked for.</summary>
    public bool WorksHere => passkeys.WorksAt(Request);

    /// <summary>Whether one can be added now; before, the person confirms who they are.</summary>
    public bool MayAdd => confirmation.IsRecent(Me);

    public string? Name { get; private set; }

    public string? Problem { get; private set; }

    public Person Me => Person.Of(HttpContext);

    public async Task OnGetAsync()
    {
        Account = (await accounts.FindAsync(Me.Principal.Id, HttpContext.RequestAborted))!;
        Name ??= SuggestName();
    }

    /// <summary>Asks who it is, and then shows what adds one.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public RedirectToPageResult OnPostBegin() => RedirectToPage();

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostAddAsync(string? name, string? passkey)
    {
        Name = name?.Trim();
        if (ProblemOf(Name) is { } problem) return await RefuseAsync(problem);
        if (await passkeys.VerifyNewAsync(HttpContext, Me, Name!, passkey) is not { } made) return await RefuseAsync("The passkey was not accepted: it took too long, or your device made one of another kind. Try again.");
        if (!await own.AddAsync(Me.Owner, made)) return await RefuseAsync($"This passkey has been added already, or you already have {Passkey.Most}. Remove one that you do not use.");
        if (Me.Principal.Email is { } address) mail.Send(Emails.PasskeyAdded(address));
        return Done($"The passkey {made.Name} has been added. You can sign in with it from now on.");
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostRenameAsync(string? id, string? name)
    {
        if (ProblemOf(name?.Trim()) is { } problem) return await RefuseAsync(problem);
        return Done(await own.RenameAsync(Me.Owner, id ?? "", name!.Trim()) ? "Saved." : "This passkey has been removed in the meantime.");
    }

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostRemoveAsync(string? id)
    {
        if (await own.RemoveAsync(Me.Owner, id ?? ""))
        {
            if (Me.Principal.Email is { } address) mail.Send(Emails.PasskeyRemoved(address));
            return Done("The passkey no longer works. Remove it from your device or password manager too.");
        }

        await OnGetAsync();
        return All.Any(passkey => passkey.Id == id) ? await RefuseAsync(LastOne(Account)) : Done("This passkey has been removed already.");
    }

    /// <summary>Why the last passkey stays.</summary>
    private static string LastOne(Practice.People.Account account) => account.PasswordHash is null
        ? "This is your only way to sign in. Set a password or add another passkey first."
        : "This passkey is your second step. Turn off two-step sign-in, or set it up with an app, first.";

    private static string? ProblemOf(string? name)
    {
        if (string.IsNullOrEmpty(name)) return "Give the passkey a name, such as My laptop.";
        return name.Length > MaxName || name.Any(char.IsControl) ? $"Use at most {MaxName} characters for the name." : null;
    }

    private string SuggestName() => BrowserName.SystemOf(Request.Headers.UserAgent) is null ? "My passkey" : DeviceName.Suggest(isApple: false, Request.Headers.UserAgent, [.. All.Select(passkey => passkey.Name)]);

    private async Task<PageResult> RefuseAsync(string problem)
    {
        Problem = problem;
        await OnGetAsync();
        return Page();
    }

    private RedirectToPageResult Done(string notice)
    {
        TempData["Notice"] = notice;
        return RedirectToPage();
    }
}
