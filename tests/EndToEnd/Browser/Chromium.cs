using Microsoft.Playwright;
using Xunit;

namespace EndToEnd.Browser;

/// <summary>The one browser of all tests: Debian's Chromium, started by the first test that opens a page.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A browser profile of its own: nothing that another test did is in it.</summary>
    internal async Task<IBrowserContext> NewContextAsync(bool scripts, string? cookies)
    {
        Assert.SkipUnless(File.Exists(Program), "chromium is not installed");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            JavaScriptEnabled = scripts,
            StorageState = cookies,
            Locale = "en-AU",
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            // the person's own zone is not the practice's: pages show the practice's
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(20_000);
        Assertions.SetDefaultExpectTimeout(15_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
