using System.Net;
using System.Text.Json.Nodes;
using CalDavServer.Links;
using CalDavServer.Links.Google;
using CalDavServer.Tests.Hosting;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Google tells of changes: what is done there is here without being asked for, and whoever is not Google brings nothing about.</summary>
public sealed class GoogleWebhookTests : HookedPageTest
{
    private readonly HttpClient _http = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task What_changes_at_Google_is_told_and_a_link_that_has_ended_is_told_nothing()
    {
        using var browser = await SignedInAsync("maya");
        var link = await ConnectedAsync(browser);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("reaches your diary within seconds", StringComparison.Ordinal), "a channel is open");
        await Side.InCalendarAsync("create", new() { ["title"] = "Dentist", ["start"] = "2026-12-20T10:00", ["end"] = "2026-12-20T11:00" });
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 1, "it is told and taken in");
        await browser.PostAsync(link.Path + "/disconnect", await browser.GetAsync(link.Path), ("calendar", "stays"));
        var before = Relay.All.Count;
        await Side.InCalendarAsync("create", new() { ["title"] = "Later", ["start"] = "2026-12-21T10:00", ["end"] = "2026-12-21T11:00" });
        await Task.Delay(700, TestContext.Current.CancellationToken);
        Assert.Equal(before, Relay.All.Count);
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_says_something_twice_or_sends_much_brings_nothing_about()
    {
        using var browser = await SignedInAsync("maya");
        var link = await ConnectedAsync(browser);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("reaches your diary within seconds", StringComparison.Ordinal), "a channel is open");
        await Side.InCalendarAsync("create", new() { ["title"] = "Dentist", ["start"] = "2026-12-20T10:00", ["end"] = "2026-12-20T11:00" });
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 1, "it is told and taken in");
        var real = Relay.All[^1];
        var last = await QuietAsync();
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(real, ("X-Goog-Channel-Token", "forged"), ("X-Goog-Message-Number", "9999")));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(real, ("X-Goog-Channel-ID", "unknown")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(real));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(real, 65 * 1024));
        using (var get = await _http.GetAsync(new Uri(Server.Address, GoogleWebhooks.Path), TestContext.Current.CancellationToken)) Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(last, await QuietAsync());
        Assert.Equal(HttpStatusCode.OK, await SendAsync(real, ("X-Goog-Message-Number", "999999")));
        await UntilAsync(async () => await LastPassAsync() != last, "what is new is looked at");
    }

    [Fact]
    public async Task A_channel_whose_answer_was_lost_is_known_by_what_Google_tells_on_it()
    {
        using var browser = await SignedInAsync("maya");
        var standIn = ((VendorSide)Side).StandIn;
        await standIn.DoAsync("faults", new() { ["method"] = "calendar.events.watch", ["kind"] = "reset-after" });
        var link = await ConnectedAsync(browser);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("reaches your diary within seconds", StringComparison.Ordinal), "a channel is open");
        Assert.Equal(1, await standIn.HooksAsync());
        var channel = await ChannelAsync();
        Assert.Null(channel["isEndAssumed"]);
        var said = InstantPattern.CreateWithInvariantCulture("ddd, dd MMM uuuu HH:mm:ss 'GMT'").Parse(Relay.All[^1].Google["X-Goog-Channel-Expiration"]).Value;
        Assert.Equal(said.ToUnixTimeMilliseconds(), (long)channel["expires"]!);
        await Side.InCalendarAsync("create", new() { ["title"] = "Dentist", ["start"] = "2026-12-20T10:00", ["end"] = "2026-12-20T11:00" });
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 1, "it is told and taken in");
        await browser.PostAsync(link.Path + "/disconnect", await browser.GetAsync(link.Path), ("calendar", "stays"));
        await UntilAsync(async () => await standIn.HooksAsync() == 0, "it is ended");
    }

    /// <summary>What is kept of the channel of the link.</summary>
    private async Task<JsonNode> ChannelAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var link = Assert.Single(await ProviderBridge.Sync.Link.ListAsync(snapshot, Maya.Id));
        return JsonNode.Parse(Assert.Single(await snapshot.ListRecordsAsync("link-channel", link.Id)).Document.Span)!;
    }

    private Task<HttpStatusCode> SendAsync(HookRelay.Told real, params (string Name, string Value)[] other) => SendAsync(real, 0, other);

    private async Task<HttpStatusCode> SendAsync(HookRelay.Told real, int size, params (string Name, string Value)[] other)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Address, GoogleWebhooks.Path)) { Content = new ByteArrayContent(new byte[size]) };
        foreach (var (name, value) in real.Google) request.Headers.TryAddWithoutValidation(name, other.FirstOrDefault(changed => changed.Name == name).Value ?? value);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    // when it was last looked at, once a second has gone by without it: what was taken in is a change in the practice, which is looked at once more
    private async Task<Instant?> QuietAsync()
    {
        for (var last = await LastPassAsync(); ;)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            if (last == (last = await LastPassAsync())) return last;
        }
    }

    private async Task<Instant?> LastPassAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return Assert.Single(await ProviderBridge.Sync.Link.ListAsync(snapshot, Maya.Id)).LastPass;
    }

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");

    private async Task<PageAnswer> ConnectedAsync(PageClient browser)
    {
        var vendor = (VendorSide)Side;
        var back = await vendor.StandIn.AllowAsync(await vendor.OnwardAsync(browser));
        Assert.Equal(Relay.Address.Authority, back.Authority);
        var choice = await VendorSide.BackAsync(browser, back);
        return await browser.PostAsync(choice.Path, ("level", "FullName"), ("existing", "true"));
    }
}
