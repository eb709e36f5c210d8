using System.Diagnostics;
using System.Globalization;
using CalDavServer.Tests.Hosting;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>R1 and R10: Maya connects her account at Google or Microsoft through the pages, and has her appointments on both sides.</summary>
public sealed class LinkedAccountTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly LocalDate Day = CalendarPages.FreeDay;

    [Theory]
    [InlineData("google", "Google Calendar", "Google Calendar")]
    [InlineData("microsoft", "Outlook.com", "Outlook Calendar")]
    public async Task R1_R10_A_newcomer_connects_an_account_and_what_is_entered_or_moved_on_either_side_is_so_on_the_other(string vendor, string card, string calendarName)
    {
        var there = await ServeAsync(VendorStandIn.StartAsync(vendor));
        var server = await ServeAsync(ClockedServer.StartAsync(google: vendor == "google" ? there.Google : null, microsoft: vendor == "microsoft" ? there.Microsoft : null));
        var visitor = await SignInAsync(server.Url, server.Maya);
        await ConnectAsync(visitor, new IntegrationPages(visitor, server.Url), there, card, calendarName);
        var link = visitor.Page.Url;

        var calendar = new CalendarPages(visitor);
        await calendar.AddPersonalAsync("Bank", Day.At(new LocalTime(9, 0)));
        var seen = await SeenAsync(there, "Bank");
        Assert.Equal($"{Iso(Day)} 09:00", seen.Start);

        await there.InCalendarAsync("move", new() { ["event"] = seen.Id, ["start"] = $"{Iso(Day)}T15:00", ["end"] = $"{Iso(Day)}T15:30" });
        await visitor.Page.GotoAsync(link);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Bank", "15:00")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.Page.GotoAsync(link);
        await Expect(visitor.Page.GetByText("Both calendars agree")).ToBeVisibleAsync();
        await visitor.LookAsync($"{vendor}-link");
    }

    [Fact]
    public async Task R1_What_both_sides_changed_at_once_and_what_the_account_is_shown_are_decided_on_the_page_of_the_link()
    {
        var google = await ServeAsync(VendorStandIn.StartAsync("google"));
        var server = await ServeAsync(ClockedServer.StartAsync(google: google.Google));
        var visitor = await SignInAsync(server.Url, server.Maya);
        await ConnectAsync(visitor, new IntegrationPages(visitor, server.Url), google, "Google Calendar", "Google Calendar");
        var (link, page, calendar) = (visitor.Page.Url, visitor.Page, new CalendarPages(visitor));
        await calendar.AddPersonalAsync("Bank", Day.At(new LocalTime(9, 0)));
        var seen = await SeenAsync(google, "Bank");
        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await google.InCalendarAsync("edit", new() { ["event"] = seen.Id, ["title"] = "Bank at Google" });
        await calendar.EditAsync("Bank", Day, ("Title", "Bank here"));
        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        var other = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Use the") });
        for (var since = Stopwatch.StartNew(); await other.CountAsync() == 0 && since.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(300, TestContext.Current.CancellationToken)) await page.GotoAsync(link);
        await Expect(page.GetByText("Your diary said").First).ToBeVisibleAsync();
        await visitor.LookAsync("link-conflict");
        await other.ClickAsync();
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync("The other version counts now");

        await page.Locator("#level").GetByText("Only that you are busy").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change what it shows" }).ClickAsync();
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync("being rewritten");
        await Expect(page.GetByText("Both calendars agree")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await visitor.LookAsync("link-level");
    }

    /// <summary>Connects an account at Google or Microsoft, with all that is asked before.</summary>
    /// <param name="choose">What is chosen of what it shows; null for nothing but what is chosen already.</param>
    internal static async Task ConnectAsync(Visitor visitor, IntegrationPages pages, VendorStandIn there, string card, string calendarName, Func<Task>? choose = null)
    {
        var page = visitor.Page;
        await pages.GoToAddAsync();
        await page.Locator("a.card", new() { HasText = card }).ClickAsync();
        await visitor.LookAsync($"{there.Vendor}-connect");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Sign in with “{(there.Vendor == "google" ? "Google" : "Microsoft")}”" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync($"{there.Email} is connected");
        await visitor.LookAsync($"{there.Vendor}-choose");
        if (choose is not null) await choose();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the calendar" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync($"{calendarName} ({there.Email})");
    }

    private static async Task<(string Id, string Title, string Start)> SeenAsync(VendorStandIn there, string title)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(100, TestContext.Current.CancellationToken))
        {
            if ((await there.SeenAsync()).FirstOrDefault(seen => seen.Title == title) is { Id: not null } found) return found;
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), $"After a minute, {title} is not outside.");
        }
    }

    private static string Iso(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
