using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sandbox.Tests.Contract;

/// <summary>Before Prism, which reads no compressed body, as Google's library sends it: hands each request on in plain.</summary>
internal sealed class Unzipping : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Unzipping(WebApplication app, Uri target) => (_app, _http) = (app, new HttpClient { BaseAddress = target });

    /// <summary>What differed from the vendor's description.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public Uri Address => new(_app.Urls.First());

    public static async Task<Unzipping> StartAsync(Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRequestDecompression();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var made = new Unzipping(builder.Build(), target);
        made._app.UseRequestDecompression();
        made._app.Run(made.HandOnAsync);
        await made._app.StartAsync();
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandOnAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.Path + http.Request.QueryString);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (body.Length > 0) request.Content = new ByteArrayContent(body.ToArray()) { Headers = { { "Content-Type", http.Request.ContentType } } };
        request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
        using var answer = await _http.SendAsync(request);
        if (await Prism.FindErrorAsync(answer) is { } error) Errors.Enqueue(error);
        (http.Response.StatusCode, http.Response.ContentType) = ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString());
        if (answer.StatusCode != HttpStatusCode.NoContent) await answer.Content.CopyToAsync(http.Response.Body);
    }
}
