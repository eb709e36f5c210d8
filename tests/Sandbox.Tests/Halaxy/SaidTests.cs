using System.Text.Json.Nodes;
using NodaTime;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is kept to be said of an appointment is what became of it.</summary>
public sealed class SaidTests : OddAnswerTest
{
    [Fact]
    public async Task What_was_deleted_is_in_Halaxy_again_and_cannot_be_read_is_counted()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        Assert.Null((await scene.HereAsync()).Single().HalaxyId);
        var odd = $$"""{"resourceType":"Bundle","type":"searchset","total":1,"entry":[{"resource":{"resourceType":"Appointment","id":"{{id}}","status":"booked","start":"2026-01-12T09:00:00+11:00","end":"2026-01-12T09:50:00+11:00"} } ] }""";
        scene.Asked.Instead = r => Asks(r, "GET", "/Appointment?") ? Reply(200, odd) : null;
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Equal(1, (await scene.ConnectionAsync())!.Unreadable);
        Assert.Empty(await scene.TasksAsync());
        // one that was deleted, and of which something is asked still, is nobody's concern
        scene.Asked.Instead = r => Asks(r, "GET", $"/Appointment/{id}") ? Reply(200, "{}") : null;
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync(id);
        Assert.Equal(0, (await scene.ConnectionAsync())!.Unreadable);
    }
}
