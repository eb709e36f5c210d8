using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>The calendar on a phone: what matters is at the top, and nothing is cut in half.</summary>
public sealed class The_calendar_on_a_phone(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    [Fact]
    public async Task A_week_is_an_agenda_that_begins_with_today_near_the_top()
    {
        var page = await OpenAsync("/calendar?view=week");
        var today = page.Locator(".agenda section").First;
        await Expect(today).ToContainTextAsync("Today");
        Assert.InRange((await today.BoundingBoxAsync())!.Y, 0, 260);
        await Expect(page.Locator(".hours")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_day_is_at_the_top_and_header_and_tools_are_folded()
    {
        var page = await OpenAsync("/calendar?view=day");
        Assert.InRange((await page.Locator(".hours").BoundingBoxAsync())!.Y, 0, 260);
        Assert.InRange((await page.Locator("header.top").BoundingBoxAsync())!.Height, 0, 70);
        await Expect(page.GetByLabel("Go to a date")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.GetByLabel("Go to a date").FillAsync("2027-03-02");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("2 March 2027");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    [InlineData(360)]
    public async Task No_name_breaks_inside_a_word_and_no_line_is_half_cut(int width)
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var day = CalendarPages.FreeDay.PlusWeeks(7);
        using var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        foreach (var (title, minute) in new[] { ("Extraordinarily-longwordedsupervision", 0), ("Otherlongwordedthing meeting", 10) }) await device.AddAsync($"{title} {width}", day.At(new LocalTime(9, minute)));
        await visitor.Page.SetViewportSizeAsync(width, 800);
        foreach (var address in new[] { $"/calendar?view=day&date={CalendarPages.Iso(day)}", "/calendar?view=week" })
        {
            await visitor.OpenAsync(address);
            var faults = await visitor.Page.EvaluateAsync<string[]>(
                """
                () => {
                    const faults = [];
                    for (const block of document.querySelectorAll('.column .appointment')) {
                        if (!block.checkVisibility()) continue;
                        const box = block.querySelector('.text').getBoundingClientRect();
                        const words = document.createTreeWalker(block.querySelector('.title'), NodeFilter.SHOW_TEXT);
                        while (words.nextNode()) {
                            for (const found of words.currentNode.nodeValue.matchAll(/[\p{L}]+/gu)) {
                                const range = document.createRange();
                                range.setStart(words.currentNode, found.index);
                                range.setEnd(words.currentNode, found.index + found[0].length);
                                if (new Set([...range.getClientRects()].map(rect => Math.round(rect.top))).size > 1) faults.push(`broken: ${found[0]}`);
                            }
                        }
                        const line = parseFloat(getComputedStyle(block.querySelector('.text')).lineHeight);
                        const over = block.querySelector('.text').scrollHeight > box.height + 1;
                        if (over && !block.classList.contains('short') && Math.abs(box.height / line - Math.round(box.height / line)) > .1) faults.push(`half cut: ${block.innerText}`);
                    }
                    return faults;
                }
                """);
            Assert.Empty(faults);
        }
    }

    [Fact]
    public async Task Of_several_practitioners_whole_columns_are_seen()
    {
        var page = await OpenAsync("/calendar?view=day", server.Administrator);
        var cut = await page.EvaluateAsync<int>(
            """
            () => [...document.querySelectorAll('.day-name')].map(name => name.getBoundingClientRect())
                .filter(box => box.left < innerWidth - 2 && box.right > innerWidth + 2).length
            """);
        Assert.Equal(0, cut);
    }

    [Fact]
    public async Task The_legend_says_what_the_edge_of_a_double_booking_is()
    {
        var page = await OpenAsync("/calendar?view=day");
        await Expect(page.Locator(".legend")).ToContainTextAsync("Double-booked");
    }

    private async Task<IPage> OpenAsync(string address, DemoAccount? account = null)
    {
        var visitor = await ReturnAsync(server, account ?? server.Maya);
        await visitor.Page.SetViewportSizeAsync(390, 844);
        return await visitor.OpenAsync(address);
    }
}
