using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Practice;
using ProviderBridge.Accounts;
using ProviderBridge.Google;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;
using Sandbox.Tests.Product;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.Contract;

/// <summary>All stories of a link once more, with Prism between the product and the stand-in: no request and no answer of either differs from what the vendor publishes.</summary>
public abstract class A_described_link(string events) : A_link
{
    private protected abstract Prism Prism { get; }

    // Prism lets everything pass where it does not understand a description
    [Theory]
    [InlineData("""{"sumary":"x","sujbect":"x"}""")]
    [InlineData("""{"start":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"start":{"dateTime":5}}""")]
    [InlineData("""{"start":{"dateTime":"2026-01-01T00:00:00Z","day":"x"}}""")]
    public async Task A_request_that_the_vendor_does_not_know_goes_no_further(string body)
    {
        var answer = await Prism.SendAsync("POST", events, JsonNode.Parse(body)!.AsObject());
        Assert.Equal((422, "UNPROCESSABLE_ENTITY"), (answer.Status, Error(answer)));
    }

    [Fact]
    public async Task A_path_that_the_vendor_does_not_know_goes_no_further() =>
        Assert.Equal("NO_PATH_MATCHED_ERROR", Error(await Prism.SendAsync("GET", events + "/a/b/c")));

    [Fact]
    public async Task A_request_without_a_token_goes_no_further() => Assert.Equal("UNAUTHORIZED", Error(await Prism.SendAsync("GET", events, token: null)));

    [Theory]
    [InlineData("""{"id":5}""")]
    [InlineData("""{"id":"x","sumary":"x","sujbect":"x"}""")]
    public async Task An_answer_that_the_vendor_does_not_know_is_an_error(string body)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{Prism.Upstream}/");
        listener.Start();
        var (asked, came) = (Prism.SendAsync("POST", events, []), listener.GetContextAsync());
        if (await Task.WhenAny(asked, came) == asked) Assert.Fail($"not forwarded: {await asked}");
        var response = (await came).Response;
        (response.ContentType, response.KeepAlive) = ("application/json", false);
        response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        Assert.Equal("VIOLATIONS", Error(await asked));
    }

    [Fact]
    public async Task Calendars_and_channels_are_asked_for_as_the_vendor_describes_them()
    {
        await using var before = await Unzipping.StartAsync(Prism.Address);
        await using var scene = await AccountScene.StartAsync(Prism.Vendor, before.Address, Prism.Upstream);
        await using var hook = await HookReceiver.StartAsync();
        var account = await scene.ConnectAsync();
        var (service, channels) = Open(scene, new Uri(hook.Address));
        using var opened = (IDisposable)service;
        var calendar = await service.CreateCalendarAsync(account.Key, "HX_Riverbend", "Australia/Melbourne");
        var link = new Link(Link.KeyOf(account.Key).LinkId, AccountScene.Maya, Prism.Vendor, Prism.Vendor, PrivacyLevel.Initials) { CalendarId = calendar };
        Assert.True(await channels.KeepAsync(link, default), string.Join('\n', before.Errors));
        var first = await ChannelAsync(scene, link);
        // another in its place, or the same for longer
        channels.Hurry(first);
        Assert.True(await channels.KeepAsync(link, default));
        Assert.NotEqual(first, await ChannelAsync(scene, link));
        await channels.StopAsync(link);
        await service.DeleteCalendarAsync(account.Key, calendar);
        Assert.True(before.Errors.IsEmpty, string.Join('\n', before.Errors));
    }

    private protected abstract (IOutsideService Service, LinkChannels Channels) Open(AccountScene scene, Uri hook);

    private static async Task<LinkChannel> ChannelAsync(AccountScene scene, Link link)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync();
        return Assert.Single(await LinkChannel.ListAsync(snapshot, link.Key), channel => channel.ResourceId is not null);
    }

    private static string Error(Answer answer) => ((string)answer.Json!["type"]!).Split('#')[1];
}

public sealed class A_described_link_to_Google(GooglePrism prism) : A_described_link("/calendar/v3/calendars/c1/events"), IClassFixture<GooglePrism>
{
    private protected override Prism Prism => prism.Prism;

    private protected override Task<OutsideLink> StartAsync() => GoogleLink.StartAsync(through: Prism);

    private protected override (IOutsideService Service, LinkChannels Channels) Open(AccountScene scene, Uri hook)
    {
        var calendars = new GoogleCalendars(AccountScene.AppAt(scene.Api), scene.Process());
        return (calendars, new GoogleChannels(calendars, scene.Store, scene.Clock, hook));
    }
}

public sealed class A_described_link_to_Microsoft(MicrosoftPrism prism) : A_described_link("/v1.0/me/calendars/c1/events"), IClassFixture<MicrosoftPrism>
{
    private protected override Prism Prism => prism.Prism;

    private protected override Task<OutsideLink> StartAsync() => MicrosoftLink.StartAsync(through: Prism);

    private protected override (IOutsideService Service, LinkChannels Channels) Open(AccountScene scene, Uri hook)
    {
        var calendars = new MicrosoftCalendars(AccountScene.MicrosoftAppAt(scene.Api), scene.Process(), scene.Clock);
        return (calendars, new MicrosoftSubscriptions(calendars, scene.Store, scene.Clock, hook));
    }
}

public abstract class PrismFixture(string vendor) : IAsyncLifetime
{
    internal Prism Prism { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Prism = await Prism.StartAsync(vendor);

    public async ValueTask DisposeAsync()
    {
        await Prism.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class GooglePrism() : PrismFixture("google");

public sealed class MicrosoftPrism() : PrismFixture("microsoft");
