using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Microsoft.Playwright;
using NodaTime;
using ProviderBridge.Halaxy;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>Ruth connects the practice to Halaxy in a browser, Maya sees what was booked there, and Ruth disconnects.</summary>
public sealed class HalaxyPageTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task A_practice_connects_its_Halaxy_account_and_ends_it_again()
    {
        var there = await ServeAsync(HalaxyStandIn.StartAsync());
        var server = await ServeAsync(ClockedServer.StartAsync(halaxy: there.Register(new ServerOptions()).HalaxyAddress));
        var id = await there.BookAsync(SystemClock.Instance.GetCurrentInstant(), 40);
        var ruth = await SignInAsync(server.Url, server.Administrator);
        var page = ruth.Page;
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Settings" }).GetByRole(AriaRole.Link, new() { Name = "Integrations" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect to Halaxy" }).ClickAsync();
        await ruth.LookAsync("halaxy-key");
        await KeyAsync(page, there.Client, "wrong");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Halaxy does not accept this client id and client secret.");
        await ruth.LookAsync("halaxy-key-refused");
        await KeyAsync(page, there.Client, there.Secret);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Who is who?" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Maya Lindqvist")).ToHaveValueAsync(there.Maya);
        var mayasId = (await page.GetByLabel("Maya Lindqvist").GetAttributeAsync("name"))!["match-".Length..];
        await Expect(page.GetByLabel("Tom Okafor")).ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count what will come" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("^Maya Lindqvist 1 ") })).ToBeVisibleAsync();
        await ruth.LookAsync("halaxy-forecast");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect to Halaxy" }).ClickAsync();
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync("The practice is connected.");
        // the page says so by itself, without being opened again
        await Expect(page.GetByText("The diaries agree with Halaxy: 1 appointment.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator("dt:text-is('Last full comparison') + dd")).ToHaveTextAsync(new Regex("[0-9]{2}:[0-9]{2}$"));
        await ruth.LookAsync("halaxy-connected");

        var maya = await SignInAsync(server.Url, server.Maya);
        await maya.OpenAsync($"/calendar/{mayasId}/{HalaxyItem.UidOf(mayasId, id)}");
        await Expect(maya.Page.GetByText("This appointment is kept in Halaxy.")).ToBeVisibleAsync();
        await maya.LookAsync("halaxy-appointment");

        await maya.OpenAsync("/calendar/new?kind=personal&date=2027-03-07&start=07:00");
        await maya.Page.GetByLabel("Title").FillAsync("Zora rang");
        await maya.Page.GetByRole(AriaRole.Button, new() { Name = "Add appointment" }).ClickAsync();
        await maya.OpenAsync("/calendar?date=2027-03-07");
        await maya.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Zora rang") }).First.ClickAsync();
        await maya.Page.GetByRole(AriaRole.Link, new() { Name = "Turn into a patient appointment" }).ClickAsync();
        // what was found goes when the box is emptied
        await maya.Page.GetByLabel("Patient", new() { Exact = true }).FillAsync("xx");
        await Expect(maya.Page.GetByText("No patient in Halaxy has a name that begins like this.")).ToBeVisibleAsync();
        await maya.Page.GetByLabel("Patient", new() { Exact = true }).FillAsync("");
        await Expect(maya.Page.GetByText("Nobody is chosen yet.")).ToBeVisibleAsync();

        await page.GetByText("Disconnect from Halaxy").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, disconnect" }).ClickAsync();
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync("The diaries stay as they are");
        await Expect(page.GetByText("The practice was connected before")).ToBeVisibleAsync();
        await maya.Page.ReloadAsync();
        await Expect(maya.Page.GetByText("This appointment is kept in Halaxy.")).ToHaveCountAsync(0);
    }

    private static async Task KeyAsync(IPage page, string client, string secret)
    {
        await page.GetByLabel("Client id").FillAsync(client);
        await page.GetByLabel("Client secret").FillAsync(secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the key" }).ClickAsync();
    }
}
