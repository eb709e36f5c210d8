using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>Passkeys in a real browser: added, used to sign in, as the second step and to confirm who it is, cancelled, lost and removed.</summary>
public sealed class PasskeyPageTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Account = "/settings";
    private const string Passkeys = "/settings/passkeys";
    private const string Confirm = "Confirm that it is you";

    [Fact]
    public async Task A_person_adds_a_passkey_signs_in_with_it_and_confirms_with_it_what_gives_access()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        var (visitor, page, device) = await WithPasskeyAsync(server);
        await visitor.LookAsync("passkeys");
        await SignOutAsync(visitor);
        await visitor.OpenAsync("/sign-in?then=%2Fsettings%2Fintegrations%2Ffeed");
        await visitor.LookAsync("sign-in-with-passkey");
        await Button(page, "Use a passkey instead").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/settings/integrations/feed$"));

        // the session is not fresh any more: what was chosen is there after the question
        await server.LetPassAsync(Duration.FromMinutes(11));
        await visitor.OpenAsync("/settings/integrations/feed");
        await page.GetByLabel("Full name").Or(page.Locator("input[value=Busy]")).First.CheckAsync();
        await Button(page, "Switch the feed on").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = Confirm })).ToBeVisibleAsync();
        await visitor.LookAsync("confirm");
        await Button(page, "Use a passkey").ClickAsync();
        await Expect(page.GetByLabel("Address of your feed")).ToBeVisibleAsync();
        Assert.Equal(1, await device.CountAsync());
    }

    [Fact]
    public async Task Without_a_passkey_the_password_confirms_and_a_wrong_one_does_not()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        var visitor = await SignInAsync(server.Url, server.Maya);
        var page = visitor.Page;
        await server.LetPassAsync(Duration.FromMinutes(11));
        await visitor.OpenAsync("/settings/integrations/add/app");
        await page.GetByLabel("What do you call this device?").FillAsync("My “own” phone");
        await Button(page, "Continue").ClickAsync();
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("wrong");
        await Button(page, "Confirm").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not your password.");
        await visitor.LookAsync("confirm-refused");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Cancel" })).ToHaveAttributeAsync("href", "/settings/integrations/add/app");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(server.Maya.PagePassword);
        await Button(page, "Confirm").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connect My “own” phone" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_passkey_is_the_second_step()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        var (visitor, page, _) = await WithPasskeyAsync(server);
        await visitor.OpenAsync("/settings/two-step");
        await visitor.LookAsync("two-step-passkey");
        await page.Locator("#passkey-password").FillAsync(server.Maya.PagePassword);
        await Button(page, "Use my passkey as the second step").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Two-step sign-in is on");
        await SignOutAsync(visitor);
        await visitor.OpenAsync("/sign-in?then=%2Fsettings");
        await page.GetByLabel("Login").FillAsync(server.Maya.Login);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(server.Maya.PagePassword);
        await Button(page, "Sign in").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Second step" })).ToBeVisibleAsync();
        await visitor.LookAsync("second-step-passkey");
        await Button(page, "Use a passkey").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/settings$"));
        await visitor.OpenAsync("/settings/two-step");
        await page.GetByText("New recovery codes, or turn it off").ClickAsync();
        await Button(page, "Turn off with a passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Two-step sign-in is off.");
    }

    [Fact]
    public async Task What_goes_wrong_with_a_passkey_is_said_in_words_and_can_be_tried_again()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        var (visitor, page, device) = await WithPasskeyAsync(server);
        var alert = page.GetByRole(AriaRole.Alert).Filter(new() { Visible = true });

        // a second one on the same device
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(alert).ToContainTextAsync("This device already has a passkey for your account.");

        // the wrong finger: as if the window had been closed
        await SignOutAsync(visitor);
        await visitor.OpenAsync("/sign-in?then=%2Fsettings");
        await device.VerifyAsync(false);
        await Button(page, "Use a passkey instead").ClickAsync();
        await Expect(alert).ToContainTextAsync("The passkey was not used");
        await visitor.LookAsync("sign-in-passkey-cancelled");
        await device.VerifyAsync(true);
        await Button(page, "Use a passkey instead").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/settings$"));

        // removed here, still on the device
        await visitor.OpenAsync(Passkeys);
        await page.GetByText("Rename or remove").ClickAsync();
        await Button(page, "Remove").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("The passkey no longer works.");
        await SignOutAsync(visitor);
        await visitor.OpenAsync("/sign-in");
        await Button(page, "Use a passkey instead").ClickAsync();
        await Expect(alert).ToContainTextAsync("This passkey is no longer known here.");

        // lost by the device
        await device.ClearAsync();
        await Button(page, "Use a passkey instead").ClickAsync();
        await Expect(alert).ToContainTextAsync("The passkey was not used");
    }

    [Fact]
    public async Task What_was_done_to_the_account_can_be_read_everywhere()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        var (_, _, _) = await WithPasskeyAsync(server);
        await server.LetPassAsync(Duration.FromMinutes(1));
        var visitor = await SignInAsync(server.Url, server.Maya);
        await visitor.OpenAsync(Account);
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Your account has changed: Passkey added");
        await visitor.LookAsync("settings-done");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "See what changed", Exact = true }).ClickAsync();
        await visitor.LookAsync("security");
        await Button(visitor.Page, "I have seen this").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).Not.ToContainTextAsync("Your account has changed");
        await visitor.OpenAsync("/settings/password");
        await visitor.LookAsync("password-and-access");
        await visitor.OpenAsync(Passkeys);
        await visitor.LookAsync("passkeys-no-name");
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name });

    private static async Task SignOutAsync(Visitor visitor)
    {
        await Button(visitor.Page, "Sign out").First.ClickAsync();
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("/sign-in"));
    }

    // browsers take passkeys from the machine itself under this name only
    private async Task<(Visitor Visitor, IPage Page, VirtualAuthenticator Device)> WithPasskeyAsync(ClockedServer server)
    {
        var visitor = await SignInAsync(new UriBuilder(server.Url) { Host = "localhost" }.Uri, server.Maya);
        var page = await visitor.OpenAsync(Passkeys);
        var device = await VirtualAuthenticator.AddAsync(page);
        await page.GetByLabel("What do you call it?").FillAsync("My laptop");
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("The passkey My laptop has been added.");
        return (visitor, page, device);
    }
}
