using CalDavServer.Feeds;
using CalDavServer.Mail;
using CalDavServer.Web.Devices;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>A practitioner's one-way calendar feed: its secret address, what it shows, a new address, off (R12).</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class FeedModel(PracticeDiaries diaries, FeedBook book, FeedKeeper keeper, MailSender mail, Confirmation confirmation) : PageModel
{
    private const string Changed = "The feed was changed in another window at the same time. This is how it is now.";

    /// <summary>The feed; null when it is off.</summary>
    public Feed? Feed { get; private set; }

    /// <summary>Its address; null when the feed is off, its address can no longer be shown, or the person has not confirmed who they are.</summary>
    public string? Address { get; private set; }

    /// <summary>Whether the address is shown once the person has confirmed who they are.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>Where the address can be sent to; null when there is no mail server or the person has no e-mail address.</summary>
    public string? Mailbox => mail.IsConfigured ? Me.Principal.Email : null;

    [BindProperty]
    public PrivacyLevel Level { get; set; } = PrivacyLevel.Initials;

    public LevelChoice Levels { get; private set; } = null!;

    private Person Me => Person.Of(HttpContext);

    private AuditActor Actor => Me.Actor;

    public async Task OnGetAsync()
    {
        Feed = await FindAsync();
        if (Feed is not null) (Level, Address, IsHidden) = confirmation.IsRecent(Me) ? (Feed.Level, keeper.AddressOf(Feed, Request), false) : (Feed.Level, null, true);
        Levels = await LevelChoice.ReadAsync("What may the feed show of your patients' appointments?", diaries, Me.Principal, Me.Practice!, Level);
    }

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostOnAsync()
    {
        // the form was sent twice: the address that was just shown stays
        if (await FindAsync() is not null) return Back("Your calendar feed is on.");
        if (!await keeper.RenewAsync(Me.Principal, null, Known(Level), Actor)) return Back(Changed);
        Tell(Emails.FeedOn);
        return Back("Your calendar feed is on. Copy its address into the app that should show it.");
    }

    /// <summary>The address is a secret with which everybody reads: it is shown to who has confirmed who they are.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public RedirectToPageResult OnPostShow() => RedirectToPage();

    [LastingAccess(LastingAccess.MayGive)]
    public async Task<IActionResult> OnPostLevelAsync()
    {
        var shows = (await FindAsync())?.Level ?? PrivacyLevel.FullName;
        if (Known(Level) > shows && await confirmation.AskAsync(this) is { } asked) return asked;
        if (!await book.SetLevelAsync(Me.Principal, Known(Level), Actor)) return Back(Changed);
        if (Known(Level) > shows) Tell(Emails.FeedOpened);
        return Back("Saved. Apps show it the next time they check.");
    }

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostRenewAsync()
    {
        if (await FindAsync() is not { } feed) return Back("The feed is off: there is no address to replace.");
        if (!await keeper.RenewAsync(Me.Principal, feed, feed.Level, Actor)) return Back(Changed);
        Tell(Emails.FeedOn);
        return Back("The feed has a new address. The old one has stopped working.");
    }

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostSendAsync()
    {
        await OnGetAsync();
        if (Address is null || Mailbox is null) return Back("The address could not be sent. Copy it from here instead.");
        var text =
            $"""
            Hello,

            This is the address of your one-way calendar feed:

            {Address}

            Anybody who has it can read your calendar without a password: keep it to yourself. If you did not ask for this e-mail, make a new address
            in Settings > Integrations > One-way calendar feed; the one above then stops working.
            """;
        // first: no address leaves without its line in the audit log
        await book.NoteSentAsync(Me.Principal, Actor);
        return Back(mail.Send(new Email(Mailbox, "Your calendar feed", text), Me.Principal.Id) ? $"The address is on its way to {Mailbox}." : "The address could not be sent. Copy it from here instead.");
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostOffAsync()
    {
        await book.EndAsync(Me.Principal, Actor);
        return Back("Your calendar feed is off. Its address has stopped working.");
    }

    private Task<Feed?> FindAsync() => book.FindAsync(Me.Principal.Id, HttpContext.RequestAborted);

    private void Tell(Func<string, Email> email)
    {
        if (Me.Principal.Email is { } address) mail.Send(email(address));
    }

    private RedirectToPageResult Back(string notice)
    {
        TempData["Notice"] = notice;
        return RedirectToPage();
    }

    private static PrivacyLevel Known(PrivacyLevel level) => Enum.IsDefined(level) ? level : PrivacyLevel.Busy;
}
