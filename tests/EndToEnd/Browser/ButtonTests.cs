using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace EndToEnd.Browser;

/// <summary>
/// Every button of every page that a link leads to is pressed once in a real browser. What each test of a browser watches for fails it: an answer of 400 or above, which is what a
/// form without its antiforgery token gets, an error in a script, a breach of the content policy.
/// </summary>
public sealed partial class ButtonTests(Chromium chromium) : BrowserTest(chromium)
{
    private const int MostPages = 250;

    // pressed last, since nothing can be pressed after it
    private const string SignOut = "/sign-out";

    [Fact]
    public async Task A_practitioner_presses_every_button_of_every_page()
    {
        var server = await ServeAsync(DemoAsync());
        using (var phone = new Device(server.Url, server.Maya.Login, server.Maya.Password))
        {
            await phone.SyncAsync();
            await phone.RemoveAsync(phone.Events.First(copy => copy["STATUS"] == "CONFIRMED"));
        }

        var pressed = await PressAsync(server, server.Maya);
        AssertPressed(pressed, "Save", "Take its access away", "Make a new password", "Mark as attended", "Hide cancelled", "Put back", "Continue", "Purchase", "Cancel the subscription", "Sign out");
    }

    [Fact]
    public async Task An_administrator_presses_every_button_of_every_page()
    {
        var server = await ServeAsync(DemoAsync());
        var pressed = await PressAsync(server, server.Administrator);
        AssertPressed(pressed, "Save", "Cancel the subscription", "Sign out");
    }

    private static void AssertPressed(IReadOnlyCollection<string> pressed, params IEnumerable<string> buttons) =>
        Assert.Equal([], buttons.Where(button => !pressed.Any(known => known.EndsWith($" {button}", StringComparison.Ordinal))));

    private static async Task<DemoServer> DemoAsync()
    {
        var server = new DemoServer();
        await server.InitializeAsync();
        return server;
    }

    private async Task<IReadOnlyCollection<string>> PressAsync(DemoServer server, DemoAccount account)
    {
        var walk = new Walk(await SignInAsync(server.Url, account), account.PagePassword);
        foreach (var start in new[] { "/calendar?view=week", "/settings", "/settings/sync" }) walk.Meet(start);
        await walk.EndAsync();
        return walk.Pressed;
    }

    // from page to page, by their links and by where their buttons lead
    private sealed class Walk(Visitor visitor, string password)
    {
        private readonly HashSet<string> _known = [];
        private readonly Queue<string> _waiting = new();

        public HashSet<string> Pressed { get; } = [];

        public void Meet(string address)
        {
            if (_known.Add(PageKind(address))) _waiting.Enqueue(address);
        }

        public async Task EndAsync()
        {
            for (var pages = 0; pages < MostPages && _waiting.TryDequeue(out var address); pages++) await PressAllAsync(address);
            Assert.Empty(_waiting);
            await visitor.OpenAsync("/settings");
            await PressOneAsync(visitor.Page, await ButtonsAsync(visitor.Page), SignOut);
            Pressed.Add($"{SignOut} Sign out");
        }

        private async Task PressAllAsync(string address)
        {
            // each time anew: what a button did may have changed the page, or ended it
            while (await IsThereAsync(address))
            {
                await visitor.OpenAsync(address);
                foreach (var link in await LinksAsync(visitor.Page)) Meet(link);
                var buttons = await ButtonsAsync(visitor.Page);
                var index = Array.FindIndex(buttons, button => !button.StartsWith(SignOut, StringComparison.Ordinal) && Pressed.Add(Kind(button)));
                if (index < 0) return;
                await PressOneAsync(visitor.Page, index);
                await ConfirmAsync();
                Assert.False(visitor.Page.Url.Contains("/sign-in", StringComparison.Ordinal), $"{buttons[index]} on {address} signs out");
                Meet(new Uri(visitor.Page.Url).PathAndQuery);
            }

            // another of its kind may still be there
            _known.Remove(PageKind(address));
        }

        // who walks for longer than ten minutes is asked who they are
        private async Task ConfirmAsync()
        {
            var asked = visitor.Page.Locator("#confirm-password");
            if (await asked.CountAsync() == 0) return;
            await asked.FillAsync(password);
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm", Exact = true }).ClickAsync();
            await LoadedAsync(visitor.Page);
        }

        private async Task<bool> IsThereAsync(string address) => (await visitor.Page.APIRequest.GetAsync(new Uri(new Uri(visitor.Page.Url), address).ToString())).Status != 404;
    }

    private static Task PressOneAsync(IPage page, string[] buttons, string start) => PressOneAsync(page, Array.FindIndex(buttons, button => button.StartsWith(start, StringComparison.Ordinal)));

    // The quick entry is filled in by the slot that opens it: Quick_entry presses its buttons.
    // as a person who fills in what is asked for, and opens what is closed: the real button is pressed
    private static async Task PressOneAsync(IPage page, int index)
    {
        await page.EvaluateAsync(
            """
            index => {
                const button = [...document.querySelectorAll('form button')].filter(button => button.form.method === 'post' && !button.closest('#quick'))[index];
                for (let part = button; part; part = part.parentElement) {
                    if (part.tagName === 'DETAILS') part.open = true;
                    if (part.tagName === 'DIALOG' && !part.open) part.showModal();
                }
                for (const field of button.form.elements) {
                    if (field.type === 'checkbox' && field.required) field.checked = true;
                    if (field.required && field.tagName === 'INPUT' && field.value === '') field.value = field.type === 'email' ? 'a@b.example' : 'Something';
                }
                button.dataset.press = '';
            }
            """,
            index);
        var answer = page.WaitForResponseAsync(static response => response.Request.Method == "POST");
        await page.Locator("[data-press]").ClickAsync();
        await answer;
        await LoadedAsync(page);
    }

    // the page's own word: the browser's event may come between two looks at it
    private static async Task LoadedAsync(IPage page)
    {
        var since = Stopwatch.StartNew();
        while (!await IsLoadedAsync(page))
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(20), $"{page.Url} is still loading");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> IsLoadedAsync(IPage page)
    {
        try
        {
            return await page.EvaluateAsync<string>("document.readyState") != "loading";
        }
        catch (PlaywrightException)
        {
            // one page has gone and the next has not come
            return false;
        }
    }

    private static Task<string[]> ButtonsAsync(IPage page) => page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('form button')].filter(button => button.form.method === 'post' && !button.closest('#quick')).map(button => { const url = new URL(button.hasAttribute('formaction') ? button.formAction : button.form.action); return `${url.pathname}${url.searchParams.get('handler') ? '?' + url.searchParams.get('handler') : ''} ${button.textContent.trim()}`; })");

    private static async Task<IEnumerable<string>> LinksAsync(IPage page) => (await page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('main a[href]:not([download])')].map(link => new URL(link.href)).filter(url => url.origin === location.origin).map(url => url.pathname + (url.searchParams.get('kind') ? '?kind=' + url.searchParams.get('kind') : url.searchParams.get('for') ? '?for=' + url.searchParams.get('for') : ''))"))
        .Where(static link => !link.EndsWith(".ics", StringComparison.Ordinal));

    // the pages of devices, people and appointments are the same for all of them; but what can be done with an appointment depends on what it is
    private static string PageKind(string path) => AppointmentPage().IsMatch(path) ? path : Kind(path);

    // without what names one of several
    private static string Kind(string path) => Identifier().Replace(path, "…");

    [GeneratedRegex("^/calendar/[0-9a-f]{32}/[^/?]+(\\?|$)")]
    private static partial Regex AppointmentPage();

    [GeneratedRegex("(?<=/)(?=[^/? ]*[0-9])[0-9A-Za-z@.-]{16,}|(?<=for=)[^& ]+|date=[^& ]*|(?<=from=)[^& ]+")]
    private static partial Regex Identifier();
}
