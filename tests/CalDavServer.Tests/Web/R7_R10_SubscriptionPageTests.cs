using System.Net;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Settings > Integrations and the practice's credits, as a browser without scripts meets them.</summary>
public sealed class R7_R10_SubscriptionPageTests : PageTest
{
    private const string Section = "/settings/integrations";
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 0, 0) };

    private protected override IClock Clock => _clock;

    private protected override bool Billing => true;

    private Billing Books => new(Server.Store, _clock);

    [Fact]
    public async Task R10_A_practitioner_buys_reads_the_terms_first_and_is_led_to_add()
    {
        await Books.AddCreditsAsync(Practice.Id, 100, "Invoice 7");
        using var browser = await SignedInAsync("maya");
        var section = await browser.GetAsync(Section);
        Assert.Contains("Buy Calendar Synchronisation", section.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Add Calendar Synchronisation", section.Text, StringComparison.Ordinal);

        var terms = await browser.GetAsync(Section + "/buy");
        foreach (var said in new[] { "100 credits", "25 credits every 30 days", "first 30 days are free", "nothing now; 25 credits on Thursday 2 April 2026", "cancel at any time", "not refunded", "Purchase" })
            Assert.Contains(said, terms.Text, StringComparison.Ordinal);

        var bought = await browser.PostAsync(Section + "/buy", ("state", "None"));
        Assert.Equal(Section, bought.Path);
        Assert.Contains("Free until the end of Wednesday 1 April 2026", bought.Text, StringComparison.Ordinal);
        Assert.Contains("Australia/Melbourne", bought.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/settings/integrations/add\"", bought.Text, StringComparison.Ordinal);
        Assert.Equal(100, (await AccountAsync()).Balance);
    }

    [Fact]
    public async Task R7_Cancelling_says_what_happens_and_buying_again_takes_it_back()
    {
        await Books.BuyAsync(Maya.Id, Maya, AuditActor.OnPages(Maya, "session"));
        using var browser = await SignedInAsync("maya");
        var asked = await browser.GetAsync(Section + "/cancel");
        Assert.Contains("until the end of Wednesday 1 April 2026", asked.Text, StringComparison.Ordinal);
        Assert.Contains("not refunded", asked.Text, StringComparison.Ordinal);
        var cancelled = await browser.PostAsync(Section + "/cancel");
        Assert.Contains("nothing more is charged", cancelled.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing to cancel", (await browser.GetAsync(Section + "/cancel")).Text, StringComparison.Ordinal);
        await browser.PostAsync(Section + "/buy", ("state", "Ending"));
        Assert.Equal(SubscriptionState.Trial, await StateAsync(Maya.Id));
    }

    [Fact]
    public async Task R7_What_was_agreed_to_is_what_is_bought()
    {
        await Books.AddCreditsAsync(Practice.Id, 100, "Invoice 7");
        await Books.BuyAsync(Maya.Id, Maya, AuditActor.OnPages(Maya, "session"));
        await Books.CancelAsync(Maya.Id, Maya, AuditActor.OnPages(Maya, "session"));
        _clock.Now += Duration.FromDays(50);
        using var browser = await SignedInAsync("maya");
        var answer = await browser.PostAsync(Section + "/buy", ("state", "Ending"));
        Assert.Contains("nothing was bought", answer.Text, StringComparison.Ordinal);
        Assert.Contains("25 credits now", answer.Text, StringComparison.Ordinal);
        Assert.Equal(100, (await AccountAsync()).Balance);
        await browser.PostAsync(Section + "/buy", ("state", "Lapsed"));
        Assert.Equal((SubscriptionState.Active, 75L), (await StateAsync(Maya.Id), (await AccountAsync()).Balance));
    }

    [Fact]
    public async Task R7_Too_few_credits_are_said_before_and_after()
    {
        await Books.AddCreditsAsync(Practice.Id, 24, "Invoice 7");
        await Books.BuyAsync(Maya.Id, Maya, AuditActor.OnPages(Maya, "session"));
        _clock.Now = Instant.FromUtc(2026, 3, 26, 0, 0);
        await Books.RenewAsync(Practice.Id);
        using var browser = await SignedInAsync("maya");
        Assert.Contains("1 credit is missing for the renewal on Thursday 2 April 2026", (await browser.GetAsync(Section)).Text, StringComparison.Ordinal);
        _clock.Now = Instant.FromUtc(2026, 4, 2, 0, 0);
        await Books.RenewAsync(Practice.Id);
        var lapsed = await browser.GetAsync(Section);
        Assert.Contains("did not have the 25 credits", lapsed.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing was deleted", lapsed.Text, StringComparison.Ordinal);
        var terms = await browser.GetAsync(Section + "/buy");
        Assert.Contains("not enough credits", terms.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(">Purchase<", terms.Text, StringComparison.Ordinal);
        var forced = await browser.PostAsync(Section + "/buy", ("state", "Lapsed"));
        Assert.Contains("the practice has 24", forced.Text, StringComparison.Ordinal);
        Assert.Equal((SubscriptionState.Lapsed, 24L), (await StateAsync(Maya.Id), (await AccountAsync()).Balance));
    }

    [Fact]
    public async Task R9_An_administrator_sees_who_has_what_buys_for_a_practitioner_and_is_told_who_sets_up()
    {
        using var browser = await SignedInAsync("ruth");
        var section = await browser.GetAsync(Section);
        foreach (var said in new[] { "Maya Lindqvist", "Tom Okafor", "they set it up themselves", "no calendar of their own" }) Assert.Contains(said, section.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Add Calendar Synchronisation", section.Text, StringComparison.Ordinal);
        var terms = await browser.GetAsync($"{Section}/buy?for={Tom.Id}");
        Assert.Contains("for Tom Okafor", terms.Text, StringComparison.Ordinal);
        var bought = await browser.PostAsync($"{Section}/buy?for={Tom.Id}", ("state", "None"), ("for", Tom.Id));
        Assert.Contains("Tom Okafor has Calendar Synchronisation now", bought.Text, StringComparison.Ordinal);
        Assert.Equal((SubscriptionState.Trial, SubscriptionState.None), (await StateAsync(Tom.Id), await StateAsync(Maya.Id)));
        await browser.PostAsync($"{Section}/cancel?for={Tom.Id}", ("for", Tom.Id));
        Assert.Equal(SubscriptionState.Ending, await StateAsync(Tom.Id));
    }

    [Fact]
    public async Task R9_Nobody_reaches_the_subscription_of_somebody_else()
    {
        using var maya = await SignedInAsync("maya");
        await maya.PostAsync(Section + "/buy", ("state", "None"), ("for", Tom.Id));
        Assert.Equal((SubscriptionState.Trial, SubscriptionState.None), (await StateAsync(Maya.Id), await StateAsync(Tom.Id)));
        Assert.Contains("You cannot open this page", (await maya.GetAsync("/settings/credits")).Text, StringComparison.Ordinal);
        using var ruth = await SignedInAsync("ruth");
        foreach (var nobody in new[] { "/buy", "/cancel", "/buy?for=nobody", $"/buy?for={Ruth.Id}", "/cancel?for=nobody" })
            Assert.Equal(HttpStatusCode.NotFound, (await ruth.GetAsync(Section + nobody)).Status);
    }

    [Fact]
    public async Task R7_The_credits_page_has_every_line_with_its_reason_and_what_comes_next()
    {
        await Books.AddCreditsAsync(Practice.Id, 60, "Invoice <7>");
        await Books.BuyAsync(Maya.Id, Maya, AuditActor.OnPages(Maya, "session"));
        _clock.Now = Instant.FromUtc(2026, 4, 2, 0, 0);
        await Books.RenewAsync(Practice.Id);
        for (var line = 0; line < 60; line++) await Books.AddCreditsAsync(Practice.Id, 1, $"small {line}");
        using var browser = await SignedInAsync("ruth");
        var page = await browser.GetAsync("/settings/credits");
        foreach (var said in new[] { "The practice has 95 credits", "Saturday 2 May 2026", "small 59", "How to get credits", "Whoever runs this server" })
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        var older = await browser.GetAsync("/settings/credits?before=13");
        foreach (var said in new[] { "Added: Invoice &lt;7&gt;", "Calendar Synchronisation for Maya Lindqvist renewed, Thursday 2 April 2026 to Friday 1 May 2026", "small 9" })
            Assert.Contains(said, older.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("small 10", older.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R7_In_a_band_that_includes_it_there_is_nothing_to_buy()
    {
        await Books.SetBandAsync(Practice.Id, PaymentBand.Gold);
        using var browser = await SignedInAsync("maya");
        var section = await browser.GetAsync(Section);
        Assert.Contains("payment band Gold", section.Text, StringComparison.Ordinal);
        Assert.Contains("Add Calendar Synchronisation", section.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing to buy", (await browser.GetAsync(Section + "/buy")).Text, StringComparison.Ordinal);
    }

    private async Task<PracticeAccount> AccountAsync() => (await Books.FindAsync(Practice.Id))!;

    private async Task<SubscriptionState> StateAsync(string id) => (await AccountAsync()).Find(id)!.State;
}

/// <summary>The same pages where whoever runs the server provides the calendars.</summary>
public sealed class ProvidedCalendarPageTests : PageTest
{
    [Fact]
    public async Task Where_nothing_is_paid_for_nothing_is_sold()
    {
        using var maya = await SignedInAsync("maya");
        var section = await maya.GetAsync("/settings/integrations");
        Assert.Contains("at no charge", section.Text, StringComparison.Ordinal);
        Assert.Contains("Add Calendar Synchronisation", section.Text, StringComparison.Ordinal);
        // with the first device it is there: what is added then is another device
        await Server.AddPasswordAsync(Maya);
        var later = (await maya.GetAsync("/settings/integrations")).Text;
        Assert.Contains(">Add another device</a>", later, StringComparison.Ordinal);
        Assert.DoesNotContain(">Add Calendar Synchronisation</a>", later, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await maya.GetAsync("/settings/integrations/buy")).Status);
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains("at no charge", (await ruth.GetAsync("/settings/integrations")).Text, StringComparison.Ordinal);
        Assert.Contains("needs no credits", (await ruth.GetAsync("/settings/credits")).Text, StringComparison.Ordinal);
    }
}
