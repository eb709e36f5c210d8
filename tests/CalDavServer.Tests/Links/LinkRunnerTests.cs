using System.Diagnostics;
using Xunit;

namespace CalDavServer.Tests.Links;

/// <summary>What runs links forgets none.</summary>
public sealed class LinkRunnerTests
{
    /// <summary>Its pass looks for it between the end of the old one and the making of the new one: what was asked for then is forgotten with the old one.</summary>
    [Fact]
    public async Task A_link_that_is_made_again_while_the_one_before_is_looked_for_is_run()
    {
        await using var scene = await LinkScene.StartAsync();
        // the first look is for all links
        var store = new ToldStore(scene.Store) { Look = 2 };
        using var runner = scene.Run(store);
        store.Meanwhile = async () =>
        {
            await scene.PutAsync(scene.Link);
            runner.Wake(scene.Link.Key);
        };
        runner.Wake(scene.Link.Key);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        var since = Stopwatch.StartNew();
        while ((await scene.FindAsync())?.LastPass is null)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(20), "It was not run.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await runner.StopAsync(TestContext.Current.CancellationToken);
    }
}
