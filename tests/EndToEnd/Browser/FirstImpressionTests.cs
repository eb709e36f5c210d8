using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>
/// What a newcomer does with README in hand: the steps, and the time that each takes. The figures are printed, and kept in <c>screenshots/first-impression.txt</c>.
/// With <c>FRESH_COPY=1</c> in a copy of the sources that nothing was built in, the build measured too; without it in what is built already.
/// </summary>
public sealed partial class FirstImpressionTests(Chromium chromium, ITestOutputHelper output) : BrowserTest(chromium)
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AfterTheBuild = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Three_steps_from_the_sources_to_an_appointment_in_the_browser_and_in_a_calendar_app()
    {
        var fresh = Environment.GetEnvironmentVariable("FRESH_COPY") is { Length: > 0 };
        var folder = Directory.CreateTempSubdirectory("first-impression-");
        try
        {
            var sources = Repository.Root;
            var clock = Stopwatch.StartNew();
            if (fresh)
            {
                Copy(Repository.Root, sources = Path.Combine(folder.FullName, "copy"));
                (await Tool.RunAsync("dotnet", ["build", "src/CalDavServer"], BuildLimit, sources)).Succeeded();
            }

            var built = clock.Elapsed;
            clock.Restart();

            // 1: the command of README, on a port of its own
            using var server = new NewcomersServer(sources, Path.Combine(folder.FullName, "data"), build: fresh);
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

            var figures = string.Create(CultureInfo.InvariantCulture, $"3 steps. {(fresh ? $"Build {built.TotalSeconds:0} s; then served" : "Served")} after {served.TotalSeconds:0.0} s, an appointment in the browser after {seen.TotalSeconds:0.0} s, in a calendar app after {synced.TotalSeconds:0.0} s.");
            output.WriteLine(figures);
            Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots"));
            await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, "screenshots", "first-impression.txt"), figures + "\n", TestContext.Current.CancellationToken);
            Assert.True(synced < AfterTheBuild, figures);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // what a clone has, without what a build makes
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
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
