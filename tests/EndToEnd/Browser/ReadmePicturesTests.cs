using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>
/// The pictures that README shows. They are made anew by <c>SCREENSHOTS=docs/images dotnet test --project tests/EndToEnd --filter-class
/// EndToEnd.Browser.ReadmePicturesTests</c>; without the variable they go beside the test program.
/// </summary>
public sealed class ReadmePicturesTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private const int MostBytes = 150_000;

    [Fact]
    public async Task The_week_on_a_computer()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        await visitor.OpenAsync("/calendar?view=week");
        await PictureAsync(visitor, "week");
    }

    [Fact]
    public async Task The_day_on_a_phone_in_the_dark()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        await visitor.Page.SetViewportSizeAsync(390, 844);
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        // a day on which the practice is open
        var day = CalendarPages.Today;
        while (day.DayOfWeek is NodaTime.IsoDayOfWeek.Saturday or NodaTime.IsoDayOfWeek.Sunday) day = day.PlusDays(1);
        await new CalendarPages(visitor).ShowAsync(day, "day");
        await PictureAsync(visitor, "phone");
    }

    [Fact]
    public async Task What_to_enter_on_a_device()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        await visitor.OpenAsync("/");
        var pages = new IntegrationPages(visitor, server.Url);
        await pages.GoAsync();
        await pages.AddAppAsync("My laptop");
        using var device = await pages.ConnectAsync();
        await device.SyncAsync();
        await Expect(visitor.Page.Locator(".live")).ToContainTextAsync("Connected");
        await visitor.Page.Locator("h1").HoverAsync();
        await PictureAsync(visitor, "connect");
    }

    private static async Task PictureAsync(Visitor visitor, string name)
    {
        var folder = Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } wanted
            ? Repository.PathOf(wanted)
            : Path.Combine(AppContext.BaseDirectory, "screenshots", "readme");
        var file = Path.Combine(folder, name + ".png");
        await new Look(visitor.Page, name).PictureAsync(file);
        Assert.InRange(new FileInfo(file).Length, 5_000, MostBytes);
    }
}
