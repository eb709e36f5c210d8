using Practice.Audit;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>Halaxy has two regions, and a key is good in one of them: what is asked goes there and nowhere else.</summary>
public sealed class RegionTests
{
    [Theory]
    [InlineData("au", "https://au-api.halaxy.com/main/")]
    [InlineData("eu", "https://eu-api.halaxy.com/main/")]
    public async Task A_key_is_tried_and_kept_in_the_region_that_was_chosen(string region, string address)
    {
        await using var scene = await MirrorScene.StartAsync(connects: false);
        var hosts = new HashSet<string>();
        scene.BookAsked.Instead = request =>
        {
            // what is for Halaxy goes to the stand-in: no test asks the real one
            hosts.Add(request.RequestUri!.Host);
            request.RequestUri = new Uri(scene.Halaxy.Key.Address, request.RequestUri.PathAndQuery);
            return null;
        };
        var key = new HalaxyKey(HalaxyKey.OfRegion(region)!, scene.Halaxy.Client, scene.Halaxy.Secret);
        Assert.True((await scene.Connections.TryAsync(scene.Group, key, new AuditActor("Ruth", ActorVia.Web, "ruth", "session"), TestContext.Current.CancellationToken)).IsKept);
        Assert.Equal(new Uri(address), (await scene.ConnectionAsync())!.Address);
        Assert.Equal([new Uri(address).Host], hosts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("us")]
    [InlineData("EU")]
    [InlineData("https://eu-api.halaxy.com/main/")]
    public void Anything_else_is_no_region(string region) => Assert.Null(HalaxyKey.OfRegion(region));
}
