using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CalDavServer.Links;
using CalDavServer.Links.Microsoft;
using CalDavServer.Tests.Hosting;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Microsoft tells of changes: it asks first whether the addresses are ours; what is done there is here without being asked for; and whoever is not Microsoft brings nothing about.</summary>
public sealed class MicrosoftWebhookTests : HookedPageTest
{
    private const string Lifecycle = MicrosoftWebhooks.Path + "/lifecycle";
    private readonly HttpClient _http = new();

    private VendorStandIn StandIn => ((VendorSide)Side).StandIn;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task What_changes_at_Microsoft_is_told_and_a_link_that_has_ended_is_told_nothing()
    {
        using var browser = await SignedInAsync("maya");
        var link = await ConnectedAsync(browser);
        await UntilToldAsync(browser, link);
        await CreateAsync("Dentist");
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 1, "it is told and taken in");
        await browser.PostAsync(link.Path + "/disconnect", await browser.GetAsync(link.Path), ("calendar", "stays"));
        var before = Relay.All.Count;
        await CreateAsync("Later");
        await Task.Delay(700, TestContext.Current.CancellationToken);
        Assert.Equal(before, Relay.All.Count);
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_says_something_twice_or_sends_much_brings_nothing_about()
    {
        using var browser = await SignedInAsync("maya");
        var link = await ConnectedAsync(browser);
        await UntilToldAsync(browser, link);
        await CreateAsync("Dentist");
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 1, "it is told and taken in");
        var real = Relay.All[^1].Body;
        var last = await QuietAsync();
        var state = (string)JsonNode.Parse(real)!["value"]![0]!["clientState"]!;
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(real));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(real.Replace(state, state[..^1] + "x", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(real.Replace(state, "unknown.secret", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(real.Replace(state, "", StringComparison.Ordinal)));
        foreach (var nonsense in (string[])["", "[]", "{}", "{\"value\":5}", "no json", new string('[', 5000)]) Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(nonsense));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("{\"value\":[5,null,{},{\"clientState\":7}]}"));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("{\"value\":[{\"clientState\":\"\\ud800\"}]}"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(new string(' ', 65 * 1024)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(new string(' ', 65 * 1024), isChunked: true));
        using (var get = await _http.GetAsync(new Uri(Server.Address.ToString().TrimEnd('/') + MicrosoftWebhooks.Path), TestContext.Current.CancellationToken)) Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(last, await QuietAsync());
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(real.Replace("\"changeType\":\"", "\"changeType\":\"x", StringComparison.Ordinal)));
        await UntilAsync(async () => await LastPassAsync() != last, "what is new is looked at");
    }

    [Fact]
    public async Task The_handshake_is_answered_with_what_was_said_as_plain_text()
    {
        foreach (var path in (string[])[MicrosoftWebhooks.Path, Lifecycle])
        {
            using var answer = await _http.PostAsync(new Uri($"{Server.Address.ToString().TrimEnd('/')}{path}?validationToken=Validation%3A+a%20%3Cb%3E"), null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal("Validation: a <b>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        using var much = await _http.PostAsync(new Uri($"{Server.Address.ToString().TrimEnd('/')}{MicrosoftWebhooks.Path}?validationToken={new string('a', 3000)}"), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, much.StatusCode);
    }

    /// <summary>A subscription that Microsoft wants confirmed is made longer, one that it has removed is made again, and what it has missed is looked for.</summary>
    [Fact]
    public async Task A_subscription_lives_on_whatever_Microsoft_tells_of_it()
    {
        using var browser = await SignedInAsync("maya");
        var link = await ConnectedAsync(browser);
        await UntilToldAsync(browser, link);
        var first = Assert.Single(await ChannelsAsync());
        await TellAsync("reauthorizationRequired");
        await UntilAsync(async () => await ChannelsAsync() is [var renewed] && renewed != first && renewed[..36] == first[..36], "it is made longer");
        await TellAsync("subscriptionRemoved");
        await UntilAsync(async () => await ChannelsAsync() is [var other] && other[..36] != first[..36] && other.Contains("resourceId", StringComparison.Ordinal), "another takes its place");
        await CreateAsync("Dentist");
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 1, "it tells of changes");
        await QuietAsync();
        Relay.Loses = static path => !path.EndsWith("lifecycle", StringComparison.Ordinal);
        await CreateAsync("Lost");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal(1, (await Diary.SurveyAsync()).Live);
        Relay.Loses = null;
        await TellAsync("missed");
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 2, "what was missed is found");
    }

    [Fact]
    public async Task A_subscription_whose_answer_was_lost_is_known_by_what_Microsoft_tells_on_it()
    {
        using var browser = await SignedInAsync("maya");
        await StandIn.DoAsync("faults", new() { ["method"] = "graph.subscriptions.create", ["kind"] = "reset-after" });
        var link = await ConnectedAsync(browser);
        await UntilAsync(async () => await StandIn.HooksAsync() == 1 && await LastPassAsync() is not null, "it is made");
        Assert.DoesNotContain("resourceId", Assert.Single(await ChannelsAsync()), StringComparison.Ordinal);
        Assert.Contains("isEndAssumed", Assert.Single(await ChannelsAsync()), StringComparison.Ordinal);
        await CreateAsync("Dentist");
        await UntilToldAsync(browser, link);
        var channel = Assert.Single(await ChannelsAsync());
        Assert.Contains("resourceId", channel, StringComparison.Ordinal);
        Assert.DoesNotContain("isEndAssumed", channel, StringComparison.Ordinal);
        var said = OffsetDateTimePattern.ExtendedIso.Parse((string)JsonNode.Parse(Relay.All[^1].Body)!["value"]![0]!["subscriptionExpirationDateTime"]!).Value.ToInstant();
        Assert.Contains($"\"expires\":{said.ToUnixTimeMilliseconds()}", channel, StringComparison.Ordinal);
        Assert.Equal(1, await StandIn.HooksAsync());
        await browser.PostAsync(link.Path + "/disconnect", await browser.GetAsync(link.Path), ("calendar", "stays"));
        await UntilAsync(async () => await StandIn.HooksAsync() == 0, "it is ended");
    }

    [Fact]
    public async Task What_nobody_here_listens_to_is_ended_when_another_is_made()
    {
        using var browser = await SignedInAsync("maya");
        var link = await ConnectedAsync(browser);
        await UntilToldAsync(browser, link);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(StandIn.Address + "/v1.0/subscriptions"))
        {
            Content = new StringContent(
                new JsonObject
                {
                    ["changeType"] = "created",
                    ["notificationUrl"] = new Uri(Relay.Address, MicrosoftWebhooks.Path).AbsoluteUri,
                    ["resource"] = $"me/calendars/{Assert.Single(await LinksAsync()).CalendarId}/events",
                    ["expirationDateTime"] = (DateTimeOffset.UtcNow + TimeSpan.FromDays(2)).ToString("O"),
                    ["clientState"] = "nobody.knows",
                }.ToJsonString(),
                Encoding.UTF8,
                "application/json"),
        };
        request.Headers.Authorization = new("Bearer", await TokensOf(Assert.Single(await AccountsAsync())).GetAsync(Assert.Single(await AccountsAsync()).Key, TestContext.Current.CancellationToken));
        using var made = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(2, await StandIn.HooksAsync());
        var first = Assert.Single(await ChannelsAsync());
        await TellAsync("subscriptionRemoved");
        await UntilAsync(async () => await StandIn.HooksAsync() == 1 && await ChannelsAsync() is [var other] && other[..36] != first[..36] && other.Contains("resourceId", StringComparison.Ordinal), "one is left");
    }

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");

    private Task<JsonNode?> TellAsync(string what) => StandIn.DoAsync($"{StandIn.Account()}/lifecycle", new() { ["event"] = what });

    private Task CreateAsync(string title) => Side.InCalendarAsync("create", new() { ["title"] = title, ["start"] = "2026-12-20T10:00", ["end"] = "2026-12-20T11:00" });

    /// <summary>The channels of the link, by id, with all that is kept of them.</summary>
    private async Task<IReadOnlyList<string>> ChannelsAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return [.. (await snapshot.ListRecordsAsync("link-channel", Assert.Single(await LinksAsync()).Id)).Select(record => record.Id + Encoding.UTF8.GetString(record.Document.Span))];
    }

    private static Task UntilToldAsync(PageClient browser, PageAnswer link) => UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("reaches your diary within seconds", StringComparison.Ordinal), "a subscription is made");

    private async Task<HttpStatusCode> SendAsync(string body, bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Address.ToString().TrimEnd('/') + MicrosoftWebhooks.Path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (isChunked) request.Headers.TransferEncodingChunked = true;
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

    private async Task<Instant?> LastPassAsync() => Assert.Single(await LinksAsync()).LastPass;

    private async Task<PageAnswer> ConnectedAsync(PageClient browser)
    {
        var vendor = (VendorSide)Side;
        var choice = await VendorSide.BackAsync(browser, await StandIn.AllowAsync(await vendor.OnwardAsync(browser)));
        return await browser.PostAsync(choice.Path, ("level", "FullName"), ("existing", "true"));
    }
}
