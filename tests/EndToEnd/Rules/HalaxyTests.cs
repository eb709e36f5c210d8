using System.Globalization;
using CalDavServer.Tests.Hosting;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>R1 and R4 in a practice that keeps its diary in Halaxy: Ruth connects it, Maya has its appointments, moves one, and books one there.</summary>
public sealed class HalaxyTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly LocalDate Day = CalendarPages.FreeDay;

    [Fact]
    public async Task R1_R4_A_practice_is_connected_and_what_is_booked_or_moved_on_either_side_is_so_on_the_other()
    {
        var there = await ServeAsync(HalaxyStandIn.StartAsync());
        var server = await ServeAsync(ClockedServer.StartAsync(halaxy: there.Address));
        var id = await there.IdAsync("book", new() { ["roles"] = there.MayasRole, ["patients"] = there.Patient, ["service"] = there.Service, ["start"] = $"{Iso(Day)}T09:00", ["minutes"] = "45" });
        var ruth = await SignInAsync(server.Url, server.Administrator);
        await ConnectAsync(ruth, there);

        var maya = await SignInAsync(server.Url, server.Maya);
        var calendar = new CalendarPages(maya);
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Zora Newman", "9:00")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await calendar.OpenAsync("Zora Newman", Day);
        await Expect(maya.Page.GetByText("This appointment is kept in Halaxy.")).ToBeVisibleAsync();
        await maya.LookAsync("halaxy-appointment");
        await maya.Page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await maya.LookAsync("halaxy-edit");
        await maya.Page.GetByLabel("Start", new() { Exact = true }).FillAsync("11:30");
        await maya.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(maya.Page.Locator(".notice[role=status]")).ToContainTextAsync("The appointment has been changed");
        await UntilAsync(async () => ((string)(await there.ShowAsync(id))["start"]!).Contains("T11:30", StringComparison.Ordinal), "the move is in Halaxy");

        await BookAsync(maya, calendar);
        await ruth.Page.GotoAsync(new Uri(server.Url, "/settings/integrations/halaxy").AbsoluteUri);
        await ruth.LookAsync("halaxy-standing");
    }

    /// <summary>Connects the practice: the key, who is who, what will come.</summary>
    internal static async Task ConnectAsync(Visitor ruth, HalaxyStandIn there)
    {
        var page = ruth.Page;
        await ruth.OpenAsync("/settings/integrations");
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect to Halaxy" }).ClickAsync();
        await ruth.LookAsync("halaxy-key");
        await page.GetByLabel("Client id").FillAsync(there.Client);
        await page.GetByLabel("Client secret").FillAsync("not it, with spaces");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the key" }).ClickAsync();
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("without spaces");
        await page.GetByLabel("Client secret").FillAsync(there.Secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the key" }).ClickAsync();
        await Expect(page.GetByLabel("Maya Lindqvist")).ToHaveValueAsync(there.Maya);
        await ruth.LookAsync("halaxy-match");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count what will come" }).ClickAsync();
        await ruth.LookAsync("halaxy-count");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect to Halaxy" }).ClickAsync();
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync("The practice is connected");
        await Expect(page.GetByText("The diaries agree with Halaxy: 1 appointment.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    private static async Task BookAsync(Visitor maya, CalendarPages calendar)
    {
        await calendar.AddPersonalAsync("Zora rang", Day.At(new LocalTime(15, 0)));
        await calendar.OpenAsync("Zora rang", Day);
        await Expect(maya.Page.GetByText("Not in Halaxy", new() { Exact = true })).ToBeVisibleAsync();
        await maya.Page.GetByRole(AriaRole.Link, new() { Name = "Turn into a patient appointment" }).ClickAsync();
        await maya.Page.GetByLabel("Patient", new() { Exact = true }).PressSequentiallyAsync("zor");
        await maya.Page.GetByLabel("Zora Newman").CheckAsync();
        await maya.LookAsync("halaxy-book");
        await maya.Page.GetByRole(AriaRole.Button, new() { Name = "Book it in Halaxy" }).ClickAsync();
        await Expect(maya.Page.Locator(".notice[role=status]")).ToContainTextAsync("It is booked in Halaxy");
        await calendar.ShowAsync(Day);
        await UntilAsync(
            async () =>
            {
                await calendar.ShowAsync(Day);
                return await calendar.Appointment("Zora Newman", "15:00").CountAsync() == 1;
            },
            "it is a patient appointment here");
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        for (var tries = 0; !await isSo(); tries++)
        {
            Assert.True(tries < 100, $"After half a minute it was not so that {what}.");
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }
    }

    private static string Iso(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
