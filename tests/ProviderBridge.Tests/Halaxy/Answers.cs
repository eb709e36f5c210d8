using System.Net;
using System.Text;
using NodaTime;
using ProviderBridge.Halaxy;

namespace ProviderBridge.Tests.Halaxy;

/// <summary>A Halaxy that gives a token, and the answers of a test to all else.</summary>
internal sealed class Answers(Func<string, (HttpStatusCode Status, string Body)> answer) : HttpMessageHandler
{
    /// <summary>What a request for a token is answered.</summary>
    public (HttpStatusCode Status, string Body) Token { get; init; } = (HttpStatusCode.OK, """{"access_token":"t","expires_in":3600}""");

    private readonly HalaxyRateLimit _rate = new(SystemClock.Instance);

    public List<string> Asked { get; } = [];

    public HalaxyClient Open() => new(new HttpClient(this, disposeHandler: false), new HalaxyKey(new Uri("https://halaxy.test/main/"), "id", "secret"), _rate, SystemClock.Instance);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add(request.RequestUri!.AbsoluteUri);
        var (status, body) = request.RequestUri.AbsolutePath.EndsWith("/oauth/token", StringComparison.Ordinal)
            ? Token
            : answer(request.RequestUri.AbsolutePath);
        return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }

    protected override void Dispose(bool disposing)
    {
        _rate.Dispose();
        base.Dispose(disposing);
    }
}
