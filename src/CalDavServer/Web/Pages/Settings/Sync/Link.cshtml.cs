using CalDavServer.Links;
using CalDavServer.Web.Devices;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Pages.Settings.Sync;

/// <summary>One link to an outside account: how it stands, what can be done about it, and its end.</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class LinkModel(LinkedAccounts accounts, LinkKeeper keeper, LinkRunner runner, PracticeDiaries diaries, HxCalendars calendars, IClock clock, Confirmation confirmation) : PageModel
{
    private const int MostAsked = 100;

    public DateTimeZone Zone => Me.Practice!.Zone();

    public Instant Now { get; } = clock.GetCurrentInstant();

    public LinkStanding Standing { get; private set; } = null!;

    /// <summary>What the link tells of itself; null where there is no link yet.</summary>
    public LinkDetails? Details { get; private set; }

    public LevelChoice? Levels { get; private set; }

    public string? EndProblem { get; private set; }

    public ProviderWords Words => Standing.Words;

    /// <summary>Whether the calendar was made here: one that a person chose among their own is never deleted.</summary>
    public bool IsMadeHere => Standing.Link is { } link && Service.IsMadeHere(link.CalendarId);

    private Person Me => Person.Of(HttpContext);

    private IOutsideService Service => Standing.Provider.Service;

    private string NotReached => $"{Words.AtStart} does not answer as it should, and nothing was changed. Try again in a few minutes.";

    private string PractitionerId => Me.Principal.Id;

    private AccountKey Account => Standing.Account.Key;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (Me.Practice is null || await accounts.FindAsync(new AccountKey(PractitionerId, (string)context.RouteData.Values["account"]!), HttpContext.RequestAborted) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        Standing = found;
        await next();
    }

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostPauseAsync() =>
        ChangeAsync(static link => link.State == LinkState.Active ? link with { State = LinkState.Paused } : null, "Paused. Nothing is read or written until you resume it.", LinkEventKind.Paused);

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostGoOnAsync() => ChangeAsync(static link => link.State == LinkState.Paused ? link with { State = LinkState.Active } : null, "It is running again. What changed in the meantime catches up.", LinkEventKind.WentOn);

    [LastingAccess(LastingAccess.None)]
    public IActionResult OnPostCheck()
    {
        if (Standing.Link is { } link) runner.Wake(link.Key);
        TempData["Notice"] = "It is being checked now.";
        return Here();
    }

    /// <summary>So many were removed at once that somebody has to say that it is meant.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostRemoveAsync() =>
        ChangeAsync(static link => link.State == LinkState.DeletesHeld ? link with { State = LinkState.Active, AllowedDeletions = link.HeldDeletions } : null, "They are removed on the other side too.", LinkEventKind.DeletesAllowed);

    /// <summary>It may have been a mistake of the service, or be back by now.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostLookAgainAsync() => ChangeAsync(static link => link.Released(putsBack: false), "It is being checked again. What is back there stays as it was.", LinkEventKind.DeletesLookedAt);

    /// <summary>Nobody meant it.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostPutBackAsync() => ChangeAsync(static link => link.Released(putsBack: true), $"They are being put back at {Words.Name}.", LinkEventKind.DeletesPutBack);

    /// <summary>What one of the sides did not take is tried again at once.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostTryAgainAsync(string? appointment) =>
        ChangeAsync(link => link.Quarantined.Contains(appointment ?? "") ? link with { AskedAgain = [.. link.AskedAgain.Append(appointment!).Distinct().TakeLast(MostAsked)] } : null, "It is being tried again now.");

    /// <summary>Of a conflict the version counts that did not.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostTakeOtherAsync(string? conflict)
    {
        if (Standing.Link is { } link) TempData["Notice"] = await keeper.TakeOtherAsync(link, Me.Actor, conflict ?? "");
        return Here();
    }

    /// <summary>A conflict stays as it was decided.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostLeaveAsync(string? conflict)
    {
        if (Standing.Link is { } link) TempData["Notice"] = await keeper.LeaveAsync(link, conflict ?? "") ? "It stays as it is." : "This has been decided already: nothing was changed.";
        return Here();
    }

    /// <summary>What the outside calendar is shown.</summary>
    [LastingAccess(LastingAccess.MayGive)]
    public async Task<IActionResult> OnPostLevelAsync(PrivacyLevel level, PrivateAs? privateAs)
    {
        if (!ModelState.IsValid || Standing.Link is not { } link) return Here();
        var (before, chosen) = (link.PrivateAs ?? PrivateAs.Busy, privateAs ?? link.PrivateAs ?? PrivateAs.Busy);
        if ((level > link.Level || chosen < before) && await confirmation.AskAsync(this) is { } asked) return asked;
        TempData["Notice"] = !await keeper.ChangeShownAsync(Account, level, chosen)
            ? "It shows that already: nothing was changed."
            : level == link.Level && chosen < before
            ? $"Your private appointments are being added at {Words.Name}, as busy."
            : $"Everything at {Words.Name} is being rewritten. Until that is finished, it may still show what it showed before, and this page says so.";
        return Here();
    }

    public async Task OnGetAsync()
    {
        if (Standing.Link is not { } link) return;
        Details = LinkDetails.Of(await keeper.ReportAsync(link, HttpContext.RequestAborted), Zone);
        Levels = await LevelChoice.ReadAsync("What may this account be shown of your patients' appointments?", diaries, Me.Principal, Me.Practice!, link.Level, link.PrivateAs ?? PrivateAs.Busy);
    }

    /// <summary>The part of the page that is filled again while it is open.</summary>
    public PartialViewResult OnGetState() => Partial("/Web/Pages/Settings/Sync/_LinkState.cshtml", Standing);

    /// <summary>The calendar was deleted outside: it is made again.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostMakeAgainAsync()
    {
        if (Standing.Link is not { State: LinkState.CalendarGone }) return Here();
        try
        {
            var name = (await calendars.FindAsync(PractitionerId))!.Name;
            var made = await Service.CreateCalendarAsync(Account, name, Me.Practice!.ZoneId);
            var isRenewed = await keeper.RenewAsync(Account, made);
            if (!isRenewed) await Service.DeleteCalendarAsync(Account, made);
            TempData["Notice"] = isRenewed ? "The calendar is made again, and filled as before." : "The calendar has been made again already: nothing was changed.";
        }
        catch (OutsideException)
        {
            TempData["Notice"] = NotReached;
        }

        return Here();
    }

    /// <summary>Ends the link and gives the access back.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostDisconnectAsync(string? calendar)
    {
        if (Standing.Link is not null && !(calendar == "stays" || (calendar == "deleted" && IsMadeHere)))
        {
            await OnGetAsync();
            EndProblem = $"Choose what should happen to the calendar at {Words.Name}.";
            return Page();
        }

        if (Standing.Link is { } link && calendar == "deleted" && !await DeleteCalendarAsync(link)) return Here();
        await keeper.ChangeAsync(Account, static link => link with { State = LinkState.Paused });
        if (Standing is { Link: { } ended, Provider.Channels: { } channels }) await channels.StopAsync(ended);
        var left = await GiveBackAsync();
        // not there any more: ended by a double click
        if (!await keeper.EndAsync(Me.Principal, Me.Actor, Account.AccountId) && (await keeper.FindAsync(Account)).Account is not null)
        {
            TempData["Notice"] = $"{Standing.Name} could not be disconnected now: its link is paused. Try again.";
            return Here();
        }

        TempData["Notice"] = $"{Standing.Name} is disconnected. {left}";
        return LocalRedirect("/settings/sync");
    }

    /// <summary>Gives the access back; what is left of it, as a sentence.</summary>
    private async Task<string> GiveBackAsync()
    {
        if (await keeper.IsSharedAsync(Account))
        {
            Service.Forget(Account);
            return "Somebody else has connected the same account: this server keeps the access for them.";
        }

        var given = await Service.EndAccessAsync(Standing.Account);
        return given || Standing.NeedsReconnecting
            ? "This server no longer has access to the account."
            : Words.TakeAway;
    }

    private async Task<bool> DeleteCalendarAsync(Link link)
    {
        // what is deleted now must not be taken for something that somebody did there
        await keeper.ChangeAsync(Account, static link => link with { State = LinkState.Paused });
        try
        {
            await Service.DeleteCalendarAsync(Account, link.CalendarId);
            return true;
        }
        catch (OutsideException failure)
        {
            if (link.State != LinkState.Paused) await keeper.ChangeAsync(Account, paused => paused with { State = link.State });
            TempData["Notice"] = failure.Fault == OutsideFault.NeedsReconnecting
                ? $"The calendar cannot be deleted, because {Words.Name} does not let this server in. Connect the account again, or let the calendar stay and delete it at {Words.Name} yourself."
                : NotReached;
            return false;
        }
    }

    private async Task<IActionResult> ChangeAsync(Func<Link, Link?> change, string done, LinkEventKind? happened = null)
    {
        TempData["Notice"] = await keeper.ChangeAsync(Account, change, happened) ? done : "It has changed in the meantime. This is how it stands now.";
        return Here();
    }

    private LocalRedirectResult Here() => LocalRedirect($"/settings/sync/links/{Account.AccountId}");
}
