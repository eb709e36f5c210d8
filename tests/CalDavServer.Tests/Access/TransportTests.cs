using System.Net;
using CalDavServer.Options;
using Xunit;

namespace CalDavServer.Tests.Access;

public sealed class TransportTests
{
    private static readonly ServerOptions BehindProxy = new() { Proxies = [IPNetwork.Parse("127.0.0.0/8")] };

    [Fact]
    public async Task Plain_http_from_another_machine_is_refused_before_a_password_is_asked_for()
    {
        await using var server = await SignInServer.StartAsync(BehindProxy);

        using var response = await server.SendAsync(Forwarded("203.0.113.5", "http"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("https", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_from_another_machine_is_taken_where_the_operator_allows_it()
    {
        await using var server = await SignInServer.StartAsync(BehindProxy with { AllowHttp = true });

        using var response = await server.SendAsync(Forwarded("203.0.113.5", "http"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Https_through_a_configured_proxy_is_taken_and_made_to_stay()
    {
        await using var server = await SignInServer.StartAsync(BehindProxy);

        using var response = await server.SendAsync(Forwarded("203.0.113.5", "https"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("max-age=31536000", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
    }

    [Fact]
    public async Task What_a_stranger_says_of_itself_is_not_believed()
    {
        await using var server = await SignInServer.StartAsync();

        using var response = await server.SendAsync(Forwarded("203.0.113.5", "https"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Failed_logins_through_a_proxy_count_for_the_client_behind_it()
    {
        await using var server = await SignInServer.StartAsync(BehindProxy);
        for (var i = 0; i < 21; i++) await LoginAsync(server, $"person{i}", "203.0.113.5");

        Assert.Equal(HttpStatusCode.TooManyRequests, await LoginAsync(server, "another", "203.0.113.5"));
        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(server, "another", "203.0.113.6"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Plain_http_through_a_proxy_is_refused_whoever_its_client_says_that_it_is(string claimed)
    {
        await using var server = await SignInServer.StartAsync(BehindProxy);
        using var response = await server.SendAsync(Forwarded(claimed, "http"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_client_from_the_proxies_network_cannot_take_other_addresses_to_guess_on()
    {
        await using var server = await SignInServer.StartAsync(BehindProxy);
        for (var i = 0; i < 21; i++) await LoginAsync(server, $"person{i}", $"203.0.113.{i}, 127.0.0.9");
        Assert.Equal(HttpStatusCode.TooManyRequests, await LoginAsync(server, "another", "203.0.113.99, 127.0.0.9"));
    }

    [Fact]
    public async Task As_many_proxies_as_there_are_in_a_row_are_believed()
    {
        await using var server = await SignInServer.StartAsync(BehindProxy with { ProxyHops = 2 });
        for (var i = 0; i < 21; i++) await LoginAsync(server, $"person{i}", $"198.51.100.{i}, 203.0.113.5, 127.0.0.9", "https, https");
        Assert.Equal(HttpStatusCode.TooManyRequests, await LoginAsync(server, "another", "198.51.100.99, 203.0.113.5, 127.0.0.9", "https, https"));
        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(server, "another", "203.0.113.6, 127.0.0.9", "https, https"));
    }

    private static async Task<HttpStatusCode> LoginAsync(SignInServer server, string login, string address, string scheme = "https")
    {
        using var request = Forwarded(address, scheme);
        request.Headers.Authorization = SignInServer.Basic(System.Text.Encoding.UTF8.GetBytes($"{login}:wrong"));
        using var response = await server.SendAsync(request);
        return response.StatusCode;
    }

    private static HttpRequestMessage Forwarded(string address, string scheme) =>
        new(HttpMethod.Get, "/") { Headers = { { "X-Forwarded-For", address }, { "X-Forwarded-Proto", scheme } } };
}
