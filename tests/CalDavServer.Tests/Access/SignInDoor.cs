using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>What became of a try to sign in.</summary>
/// <param name="Result">What it was told.</param>
/// <param name="RetryAfter">The seconds to wait, or null.</param>
internal sealed record Tried(SignInResult Result, double? RetryAfter);

internal enum SignInResult
{
    In,
    Wrong,
    TooMany,
    Busy,
}

/// <summary>Tries of strangers at one of the two doors, from whatever address: behind a proxy that is believed.</summary>
internal abstract class SignInDoor : IDisposable
{
    private static readonly SocketsHttpHandler Handler = new() { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 300 };

    protected HttpClient Http { get; } = new(Handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(120) };

    public static async Task<SignInDoor> OpenAsync(bool pages, TestServer server)
    {
        if (!pages) return new DeviceDoor { Http = { BaseAddress = server.Address } };
        var door = new PageDoor { Http = { BaseAddress = server.Address } };
        await door.OpenAsync();
        return door;
    }

    public abstract Task<Tried> TryAsync(string login, string password, string from);

    public void Dispose() => Http.Dispose();

    protected async Task<Tried> SendAsync(HttpRequestMessage request, string from, Func<HttpResponseMessage, string, SignInResult> read)
    {
        request.Headers.Add("X-Forwarded-For", from);
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Tried(read(answer, text), answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    private sealed class DeviceDoor : SignInDoor
    {
        public override Task<Tried> TryAsync(string login, string password, string from)
        {
            var request = new HttpRequestMessage(HttpMethod.Options, "/dav/") { Headers = { Authorization = SignInServer.Basic(Encoding.UTF8.GetBytes($"{login}:{password}")) } };
            return SendAsync(request, from, static (answer, _) => answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized => SignInResult.Wrong,
                HttpStatusCode.TooManyRequests => SignInResult.TooMany,
                _ => SignInResult.In,
            });
        }
    }

    private sealed class PageDoor : SignInDoor
    {
        private string _token = "";

        public async Task OpenAsync()
        {
            using var form = await Http.GetAsync("/sign-in", TestContext.Current.CancellationToken);
            var text = await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            _token = Regex.Match(text, "__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)").Groups[1].Value;
            Http.DefaultRequestHeaders.Add("Cookie", form.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        }

        public override Task<Tried> TryAsync(string login, string password, string from)
        {
            var form = new FormUrlEncodedContent([KeyValuePair.Create("login", login), KeyValuePair.Create("password", password), KeyValuePair.Create("__RequestVerificationToken", _token)]);
            return SendAsync(new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = form }, from, static (answer, text) => answer.StatusCode switch
            {
                HttpStatusCode.Redirect => SignInResult.In,
                HttpStatusCode.TooManyRequests => SignInResult.TooMany,
                HttpStatusCode.OK when text.Contains("not right", StringComparison.Ordinal) => SignInResult.Wrong,
                HttpStatusCode.OK when text.Contains("Try again in a few seconds", StringComparison.Ordinal) => SignInResult.Busy,
                _ => throw new InvalidOperationException($"{answer.StatusCode}: {text}"),
            });
        }
    }
}
