using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the tests of Halaxy's webhooks have in common: a server with a public address, and the webhooks that its page shows.</summary>
public abstract class HalaxyWebhookTest : HalaxyPageTest
{
    private protected override ServerOptions? Hosting => base.Hosting! with { PublicAddress = new Uri("http://127.0.0.1:1/") };

    private protected async Task<(string Created, string Updated, string Deleted, string Header)> ConnectedAsync(PageClient ruth)
    {
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        var page = WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text);
        string Of(string id) => Regex.Match(page, $"id=\"{id}\" class=\"code\" value=\"([^\"]*)\"").Groups[1].Value;
        return (Of("hook-0"), Of("hook-1"), Of("hook-2"), Of("hook-header"));
    }

    /// <summary>The public address is not this machine's: the way to it is the test's.</summary>
    private protected Uri Reach(string address) => new(Server.Address, new Uri(address).AbsolutePath);

    private protected async Task<HttpStatusCode> SendAsync(string address, string body, HttpMethod? method = null, string? header = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, Reach(address)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (header is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(header);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
