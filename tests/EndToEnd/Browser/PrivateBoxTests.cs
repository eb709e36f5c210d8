using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>The box "Private" in a browser: it is ticked, its mark is seen, and it is unticked again.</summary>
public sealed class The_private_box_in_a_browser(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private static readonly LocalDate Day = CalendarPages.FreeDay.PlusWeeks(30);

    [Fact]
    public async Task P9_It_is_ticked_seen_and_unticked()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var (page, calendar) = (visitor.Page, new CalendarPages(visitor));
        await calendar.AddPersonalAsync("Oncologist", Day.At(new LocalTime(10, 0)), 60);
        await OpenFormAsync(calendar, page);
        var box = page.GetByLabel("Private", new() { Exact = true });
        await Expect(box).Not.ToBeCheckedAsync();
        await Expect(box).ToHaveAccessibleDescriptionAsync(new Regex("^Others in the practice.*show that you are busy, or nothing.*like any other appointment\\.$"));
        await visitor.LookAsync("private-box");
        await box.CheckAsync();
        await SaveAsync(page);
        await Expect(page.Locator("dd", new() { HasText = "Private: only" })).ToBeVisibleAsync();
        foreach (var view in new[] { "day", "week", "month" })
        {
            await calendar.ShowAsync(Day, view);
            await Expect(calendar.Appointment("Oncologist")).ToContainTextAsync("Personal appointment, private");
            await Expect(calendar.Appointment("Oncologist")).ToHaveClassAsync(new Regex("\\bprivate\\b"));
            await visitor.LookAsync($"private-{view}");
        }

        await OpenFormAsync(calendar, page);
        await Expect(box).ToBeCheckedAsync();
        await box.UncheckAsync();
        await SaveAsync(page);
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Oncologist")).Not.ToContainTextAsync("private");
        await OpenFormAsync(calendar, page);
        await Expect(box).Not.ToBeCheckedAsync();
    }

    private static async Task OpenFormAsync(CalendarPages calendar, IPage page)
    {
        await calendar.OpenAsync("Oncologist", Day);
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("has been changed");
    }
}
