using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>The repeat editor in a browser: it shows what the unit needs, and "Only this one" disables what it cannot change and says why.</summary>
public sealed class The_repeat_editor_in_a_browser(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_what_the_unit_needs_is_shown(bool scripts)
    {
        var visitor = scripts ? await ReturnAsync(server, server.Maya) : await SignInAsync(server.Url, server.Maya, scripts: false);
        var page = await visitor.OpenAsync("/calendar/new?kind=personal&date=2027-03-09");
        await page.Locator("summary", new() { HasText = "Repeat" }).ClickAsync();
        async Task SeeAsync(string unit, params string[] seen)
        {
            await page.GetByLabel("How", new() { Exact = true }).SelectOptionAsync(unit);
            foreach (var id in new[] { "Every", "MonthDay", "Ends", "Until", "Count" }) await Expect(page.Locator($"#{id}")).ToBeVisibleAsync(new() { Visible = seen.Contains(id) });
            await Expect(page.Locator(".weekdays")).ToBeVisibleAsync(new() { Visible = seen.Contains("Days") });
        }

        await SeeAsync("");
        await SeeAsync("day", "Every", "Ends");
        await SeeAsync("week", "Every", "Ends", "Days");
        await SeeAsync("month", "Every", "Ends", "MonthDay");
        await SeeAsync("year", "Every", "Ends", "MonthDay");
        await page.GetByLabel("It ends").SelectOptionAsync("until");
        await SeeAsync("year", "Every", "Ends", "MonthDay", "Until");
        await page.GetByLabel("It ends").SelectOptionAsync("count");
        await SeeAsync("year", "Every", "Ends", "MonthDay", "Count");
        await Expect(page.Locator("#MonthDay")).ToContainTextAsync("the 2nd Tuesday");
        if (scripts) await visitor.LookAsync("repeat-editor");
    }

    [Fact]
    public async Task Only_this_one_disables_what_belongs_to_the_series_and_says_why()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var calendar = new CalendarPages(visitor);
        var day = CalendarPages.FreeDay.PlusWeeks(20);
        await calendar.AddPersonalAsync("Choir practice", day.At(new LocalTime(10, 0)), 60, weeks: 3);
        await calendar.OpenAsync("Choir practice", day);
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        await page.Locator("summary", new() { HasText = "Repeat" }).ClickAsync();
        var how = page.GetByLabel("How", new() { Exact = true });
        await Expect(how).ToHaveValueAsync("week");
        await Expect(how).ToBeDisabledAsync();
        await Expect(page.Locator(".why")).ToContainTextAsync("the same in the whole series");
        await visitor.LookAsync("edit-only-this-one");
        await page.GetByLabel("Location").FillAsync("Hall");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("has been changed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        await page.GetByLabel("This one and all that follow").CheckAsync();
        await page.Locator("summary", new() { HasText = "Repeat" }).ClickAsync();
        await Expect(how).ToBeEnabledAsync();
        await Expect(page.Locator(".why")).ToHaveCountAsync(0);
        await page.GetByLabel("The whole series").CheckAsync();
        await how.SelectOptionAsync("stop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await calendar.ShowAsync(day.PlusWeeks(1));
        await Expect(calendar.Appointment("Choir practice")).ToHaveCountAsync(0);
    }
}
