using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>The same work by keyboard alone, with scripts off, and by dragging.</summary>
public sealed class JourneyTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private static readonly LocalDate Day = CalendarPages.FreeDay;

    [Fact]
    public async Task By_keyboard_alone_a_patient_is_booked()
    {
        var visitor = await VisitAsync(server.Url);
        var keys = new Keyboard(visitor.Page);
        await visitor.OpenAsync("/sign-in");
        await keys.WriteAsync(visitor.Page.GetByLabel("Login"), server.Maya.Login);
        await keys.WriteAsync(visitor.Page.GetByLabel("Password", new() { Exact = true }), server.Maya.PagePassword);
        await visitor.Page.Keyboard.PressAsync("Enter");
        await keys.PressAsync(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "New appointment" }));
        await keys.WriteAsync(visitor.Page.GetByLabel("Given name").First, "Rhoda");
        await keys.WriteAsync(visitor.Page.GetByLabel("Family name").First, "Eastlake");
        await keys.WriteAsync(visitor.Page.GetByLabel("Reference").First, "PT-77");
        await keys.WriteAsync(visitor.Page.GetByLabel("Appointment type"), "Follow-up");
        await visitor.Page.Keyboard.PressAsync("Enter");

        // at this hour there may be somebody: then the page asks, and is answered by keyboard too
        var anyway = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Book anyway" });
        await Expect(anyway.Or(visitor.Page.GetByRole(AriaRole.Status)).First).ToBeVisibleAsync();
        if (await anyway.IsVisibleAsync()) await keys.PressAsync(anyway);
        await Expect(visitor.Page.Locator(".notice[role=status]:visible")).ToContainTextAsync("in the calendar");
    }

    [Fact]
    public async Task Without_scripts_a_patient_is_booked_and_cancelled()
    {
        var visitor = await SignInAsync(server.Url, server.Maya, scripts: false);
        var calendar = new CalendarPages(visitor);
        await calendar.BookAsync("Silas", "Fairweather", Day.At(new LocalTime(10, 0)));
        await calendar.CancelAsync("Fairweather", Day);
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Fairweather")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex(@"\bgone\b"));
    }

    [Fact]
    public async Task An_appointment_is_dragged_to_another_time_and_the_device_sees_it_there()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var calendar = new CalendarPages(visitor);
        await calendar.AddPersonalAsync("Gardening", Day.At(new LocalTime(14, 0)), 60);
        var block = calendar.Appointment("Gardening");
        await block.ScrollIntoViewIfNeededAsync();
        var box = await block.BoundingBoxAsync() ?? throw new InvalidOperationException("The appointment has no place.");

        // an hour is as high as an appointment of an hour
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await visitor.Page.Mouse.MoveAsync(x, y);
        await visitor.Page.Mouse.DownAsync();
        await visitor.Page.Mouse.MoveAsync(x, y - (box.Height / 2), new() { Steps = 8 });
        await visitor.Page.Mouse.MoveAsync(x, y - box.Height, new() { Steps = 8 });
        await visitor.Page.Mouse.UpAsync();
        await Expect(calendar.Appointment("Gardening", "13:00")).ToBeVisibleAsync();

        using var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await device.SyncAsync();
        Assert.EndsWith("T130000", device.Find("Gardening")?["DTSTART"], StringComparison.Ordinal);
    }
}
