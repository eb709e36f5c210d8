using System.Net;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A practice has made some of its webhooks in Halaxy: what none of them tells of is asked for as often as without any.</summary>
public sealed class HalaxyWebhookKindTests : HalaxyWebhookTest
{
    [Fact]
    public async Task What_no_webhook_tells_of_is_asked_for_as_often_as_before()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        foreach (var address in new[] { hooks.Updated, hooks.Deleted }) Assert.Equal(HttpStatusCode.Accepted, await SendAsync(address, "[]"));
        // the pass that the webhooks brought about, after which it would be left alone for an hour
        var seen = await There.BookAsync(Now);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == seen), "it is here");
        var later = await There.BookAsync(Now, 3);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == later), "it is here without a webhook");
    }
}
