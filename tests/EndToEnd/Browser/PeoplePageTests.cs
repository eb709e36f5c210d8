using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>A person's own account, and the people of a practice group.</summary>
public sealed class PeoplePageTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    [Fact]
    public async Task The_pages_of_an_account_can_be_read_everywhere()
    {
        var visitor = await SignInAsync(server.Url, server.Maya);
        foreach (var name in new[] { "details", "password", "two-step", "sessions" })
        {
            var page = await visitor.OpenAsync($"/settings/{name}");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First).ToBeVisibleAsync();
            await visitor.LookAsync($"settings-{name}");
        }
    }

    [Fact]
    public async Task An_administrator_invites_somebody_who_comes_in_by_the_link_and_is_sent_away_again()
    {
        var visitor = await SignInAsync(server.Url, server.Administrator);
        var page = await visitor.OpenAsync("/settings/people");
        await visitor.LookAsync("people");
        await page.GetByRole(AriaRole.Link, new() { Name = "Invite somebody" }).ClickAsync();
        await visitor.LookAsync("people-invite");
        await page.GetByLabel("Name").FillAsync("Lee Aranda");
        await page.GetByLabel("E-mail address").FillAsync("lee@riverbend.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        await visitor.LookAsync("people-invited");
        var link = new Uri((await page.Locator("main code").First.TextContentAsync())!);
        var login = (await page.Locator("dt:text-is('Login') + dd").TextContentAsync())!;
        // without a mail server nothing proves the address: it does not sign in
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Not confirmed");

        var lee = await VisitAsync(server.Url);
        var own = await lee.OpenAsync(link.PathAndQuery);
        await lee.LookAsync("invitation");
        await own.GetByLabel("New password").FillAsync("three blue herons");
        await own.GetByLabel("The same again").FillAsync("three blue herons");
        await own.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();
        await lee.SignInAsync(login, "three blue herons");

        await page.GetByText("Take access away", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take access away from Lee Aranda" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Lee Aranda no longer has access.");
        await visitor.LookAsync("people-without-access");
        await lee.OpenAsync("/settings");
        await Expect(own.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_administrator_changes_the_address_of_somebody_and_it_is_not_confirmed()
    {
        var visitor = await ReturnAsync(server, server.Administrator);
        var page = await visitor.OpenAsync("/settings/people");
        await page.GetByRole(AriaRole.Link, new() { Name = "Tom Okafor" }).ClickAsync();
        await page.GetByText("Change the name or e-mail address").ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync("maya@riverbend.example");
        await page.GetByLabel("Your password").FillAsync(server.Administrator.PagePassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        // whose it is already is not told: without a mail server no address is ever confirmed here
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("maya@riverbend.example Not confirmed");
        await page.GetByText("Change the name or e-mail address").ClickAsync();
        await visitor.LookAsync("people-edit");
        await page.GetByLabel("E-mail address").FillAsync("tom.o@riverbend.example");
        await page.GetByLabel("Your password").FillAsync(server.Administrator.PagePassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("tom.o@riverbend.example Not confirmed");
    }

    [Fact]
    public async Task Who_forgot_the_password_is_told_what_to_do()
    {
        var visitor = await VisitAsync(server.Url);
        await visitor.OpenAsync("/forgotten");
        await visitor.LookAsync("forgotten");
    }
}
