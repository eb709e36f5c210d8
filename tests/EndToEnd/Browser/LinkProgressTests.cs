using System.Globalization;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using EndToEnd.Rules;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>R5: Maya includes her existing appointments when she connects Google, sees how far that is, and in the end that none is missing.</summary>
public sealed partial class LinkProgressTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task R5_Existing_appointments_that_are_included_are_counted_while_they_go_out_and_in_the_end()
    {
        var google = await ServeAsync(VendorStandIn.StartAsync("google"));
        var server = await ServeAsync(ClockedServer.StartAsync(google: google.Google));
        // slow enough to be seen
        await google.DoAsync("faults", new() { ["method"] = "calendar.events.insert", ["kind"] = "latency", ["milliseconds"] = 150, ["times"] = 1000 });
        var visitor = await SignInAsync(server.Url, server.Maya);
        var page = visitor.Page;
        var due = 0;
        await LinkedAccountTests.ConnectAsync(visitor, new IntegrationPages(visitor, server.Url), google, "Google Calendar", "Google Calendar", async () =>
        {
            var choice = page.GetByText("Include existing appointments");
            due = int.Parse(Counted().Match((await choice.TextContentAsync())!).Groups[1].Value, CultureInfo.InvariantCulture);
            await choice.ClickAsync();
        });
        Assert.True(due > 10, $"{due} appointments");

        var bar = page.GetByRole(AriaRole.Progressbar);
        await Expect(bar).ToHaveAttributeAsync("max", $"{due}", new() { Timeout = 60_000 });
        var first = await DoneAsync(bar);
        Assert.InRange(first, 0, due - 1);
        // the page says so by itself, without being opened again
        await Expect(bar).Not.ToHaveAttributeAsync("value", $"{first}", new() { Timeout = 60_000 });
        if (await bar.CountAsync() > 0) Assert.InRange(await DoneAsync(bar), first, due);
        await Expect(page.GetByText($"Both calendars agree: {due} appointments.")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await Expect(bar).ToHaveCountAsync(0);

        await page.ReloadAsync();
        await Expect(page.Locator("dt:text-is('Counted') + dd")).ToContainTextAsync($"{due} of the {due} that your diary has for it.");
        // a repeating one is there with all its dates
        Assert.InRange((await google.SeenAsync()).Count, due, int.MaxValue);
        await visitor.LookAsync("link-counted");
    }

    private static async Task<int> DoneAsync(ILocator bar) => int.Parse((await bar.GetAttributeAsync("value"))!, CultureInfo.InvariantCulture);

    [GeneratedRegex("([0-9]+) appointments? in your diary")]
    private static partial Regex Counted();
}
