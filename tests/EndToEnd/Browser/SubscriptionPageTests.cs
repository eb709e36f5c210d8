using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>Buying and cancelling Calendar Synchronisation, and the practice's credits (R7, R9, R10).</summary>
public sealed class SubscriptionPageTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private const string Section = "/settings/integrations";

    private DemoAccount Tom => DemoAccount.Practitioners(server.Process.Output)[1];

    [Fact]
    public async Task R10_With_scripts_the_terms_are_a_pop_up_and_a_purchase_leads_back_to_the_section()
    {
        var visitor = await SignInAsync(server.Url, Tom);
        var page = await visitor.OpenAsync(Section);
        await visitor.LookAsync("integrations-nothing-bought");
        await page.GetByRole(AriaRole.Link, new() { Name = "Buy Calendar Synchronisation" }).ClickAsync();
        var terms = page.GetByRole(AriaRole.Dialog);
        await Expect(terms).ToContainTextAsync("100 credits");
        await visitor.LookAsync("integrations-buy-pop-up");
        await terms.GetByRole(AriaRole.Link, new() { Name = "Not now" }).ClickAsync();
        await Expect(terms).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Buy Calendar Synchronisation" }).ClickAsync();
        await terms.GetByRole(AriaRole.Button, new() { Name = "Purchase" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Add Calendar Synchronisation" })).ToBeVisibleAsync();
        await visitor.LookAsync("integrations-bought");
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel the subscription" }).ClickAsync();
        await visitor.LookAsync("integrations-cancel-pop-up");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel the subscription" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("nothing more is charged");
        await visitor.LookAsync("integrations-cancelled");
    }

    [Fact]
    public async Task R9_Without_scripts_an_administrator_reads_who_has_what_and_the_terms_on_a_page()
    {
        var visitor = await SignInAsync(server.Url, server.Administrator, scripts: false);
        var page = await visitor.OpenAsync(Section);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("they set it up themselves");
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel… the subscription of Maya Lindqvist" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Cancel Calendar Synchronisation for Maya Lindqvist?" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Keep it" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(server.Url, Section).ToString());
    }

    [Fact]
    public async Task R7_An_administrator_sees_who_has_what_and_every_credit()
    {
        var visitor = await SignInAsync(server.Url, server.Administrator);
        await visitor.OpenAsync(Section);
        await visitor.LookAsync("integrations-administrator");
        var page = await visitor.OpenAsync("/settings/credits");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Credits of the demonstration");
        await visitor.LookAsync("credits");
    }
}
