using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

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

    [Fact]
    public async Task What_was_changed_here_in_an_appointment_that_went_to_a_colleague_says_that_it_left()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (_, _, role) = await scene.AddBenAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), new AppointmentEdit { Comments = "mine" });
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.PassAsync(id);
        Assert.Equal(HalaxyLeft.ToOthers, Assert.Single(await scene.OverruledAsync()).Left);
    }

    [Fact]
    public async Task Of_a_group_that_one_has_missed_it_is_kept_that_the_others_are_cancelled()
    {
        await using var scene = await MirrorScene.StartAsync();
        var second = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ida", ["family"] = "Okoro" });
        var id = await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = $"{scene.Halaxy.Patient} {second}", ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-12T09:00", ["minutes"] = "50" });
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["patient"] = second, ["status"] = "did not attend (charge)" });
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), CancelChoice.Cancel);
        await scene.PassAsync();
        Assert.Equal((true, true), Assert.Single(await scene.OverruledAsync()) is var lost ? (lost.HasTakenPlace, lost.OthersCancelled) : default);
        Assert.Equal(AppointmentStatus.DidNotAttend, (await scene.HereAsync()).Single().Status);
    }
}
