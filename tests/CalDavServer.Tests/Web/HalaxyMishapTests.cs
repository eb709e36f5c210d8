using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice.Groups;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What befalls the server itself: it was away while appointments were deleted in Halaxy, it has lost the keys with which it encrypts, or what it keeps of a connection cannot be read.</summary>
public sealed class HalaxyMishapTests : HalaxyPageTest
{
    private readonly MailStandIn _mail = new();

    private protected override ServerOptions? Hosting => base.Hosting! with
    {
        PublicAddress = new Uri("http://127.0.0.1:1/"),
        Mail = _mail.Settings,
        LinkTimes = base.Hosting.LinkTimes with { FirstPause = TimeSpan.FromMilliseconds(500) },
    };

    [Fact]
    public async Task What_was_deleted_in_Halaxy_while_the_server_was_away_goes_when_it_is_back()
    {
        using var ruth = await SignedInAsync("ruth");
        await RunningAsync(ruth);
        await There.DoAsync("delete", new() { ["appointment"] = (await HereAsync()).Single().HalaxyId });
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.True((await HereAsync()).Single().TakesPlace);
        await RestartAsync();
        await UntilAsync(async () => !(await HereAsync()).Single().TakesPlace, "it is gone here too");
    }

    private async Task RunningAsync(PageClient ruth)
    {
        var id = await There.BookAsync(Now);
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id) && await ConnectionAsync() is { LastPass: not null, LastCompare: not null }, "it runs");
    }
}
