using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace EndToEnd.Browser;

/// <summary>Somebody at a browser, on one page, and everything that the pages complained of so far.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _server;
    private readonly List<string> _complaints = [];
    private readonly HashSet<int> _expected = [];

    public Visitor(IBrowserContext context, IPage page, Uri server)
    {
        _context = context;
        _server = server;
        Page = page;
        context.Console += (_, message) =>
        {
            // an answer of 400 and above is looked at as what it is, below
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) Complain($"console: {message.Text} ({message.Location})");
        };
        context.WebError += (_, error) => Complain($"script: {error.Error}");
        context.RequestFailed += (_, request) =>
        {
            // a page that is left gives up what it still waits for, such as its stream of changes
            if (request.Failure != "net::ERR_ABORTED") Complain($"request: {request.Method} {request.Url}: {request.Failure}");
        };
        context.Response += (_, response) =>
        {
            lock (_expected)
            {
                if (response.Status >= 400 && !_expected.Contains(response.Status)) Complain($"answer: {response.Status} to {response.Request.Method} {response.Url}");
            }
        };
    }

    /// <summary>The page that is in front.</summary>
    public IPage Page { get; }

    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints) return [.. _complaints];
        }
    }

    /// <summary>From now on an answer with this status is what the test wants.</summary>
    public void Expect(int status)
    {
        lock (_expected) _expected.Add(status);
    }

    /// <summary>Opens a page of the server.</summary>
    public async Task<IPage> OpenAsync(string path)
    {
        await Page.GotoAsync(new Uri(_server, path).ToString());
        return Page;
    }

    /// <summary>Signs in as a person does, and ends in the settings.</summary>
    public async Task SignInAsync(string login, string password)
    {
        await OpenAsync("/sign-in?then=%2Fsettings");
        await Page.GetByLabel("Login").FillAsync(login);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(Page).Not.ToHaveURLAsync(new Regex("/sign-in"));
    }

    /// <summary>
    /// Looks at the page in light and dark mode, on desktop and phone: keeps a picture of each, and fails with everything that is wrong
    /// (<c>look.js</c>: title, heading, names of fields and pictures, contrast, focus, width).
    /// </summary>
    public Task LookAsync(string name) => new Look(Page, name).EverywhereAsync();

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private void Complain(string complaint)
    {
        lock (_complaints) _complaints.Add(complaint);
    }
}
