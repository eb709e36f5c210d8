using CalDavServer.Links;
using CalDavServer.Web.Devices;
using CalDavServer.Web.Pages.Settings.Connect;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Practice;
using Practice.Diaries;
using Practice.Hx;
using Practice.Subscriptions;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Pages.Settings.Linking;

/// <summary>The prompts for an account that is connected: which appointments (R5), and what may be shown there.</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class AccountModel(Billing billing, PracticeDiaries diaries, HxCalendars calendars, LinkKeeper keeper, Inclusions inclusions, Providers providers) : ConnectPage(billing)
{
    private readonly Billing _billing = billing;

    [BindProperty]
    public bool Existing { get; set; }

    [BindProperty]
    public PrivacyLevel Level { get; set; } = PrivacyLevel.Initials;

    /// <summary>What the account is shown of private appointments.</summary>
    [BindProperty]
    public PrivateAs PrivateAs { get; set; }

    /// <summary>The calendar of theirs that the person chooses; empty for a new one.</summary>
    [BindProperty]
    public string? Calendar { get; set; }

    [FromRoute]
    public string Account { get; set; } = "";

    public OutsideAccount Connected { get; private set; } = null!;

    public ProviderWords Words { get; private set; } = null!;

    public string CalendarName { get; private set; } = "";

    /// <summary>The calendars that are there, by id with their names.</summary>
    public IReadOnlyList<OutsidePlace> Calendars { get; private set; } = [];

    public int Waiting { get; private set; }

    public int Served { get; private set; }

    public LevelChoice Levels { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        var (account, link) = await keeper.FindAsync(new AccountKey(Me.Principal.Id, Account), HttpContext.RequestAborted);
        if (account is null || providers.Find(account.Provider) is not { } provider) return NotFound();
        Words = provider.Words;
        if (link is not null) return LocalRedirect($"/settings/sync/links/{Account}");
        await ReadAsync(account);
        Calendars = await ListAsync(provider, account);
        return Page();
    }

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostAsync()
    {
        var (account, link) = await keeper.FindAsync(new AccountKey(Me.Principal.Id, Account), HttpContext.RequestAborted);
        if (account is null || providers.Find(account.Provider) is not { } provider) return NotFound();
        Words = provider.Words;
        if (!ModelState.IsValid)
        {
            await ReadAsync(account);
            Calendars = await ListAsync(provider, account);
            return Page();
        }

        if (link is null && await MakeAsync(provider, account) is { } problem)
        {
            TempData["Notice"] = problem;
            return LocalRedirect($"/settings/integrations/accounts/{Account}");
        }

        return LocalRedirect($"/settings/sync/links/{Account}");
    }

    /// <summary>Makes the link; what is wrong when it cannot be made.</summary>
    private async Task<string?> MakeAsync(Provider provider, OutsideAccount account)
    {
        var me = Me.Principal;
        try
        {
            await _billing.SetUpAsync(me, Me.Actor);
            var hx = (await calendars.FindAsync(me.Id))!;
            if (await FindCalendarAsync(provider, account, hx.Name) is not { } made) return "That calendar no longer exists, or is linked already. Choose another, or a new one.";
            // what is booked from here on belongs to it
            var from = Existing ? 0 : hx.Change;
            if (Existing) await inclusions.BeginAsync(me, Me.Actor);
            var isLinked = false;
            try
            {
                isLinked = await keeper.MakeAsync(me, Me.Actor, account, LinkStanding.NameOf(provider, account), made, Level, from, PrivateAs);
            }
            finally
            {
                // it could not be written, or a second click comes after the first: what was made for this one is not wanted, and what was chosen belongs to the first
                if (!isLinked && string.IsNullOrEmpty(Calendar)) await provider.Service.DeleteCalendarAsync(account.Key, made);
            }

            return null;
        }
        catch (Exception refusal) when (refusal is BillingException or DiaryException)
        {
            return refusal.Message;
        }
        catch (OutsideException failure)
        {
            return failure.Fault switch
            {
                OutsideFault.NeedsReconnecting => $"{Words.AtStart} no longer lets this server in: connect the account again.",
                OutsideFault.Rejected => $"{Words.AtStart} does not make a calendar in this account: the account may not include calendars, or have no room for another.{(Calendars.Count > 0 || provider.Password is not null ? " Make one there yourself, call it " + CalendarName + ", and choose it here." : "")}",
                _ => $"{Words.AtStart} did not make the calendar, and nothing was changed. Try again in a few minutes.",
            };
        }
    }

    /// <summary>The calendars to choose from; none while the service does not list them: then a new one is made.</summary>
    private static async Task<IReadOnlyList<OutsidePlace>> ListAsync(Provider provider, OutsideAccount account)
    {
        try
        {
            return await provider.Service.ListCalendarsAsync(account.Key);
        }
        catch (OutsideException)
        {
            return [];
        }
    }

    /// <summary>The calendar that was chosen, or a new one; null when the chosen one is not there, or somebody has it already.</summary>
    private async Task<string?> FindCalendarAsync(Provider provider, OutsideAccount account, string name)
    {
        CalendarName = name;
        if (string.IsNullOrEmpty(Calendar)) return await provider.Service.CreateCalendarAsync(account.Key, name, Practice.ZoneId);
        var there = await provider.Service.ListCalendarsAsync(account.Key);
        return there.Any(one => one.Id == Calendar && one.MayWrite) && !await keeper.IsLinkedAsync(Calendar, HttpContext.RequestAborted) ? Calendar : null;
    }

    private async Task ReadAsync(OutsideAccount account)
    {
        var me = Me.Principal;
        Connected = account;
        var survey = await diaries.Open(me.Id, Me.Actor).SurveyAsync(HttpContext.RequestAborted);
        (Waiting, Served) = (survey.Waiting, survey.Served);
        Levels = await LevelChoice.ReadAsync("What may this account be shown of your patients' appointments?", diaries, me, Practice, Level, PrivateAs);
        CalendarName = (await calendars.FindAsync(me.Id))!.Name;
    }
}
