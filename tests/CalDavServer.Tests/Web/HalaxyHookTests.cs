using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Halaxy tells of changes: what is done there is here without being asked for, whatever the shape of what it sends; and whoever is not Halaxy brings nothing about.</summary>
public sealed class HalaxyHookTests : HalaxyPageTest
{
    private protected override ServerOptions? Hosting => base.Hosting! with
    {
        PublicAddress = new Uri("http://127.0.0.1:1/"),
        // once it is told it asks no more by itself
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromHours(1), PollTold = TimeSpan.FromHours(1), Gather = TimeSpan.FromMilliseconds(20) },
    };

    [Fact]
    public async Task What_changes_in_Halaxy_is_told_and_taken_in()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        foreach (var (kind, address) in new[] { ("created", hooks.Created), ("updated", hooks.Updated), ("deleted", hooks.Deleted) })
            await There.DoAsync("hook", new() { ["kind"] = kind, ["address"] = Reach(address).AbsoluteUri, ["secret"] = hooks.Header });
        var id = await There.BookAsync(Now);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "a booking is told");
        await There.DoAsync("comment", new() { ["appointment"] = id, ["comments"] = "Room 2" });
        await UntilAsync(async () => (await HereAsync()).Single().Comments == "Room 2", "a change is told");
        await There.DoAsync("delete", new() { ["appointment"] = id });
        await UntilAsync(async () => !(await HereAsync()).Single().TakesPlace, "a deletion is told");
        var page = (await ruth.GetAsync(Page)).Text;
        Assert.Contains("The last webhook came", page, StringComparison.Ordinal);
        // each address has its own button beside it
        Assert.Equal(4, Regex.Count(page, "<div class=\"together\"><input id=\"hook-[^>]*><button type=\"button\" data-copy=\"hook-"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON at all")]
    [InlineData("{\"entry\":[{\"resource\":{\"notificationEvent\":[{\"focus\":{\"reference\":\"https://x/main/Appointment/ID\"}}]}}]}")]
    [InlineData("{\"a\":\"Appointment/ID\"")]
    [InlineData("[\"Appointment/ID/_history/3\"]")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task A_webhook_of_any_shape_is_a_hint(string body)
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        var id = await There.BookAsync(Now);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, body.Replace("ID", id, StringComparison.Ordinal)));
        await UntilAsync(async () => (await HereAsync()).Count == 1, "it is looked for");
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_or_sends_much_brings_nothing_about()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        await There.BookAsync(Now);
        var forged = hooks.Updated.Replace(hooks.Updated.Split('/')[^2], new string('0', 48), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(forged, "[]"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(hooks.Updated + "x", "[]"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await SendAsync(hooks.Updated, "[]", HttpMethod.Put));
        await ruth.PostAsync(Page + "/header", await ruth.GetAsync(Page), ("asks", "true"));
        await UntilAsync(async () => await SendAsync(hooks.Updated, "[]") == HttpStatusCode.NotFound, "the header is asked for");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(hooks.Updated, new string(' ', 65 * 1024), header: hooks.Header));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, "[]", header: hooks.Header));
        // with or without the name of a scheme
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, "[]", header: hooks.Header["Bearer ".Length..]));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(hooks.Updated, "[]", header: "Bearer "));
        await ruth.PostAsync(Page + "/header", await ruth.GetAsync(Page), ("asks", "false"));
        await UntilAsync(async () => await SendAsync(hooks.Updated, "[]") == HttpStatusCode.Accepted, "it is not asked for any more");
        // the practice that is disconnected is told nothing
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        await UntilAsync(async () => await SendAsync(hooks.Updated, "[]") == HttpStatusCode.NotFound, "its address is nobody's");
    }

    private async Task<(string Created, string Updated, string Deleted, string Header)> ConnectedAsync(PageClient ruth)
    {
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        var page = WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text);
        string Of(string id) => Regex.Match(page, $"id=\"{id}\" class=\"code\" value=\"([^\"]*)\"").Groups[1].Value;
        return (Of("hook-0"), Of("hook-1"), Of("hook-2"), Of("hook-header"));
    }

    /// <summary>The public address is not this machine's: the way to it is the test's.</summary>
    private Uri Reach(string address) => new(Server.Address, new Uri(address).AbsolutePath);

    private async Task<HttpStatusCode> SendAsync(string address, string body, HttpMethod? method = null, string? header = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, Reach(address)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (header is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(header);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
