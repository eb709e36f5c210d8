using System.Text;
using System.Text.Json.Nodes;
using Practice.Diaries;

namespace Sandbox.Tests.Halaxy;

/// <summary>Halaxy refuses one part of what was changed here, and takes the others; what people wrote and does not count is kept for them, and nobody reads it on the disk.</summary>
public sealed class RefusedPartTests : OddAnswerTest
{
    private const string Conflict = """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"conflict"}]}""";
    private const string Invalid = """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}""";

    [Fact]
    public async Task Comments_reach_Halaxy_though_the_time_is_taken()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, target) = await BookedAsync(scene);
        scene.Asked.Instead = request => Sends(request, "start") ? Reply(409, Conflict) : null;
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(2), Comments = "zebracomment" });
        await scene.PassAsync();
        Assert.Equal("zebracomment", (string?)(await scene.ThereAsync(id))["comments"]);
        var here = (await scene.HereAsync()).Single();
        Assert.Equal((9, "zebracomment"), (here.Start.Hour, here.Comments));
        var lost = Assert.Single(await scene.OverruledAsync());
        Assert.Equal((MirroredFields.Times, true), (lost.Fields, lost.IsDoubleBooking));
        Assert.Empty(await scene.TasksAsync());
        await IsQuietAsync(scene);
    }

    [Fact]
    public async Task What_is_refused_part_by_part_is_kept_as_one()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, target) = await BookedAsync(scene);
        scene.Asked.Instead = request => Sends(request, "start") ? Reply(409, Conflict) : Sends(request, "description") ? Reply(422, Invalid) : null;
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(2), Comments = "zebracomment" });
        await scene.Diary.CancelAsync(target, CancelChoice.Cancel);
        await scene.PassAsync();
        Assert.False((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        var here = (await scene.HereAsync()).Single();
        Assert.Equal((9, null, false), (here.Start.Hour, here.Comments, here.TakesPlace));
        var lost = Assert.Single((await scene.Connections.ReportAsync(scene.Group, TestContext.Current.CancellationToken)).Overruled);
        Assert.Equal((MirroredFields.Times | MirroredFields.Comments, true, 11, "zebracomment"), (lost.Fields, lost.IsDoubleBooking, lost.Start.InZone(here.Start.Zone).Hour, lost.Comments));
        Assert.Empty(await scene.TasksAsync());
        await IsQuietAsync(scene);
    }

    [Fact]
    public async Task What_was_refused_days_ago_is_not_said_to_be_of_today()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (_, target) = await BookedAsync(scene);
        scene.Asked.Instead = request => Sends(request, "start") ? Reply(409, Conflict) : Sends(request, "description") ? Reply(422, Invalid) : null;
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(2) });
        await scene.PassAsync();
        Assert.Equal((MirroredFields.Times, true), Assert.Single(await scene.OverruledAsync()) is var first ? (first.Fields, first.IsDoubleBooking) : default);
        await scene.AdvanceAsync(NodaTime.Duration.FromDays(3));
        await scene.Diary.EditAsync(target, new AppointmentEdit { Comments = "zebracomment" });
        await scene.Diary.CancelAsync(target, CancelChoice.Cancel);
        await scene.PassAsync();
        var lost = Assert.Single((await scene.Connections.ReportAsync(scene.Group, TestContext.Current.CancellationToken)).Overruled);
        Assert.Equal((MirroredFields.Comments, false, "zebracomment"), (lost.Fields, lost.IsDoubleBooking, lost.Comments));
        // but what somebody wrote is nowhere else
        await scene.AdvanceAsync(NodaTime.Duration.FromDays(3));
        await scene.Diary.RestoreAsync(target);
        await scene.PassAsync();
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(3) });
        await scene.PassAsync();
        var both = Assert.Single((await scene.Connections.ReportAsync(scene.Group, TestContext.Current.CancellationToken)).Overruled);
        Assert.Equal((MirroredFields.Times | MirroredFields.Comments, true, "zebracomment"), (both.Fields, both.IsDoubleBooking, both.Comments));
    }

    [Fact]
    public async Task Comments_that_do_not_count_are_kept_encrypted_until_they_are_put_away()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, target) = await BookedAsync(scene);
        await scene.Diary.EditAsync(target, new AppointmentEdit { Comments = "zebracomment" });
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "Room 2" });
        await scene.PassAsync();
        Assert.Equal("Room 2", (await scene.HereAsync()).Single().Comments);
        var cancelled = TestContext.Current.CancellationToken;
        Assert.Equal("zebracomment", Assert.Single((await scene.Connections.ReportAsync(scene.Group, cancelled)).Overruled).Comments);
        using (var snapshot = await scene.Store.OpenSnapshotAsync(cancelled))
        {
            var kept = Encoding.UTF8.GetString(Assert.Single(await snapshot.ListRecordsAsync("halaxy-overruled", scene.Group)).Document.Span);
            Assert.DoesNotContain("zebra", kept, StringComparison.OrdinalIgnoreCase);
        }

        Assert.True(await scene.Connections.PutAwayAsync(scene.Group, id, scene.Maya));
        Assert.Empty(await scene.OverruledAsync());
    }

    [Fact]
    public async Task Comments_that_do_not_count_are_kept_when_the_time_is_refused_after_them()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, target) = await BookedAsync(scene);
        scene.Asked.Instead = request => Sends(request, "start") ? Reply(409, Conflict) : null;
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(2), Comments = "zebracomment" });
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "Room 2" });
        await scene.PassAsync();
        var lost = Assert.Single((await scene.Connections.ReportAsync(scene.Group, TestContext.Current.CancellationToken)).Overruled);
        Assert.Equal((MirroredFields.Times | MirroredFields.Comments, "zebracomment"), (lost.Fields, lost.Comments));
    }

    private static async Task<(string Id, AppointmentTarget Target)> BookedAsync(MirrorScene scene)
    {
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        return (id, new AppointmentTarget((await scene.HereAsync()).Single().Id));
    }

    private static async Task IsQuietAsync(MirrorScene scene)
    {
        var asked = scene.Asked.Paths.Count;
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.DoesNotContain(scene.Asked.Paths.Skip(asked), path => path.StartsWith("PATCH", StringComparison.Ordinal));
    }

    private static bool Sends(HttpRequestMessage request, string field)
    {
        if (!Asks(request, "PATCH", "Appointment/")) return false;
        using var read = new StreamReader(request.Content!.ReadAsStream(), leaveOpen: true);
        var sent = read.ReadToEnd();
        request.Content.ReadAsStream().Position = 0;
        return JsonNode.Parse(sent)!.AsObject().ContainsKey(field);
    }
}
