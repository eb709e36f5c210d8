using System.Text.Json.Nodes;
using Practice.Audit;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>What was deleted in Halaxy while the connection waited is found as soon as it goes on: webhooks that came meanwhile were for nobody, and what changed lately does not tell of it.</summary>
public sealed class CatchingUpTests
{
    [Theory]
    [InlineData("a new key")]
    [InlineData("tried again")]
    [InlineData("looked at")]
    public async Task A_deletion_meanwhile_is_found_by_the_first_pass(string how)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.ChangeAsync(connection => connection with { State = how == "looked at" ? HalaxyState.MissingScope : HalaxyState.KeyRefused });
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        var cancelled = TestContext.Current.CancellationToken;
        if (how == "a new key") Assert.True((await scene.Connections.TryAsync(scene.Group, scene.Halaxy.Key, new AuditActor("Ruth", ActorVia.Web, "ruth", "session"), cancelled)).IsKept);
        else if (how == "tried again") Assert.NotNull(await scene.Connections.TryAgainAsync((await scene.ConnectionAsync())!, cancelled));
        else Assert.NotNull(await scene.Connections.ResumeAsync(scene.Group));
        Assert.Equal(ProviderBridge.Sync.PassResult.Done, await scene.PassAsync());
        Assert.False((await scene.HereAsync()).Single().TakesPlace);
    }
}
