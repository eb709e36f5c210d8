using System.Net;
using System.Text;
using CalDavServer.Access;
using Xunit;

namespace CalDavServer.Tests.Access;

public sealed class LoginTests
{
    // the pipeline beyond the login has nothing at /nothing-here
    private const HttpStatusCode SignedIn = HttpStatusCode.NotFound;

    [Theory]
    [InlineData("änne@example.org")]
    [InlineData("ÄNNE@Example.ORG")]
    [InlineData("a\u0308nne@example.org")]
    [InlineData("änne%40example.org")]
    [InlineData("%C3%A4nne%40example.org")]
    [InlineData("  änne@example.org ")]
    public async Task A_login_is_taken_in_each_form_that_clients_send(string login)
    {
        await using var server = await SignInServer.StartAsync();

        Assert.Equal(SignedIn, await server.StatusAsync(login, server.Generated));
    }

    [Fact]
    public async Task A_login_is_decoded_only_once()
    {
        await using var server = await SignInServer.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync("änne%2540example.org", server.Generated));
    }

    [Fact]
    public async Task A_generated_password_is_taken_however_its_groups_are_typed()
    {
        await using var server = await SignInServer.StartAsync();

        Assert.Equal(SignedIn, await server.StatusAsync(SignInServer.Login, server.Generated.Replace("-", "", StringComparison.Ordinal)));
        Assert.Equal(SignedIn, await server.StatusAsync(SignInServer.Login, server.Generated.Replace('-', ' ').ToUpperInvariant()));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(SignInServer.Login, server.Generated[..^1]));
    }

    [Fact]
    public async Task A_chosen_password_may_have_colons_and_letters_beyond_ASCII_in_UTF8_or_Latin1()
    {
        await using var server = await SignInServer.StartAsync();
        var given = $"{SignInServer.Login}:{SignInServer.Chosen}";

        foreach (var bytes in new[] { Encoding.UTF8.GetBytes(given), Encoding.Latin1.GetBytes(given), Encoding.UTF8.GetBytes(given.Normalize(NormalizationForm.FormD)) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing-here") { Headers = { Authorization = SignInServer.Basic(bytes) } };
            using var response = await server.SendAsync(request);
            Assert.Equal(SignedIn, response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(SignInServer.Login, SignInServer.Chosen.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("PROPFIND", "/")]
    [InlineData("OPTIONS", "/")]
    [InlineData("OPTIONS", "/dav/")]
    [InlineData("GET", "/.well-known/caldav")]
    [InlineData("PROPFIND", "/.well-known/caldav")]
    [InlineData("PROPFIND", "/dav/principals/p1/")]
    [InlineData("PROPFIND", "/dav/calendars/nobody/")]
    [InlineData("PUT", "/dav/calendars/p1/calendar/a.ics")]
    [InlineData("REPORT", "/dav/calendars/p1/calendar/")]
    [InlineData("MKCALENDAR", "/dav/calendars/p1/new/")]
    [InlineData("GET", "/api/appointments")]
    [InlineData("FROB", "/nowhere")]
    public async Task A_login_is_asked_for_before_anything_else_on_every_path_and_method(string method, string path)
    {
        await using var server = await SignInServer.StartAsync();

        using var response = await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Basic realm=\"CalendarSync\", charset=\"UTF-8\"", response.Headers.WwwAuthenticate.ToString());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic !!!!")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Basic OnBhc3N3b3Jk")]
    [InlineData("Bearer YTpi")]
    [InlineData("Digest username=\"a\"")]
    public async Task A_malformed_header_is_asked_again(string header)
    {
        await using var server = await SignInServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var response = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Passwords_and_logins_of_great_length_are_refused()
    {
        await using var server = await SignInServer.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(SignInServer.Login, new string('x', 8_000)));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(new string('x', 600), server.Generated));
    }

    [Fact]
    public async Task Health_is_open_to_everybody()
    {
        await using var server = await SignInServer.StartAsync();

        using var live = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health/live"));
        using var ready = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health/ready"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, ready.StatusCode));
    }

    [Fact]
    public void A_generated_password_has_at_least_128_random_bits_and_two_are_never_the_same()
    {
        var secrets = Enumerable.Range(0, 1_000).Select(_ => AppPassword.Generate()).ToList();

        Assert.Equal(secrets.Count, secrets.Distinct().Count());
        Assert.All(secrets, secret => Assert.Matches("^([a-z2-7]{4}-){6}[a-z2-7]{4}$", secret));
        var letters = secrets.SelectMany(secret => secret).Where(letter => letter != '-').Distinct().Count();
        Assert.True(28 * Math.Log2(letters) >= 128, $"only {letters} letters are used");
    }
}
