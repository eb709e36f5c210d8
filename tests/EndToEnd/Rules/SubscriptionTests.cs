using System.Net;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>R7, with a clock that the test moves: free days, charges, cancelling, the end, and buying again.</summary>
public sealed class SubscriptionTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly Duration Month = Duration.FromDays(31);

    [Fact]
    public async Task R7_After_30_free_days_25_credits_are_charged_and_stand_in_the_ledger()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        await SeeAsync(server, "Free until");
        await server.LetPassAsync(Month);
        await SeeAsync(server, "Paid for until");
        var ruth = await SignInAsync(server.Url, server.Administrator);
        await ruth.OpenAsync("/settings/credits");
        await Expect(ruth.Page.GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await Expect(ruth.Page.GetByRole(AriaRole.Heading, new() { Name = "The practice has 75 credits" })).ToBeVisibleAsync();
        await Expect(ruth.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Maya Lindqvist" }).Filter(new() { HasText = "−25" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task R7_Cancelled_it_runs_to_its_end_then_the_calendar_can_be_read_and_not_changed_and_buying_again_catches_up()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        var maya = server.Maya;
        var visitor = await SignInAsync(server.Url, maya);
        await new IntegrationPages(visitor, server.Url).GoAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Cancel the subscription" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel the subscription" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("It continues until the end of");
        using var device = new Device(server.Url, maya.Login, maya.Password);
        await device.SyncAsync();
        await device.AddAsync("Still taken", CalendarPages.FreeDay.At(new LocalTime(9, 0)));

        await server.LetPassAsync(Month);
        await SeeAsync(server, "Ended");
        await device.SyncAsync();
        using (var refused = await device.TryEditAsync(device.Find("Still taken")!, "SUMMARY", "SUMMARY:Not taken"))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("subscription", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        // what is booked meanwhile is there when it is bought again
        var again = await SignInAsync(server.Url, maya);
        var calendar = new CalendarPages(again);
        await calendar.AddPersonalAsync("Meanwhile", CalendarPages.FreeDay.At(new LocalTime(10, 0)));
        var pages = new IntegrationPages(again, server.Url);
        await pages.GoAsync();
        await again.LookAsync("integrations-ended");
        await pages.OpenPurchaseAsync();
        await Expect(again.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("25 credits now");
        await pages.PurchaseAsync();
        await device.SyncAsync();
        Assert.NotNull(device.Find("Meanwhile"));
        await device.EditAsync(device.Find("Still taken")!, "SUMMARY", "SUMMARY:Taken again");
        await calendar.ShowAsync(CalendarPages.FreeDay);
        await Expect(calendar.Appointment("Taken again")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task R7_Without_credits_it_ends_and_nothing_is_deleted()
    {
        var server = await ServeAsync(ClockedServer.StartAsync());
        using var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await device.SyncAsync();
        var before = device.Events.Count();

        // 30 free days, and 4 times 30 that 100 credits pay for
        for (var period = 0; period < 4; period++) await server.LetPassAsync(Month);
        await server.LetPassAsync(Month - Duration.FromDays(3));
        await SeeBannerAsync(server, server.Maya, "25 credits are missing for the renewal of your calendar synchronisation on", "credits-missing");
        await server.LetPassAsync(Duration.FromDays(4));
        await SeeAsync(server, "the practice did not have the 25 credits");
        await SeeBannerAsync(server, server.Administrator, "The calendar synchronisation of Maya Lindqvist has ended", "credits-ended");
        using var another = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await another.SyncAsync();
        Assert.Equal(before, another.Events.Count());
    }

    private async Task SeeBannerAsync(ClockedServer server, DemoAccount who, string words, string picture)
    {
        var visitor = await SignInAsync(server.Url, who);
        await visitor.OpenAsync("/calendar");
        await Expect(visitor.Page.Locator(".banner")).ToContainTextAsync(words);
        await visitor.LookAsync(picture);
    }

    private async Task SeeAsync(ClockedServer server, string words)
    {
        var visitor = await SignInAsync(server.Url, server.Maya);
        await new IntegrationPages(visitor, server.Url).GoAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync(words);
    }
}
