using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>Every page that a link leads to, as a practitioner and as an administrator see it: in light and dark mode, on desktop and phone.</summary>
public sealed class PagesTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    [Theory]
    [InlineData("calendar-day", "/calendar?view=day")]
    [InlineData("calendar-week", "/calendar?view=week")]
    [InlineData("calendar-month", "/calendar?view=month")]
    [InlineData("calendar-new-patient", "/calendar/new?kind=patient")]
    [InlineData("calendar-new-personal", "/calendar/new?kind=personal")]
    [InlineData("calendar-search", "/calendar/search?text=consultation")]
    [InlineData("integrations", "/settings/integrations")]
    [InlineData("integrations-add", "/settings/integrations/add")]
    [InlineData("integrations-add-apple", "/settings/integrations/add/apple")]
    [InlineData("integrations-add-app", "/settings/integrations/add/app")]
    [InlineData("integrations-add-google", "/settings/integrations/add/google")]
    [InlineData("feed", "/settings/integrations/feed")]
    [InlineData("sync", "/settings/sync")]
    [InlineData("audit", "/settings/audit")]
    [InlineData("audit-appointments", "/settings/audit?show=appointments")]
    public async Task A_practitioner_can_read_it_everywhere(string name, string address) => await LookAsync(server.Maya, name, address);

    [Theory]
    [InlineData("administrator-calendar-day", "/calendar?view=day")]
    [InlineData("administrator-integrations", "/settings/integrations")]
    [InlineData("administrator-practice", "/settings/practice")]
    [InlineData("administrator-people", "/settings/people")]
    [InlineData("administrator-credits", "/settings/credits")]
    [InlineData("administrator-audit", "/settings/audit")]
    public async Task An_administrator_can_read_it_everywhere(string name, string address) => await LookAsync(server.Administrator, name, address);

    [Fact]
    public async Task The_page_of_a_device_can_be_read_everywhere()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        await visitor.OpenAsync("/settings/sync");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Change or remove" }).First.ClickAsync();
        await visitor.LookAsync("sync-device");
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so_in_words()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        visitor.Expect(404);
        await visitor.OpenAsync("/settings/nothing-here");
        await visitor.LookAsync("not-there");
    }

    [Fact]
    public async Task Links_on_the_pages_lead_somewhere()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var waiting = new Queue<string>(["/calendar?view=week", "/settings"]);
        var known = new HashSet<string>(waiting);
        while (waiting.TryDequeue(out var address))
        {
            await visitor.OpenAsync(address);
            var links = await visitor.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('main a[href]')].map(link => new URL(link.href)).filter(url => url.origin === location.origin).map(url => url.pathname)");

            // each kind of page once: an appointment's, a day's and a device's pages are the same for all of them
            foreach (var link in links.Where(link => known.Add(Kind(link)))) waiting.Enqueue(link);
        }

        Assert.InRange(known.Count, 5, 100);
    }

    private async Task LookAsync(DemoAccount account, string name, string address)
    {
        var visitor = await ReturnAsync(server, account);
        await visitor.OpenAsync(address);
        Assert.Equal(new Uri(server.Url, address).AbsolutePath, new Uri(visitor.Page.Url).AbsolutePath);
        await visitor.LookAsync(name);
    }

    private static string Kind(string path) => string.Join('/', path.Split('/').Select(static part => part.Length > 15 ? "…" : part));
}
