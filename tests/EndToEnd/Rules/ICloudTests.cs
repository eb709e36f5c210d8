using System.Diagnostics;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using ProviderBridge.CalDav;
using Sandbox.CalDav;
using Sandbox.Tests.CalDav;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>R1 and R10: Maya connects her iCloud account with an app-specific password, and has her appointments on both sides.</summary>
public sealed class ICloudTests(Chromium chromium) : BrowserTest(chromium)
{
    internal const string Email = "sam-of-icloud@example.com";
    private static readonly LocalDate Day = CalendarPages.FreeDay;

    [Fact]
    public async Task R1_R10_A_newcomer_connects_iCloud_and_what_is_entered_or_moved_on_either_side_is_so_on_the_other()
    {
        var upstream = await CalDavProgram.FindAsync("radicale");
        var options = new FrontOptions { Upstream = upstream };
        var cloud = await ServeAsync(CalDavFront.StartAsync(options));
        var server = await ServeAsync(ClockedServer.StartAsync(calDav: new CalDavReach { ICloud = new Uri(cloud.Address), Internal = ["127.0.0.1"] }));
        var visitor = await SignInAsync(server.Url, server.Maya);
        await ConnectAsync(visitor, new IntegrationPages(visitor, server.Url), options);
        var link = visitor.Page.Url;

        var calendar = new CalendarPages(visitor);
        await calendar.AddPersonalAsync("Bank", Day.At(new LocalTime(9, 0)));
        using var user = new CalDavUser(upstream, Email) { Now = SystemClock.Instance.GetCurrentInstant() };
        var path = await SeenAsync(cloud, user, "Bank");

        await user.MoveAsync(path, Day.At(new LocalTime(15, 0)), Duration.FromMinutes(30));
        await visitor.Page.GotoAsync(link);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Bank", "15:00")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.Page.GotoAsync(link);
        await Expect(visitor.Page.GetByText("Both calendars agree")).ToBeVisibleAsync();
        await visitor.LookAsync("icloud-link");
    }

    /// <summary>Connects an iCloud account, with the wrong password first.</summary>
    internal static async Task ConnectAsync(Visitor visitor, IntegrationPages pages, FrontOptions options)
    {
        var page = visitor.Page;
        await pages.GoToAddAsync();
        await page.Locator("a.card", new() { HasText = "iCloud account" }).ClickAsync();
        await visitor.LookAsync("icloud-connect");
        await TypeAsync(page, options.MainPassword);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("looks like the password of your Apple Account itself");
        await visitor.LookAsync("icloud-refused");
        await TypeAsync(page, options.AppPassword);
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync($"{Email} is connected");
        await visitor.LookAsync("icloud-choose");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the calendar" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync($"iCloud ({Email})");
    }

    private static async Task TypeAsync(IPage page, string password)
    {
        await page.GetByLabel("E-mail address of your Apple Account").FillAsync(Email);
        await page.GetByLabel("App-specific password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
    }

    internal static async Task<string> SeenAsync(CalDavFront cloud, CalDavUser user, string title)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(100, TestContext.Current.CancellationToken))
        {
            user.Calendar = cloud.Ever.LastOrDefault(one => one.What == "MKCALENDAR")?.Path ?? "";
            if (user.Calendar.Length > 0 && (await user.ListAsync()).FirstOrDefault(one => one.Text.Contains($"SUMMARY:{title}", StringComparison.Ordinal)) is { Path: not null } found) return found.Path;
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), $"After a minute, {title} is not in the account.");
        }
    }
}
