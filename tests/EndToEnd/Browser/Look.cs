using Microsoft.Playwright;
using Xunit;

namespace EndToEnd.Browser;

/// <summary>One page as different people see it, with a picture of each view in <c>screenshots</c> beside the test program.</summary>
internal sealed class Look(IPage page, string name)
{
    private const int MostShown = 20;
    private static readonly (string Name, int Width, int Height)[] Sizes = [("wide", 1280, 800), ("phone", 390, 844)];
    private static readonly string Check = File.ReadAllText(Repository.PathOf("tests", "EndToEnd", "Browser", "look.js"));
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "screenshots");

    /// <summary>Every view; fails when something is wrong in any.</summary>
    public async Task EverywhereAsync()
    {
        var faults = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var size in Sizes)
            {
                await page.SetViewportSizeAsync(size.Width, size.Height);
                var view = $"{scheme.ToString().ToLowerInvariant()}-{size.Name}";
                faults.AddRange((await FaultsAsync()).Select(fault => $"{view}: {fault}"));
                await PictureAsync(Path.Combine(Folder, $"{name}-{view}.png"), whole: true);
            }
        }

        await page.SetViewportSizeAsync(360, 740);
        faults.AddRange((await FaultsAsync()).Where(static fault => fault.StartsWith("wider", StringComparison.Ordinal)).Select(static fault => $"360 px: {fault}"));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1280, 800);
        Assert.True(faults.Count == 0, $"{name}, {page.Url}\n{string.Join('\n', faults.Distinct().Take(MostShown))}");
    }

    /// <summary>A picture of the page as it is now.</summary>
    public async Task PictureAsync(string path, bool whole = false) => await page.ScreenshotAsync(new() { Path = path, FullPage = whole, Animations = ScreenshotAnimations.Disabled });

    /// <summary>What is wrong with the page as it is now, a sentence each.</summary>
    public async Task<string[]> FaultsAsync()
    {
        // a key, so that the browser shows where the focus is
        await page.Keyboard.PressAsync("Tab");
        return await page.EvaluateAsync<string[]>(Check);
    }
}
