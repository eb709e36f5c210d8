using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CalDavServer.Tests.Hosting;

/// <summary>The public address of a server whose own is known only when it runs: what a service tells it there is kept and passed on.</summary>
internal sealed class HookRelay : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly WebApplication _app;
    private readonly List<Told> _told = [];

    private HookRelay(WebApplication app) => _app = app;

    /// <summary>The public address.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>The server's own address.</summary>
    public Func<Uri> Server { private get; set; } = null!;

    /// <summary>What is lost on its way, by its path; nothing when it is null.</summary>
    public Predicate<string>? Loses { private get; set; }

    /// <summary>What was told until now, without handshakes.</summary>
    public IReadOnlyList<Told> All
    {
        get
        {
            lock (_told) return [.. _told];
        }
    }

    public static async Task<HookRelay> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var relay = new HookRelay(app);
        app.MapPost("/hooks/{**rest}", relay.PassOnAsync);
        await app.StartAsync();
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var path = context.Request.Path.Value!;
        if (Loses?.Invoke(path) == true) return;
        var google = context.Request.Headers.Where(header => header.Key.StartsWith("X-Goog", StringComparison.OrdinalIgnoreCase)).ToDictionary(header => header.Key, header => header.Value.ToString());
        if (!context.Request.QueryString.HasValue)
        {
            lock (_told) _told.Add(new Told(path, google, body));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server(), path + context.Request.QueryString)) { Content = new StringContent(body, Encoding.UTF8, context.Request.ContentType?.Split(';')[0] ?? "text/plain") };
        foreach (var (name, value) in google) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync(context.RequestAborted), context.RequestAborted);
    }

    /// <summary>What a service told.</summary>
    /// <param name="Path">Where.</param>
    /// <param name="Google">The headers that are Google's own.</param>
    /// <param name="Body">The body.</param>
    internal sealed record Told(string Path, IReadOnlyDictionary<string, string> Google, string Body);
}
