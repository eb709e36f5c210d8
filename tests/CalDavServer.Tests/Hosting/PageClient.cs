using System.Collections.Concurrent;
using System.Net;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>
/// A browser without scripts: keeps cookies, follows redirects within the server, and sends the forms of its pages, each with its own anti-forgery token. Whatever page any test
/// comes to, in whatever state, fails the test when a form of it that is posted has no token.
/// </summary>
internal sealed class PageClient : IDisposable
{
    private static readonly ConcurrentDictionary<string, Account> Hashed = new(StringComparer.Ordinal);
    private readonly HttpClient _http;
    private readonly SocketsHttpHandler _handler;

    public PageClient(TestServer server)
        : this(server.Address)
    {
    }

    /// <summary>A browser that asks for the server under another of its names.</summary>
    public PageClient(Uri address)
    {
        _handler = new SocketsHttpHandler { CookieContainer = Cookies };
        _http = new HttpClient(_handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public CookieContainer Cookies { get; private init; } = new();

    /// <summary>Whoever has stolen this browser's cookies: with another browser, or at an address that a proxy on this machine names.</summary>
    public PageClient Stolen(string? agent = null, string? address = null)
    {
        var thief = new PageClient(_http.BaseAddress!) { Cookies = Cookies };
        thief._handler.CookieContainer = Cookies;
        if (agent is not null) thief._http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        if (address is null) return thief;
        thief._http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        thief._http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "http");
        return thief;
    }

    /// <summary>A person who may sign in to the pages with this password.</summary>
    public static async Task GivePasswordAsync(TestServer server, string personId, string password)
    {
        var now = server.Clock.GetCurrentInstant();
        // most people of tests have the same password, and hashing it is meant to be slow
        var account = Hashed.GetOrAdd(password, text => Accounts.Create(text, now)) with { PasswordSet = now };
        var outcome = await server.Store.ApplyAsync(StoreBatch.Of(account.Put(personId)));
        Assert.True(outcome.Succeeded);
    }

    /// <summary>Signs in and stays so.</summary>
    public async Task SignInAsync(string login, string password)
    {
        var page = await PostAsync("/sign-in", ("login", login), ("password", password));
        Assert.DoesNotContain("role=\"alert\"", page.Text, StringComparison.Ordinal);
    }

    public async Task<PageAnswer> GetAsync(string path) => await AnswerAsync(await _http.GetAsync(path, TestContext.Current.CancellationToken));

    /// <summary>Asks as a script of a page does when a button is pressed.</summary>
    public async Task<PageAnswer> AskAsync(string path) => await AnswerAsync(await _http.PostAsync(path, null, TestContext.Current.CancellationToken));

    /// <summary>Opens a page, and sends the form that it posts to itself.</summary>
    public Task<PageAnswer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        PostAsync(path.Split('?')[0] == "/sign-out" ? "/sign-in" : path, path, fields);

    /// <summary>Opens a page, and sends its form that posts to this path.</summary>
    public async Task<PageAnswer> PostAsync(string page, string path, params (string Name, string Value)[] fields)
    {
        return await PostAsync(path, await GetAsync(page), fields);
    }

    /// <summary>Sends the form of an open page that posts to this path: the fields, the form's own anti-forgery token, and the key that is set up in it. Fails when the page has no such form.</summary>
    public async Task<PageAnswer> PostAsync(string path, PageAnswer page, params (string Name, string Value)[] fields)
    {
        var form = PageForm.ListOf(page).FirstOrDefault(form => form.PostsTo(path));
        Assert.True(form is not null, $"The page {page.Path} has no form that posts to {path}.");
        var kept = form.Hidden("kept") is { } key ? [("kept", key)] : Array.Empty<(string, string)>();
        return await SendAsync(path, form.Token ?? "", [.. fields, .. kept]);
    }

    /// <summary>Posts what no form of the page posts, with a good token: a script of the page does so, and somebody who knows the address.</summary>
    public async Task<PageAnswer> ForgeAsync(string page, string path, params (string Name, string Value)[] fields) => await ForgeAsync(path, await GetAsync(page), fields);

    /// <inheritdoc cref="ForgeAsync(string, string, ValueTuple{string, string}[])"/>
    public Task<PageAnswer> ForgeAsync(string path, PageAnswer page, params (string Name, string Value)[] fields) => SendAsync(path, PageForm.TokenIn(page.Text) ?? "", fields);

    /// <inheritdoc cref="ForgeAsync(string, string, ValueTuple{string, string}[])"/>
    public Task<PageAnswer> ForgeAsync(string path, params (string Name, string Value)[] fields) => ForgeAsync(path, path, fields);

    public void Dispose() => _http.Dispose();

    private async Task<PageAnswer> SendAsync(string path, string token, IEnumerable<(string Name, string Value)> fields)
    {
        using var form = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create(PageForm.TokenField, token)]);
        return await AnswerAsync(await _http.PostAsync(path, form, TestContext.Current.CancellationToken));
    }

    private static async Task<PageAnswer> AnswerAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var answer = new PageAnswer(response.StatusCode, response.RequestMessage!.RequestUri!.PathAndQuery, text, response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
            var bare = PageForm.ListOf(answer).FirstOrDefault(form => form.IsPost && form.Token is null);
            Assert.True(bare is null, $"A browser that sends this form is refused, for it has no anti-forgery token: {bare}");
            return answer;
        }
    }
}

/// <summary>What a browser ended on after its redirects.</summary>
internal sealed record PageAnswer(HttpStatusCode Status, string Path, string Text, IReadOnlyDictionary<string, string> Headers);
