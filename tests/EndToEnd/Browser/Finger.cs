using Microsoft.Playwright;

namespace EndToEnd.Browser;

/// <summary>A finger on the screen, as the browser hears of it from the device: it scrolls, or not, as it does there.</summary>
internal sealed class Finger : IAsyncDisposable
{
    private const int Steps = 10;
    private readonly ICDPSession _session;

    private Finger(ICDPSession session) => _session = session;

    public static async Task<Finger> OfAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Emulation.setTouchEmulationEnabled", new Dictionary<string, object> { ["enabled"] = true });
        return new Finger(session);
    }

    public Task DownAsync(double x, double y) => SendAsync("touchStart", (x, y));

    /// <summary>Moves from a place, by so much, in steps.</summary>
    public async Task MoveAsync(double x, double y, double right, double down)
    {
        for (var step = 1; step <= Steps; step++) await SendAsync("touchMove", (x + (right * step / Steps), y + (down * step / Steps)));
    }

    public Task UpAsync() => SendAsync("touchEnd");

    public async ValueTask DisposeAsync()
    {
        await _session.SendAsync("Emulation.setTouchEmulationEnabled", new Dictionary<string, object> { ["enabled"] = false });
        await _session.DetachAsync();
    }

    private async Task SendAsync(string type, params (double X, double Y)[] points) => await _session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>
    {
        ["type"] = type,
        ["touchPoints"] = points.Select(static point => new Dictionary<string, object> { ["x"] = point.X, ["y"] = point.Y }).ToArray(),
    });
}
