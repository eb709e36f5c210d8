using System.Text.RegularExpressions;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>R2, R3, R5, R8, R9 and R10: Tom, who has nothing yet, buys calendar synchronisation and connects an app; Ruth, the administrator, may only buy.</summary>
public sealed partial class SetUpTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly LocalDate Day = CalendarPages.FreeDay;

    [Fact]
    public async Task R10_From_buying_to_connected_is_all_done_by_clicking()
    {
        var server = await ServeAsync(ServerProcess.StartDemoAsync());
        var tom = DemoAccount.Practitioners(server.Output)[1];
        var visitor = await SignInAsync(server.Url, tom);
        var pages = new IntegrationPages(visitor, server.Url);
        await pages.GoAsync();

        await pages.OpenPurchaseAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("100 credits");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("25 credits every 30 days");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("The first 30 days are free");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("not refunded");
        await visitor.LookAsync("integrations-purchase");
        await pages.PurchaseAsync();
        await pages.AddAppAsync("Tom’s laptop");
        await Expect(visitor.Page.GetByText("Waiting for your device")).ToBeVisibleAsync();
        await visitor.LookAsync("integrations-connect");

        using var device = await pages.ConnectAsync();
        Assert.Contains("HX_Riverbend Allied Health (Tom Okafor)", (await device.CalendarsAsync()).Keys);
        await device.SyncAsync();
        await Expect(visitor.Page.Locator(".live")).ToContainTextAsync(Connected());
        await visitor.LookAsync("integrations-connected");
    }

    [Fact]
    public async Task R8_Another_practitioner_needs_another_subscription()
    {
        var server = await ServeAsync(ServerProcess.StartDemoAsync());
        var (maya, tom) = (DemoAccount.Practitioners(server.Output)[0], DemoAccount.Practitioners(server.Output)[1]);
        using var mayasDevice = new Device(server.Url, maya.Login, maya.Password);
        using var tomsDevice = new Device(server.Url, tom.Login, tom.Password);
        Assert.Contains((await mayasDevice.CalendarsAsync()).Keys, IsHx);
        Assert.DoesNotContain((await tomsDevice.CalendarsAsync()).Keys, IsHx);

        var visitor = await SignInAsync(server.Url, tom);
        await new IntegrationPages(visitor, server.Url).GoAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Buy Calendar Synchronisation" })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Add Calendar Synchronisation" })).ToHaveCountAsync(0);

        // nor by the address of the page that follows
        await visitor.OpenAsync("/settings/integrations/add");
        await Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Buy Calendar Synchronisation first");
    }

    [Fact]
    public async Task R2_The_HX_calendar_of_a_single_practitioner_bears_the_name_of_the_practice_alone()
    {
        var server = await ServeAsync(ServerProcess.StartWithPracticeAsync("Hillside Physio", "sol", "a-password-for-this-test"));
        using var device = new Device(server.Url, "sol", "a-password-for-this-test");
        Assert.Equal("HX_Hillside Physio", Assert.Single((await device.CalendarsAsync()).Keys, IsHx));
    }

    [Fact]
    public async Task R2_R3_The_HX_calendars_of_two_practitioners_in_one_app_bear_the_practice_and_tell_apart()
    {
        var server = await ServeAsync(ServerProcess.StartDemoAsync());
        var (maya, tom) = (DemoAccount.Practitioners(server.Output)[0], DemoAccount.Practitioners(server.Output)[1]);
        var visitor = await SignInAsync(server.Url, tom);
        var pages = new IntegrationPages(visitor, server.Url);
        await pages.GoAsync();
        await pages.OpenPurchaseAsync();
        await pages.PurchaseAsync();
        await pages.AddAppAsync("The same app");
        await Expect(visitor.Page.GetByText("HX_Riverbend Allied Health (Tom Okafor)").First).ToBeVisibleAsync();
        using var toms = await pages.ConnectAsync();
        using var mayas = new Device(server.Url, maya.Login, maya.Password);
        string[] names = [.. (await mayas.CalendarsAsync()).Keys.Where(IsHx), .. (await toms.CalendarsAsync()).Keys.Where(IsHx)];
        Assert.Equal(["HX_Riverbend Allied Health (Maya Lindqvist)", "HX_Riverbend Allied Health (Tom Okafor)"], names);
    }

    [Fact]
    public async Task R5_From_now_on_serves_what_is_booked_or_edited_from_then_and_including_serves_all_of_it_counted()
    {
        var server = await ServeAsync(ServerProcess.StartDemoAsync());
        var tom = DemoAccount.Practitioners(server.Output)[1];
        var visitor = await SignInAsync(server.Url, tom);
        var (pages, calendar) = (new IntegrationPages(visitor, server.Url), new CalendarPages(visitor));
        await pages.GoAsync();
        await pages.OpenPurchaseAsync();
        await pages.PurchaseAsync();
        await pages.AddAppAsync("The first");
        using var device = await pages.ConnectAsync();
        await device.SyncAsync();
        Assert.Empty(device.Events);

        await calendar.AddPersonalAsync("Bank", Day.At(new LocalTime(9, 0)));
        await device.SyncAsync();
        Assert.Equal("Bank", Assert.Single(device.Events)["SUMMARY"]);
        await calendar.EditAsync("Supervision", CalendarPages.Today.PlusDays(2), ("Location", "Library"));
        await device.SyncAsync();
        Assert.NotNull(device.Find("Supervision"));

        await pages.GoAsync();
        await pages.AddAppAsync("The second", existing: true);
        await Expect(visitor.Page.GetByText("Existing appointments are included")).ToBeVisibleAsync();
        var counted = Counted().Match(await visitor.Page.GetByText("Existing appointments are included").TextContentAsync() ?? "").Groups;
        Assert.Equal(counted[1].Value, counted[2].Value);
        await device.SyncAsync();
        Assert.Equal(int.Parse(counted[2].Value, System.Globalization.CultureInfo.InvariantCulture), device.Events.Count());
    }

    [Fact]
    public async Task R9_An_administrator_buys_for_a_practitioner_and_has_no_calendar_and_sets_nothing_up()
    {
        var server = await ServeAsync(ServerProcess.StartDemoAsync());
        var (tom, ruth) = (DemoAccount.Practitioners(server.Output)[1], DemoAccount.Administrator(server.Output));
        using var device = new Device(server.Url, ruth.Login, ruth.Password);
        Assert.DoesNotContain((await device.CalendarsAsync()).Keys, IsHx);

        var visitor = await SignInAsync(server.Url, ruth);
        var pages = new IntegrationPages(visitor, server.Url);
        await pages.GoAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Add Calendar Synchronisation" })).ToHaveCountAsync(0);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Buy Calendar Synchronisation for Tom Okafor" }).ClickAsync();
        await visitor.LookAsync("administrator-purchase");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Purchase" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Tom Okafor has Calendar Synchronisation now");
        await visitor.OpenAsync("/settings/integrations/add");
        await Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Only a practitioner can set up");

        // bought, and not set up: that is Tom's
        using var tomsDevice = new Device(server.Url, tom.Login, tom.Password);
        Assert.DoesNotContain((await tomsDevice.CalendarsAsync()).Keys, IsHx);
        var tomsVisitor = await SignInAsync(server.Url, tom);
        var tomsPages = new IntegrationPages(tomsVisitor, server.Url);
        await tomsPages.GoAsync();
        await tomsPages.AddAppAsync("Tom’s phone");
        Assert.Contains((await tomsDevice.CalendarsAsync()).Keys, IsHx);
    }

    [Fact]
    public async Task R10_By_keyboard_alone_too()
    {
        var server = await ServeAsync(ServerProcess.StartDemoAsync());
        var tom = DemoAccount.Practitioners(server.Output)[1];
        var visitor = await SignInAsync(server.Url, tom);
        var (page, keys) = (visitor.Page, new Keyboard(visitor.Page));
        await keys.PressAsync(page.GetByRole(AriaRole.Navigation, new() { Name = "Settings" }).GetByRole(AriaRole.Link, new() { Name = "Integrations" }));
        await keys.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Buy Calendar Synchronisation" }));
        await keys.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Purchase" }));
        await keys.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Add Calendar Synchronisation" }));
        await keys.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Another calendar app" }));
        await keys.WriteAsync(page.GetByLabel("What do you call this device?"), "Laptop");
        await keys.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Continue" }));
        using var device = await new IntegrationPages(visitor, server.Url).ConnectAsync();
        await device.SyncAsync();
        await Expect(page.Locator(".live")).ToContainTextAsync(Connected());
    }

    [Fact]
    public async Task R10_Without_scripts_too()
    {
        var server = await ServeAsync(ServerProcess.StartDemoAsync());
        var visitor = await SignInAsync(server.Url, DemoAccount.Practitioners(server.Output)[1], scripts: false);
        var pages = new IntegrationPages(visitor, server.Url);
        await pages.GoAsync();
        await pages.OpenPurchaseAsync();
        await pages.PurchaseAsync();
        await pages.AddAppAsync("Laptop");
        using var device = await pages.ConnectAsync();
        await device.SyncAsync();
        await visitor.OpenAsync("/settings/sync");
        await Expect(visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Laptop" })).ToContainTextAsync("Thunderbird");
    }

    private static bool IsHx(string name) => name.StartsWith("HX_", StringComparison.Ordinal);

    [GeneratedRegex(@"Connected\s+Thunderbird")]
    private static partial Regex Connected();

    [GeneratedRegex(@"your diary has (\d+) appointments?, and the calendar shows all (\d+)")]
    private static partial Regex Counted();
}
