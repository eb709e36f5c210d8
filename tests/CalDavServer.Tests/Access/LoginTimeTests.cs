using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CalDavServer.Access;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>An answer does not tell who has an account.</summary>
[Collection(Alone.Name)]
public sealed class LoginTimeTests
{
    [Fact]
    public async Task Unknown_people_get_the_same_answer_as_wrong_passwords_in_about_the_same_time()
    {
        await using var server = await SignInServer.StartAsync();

        using var wrong = await server.AskAsync(SignInServer.Login, "wrong");
        using var unknown = await server.AskAsync("nobody@example.org", "wrong");

        Assert.Equal(Shape(wrong), Shape(unknown));
        Assert.Equal(await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        // without a hash to compute, an unknown login is answered some hundred times faster
        var authenticator = new Authenticator(server.Store, new LoginThrottle(server.Clock), server.Clock);
        var known = await FastestAsync(authenticator, SignInServer.Login);
        var nobody = await FastestAsync(authenticator, "nobody@example.org");
        Assert.InRange(nobody / known, 0.2, 5);
    }

    private static string Shape(HttpResponseMessage response) =>
        $"{response.StatusCode} {string.Join('|', response.Headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}={string.Join(',', header.Value)}"))} {response.Content.Headers}";

    private static async Task<double> FastestAsync(Authenticator authenticator, string login)
    {
        var fastest = double.MaxValue;
        for (var i = 0; i < 8; i++)
        {
            var header = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:wrong {i}"))).ToString();
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            var signIn = await authenticator.SignInAsync(header, IPAddress.Loopback, null, TestContext.Current.CancellationToken);
            fastest = Math.Min(fastest, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Null(signIn.Caller);
        }

        return fastest;
    }
}
