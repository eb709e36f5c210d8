using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.People;
using QRCoder;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>Where a person sets up the second step of signing in, gets new recovery codes, and turns it off; all of it with the password.</summary>
internal sealed class TwoStepModel(ICalendarStore store, Accounts accounts, SecondFactors factors, MailSender mail) : PageModel
{
    private const int PixelsPerModule = 6;

    /// <summary>Since when it is on, or null.</summary>
    public Instant? Since { get; private set; }

    public int Left { get; private set; }

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

    private Person Me => Person.Of(HttpContext);

    public async Task<PageResult> OnGetAsync()
    {
        await ShowAsync(null);
        return Page();
    }

    public async Task<PageResult> OnPostOnAsync(string? password, string? code, string? kept)
    {
        if (factors.Resume(Me.Principal.Id, kept ?? "") is not { } key)
        {
            Problem = "The page was open for too long. Remove the account that you just added from the app, and scan the new picture.";
            return await ShowStillOffAsync(null);
        }

        var check = await accounts.CheckAsync(Me.Principal.Login, password ?? "", HttpContext);
        if (check.Account is not { } proved) PasswordProblem = check.Sentence(Response, "This is not your password.");
        else if (await factors.TurnOnAsync(Me, proved, key, code ?? "") is { } codes) return ShowCodes("Two-step sign-in is on", codes, Letters.SecondFactorOn);
        else Problem = "This is not the code of the picture above. Type the one that the app shows now, and see that the clock of your phone is right.";
        return await ShowStillOffAsync((key, kept!));
    }

    public async Task<PageResult> OnPostCodesAsync(string? password, string? code)
    {
        IReadOnlyList<string>? codes = null;
        var problem = await ProveAsync(password, async proved => (codes = await factors.RenewCodesAsync(Me, proved, code ?? "")) is not null);
        return problem is null ? ShowCodes("Your new recovery codes", codes!, Letters.RecoveryCodesMade) : await RefuseAsync(problem);
    }

    public async Task<IActionResult> OnPostOffAsync(string? password, string? code)
    {
        var problem = await ProveAsync(password, proved => factors.TurnOffAsync(Me, proved, code ?? ""));
        if (problem is not null) return await RefuseAsync(problem);
        Tell(Letters.SecondFactorOff);
        TempData["Notice"] = "Two-step sign-in is off.";
        return LocalRedirect("/settings");
    }

    // with the password, and with a code that the change takes: why nothing was changed, or null
    private async Task<string?> ProveAsync(string? password, Func<Practice.People.Account, Task<bool>> change)
    {
        const string wrong = "The password or the code is not right.";
        var check = await accounts.CheckAsync(Me.Principal.Login, password ?? "", HttpContext);
        if (check.Account is not { } proved) return check.Sentence(Response, wrong);
        // after the password: who only finds an open browser must not use up the tries with which its owner signs in
        var wait = factors.BeginTry(Me.Principal.Id);
        if (wait > 0) return Refusal.TooMany(Response, wait);
        if (!await change(proved)) return wrong;
        factors.ForgiveTry(Me.Principal.Id);
        return null;
    }

    private PageResult ShowCodes(string heading, IReadOnlyList<string> codes, Func<string, Letter> letter)
    {
        (Heading, RecoveryCodes) = (heading, codes);
        Tell(letter);
        return Page();
    }

    private void Tell(Func<string, Letter> letter)
    {
        if (Me.Principal.Email is { } address) mail.Send(letter(address));
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
        using var snapshot = await store.OpenSnapshotAsync(HttpContext.RequestAborted);
        if ((await Practice.People.Account.FindAsync(snapshot, Me.Principal.Id))?.Account.SecondFactor is { } factor)
        {
            (Since, Left) = (factor.Since, factor.RecoveryHashes.Count);
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
