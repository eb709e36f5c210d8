using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Google.Apis.Http;
using Sandbox.Tests.Contract;

namespace Sandbox.Tests.Sync;

/// <summary>The product's way to the stand-in: gives each request the access token, and keeps what it said.</summary>
internal sealed class Wire : HttpClientFactory, IConfigurableHttpClientInitializer, IHttpExecuteInterceptor
{
    private readonly ConcurrentQueue<Sent> _sent = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private int _seen;

    public sealed record Sent(string Method, string Path, string Headers, string Body)
    {
        public bool IsWrite => Method != "GET";
    }

    public string Token { get; set; } = "";

    /// <summary>What the requests go through, and their links too, where the description of the vendor is held against them.</summary>
    public Prism? Through { get; init; }

    /// <summary>All requests ever.</summary>
    public IReadOnlyList<Sent> Ever => [.. _sent];

    /// <summary>Those since <see cref="Forget"/>.</summary>
    public IReadOnlyList<Sent> All => [.. _sent.Skip(_seen)];

    /// <summary>What differed from the vendor's description.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public void Forget() => _seen = _sent.Count;

    public void Initialize(ConfigurableHttpClient httpClient) => httpClient.MessageHandler.Credential = this;

    public Task InterceptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return Task.CompletedTask;
    }

    /// <summary>The same for whoever brings no factory of its own.</summary>
    public HttpMessageHandler Open() => new Bearer(this) { InnerHandler = new Recorder(this) };

    protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Recorder(this);

    private sealed class Bearer(Wire wire) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await wire.InterceptAsync(request, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Recorder(Wire wire) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync(cancellationToken));
            wire._sent.Enqueue(new Sent(request.Method.Method, request.RequestUri!.PathAndQuery, request.Headers.ToString(), body));
            if (wire.Through is null) return await base.SendAsync(request, cancellationToken);
            request.RequestUri = new Uri(wire.Through.Address, request.RequestUri.PathAndQuery);
            var answer = await base.SendAsync(request, cancellationToken);
            if (await Prism.FindErrorAsync(answer) is { } error) wire._errors.Enqueue($"{error}\n{body}");
            return answer;
        }
    }
}
