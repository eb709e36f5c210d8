using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>Cancelled appointments in the calendar: behind what takes place, and hidden by whoever wants that.</summary>
public sealed class GhostTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    [Fact]
    public async Task What_takes_place_is_as_wide_as_without_what_is_cancelled_and_that_can_still_be_opened()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var (pages, day) = (new CalendarPages(visitor), CalendarPages.FreeDay.PlusWeeks(3));
        await pages.BookAsync("Ghislaine", "Ghostley", day.At(new LocalTime(9, 0)), 60);
        await pages.CancelAsync("Ghostley", day);
        using var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await device.AddAsync("Lonesome", day.At(new LocalTime(11, 0)), 60);
        await device.AddAsync("Beside", day.At(new LocalTime(9, 0)), 60);
        await pages.ShowAsync(day);
        var grid = visitor.Page.Locator(".column");
        var alone = (await grid.Locator("a.appointment", new() { HasText = "Lonesome" }).BoundingBoxAsync())!.Width;
        var beside = (await grid.Locator("a.appointment", new() { HasText = "Beside" }).BoundingBoxAsync())!.Width;
        Assert.Equal(alone, beside, 0.5);
        await visitor.LookAsync("cancelled-behind");
        var ghost = grid.Locator("a.covered");
        await ghost.HoverAsync();
        Assert.Equal(alone, (await ghost.BoundingBoxAsync())!.Width, 0.5);
        await ghost.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Ghostley");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hidden_once_it_stays_hidden_with_scripts_and_without(bool scripts)
    {
        var visitor = await SignInAsync(server.Url, server.Maya, scripts);
        var (pages, day) = (new CalendarPages(visitor), CalendarPages.FreeDay.PlusWeeks(scripts ? 4 : 5));
        await pages.BookAsync("Hilary", "Hiddenly", day.At(new LocalTime(9, 0)), 60);
        await pages.CancelAsync("Hiddenly", day);
        await pages.ShowAsync(day);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Hide cancelled" }).ClickAsync();
        await Expect(pages.Appointment("Hiddenly")).ToHaveCountAsync(0);
        foreach (var view in new[] { "day", "month", "week" })
        {
            await pages.ShowAsync(day, view);
            await Expect(pages.Appointment("Hiddenly")).ToHaveCountAsync(0);
        }

        if (scripts) await visitor.LookAsync("cancelled-hidden");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Show cancelled" }).ClickAsync();
        await Expect(pages.Appointment("Hiddenly")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_cancelled_series_is_put_back_as_a_whole_from_any_of_it()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var (pages, day) = (new CalendarPages(visitor), CalendarPages.FreeDay.PlusWeeks(7));
        using var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await pages.AddPersonalAsync("Seriesly", day.At(new LocalTime(9, 0)), weeks: 4);
        await pages.OpenAsync("Seriesly", day);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Turn into a patient appointment" }).ClickAsync();
        await pages.FillPatientAsync("Serena", "Seriesly");
        await visitor.Page.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Turn" }).ClickAsync();
        await device.SyncAsync();
        await device.RemoveAsync(device.Events.Single(copy => copy.Text.Contains("RRULE", StringComparison.Ordinal) && copy.LineOf("DTSTART").Contains($"{day:uuuuMMdd}", StringComparison.Ordinal)));
        await pages.OpenAsync("Seriesly", day.PlusWeeks(2));
        await visitor.LookAsync("cancelled-series");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Put back the series and all its cancelled appointments" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("The series is in the calendar again.");
    }
}
