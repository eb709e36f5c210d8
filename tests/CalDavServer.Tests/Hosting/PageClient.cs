using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>A browser without scripts: keeps cookies, follows redirects within the server, and fills in forms with their anti-forgery token.</summary>
internal sealed partial class PageClient : IDisposable
{
    private readonly HttpClient _http;

    public PageClient(TestServer server)
    {
        var handler = new SocketsHttpHandler { CookieContainer = Cookies };
        _http = new HttpClient(handler) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>A person who may sign in to the pages with this password.</summary>
    public static async Task GivePasswordAsync(TestServer server, string personId, string password)
    {
        var outcome = await server.Store.ApplyAsync(StoreBatch.Of(Accounts.Create(password, server.Clock.GetCurrentInstant()).Put(personId)));
        Assert.True(outcome.Succeeded);
    }

    /// <summary>Signs in and stays so.</summary>
    public async Task SignInAsync(string login, string password)
    {
        var page = await PostAsync("/sign-in", ("login", login), ("password", password));
        Assert.DoesNotContain("role=\"alert\"", page.Text, StringComparison.Ordinal);
    }

    public async Task<PageAnswer> GetAsync(string path) => await AnswerAsync(await _http.GetAsync(path, TestContext.Current.CancellationToken));

    /// <summary>Opens a page, takes the anti-forgery token of its forms, and posts fields to it.</summary>
    public Task<PageAnswer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        PostAsync(path.Split('?')[0] == "/sign-out" ? "/sign-in" : path, path, fields);

    /// <summary>Opens a page, takes the anti-forgery token of its forms, and posts fields to another path.</summary>
    public async Task<PageAnswer> PostAsync(string page, string path, params (string Name, string Value)[] fields)
    {
        return await PostAsync(path, await GetAsync(page), fields);
    }

    /// <summary>Posts the fields, the anti-forgery token and the key that is set up of a page that was opened before.</summary>
    public async Task<PageAnswer> PostAsync(string path, PageAnswer page, params (string Name, string Value)[] fields)
    {
        var kept = KeyOf().Match(page.Text) is { Success: true } key ? [KeyValuePair.Create("kept", WebUtility.HtmlDecode(key.Groups[1].Value))] : Array.Empty<KeyValuePair<string, string>>();
        var token = TokenOf().Match(page.Text) is { Success: true } found ? found.Groups[1].Value : "";
        using var form = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), .. kept, KeyValuePair.Create("__RequestVerificationToken", token)]);
        return await AnswerAsync(await _http.PostAsync(path, form, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _http.Dispose();

    private static async Task<PageAnswer> AnswerAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new PageAnswer(response.StatusCode, response.RequestMessage!.RequestUri!.PathAndQuery, text, response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
        }
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"kept\" value=\"([^\"]*)\"")]
    private static partial Regex KeyOf();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex TokenOf();
}

/// <summary>What a browser ended on after its redirects.</summary>
internal sealed record PageAnswer(HttpStatusCode Status, string Path, string Text, IReadOnlyDictionary<string, string> Headers);
