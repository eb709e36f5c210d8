using CalDavServer.Mail;
using CalDavServer.Web.Passkeys;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.People;
using QRCoder;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>Where a person sets up the second step of signing in, gets new recovery codes, and turns it off; all of it with the password or a passkey.</summary>
internal sealed class TwoStepModel(AccountBook book, SecondFactorBook second, Accounts accounts, SecondFactors factors, PasskeyService passkeys, MailSender mail, IClock clock) : PageModel
{
    private const int PixelsPerModule = 6;

    /// <summary>Since when it is on, or null.</summary>
    public Instant? Since { get; private set; }

    public int Left { get; private set; }

    /// <summary>Whether an app shows codes for it.</summary>
    public bool HasApp { get; private set; }

    public bool HasPasskeys { get; private set; }

    public bool HasPassword { get; private set; }

    public string KeyText { get; private set; } = "";

    public string Picture { get; private set; } = "";

    /// <summary>The key, encrypted, for the form to bring back.</summary>
    public string Kept { get; private set; } = "";

    /// <summary>What is said above the recovery codes.</summary>
    public string Heading { get; private set; } = "";

    /// <summary>Shown once, right after they were made.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; private set; }

    public string? Problem { get; private set; }

    public string? PasswordProblem { get; private set; }

    /// <summary>What is wrong with the password that was typed to use a passkey.</summary>
    public string? PasskeyPasswordProblem { get; private set; }

    private Person Me => Person.Of(HttpContext);

    public async Task<PageResult> OnGetAsync()
    {
        await ShowAsync(null);
        return Page();
    }

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<PageResult> OnPostOnAsync(string? password, string? code, string? kept)
    {
        if (factors.Resume(Me.Principal.Id, kept ?? "") is not { } key)
        {
            Problem = "The page was open for too long. Remove the account that you just added from the app, and scan the new picture.";
            return await ShowStillOffAsync(null);
        }

        var check = await accounts.CheckAgainAsync(password, HttpContext);
        if (check.Account is not { } proved) PasswordProblem = check.Sentence(Response, "This is not your password.");
        else if (await factors.TurnOnAsync(Me, proved, key, code ?? "") is { } codes) return ShowCodes("Two-step sign-in is on", codes, Emails.SecondFactorOn);
        else Problem = "This is not the code of the picture above. Type the one that the app shows now, and check that your phone's clock is right.";
        return await ShowStillOffAsync((key, kept!));
    }

    /// <summary>
    /// Turns it on without an app: a passkey is the second step. With the password, however short a time ago it was typed: whoever only has the session could add a passkey of their own, and with it
    /// keep the owner out.
    /// </summary>
    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<PageResult> OnPostOnPasskeyAsync(string? password)
    {
        var check = await accounts.CheckAgainAsync(password, HttpContext);
        if (check.Account is not { } proved) PasskeyPasswordProblem = check.Sentence(Response, "This is not your password.");
        else if (await factors.TurnOnWithPasskeyAsync(Me, proved) is { } codes) return ShowCodes("Two-step sign-in is on", codes, Emails.SecondFactorOn);
        return await ShowStillOffAsync(null);
    }

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<PageResult> OnPostCodesAsync(string? password, string? code, string? passkey)
    {
        IReadOnlyList<string>? codes = null;
        var problem = await ProveAsync(password, code, passkey, async prove => (codes = await second.RenewCodesAsync(Me.Owner, prove)) is not null);
        return problem is null ? ShowCodes("Your new recovery codes", codes!, Emails.RecoveryCodesMade) : await RefuseAsync(problem);
    }

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<IActionResult> OnPostOffAsync(string? password, string? code, string? passkey)
    {
        var problem = await ProveAsync(password, code, passkey, prove => second.TurnOffAsync(Me.Owner, prove));
        if (problem is not null) return await RefuseAsync(problem);
        Tell(Emails.SecondFactorOff);
        TempData["Notice"] = "Two-step sign-in is off.";
        return LocalRedirect("/settings");
    }

    // with a passkey, or with the password and a code that the change takes: why nothing was changed, or null
    private async Task<string?> ProveAsync(string? password, string? code, string? passkey, Func<Func<Practice.People.Account, Practice.People.Account?>, Task<bool>> change)
    {
        const string wrong = "The password or the code is not right.";
        if (!string.IsNullOrEmpty(passkey))
        {
            var proof = await passkeys.VerifyUseAsync(HttpContext, PasskeyPurpose.Confirm, Me.SessionId, Me.Principal.Id, passkey);
            var now = clock.GetCurrentInstant();
            return proof.Problem ?? (await change(account => proof.Take(account, now)) ? null : "Nothing was changed. Try again.");
        }

        var check = await accounts.CheckAgainAsync(password, HttpContext);
        if (check.Account is not { } proved) return check.Sentence(Response, wrong);
        // after the password: who only finds an open browser must not use up the tries with which its owner signs in
        var wait = factors.BeginTry(Me.Principal.Id);
        if (wait > 0) return Refusal.TooMany(Response, wait);
        if (!await change(factors.PasswordAndCode(Me.Principal.Id, proved, code ?? ""))) return wrong;
        factors.ForgiveTry(Me.Principal.Id);
        return null;
    }

    private PageResult ShowCodes(string heading, IReadOnlyList<string> codes, Func<string, Email> email)
    {
        (Heading, RecoveryCodes) = (heading, codes);
        Tell(email);
        return Page();
    }

    private void Tell(Func<string, Email> email)
    {
        if (Me.Principal.Email is { } address) mail.Send(email(address));
    }

    private async Task<PageResult> RefuseAsync(string problem)
    {
        Problem = problem;
        await ShowAsync(null);
        return Page();
    }

    // why it was not turned on; or that it is on, e.g. by the first of two clicks, whose answer nobody saw
    private async Task<PageResult> ShowStillOffAsync((byte[] Key, string Kept)? begun)
    {
        await ShowAsync(begun);
        if (Since is not null) Problem = "Two-step sign-in is on already. If you have not seen its recovery codes, make new recovery codes here.";
        return Page();
    }

    private async Task ShowAsync((byte[] Key, string Kept)? begun)
    {
        var account = await book.FindAsync(Me.Principal.Id, HttpContext.RequestAborted);
        (HasPasskeys, HasPassword) = (account is { HasPasskeys: true }, account?.PasswordHash is not null);
        if (account?.SecondFactor is { } factor)
        {
            (Since, Left, HasApp) = (factor.Since, factor.RecoveryHashes.Count, factor.HasApp);
            return;
        }

        var (key, kept) = begun ?? factors.Begin(Me.Principal.Id);
        Kept = kept;
        KeyText = string.Join(' ', Totp.KeyText(key).Chunk(4).Select(group => new string(group)));
        using var code = QRCodeGenerator.GenerateQrCode(Totp.Address(key, Me.Principal.Login), QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(code);
        Picture = $"data:image/png;base64,{Convert.ToBase64String(picture.GetGraphic(PixelsPerModule))}";
    }
}
