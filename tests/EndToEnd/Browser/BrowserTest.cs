using Xunit;

namespace EndToEnd.Browser;

/// <summary>
/// A test in which people sit at browsers. It fails at its end when any page that they saw complained: an error on the console, a breach of the content
/// policy, a request that failed, an answer of 400 or above that the test did not expect.
/// </summary>
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<Visitor> _visitors = [];

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Somebody opens a browser of their own. <paramref name="scripts"/> off: a browser that runs no scripts.</summary>
    private protected async Task<Visitor> VisitAsync(Uri server, bool scripts = true)
    {
        var context = await chromium.NewContextAsync(scripts);
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
        Assert.Empty(_visitors.SelectMany(visitor => visitor.Complaints));
    }
}
