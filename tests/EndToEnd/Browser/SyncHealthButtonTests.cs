using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>The buttons of sync health about what devices did, pressed in a browser.</summary>
public sealed class SyncHealthButtonTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private static readonly LocalTime Nine = new(9, 0);

    [Fact]
    public async Task What_a_phone_moved_and_cancelled_is_put_back()
    {
        var visitor = await SignInAsync(server.Url, server.Maya);
        var (pages, day) = (new CalendarPages(visitor), CalendarPages.FreeDay.PlusWeeks(8));
        await pages.BookAsync("Petra", "Putback", day.At(Nine));
        await pages.BookAsync("Carl", "Cancelly", day.At(Nine).PlusHours(2));
        using var phone = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await visitor.OpenAsync("/settings/sync");
        await phone.SyncAsync();
        var moved = Find(phone, day.At(Nine));
        await phone.EditAsync(moved, "DTSTART", $"DTSTART;TZID=Australia/Melbourne:{day.At(Nine).PlusHours(-1):uuuuMMdd'T'HHmmss}");
        await phone.RemoveAsync(Find(phone, day.At(Nine).PlusHours(2)));
        var page = await visitor.OpenAsync("/settings/sync");
        var activity = page.Locator("#activity");
        await Expect(activity).ToContainTextAsync("cancelled it");
        await visitor.LookAsync("sync-activity");
        foreach (var name in new[] { "Cancelly", "Putback" })
        {
            await activity.Locator("li", new() { HasText = name }).First.GetByRole(AriaRole.Button, new() { Name = "Put back" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Done.");
        }

        await Expect(activity.GetByRole(AriaRole.Button, new() { Name = "Put back" })).ToHaveCountAsync(0);
        await pages.ShowAsync(day);
        await Expect(pages.Appointment("Putback", "09:00")).ToBeVisibleAsync();
        await Expect(pages.Appointment("Cancelly")).Not.ToHaveClassAsync(new System.Text.RegularExpressions.Regex(@"\bgone\b"));
        await visitor.OpenAsync("/settings/sync");
        await page.Locator("#earlier summary").ClickAsync();
        await Expect(page.Locator("#earlier")).ToContainTextAsync("It is in the calendar again.");
        await visitor.LookAsync("sync-activity-earlier");
    }

    [Fact]
    public async Task What_stays_cancelled_is_booked_again_with_the_devices_version()
    {
        var visitor = await SignInAsync(server.Url, server.Maya);
        var (pages, day) = (new CalendarPages(visitor), CalendarPages.FreeDay.PlusWeeks(9));
        await pages.BookAsync("Staya", "Stayaway", day.At(Nine));
        using var phone = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await phone.SyncAsync();
        var known = Find(phone, day.At(Nine));
        await pages.CancelAsync("Stayaway", day);
        await phone.PutAgainAsync(known);
        await phone.SyncAsync();
        Assert.DoesNotContain(phone.Events, copy => copy.Path == known.Path);
        var page = await visitor.OpenAsync("/settings/sync");
        await visitor.LookAsync("sync-stays-cancelled");
        var item = page.Locator("#problems li", new() { HasText = "Stayaway" });
        await item.GetByRole(AriaRole.Button, new() { Name = "Use the device's version" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await Expect(item).ToHaveCountAsync(0);
        await phone.SyncAsync();
        Assert.Contains(phone.Events, copy => copy.Path == known.Path);
    }

    private static Copy Find(Device phone, LocalDateTime start) =>
        phone.Events.Single(copy => copy.LineOf("DTSTART").EndsWith($"{start:uuuuMMdd'T'HHmmss}", StringComparison.Ordinal));
}
