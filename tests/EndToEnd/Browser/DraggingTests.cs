using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>What the calendar page does beyond links and forms: it follows what devices do, and appointments are dragged by mouse and by touch.</summary>
public sealed class DraggingTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private static readonly LocalDate Day = CalendarPages.FreeDay.PlusDays(1);
    private static readonly LocalTime Two = new(14, 0);

    [Fact]
    public async Task R11_What_a_device_puts_is_on_the_open_page_within_two_seconds_without_loading_it_again()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var calendar = new CalendarPages(visitor);
        await visitor.Page.RunAndWaitForResponseAsync(() => calendar.ShowAsync(Day), static answer => answer.Url.Contains("/calendar/events", StringComparison.Ordinal));
        await visitor.Page.EvaluateAsync("() => { window.same = true; }");
        using var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await device.AddAsync("Choir", Day.At(Two));
        await Expect(calendar.Appointment("Choir")).ToBeVisibleAsync(new() { Timeout = 2_000 });
        await device.SyncAsync();
        await device.RemoveAsync(device.Find("Choir")!);
        await Expect(calendar.Appointment("Choir")).ToHaveCountAsync(0, new() { Timeout = 2_000 });
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => window.same === true"));
    }

    [Fact]
    public async Task Pulled_at_its_lower_edge_an_appointment_lasts_longer_here_and_on_the_device()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var calendar = new CalendarPages(visitor);
        var day = Day.PlusWeeks(1);
        await calendar.AddPersonalAsync("Pottery", day.At(Two), 60);
        var box = await PlaceAsync(calendar.Appointment("Pottery"));
        await DragAsync(visitor.Page, box.X + (box.Width / 2), box.Y + box.Height - 3, 0, box.Height / 2);
        await Expect(calendar.Appointment("Pottery", "14:00–15:30")).ToBeVisibleAsync();
        // it says so while it is pulled; done is what the server answered
        await Expect(visitor.Page.Locator("#told.notice")).ToBeVisibleAsync();
        using var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await device.SyncAsync();
        Assert.EndsWith("T140000", device.Find("Pottery")?["DTSTART"], StringComparison.Ordinal);
        Assert.EndsWith("T153000", device.Find("Pottery")?["DTEND"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dragging_one_of_a_series_asks_which_and_does_so()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var calendar = new CalendarPages(visitor);
        var day = Day.PlusWeeks(2);
        await calendar.AddPersonalAsync("Yoga", day.At(Two), 60, weeks: 3);
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);

        async Task DropAnHourEarlierAsync(string answer)
        {
            var box = await PlaceAsync(calendar.Appointment("Yoga"));
            await DragAsync(visitor.Page, box.X + (box.Width / 2), box.Y + (box.Height / 2), 0, -box.Height);
            await Expect(dialog).ToContainTextAsync("This appointment repeats");
            await dialog.GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync();
            await Expect(dialog).ToBeHiddenAsync();
        }

        await DropAnHourEarlierAsync("Leave it where it was");
        await Expect(calendar.Appointment("Yoga", "14:00")).ToBeVisibleAsync();
        await DropAnHourEarlierAsync("Only this one");
        await Expect(calendar.Appointment("Yoga", "13:00")).ToBeVisibleAsync();
        await calendar.ShowAsync(day.PlusWeeks(1));
        await Expect(calendar.Appointment("Yoga", "14:00")).ToBeVisibleAsync();
        await DropAnHourEarlierAsync("This and all that follow");
        await Expect(calendar.Appointment("Yoga", "13:00")).ToBeVisibleAsync();
        await calendar.ShowAsync(day.PlusWeeks(2));
        await Expect(calendar.Appointment("Yoga", "13:00")).ToBeVisibleAsync();
        await DropAnHourEarlierAsync("The whole series");
        await Expect(calendar.Appointment("Yoga", "12:00")).ToBeVisibleAsync();
        await calendar.ShowAsync(day.PlusWeeks(1));
        await Expect(calendar.Appointment("Yoga", "12:00")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_finger_that_rests_takes_an_appointment_along_and_one_that_moves_at_once_scrolls()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var calendar = new CalendarPages(visitor);
        var day = Day.PlusWeeks(1).PlusDays(-1);
        await calendar.AddPersonalAsync("Swimming", day.At(new LocalTime(11, 0)), 60);
        var page = visitor.Page;
        await page.SetViewportSizeAsync(390, 600);
        await using var finger = await Finger.OfAsync(page);
        await calendar.ShowAsync(day, "day");
        var block = calendar.Appointment("Swimming");
        var box = await PlaceAsync(block);
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));

        var before = await page.EvaluateAsync<double>("() => scrollY");
        await finger.DownAsync(x, y);
        await finger.MoveAsync(x, y, 0, -150);
        await finger.UpAsync();
        await page.WaitForFunctionAsync("before => scrollY > before + 50", before);
        await Expect(calendar.Appointment("Swimming", "11:00")).ToBeVisibleAsync();
        await Expect(page.Locator("#told")).ToBeHiddenAsync();

        // what was pushed glides on for a while
        await page.WaitForFunctionAsync("() => new Promise(settled => { const at = scrollY; setTimeout(() => settled(scrollY === at), 300); })");
        box = await PlaceAsync(block);
        (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        before = await page.EvaluateAsync<double>("() => scrollY");
        await finger.DownAsync(x, y);
        await Expect(block).ToHaveClassAsync(new System.Text.RegularExpressions.Regex(@"\bdragged\b"));
        await finger.MoveAsync(x, y, 0, box.Height);
        Assert.Equal(before, await page.EvaluateAsync<double>("() => scrollY"));
        await finger.UpAsync();
        await Expect(page.Locator("#told")).ToContainTextAsync("12:00");
        await Expect(calendar.Appointment("Swimming", "12:00")).ToBeVisibleAsync();
        Assert.Contains("view=day", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_adds_a_staff_meeting_drags_it_to_a_colleague_and_takes_it_back()
    {
        var visitor = await ReturnAsync(server, server.Administrator);
        var calendar = new CalendarPages(visitor);
        var page = visitor.Page;
        var day = Day.PlusWeeks(6);
        await calendar.AddPersonalAsync("Fire drill", day.At(Two), 60, with: "Tom Okafor", look: "administrator-staff-meeting");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("view=day"));
        var (mayas, toms) = (Column("Maya"), Column("Tom"));
        await Expect(mayas.Locator(".appointment")).ToHaveCountAsync(1);
        await Expect(toms.Locator(".appointment")).ToHaveCountAsync(1);
        await visitor.LookAsync("administrator-two-calendars");

        var box = await PlaceAsync(mayas.Locator(".appointment"));
        var across = (await toms.BoundingBoxAsync())!.X - box.X;
        await DragAsync(page, box.X + (box.Width / 2), box.Y + (box.Height / 2), across, -2 * box.Height);
        await Expect(page.Locator("#told")).ToContainTextAsync("Moved to Tom Okafor");
        await Expect(toms.Locator(".appointment")).ToHaveCountAsync(2);
        await page.Locator("#told").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(mayas.Locator(".appointment", new() { HasText = "14:00" })).ToBeVisibleAsync();
        await Expect(toms.Locator(".appointment")).ToHaveCountAsync(1);
        await mayas.Locator(".appointment").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        await visitor.LookAsync("administrator-edit");

        ILocator Column(string name) => page.Locator($"section.column[aria-label^='{name}']");
    }

    private static async Task<LocatorBoundingBoxResult> PlaceAsync(ILocator block)
    {
        // what has just been saved comes again with the live refresh, in place of what was there
        for (var n = 0; n < 20; n++)
        {
            await block.EvaluateAsync("element => element.scrollIntoView({ block: 'center' })");
            if (await block.BoundingBoxAsync() is { } place) return place;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException("The appointment has no place.");
    }

    private static async Task DragAsync(IPage page, float x, float y, float right, float down)
    {
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + (right / 2), y + (down / 2), new() { Steps = 8 });
        await page.Mouse.MoveAsync(x + right, y + down, new() { Steps = 8 });
        await page.Mouse.UpAsync();
    }
}
