using System.Diagnostics;
using Xunit;

namespace EndToEnd.Browser;

/// <summary>
/// A test in which people sit at browsers. It fails at its end when any page that they saw complained: an error on the console, a breach of the content
/// policy, a request that failed, an answer of 400 or above that the test did not expect.
/// </summary>
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<Visitor> _visitors = [];
    private readonly List<IAsyncDisposable> _servers = [];

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A server of this test's own. It ends after the browsers: a page that is open would complain that it has gone.</summary>
    private protected async Task<T> ServeAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var server = await starting;
        _servers.Add(server);
        return server;
    }

    /// <summary>Somebody opens a browser of their own. <paramref name="scripts"/> off: a browser that runs no scripts.</summary>
    private protected Task<Visitor> VisitAsync(Uri server, bool scripts = true) => VisitAsync(server, scripts, null);

    /// <summary>Somebody comes back to a browser of theirs, in which they are signed in already.</summary>
    private protected async Task<Visitor> ReturnAsync(DemoServer server, DemoAccount account)
    {
        if (server.Cookies.TryGetValue(account.Login, out var kept) && Stopwatch.GetElapsedTime(kept.At) < TimeSpan.FromMinutes(3)) return await VisitAsync(server.Url, true, kept.State);
        var visitor = await SignInAsync(server.Url, account);
        server.Cookies[account.Login] = (await visitor.Page.Context.StorageStateAsync(), Stopwatch.GetTimestamp());
        return visitor;
    }

    private async Task<Visitor> VisitAsync(Uri server, bool scripts, string? cookies)
    {
        var context = await chromium.NewContextAsync(scripts, cookies);
        var visitor = new Visitor(context, await context.NewPageAsync(), server);
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Somebody opens a browser of their own and signs in with their page password.</summary>
    private protected async Task<Visitor> SignInAsync(Uri server, DemoAccount account, bool scripts = true)
    {
        var visitor = await VisitAsync(server, scripts);
        await visitor.SignInAsync(account.Login, account.PagePassword);
        return visitor;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var visitor in _visitors) await visitor.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        var complaints = _visitors.SelectMany(visitor => visitor.Complaints).Distinct().ToList();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }
}
