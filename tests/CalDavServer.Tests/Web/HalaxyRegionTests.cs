using CalDavServer.Tests.Hosting;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A region of Halaxy that is none is not guessed. Which address each region has is in Sandbox.Tests, where nothing can reach the real one.</summary>
public sealed class HalaxyRegionTests : PageTest
{
    private const string Page = "/settings/integrations/halaxy";

    [Theory]
    [InlineData("us")]
    [InlineData("")]
    public async Task A_region_that_is_none_is_refused_and_nothing_is_kept(string region)
    {
        using var ruth = await SignedInAsync("ruth");
        var refused = await ruth.PostAsync(Page + "/key", await ruth.GetAsync(Page), ("region", region), ("clientId", "client"), ("clientSecret", "secret"));
        Assert.Contains("Choose the region", refused.Text, StringComparison.Ordinal);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Null(await HalaxyConnection.FindAsync(snapshot, Practice.Id));
    }
}
