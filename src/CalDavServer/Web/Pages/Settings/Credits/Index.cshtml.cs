using CalDavServer.Web.Pages.Settings.Integrations;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Credits;

/// <summary>The practice group's credits: how many there are, what will be charged, and every line of the ledger.</summary>
[Authorize(Policy = Policies.Administrator)]
internal sealed class IndexModel(Billing billing) : PageModel
{
    private const int LinesOfPage = 50;

    public PracticeAccount? Account { get; private set; }

    public IReadOnlyList<CreditLine> Lines { get; private set; } = [];

    /// <summary>The number before which older lines are; null when these are the first ones.</summary>
    public long? Older => Lines.Count > 0 && Lines[^1].Number > 1 ? Lines[^1].Number : null;

    public bool IsNewest { get; private set; }

    public async Task<IActionResult> OnGetAsync(long? before)
    {
        if (Person.Of(HttpContext).Practice is not { } practice) return NotFound();
        Account = await billing.FindAsync(practice.Id, HttpContext.RequestAborted);
        if (Account is null) return Page();
        IsNewest = before is null;
        Lines = await billing.ListLinesAsync(practice.Id, before ?? long.MaxValue, LinesOfPage, HttpContext.RequestAborted);
        return Page();
    }

    public string When(CreditLine line) => SubscriptionWords.Day(line.At.InZone(Account!.Practice.Zone()).Date);

    public string Reason(CreditLine line) => line.Reason switch
    {
        CreditReason.Added => $"Added: {line.Note}",
        CreditReason.Bought => $"Calendar Synchronisation bought for {NameOf(line.PractitionerId)}, {Period(line)}",
        _ => $"Calendar Synchronisation for {NameOf(line.PractitionerId)} renewed, {Period(line)}",
    };

    private string NameOf(string? practitioner) =>
        practitioner is not null && Account!.Find(practitioner) is { } known ? known.Practitioner.DisplayName : "a former practitioner";

    private static string Period(CreditLine line) =>
        line is { From: { } from, Through: { } through } ? $"{SubscriptionWords.Day(from)} to {SubscriptionWords.Day(through)}" : "";
}
