using System.Diagnostics;
using System.Globalization;
using CalDavServer.Tests.Hosting;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using ProviderBridge.CalDav;
using Sandbox.CalDav;
using Sandbox.Tests.CalDav;
using Xunit;

namespace EndToEnd.Rules;

/// <summary>R1 with everything at once: a practice in Halaxy, and a practitioner with Thunderbird, Google, Outlook and iCloud.</summary>
public sealed class EverywhereTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly LocalDate Day = CalendarPages.FreeDay;

    // of the practice here, and there
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];

    [Fact]
    public async Task R1_A_booking_in_Halaxy_is_everywhere_and_a_move_on_the_phone_or_at_Google_reaches_Halaxy_and_all_others()
    {
        Tool.Require("thunderbird", "python3");
        var upstream = await CalDavProgram.FindAsync("radicale");
        var options = new FrontOptions { Upstream = upstream };
        var cloud = await ServeAsync(CalDavFront.StartAsync(options));
        var (halaxy, google, outlook) = (await ServeAsync(HalaxyStandIn.StartAsync()), await ServeAsync(VendorStandIn.StartAsync("google")), await ServeAsync(VendorStandIn.StartAsync("microsoft")));
        var reach = new CalDavReach { ICloud = new Uri(cloud.Address), Internal = ["127.0.0.1"] };
        var server = await ServeAsync(ClockedServer.StartAsync(google: google.Google, calDav: reach, microsoft: outlook.Microsoft, halaxy: halaxy.Address));
        await BookAsync(halaxy, Day.PlusDays(1));
        await HalaxyTests.ConnectAsync(await SignInAsync(server.Url, server.Administrator), halaxy);
        var maya = await SignInAsync(server.Url, server.Maya);
        var pages = new IntegrationPages(maya, server.Url);
        await LinkedAccountTests.ConnectAsync(maya, pages, google, "Google Calendar", "Google Calendar");
        var link = maya.Page.Url;
        await LinkedAccountTests.ConnectAsync(maya, pages, outlook, "Outlook.com", "Outlook Calendar");
        await ICloudTests.ConnectAsync(maya, pages, options);
        using var user = new CalDavUser(upstream, ICloudTests.Email) { Now = SystemClock.Instance.GetCurrentInstant() };
        user.Calendar = cloud.Ever.Last(one => one.What == "MKCALENDAR").Path;

        var booking = await BookAsync(halaxy, Day);

        async Task IsEverywhereAsync(int? hour)
        {
            await UntilAsync(async () => IsAt(await google.SeenAsync(), hour), $"Google has it at {hour}");
            await UntilAsync(async () => IsAt(await outlook.SeenAsync(), hour), $"Outlook has it at {hour}");
            await UntilAsync(async () => IsAt(await user.ListAsync(), hour), $"iCloud has it at {hour}");
        }

        await IsEverywhereAsync(9);

        // on the phone
        var moved = await Tool.RunAsync(
            "python3",
            ["-B", Repository.Client("thunderbird_moves.py"), server.Url.ToString(), server.Maya.Login, server.Maya.Password, SecondsAt(9), SecondsAt(11)],
            TimeSpan.FromMinutes(4),
            environment: new Dictionary<string, string> { ["MARIONETTE_PORT"] = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture) });
        Assert.Equal("MOVES 4 passed, 0 failed", moved.Succeeded().LastLine);
        await UntilAsync(async () => await StartInHalaxyAsync(halaxy, booking) == 11, "the move is in Halaxy");
        await IsEverywhereAsync(11);

        // at Google
        var seen = (await google.SeenAsync()).Single(one => one.Start == $"{Iso} 11:00");
        await google.InCalendarAsync("move", new() { ["event"] = seen.Id, ["start"] = $"{Iso}T14:00", ["end"] = $"{Iso}T14:45" });
        await maya.Page.GotoAsync(link);
        await maya.Page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
        await UntilAsync(async () => await StartInHalaxyAsync(halaxy, booking) == 14, "the move at Google is in Halaxy");
        await IsEverywhereAsync(14);

        // in Halaxy
        await halaxy.DoAsync("cancel", new() { ["appointment"] = booking });
        await IsEverywhereAsync(null);
    }

    private static Task<string> BookAsync(HalaxyStandIn halaxy, LocalDate day) =>
        halaxy.IdAsync("book", new() { ["roles"] = halaxy.MayasRole, ["patients"] = halaxy.Patient, ["service"] = halaxy.Service, ["start"] = $"{day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)}T09:00", ["minutes"] = "45" });

    private static string Iso => Day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static string SecondsAt(int hour) => Day.At(new LocalTime(hour, 0)).InZoneStrictly(Zone).ToInstant().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    // nothing else is on that day
    private static bool IsAt(IReadOnlyList<(string Id, string Title, string Start)> seen, int? hour)
    {
        var starts = seen.Select(one => one.Start).Where(start => start.StartsWith(Iso, StringComparison.Ordinal)).ToList();
        return hour is { } at ? starts is [var start] && start == $"{Iso} {at:00}:00" : starts.Count == 0;
    }

    private static bool IsAt(IReadOnlyList<(string Path, string Text)> objects, int? hour)
    {
        var date = Day.ToString("uuuuMMdd", CultureInfo.InvariantCulture);
        var all = objects.Where(one => one.Text.Contains($":{date}T", StringComparison.Ordinal)).ToList();
        return hour is { } at ? all is [var one] && one.Text.Contains($"DTSTART;TZID=Australia/Melbourne:{date}T{at:00}0000", StringComparison.Ordinal) : all.Count == 0;
    }

    private static async Task<int> StartInHalaxyAsync(HalaxyStandIn halaxy, string id) =>
        Instant.FromDateTimeOffset(DateTimeOffset.Parse((string)(await halaxy.ShowAsync(id))["start"]!, CultureInfo.InvariantCulture)).InZone(Zone).Hour;

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        for (var since = Stopwatch.StartNew(); !await isSo(); await Task.Delay(200, TestContext.Current.CancellationToken)) Assert.True(since.Elapsed < TimeSpan.FromSeconds(90), $"After 90 seconds it was not so that {what}.");
    }
}
