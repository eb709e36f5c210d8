using System.Net;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What holds for every page.</summary>
public sealed class SkeletonTests : PageTest
{
    [Fact]
    public async Task Who_is_not_signed_in_is_asked_to_and_comes_back_to_the_page()
    {
        using var browser = new PageClient(Server);
        var page = await browser.GetAsync("/settings");
        Assert.Equal("/sign-in?then=%2Fsettings", page.Path);
        var after = await browser.PostAsync(page.Path, ("login", "Maya "), ("password", Password), ("then", "/settings"));
        Assert.Equal("/settings", after.Path);
        Assert.Contains("Maya Lindqvist", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_leads_to_no_other_site()
    {
        using var browser = new PageClient(Server);
        var after = await browser.PostAsync("/sign-in", ("login", "maya"), ("password", Password), ("then", "//elsewhere.example/"));
        Assert.DoesNotContain("elsewhere", after.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_login_get_the_same_sentence()
    {
        using var browser = new PageClient(Server);
        var wrong = await browser.PostAsync("/sign-in", ("login", "maya"), ("password", "wrong"));
        var unknown = await browser.PostAsync("/sign-in", ("login", "nobody"), ("password", "wrong"));
        Assert.Contains("The login or the password is not right.", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("The login or the password is not right.", unknown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_load_only_our_own_files_and_are_not_kept()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings");
        Assert.Contains("script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_out_ends_the_session_for_a_copied_cookie_too()
    {
        using var browser = await SignedInAsync("maya");
        var copied = browser.Cookies.GetCookies(Server.Address)["calendarsync"]!.Value;
        await browser.GetAsync("/settings");
        await browser.PostAsync("/sign-out");
        using var thief = new PageClient(Server);
        thief.Cookies.Add(Server.Address, new Cookie("calendarsync", copied));
        Assert.StartsWith("/sign-in", (await thief.GetAsync("/settings")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        using var browser = await SignedInAsync("maya");
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = browser.Cookies }) { BaseAddress = Server.Address };
        using var empty = new FormUrlEncodedContent([]);
        var answer = await http.PostAsync("/sign-out", empty, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task A_device_that_asks_a_page_with_a_method_of_WebDAV_is_asked_for_its_password()
    {
        using var stranger = Server.Anonymous();
        Assert.Equal(401, (int)(await stranger.SendAsync("PROPFIND", "/")).Status);
        Assert.Equal(401, (int)(await stranger.SendAsync("PROPFIND", "/calendar")).Status);
        Assert.Equal(401, (int)(await stranger.SendAsync("GET", "/nothing")).Status);
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_told_in_words_under_its_address()
    {
        using var http = new HttpClient { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "navigate");
        var answer = await http.GetAsync("/nothing", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Styles_come_to_everybody_and_keep()
    {
        using var browser = new PageClient(Server);
        var page = await browser.GetAsync("/sign-in");
        var style = await browser.GetAsync(CalDavServer.Web.Assets.Address("site.css"));
        Assert.Contains(CalDavServer.Web.Assets.Address("site.css"), page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, style.Status);
        Assert.Contains("immutable", style.Headers["Cache-Control"], StringComparison.Ordinal);
    }
}
