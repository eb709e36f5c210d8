using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.People;
using QRCoder;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>Where a person sets up the second step of signing in, and turns it off.</summary>
internal sealed class TwoStepModel(ICalendarStore store, Accounts accounts, SecondFactors factors) : PageModel
{
    private const int PixelsPerModule = 6;

    /// <summary>Since when it is on, or null.</summary>
    public Instant? Since { get; private set; }

    public int Left { get; private set; }

    public string KeyText { get; private set; } = "";

    public string Picture { get; private set; } = "";

    /// <summary>The key, encrypted, for the form to bring back.</summary>
    public string Kept { get; private set; } = "";

    /// <summary>Shown once, right after it was turned on.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; private set; }

    public string? Problem { get; private set; }

    private Person Me => Person.Of(HttpContext);

    public async Task<PageResult> OnGetAsync()
    {
        await ShowAsync(null);
        return Page();
    }

    public async Task<PageResult> OnPostOnAsync(string? code, string? kept)
    {
        if (factors.Resume(Me.Principal.Id, kept ?? "") is not { } key)
        {
            Problem = "The page was open for too long. Remove the account that you just added from the app, and scan the new picture.";
            await ShowAsync(null);
            return Page();
        }

        RecoveryCodes = await factors.TurnOnAsync(Me, key, code ?? "");
        if (RecoveryCodes is not null) return Page();
        Problem = "This is not the code of the picture above. Type the one that the app shows now, and see that the clock of your phone is right.";
        await ShowAsync((key, kept!));
        return Page();
    }

    public async Task<IActionResult> OnPostOffAsync(string? password, string? code)
    {
        var wait = factors.BeginTry(Me.Principal.Id);
        if (wait > 0) return await RefuseAsync(Refusal.TooMany(Response, wait));
        var check = await accounts.CheckAsync(Me.Principal.Login, password ?? "", HttpContext);
        if (check.Account is not { } proved) return await RefuseAsync(check.Sentence(Response, "The password or the code is not right."));
        if (!await factors.TurnOffAsync(Me, proved, code ?? "")) return await RefuseAsync("The password or the code is not right.");
        factors.ForgiveTry(Me.Principal.Id);
        TempData["Notice"] = "Two-step sign-in is off.";
        return LocalRedirect("/settings");
    }

    private async Task<PageResult> RefuseAsync(string problem)
    {
        Problem = problem;
        await ShowAsync(null);
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
