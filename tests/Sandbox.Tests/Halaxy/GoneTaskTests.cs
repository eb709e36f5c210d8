using System.Text.Json.Nodes;
using NodaTime;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>Of an appointment that was deleted in Halaxy, and is out of the diary, nothing is left to be done.</summary>
public sealed class GoneTaskTests : OddAnswerTest
{
    [Theory]
    [InlineData(500, """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]}""")]
    [InlineData(200, """{"resourceType":"Appointment"}""")]
    public async Task A_late_webhook_to_which_Halaxy_answers_oddly_notes_nothing(int status, string body)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await GoneAsync(scene);
        scene.Asked.Instead = request => Asks(request, "GET", $"Appointment/{id}") ? Reply(status, body) : null;
        await scene.PassAsync(id);
        Assert.Empty(await scene.TasksAsync());
        Assert.Equal(0, (await scene.ConnectionAsync())!.Unreadable);
    }

    [Fact]
    public async Task A_task_that_was_noted_goes_and_nothing_is_asked_for_again()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await GoneAsync(scene);
        var task = new HalaxyTask(scene.Group, id, scene.Maya, HalaxyItem.UidOf(scene.Maya, id), HalaxyTaskReason.Failing, scene.Now, scene.Now, scene.Now);
        Assert.True((await scene.Store.ApplyAsync(Calendaring.Store.StoreBatch.Of(task.Put()), TestContext.Current.CancellationToken)).Succeeded);
        await scene.AdvanceAsync(Duration.FromMinutes(5));
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
        var asked = scene.Asked.Paths.Count;
        await scene.PassAsync();
        Assert.DoesNotContain(scene.Asked.Paths.Skip(asked), path => path.EndsWith($"Appointment/{id}", StringComparison.Ordinal));
    }

    private static async Task<string> GoneAsync(MirrorScene scene)
    {
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        // what the pass wrote itself has been seen
        await scene.PassAsync();
        Assert.Empty(await scene.HereAsync());
        return id;
    }
}
