using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sandbox.Tests;

/// <summary>A webhook's receiving side, on a real socket.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HookReceiver(WebApplication app) => _app = app;

    public sealed record Received(IReadOnlyDictionary<string, string> Headers, string Query, string Body);

    public ConcurrentQueue<Received> All { get; } = [];

    /// <summary>The statuses of the next answers; then 200.</summary>
    public ConcurrentQueue<int> Statuses { get; } = [];

    public bool Validates { get; set; } = true;

    public string Address => _app.Urls.First() + "/hook";

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(x => x.Listen(IPAddress.Loopback, 0));
        var receiver = new HookReceiver(builder.Build());
        receiver._app.MapPost("/hook/{kind?}", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        if (http.Request.Query["validationToken"] is { Count: > 0 } token)
        {
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync(Validates ? token.ToString() : "no");
            return;
        }
        All.Enqueue(new Received(http.Request.Headers.ToDictionary(x => x.Key, x => x.Value.ToString(), StringComparer.OrdinalIgnoreCase), http.Request.QueryString.Value ?? "", body));
        http.Response.StatusCode = Statuses.TryDequeue(out var status) ? status : 200;
    }

    public async Task<IReadOnlyList<Received>> WaitAsync(int count)
    {
        for (var watch = Stopwatch.StartNew(); All.Count < count && watch.Elapsed < TimeSpan.FromSeconds(30);) await Task.Delay(10);
        Assert.True(All.Count >= count, $"{All.Count} of {count} notifications came");
        return [.. All];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
