using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using ProviderBridge.CalDav;
using Sandbox.CalDav;
using Sandbox.Tests.CalDav;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>
/// R1 for any other CalDAV account, whose address is typed, and for an organisation's own Exchange server, whose gateway the operator has named. Behind both is Radicale here: DavMail itself does nothing without an Exchange server.
/// </summary>
public sealed class PasswordAccountTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Login = "maya@example.com";
    private static readonly LocalDate Day = CalendarPages.FreeDay;

    [Theory]
    [InlineData("CalDAV account", "Login", "The server does not accept this login and password.", "caldav")]
    [InlineData("a server of your organisation", "E-mail address, or what you sign in with at Outlook on the web", "Your Exchange server does not accept this login and password.", "exchange")]
    public async Task R1_What_is_entered_moved_or_cancelled_on_either_side_is_so_on_the_other(string card, string login, string refusal, string pictures)
    {
        var upstream = await CalDavProgram.FindAsync("radicale");
        var options = new FrontOptions { Upstream = upstream };
        var front = await ServeAsync(CalDavFront.StartAsync(options));
        var (address, isTyped) = (new Uri(front.Address), card == "CalDAV account");
        var reach = new CalDavReach { DavMail = isTyped ? null : address, Internal = ["127.0.0.1"] };
        var server = await ServeAsync(ClockedServer.StartAsync(calDav: reach));
        var visitor = await SignInAsync(server.Url, server.Maya);
        var page = visitor.Page;
        await new IntegrationPages(visitor, server.Url).GoToAddAsync();
        await page.Locator("a.card", new() { HasText = card }).ClickAsync();
        await visitor.LookAsync($"{pictures}-connect");

        if (isTyped)
        {
            await TypeAsync(page, "http://127.0.0.1:1/", login, options.AppPassword);
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Check whether the address is right");
        }

        await TypeAsync(page, isTyped ? front.Address : null, login, options.MainPassword);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(refusal);
        await visitor.LookAsync($"{pictures}-refused");
        await TypeAsync(page, isTyped ? front.Address : null, login, options.AppPassword);
        await Expect(page.Locator(".notice[role=status]")).ToContainTextAsync($"{Login} is connected");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the calendar" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(Login);
        var link = page.Url;

        var calendar = new CalendarPages(visitor);
        await calendar.AddPersonalAsync("Bank", Day.At(new LocalTime(9, 0)));
        using var user = new CalDavUser(upstream, Login) { Now = SystemClock.Instance.GetCurrentInstant() };
        var path = await ICloudTests.SeenAsync(front, user, "Bank");
        await user.MoveAsync(path, Day.At(new LocalTime(15, 0)), Duration.FromMinutes(30));
        await CheckNowAsync(page, link);
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Bank", "15:00")).ToBeVisibleAsync(new() { Timeout = 30_000 });

        await user.DeleteAsync(path);
        await CheckNowAsync(page, link);
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Bank", "15:00")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await page.GotoAsync(link);
        await Expect(page.GetByText("Both calendars agree")).ToBeVisibleAsync();
        await visitor.LookAsync($"{pictures}-link");
    }

    private static async Task CheckNowAsync(IPage page, string link)
    {
        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
    }

    private static async Task TypeAsync(IPage page, string? address, string login, string password)
    {
        if (address is not null) await page.GetByLabel("Address of the server").FillAsync(address);
        await page.GetByLabel(login, new() { Exact = true }).FillAsync(Login);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
    }
}
