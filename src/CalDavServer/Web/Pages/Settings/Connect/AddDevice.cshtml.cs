using System.Security.Cryptography;
using System.Text;
using CalDavServer.Options;
using CalDavServer.Web.Devices;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Hx;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>The prompts for a device that adds the account itself: which appointments (R5), what it may show, what it is called.</summary>
internal sealed class AddDeviceModel(Billing billing, PracticeDiaries diaries, HxCalendars calendars, IClock clock, NewPasswords passwords, OwnDevices devices, Inclusions inclusions, ServerOptions options) : ConnectPage(billing)
{
    public const int MaxLabel = 60;
    private readonly Billing _billing = billing;

    /// <summary>Names this form: sent twice, it makes one device.</summary>
    [BindProperty]
    public string? Form { get; set; }

    [BindProperty]
    public string? Label { get; set; }

    [BindProperty]
    public bool Existing { get; set; }

    [BindProperty]
    public PrivacyLevel Level { get; set; } = PrivacyLevel.Initials;

    [BindProperty]
    public bool ReadOnly { get; set; }

    [FromRoute]
    public string Way { get; set; } = "";

    public bool IsApple => Way == "apple";

    public string Heading => IsApple ? "Add Apple Calendar" : "Add a calendar app";

    public string CalendarName { get; private set; } = "";

    /// <summary>The server's host, as the device will be told.</summary>
    public string Host => AccountFacts.Of(options.PublicAddress, Request, Me.Principal).Host;

    public int Waiting { get; private set; }

    public int Served { get; private set; }

    public LevelChoice Levels { get; private set; } = null!;

    public string? LabelProblem { get; private set; }

    /// <summary>What is wrong with the name of a device; null when nothing is.</summary>
    public static string? ProblemOf(string? label)
    {
        if (string.IsNullOrEmpty(label)) return "Give the device a name, such as My iPhone.";
        return label.Length > MaxLabel ? $"This name is too long: use at most {MaxLabel} characters." : null;
    }

    public async Task OnGetAsync()
    {
        Form = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Label = DeviceName.Suggest(IsApple, Request.Headers.UserAgent, [.. (await devices.ListAsync(Me.Principal.Id)).Select(device => device.Label)]);
        await ReadAsync();
    }

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostAsync()
    {
        Label = Label?.Trim();
        LabelProblem = ProblemOf(Label);
        if (!ModelState.IsValid || LabelProblem is not null || string.IsNullOrEmpty(Form))
        {
            Form ??= RandomNumberGenerator.GetHexString(32, lowercase: true);
            await ReadAsync();
            return Page();
        }

        var me = Me.Principal;
        var device = new Credential(IdOf(Form), me.Id, Label!, SecretKind.Sha256, "", ReadOnly, Level.ToString(), clock.GetCurrentInstant());
        try
        {
            await _billing.SetUpAsync(me, Me.Actor);

            // before the password: a form that is sent again after a stop in between finds both done, or does them
            if (Existing) await inclusions.BeginAsync(me, Me.Actor);
            await passwords.MakeAsync(Me, device);
        }
        catch (Exception refusal) when (refusal is BillingException or DiaryException)
        {
            TempData["Notice"] = refusal.Message;
            return LocalRedirect("/settings/integrations");
        }

        return LocalRedirect($"/settings/integrations/devices/{device.Id}?way={Way}");
    }

    private async Task ReadAsync()
    {
        var me = Me.Principal;
        var survey = await diaries.Open(me.Id, Me.Actor).SurveyAsync(HttpContext.RequestAborted);
        (Waiting, Served) = (survey.Waiting, survey.Served);
        Levels = await LevelChoice.ReadAsync("What may this device show of your patients' appointments?", diaries, me, Practice, Level);
        CalendarName = (await calendars.FindAsync(me.Id))!.Name;
    }

    private string IdOf(string form) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Me.Principal.Id} {form}")).AsSpan(0, 8));
}
