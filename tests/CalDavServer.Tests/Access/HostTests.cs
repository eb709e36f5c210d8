using System.Net;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>The server answers to its own names only, on the loopback interface too.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData("localhost:8008", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:8008", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("rebound.example", false)]
    [InlineData("localhost.rebound.example", false)]
    [InlineData("203.0.113.5", false)]
    public async Task On_loopback_alone_only_the_names_of_this_machine_are_taken(string host, bool taken) => await AssertAsync(new ServerOptions(), host, taken);

    [Theory]
    [InlineData("calendar.example.com", true)]
    [InlineData("calendar.example.com:443", true)]
    [InlineData("localhost", true)]
    [InlineData("other.example.com", false)]
    public async Task The_public_address_is_a_name_of_the_server(string host, bool taken) =>
        await AssertAsync(new ServerOptions { PublicAddress = new Uri("https://calendar.example.com/") }, host, taken);

    [Theory]
    [InlineData("a.example.org", true)]
    [InlineData("deep.clinic.example", true)]
    [InlineData("clinic.example", false)]
    [InlineData("b.example.org", false)]
    public async Task Names_are_allowed_by_a_setting(string host, bool taken) => await AssertAsync(new ServerOptions { AllowedHosts = ["a.example.org", "*.clinic.example"] }, host, taken);

    [Theory]
    [InlineData(true, "calendar.example.com", true)]
    [InlineData(false, "calendar.example.com", false)]
    public async Task A_proxy_that_is_believed_chooses_the_names_where_no_setting_does(bool believed, string host, bool taken) =>
        await AssertAsync(new ServerOptions { Proxies = believed ? [IPNetwork.Parse("127.0.0.0/8")] : [] }, host, taken);

    private static async Task AssertAsync(ServerOptions options, string host, bool taken)
    {
        await using var server = await TestServer.StartAsync(hosting: options);
        using var http = new HttpClient { BaseAddress = server.Address };
        foreach (var path in new[] { "/sign-in", "/dav/", "/metrics", "/api/openapi.json", "/feeds/x.ics", "/.well-known/caldav" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(taken != text.Contains("does not go by the name", StringComparison.Ordinal), $"{path}: {answer.StatusCode} {text}");
            if (!taken) Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }
}
