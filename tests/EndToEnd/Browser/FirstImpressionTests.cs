using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>
/// What a newcomer does, with README in hand and a fresh copy of the sources: the steps, and the time that each takes. The figures are printed, and kept in
/// <c>screenshots/first-impression.txt</c>.
/// </summary>
public sealed partial class FirstImpressionTests(Chromium chromium, ITestOutputHelper output) : BrowserTest(chromium)
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan AfterTheBuild = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Three_steps_from_a_fresh_copy_of_the_sources_to_an_appointment_in_the_browser_and_in_a_calendar_app()
    {
        var copy = Directory.CreateTempSubdirectory("first-impression-");
        try
        {
            Copy(Repository.Root, copy.FullName);
            var clock = Stopwatch.StartNew();
            (await Tool.RunAsync("dotnet", ["build", "src/CalDavServer"], BuildLimit, copy.FullName)).Succeeded();
            var built = clock.Elapsed;
            clock.Restart();

            // 1: the command of README, on a port of its own
            using var server = new NewcomersServer(copy.FullName);
            var printed = await server.StartedAsync();
            var served = clock.Elapsed;
            var url = new Uri(Address().Match(printed).Value);
            var account = DemoAccount.FirstPractitioner(printed);

            // 2: sign in
            var visitor = await SignInAsync(url, account);
            await visitor.OpenAsync("/calendar");
            await Expect(visitor.Page.Locator("a.appointment").First).ToBeVisibleAsync();
            var seen = clock.Elapsed;
            await visitor.Page.CloseAsync();

            // 3: the account in a calendar app
            using var device = new Device(url, account.Login, account.Password);
            await device.SyncAsync();
            Assert.NotEmpty(device.Events);
            var synced = clock.Elapsed;

            var figures = string.Create(CultureInfo.InvariantCulture, $"3 steps. Build {built.TotalSeconds:0.0} s; then served after {served.TotalSeconds:0.0} s, an appointment in the browser after {seen.TotalSeconds:0.0} s, in a calendar app after {synced.TotalSeconds:0.0} s.");
            output.WriteLine(figures);
            Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots"));
            await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, "screenshots", "first-impression.txt"), figures + "\n", TestContext.Current.CancellationToken);
            Assert.True(synced < AfterTheBuild, figures);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    // what a clone has, without what a build makes
    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        CopyFolder(Path.Combine(from, "src"), Path.Combine(to, "src"));
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj" or "data" or "node_modules")))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    [GeneratedRegex(@"(?<=CalendarSync serves )http://\S+")]
    private static partial Regex Address();
}
