using System.Text.Json.Nodes;
using NodaTime;
using Practice;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What of Halaxy fails, is odd or not there in one place stops nothing elsewhere.</summary>
public sealed class FailingTests : OddAnswerTest
{
    [Fact]
    public async Task One_appointment_at_which_Halaxy_always_fails_stops_no_other()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (bad, good) = (await scene.Halaxy.BookAsync(), await scene.Halaxy.BookAsync("2026-01-13T09:00"));
        await scene.PassAsync();
        foreach (var one in await scene.HereAsync()) await scene.Diary.EditAsync(new AppointmentTarget(one.Id), new AppointmentEdit { Comments = "new" });
        scene.Asked.Instead = r => Asks(r, "PATCH", $"/Appointment/{bad}") ? Reply(500, "") : null;
        Assert.Equal(PassResult.Later, await scene.PassAsync());
        Assert.Equal("new", (string?)(await scene.ThereAsync(good))["comments"]);
        await scene.Halaxy.BookAsync("2026-01-14T09:00");
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(3, (await scene.HereAsync()).Count);
        Assert.Equal((bad, HalaxyTaskReason.Failing), Assert.Single(await scene.TasksAsync()) is var task ? (task.Id, task.Reason) : default);
        // less often the longer it lasts
        var patches = scene.Asked.Paths.Count(path => path.StartsWith("PATCH", StringComparison.Ordinal));
        for (var n = 0; n < 60; n++) await scene.PassAsync();
        Assert.InRange(scene.Asked.Paths.Count(path => path.StartsWith("PATCH", StringComparison.Ordinal)) - patches, 3, 8);

        scene.Asked.Instead = null;
        await scene.AdvanceAsync(Duration.FromHours(1));
        await scene.PassAsync();
        Assert.Equal("new", (string?)(await scene.ThereAsync(bad))["comments"]);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task A_Halaxy_that_answers_nothing_is_no_list_of_tasks()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), new AppointmentEdit { Comments = "new" });
        scene.Asked.Instead = _ => Reply(503, "");
        Assert.Equal(PassResult.Later, await scene.PassAsync());
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_was_changed_lately_is_not_asked_for_again_for_ever_when_one_is_counted_that_is_not_shown()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var id = await scene.Halaxy.BookAsync("2026-01-13T09:00");
        scene.Asked.Changes = (r, t) => Asks(r, "GET", "_lastUpdated") ? t.Replace("\"total\":1", "\"total\":2", StringComparison.Ordinal).Replace("\"total\":2,", "\"total\":3,", StringComparison.Ordinal) : t;
        var before = (await scene.ConnectionAsync())!.PolledTo;
        for (var n = 0; n < 5; n++)
        {
            await scene.PassAsync();
            await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = $"{n}" });
        }

        Assert.True((await scene.ConnectionAsync())!.PolledTo > before);
    }

    [Fact]
    public async Task A_practitioner_who_cannot_be_read_stops_nothing_and_keeps_the_name_that_was_known()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var before = (await scene.ConnectionAsync())!.Roles;
        Assert.Contains(before, role => role.Practitioner.Length > 0);
        scene.Asked.Changes = (r, t) => Asks(r, "GET", "/Practitioner?") ? t.Replace("\"family\"", "\"use\":\"odd\",\"family\"", StringComparison.Ordinal) : t;
        await scene.Halaxy.BookAsync("2026-01-13T09:00");
        await scene.AdvanceAsync(Duration.FromHours(7));
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(2, (await scene.HereAsync()).Count);
        Assert.Equal(before.Select(role => role.Practitioner).Order(), (await scene.ConnectionAsync())!.Roles.Select(role => role.Practitioner).Order());
    }

    [Fact]
    public async Task A_practitioner_who_is_archived_in_Halaxy_keeps_what_they_have_and_gets_nothing_new_from_here()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "say-create" });
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("archive", new JsonObject { ["role"] = scene.Halaxy.Role });
        await scene.AdvanceAsync(Duration.FromHours(7));
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.True(Assert.Single((await scene.ConnectionAsync())!.Roles).IsArchived);
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
        // what they have goes on being mirrored
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T15:00" });
        await AddAsync(scene);
        await scene.PassAsync();
        Assert.Equal(15, (await scene.HereAsync()).Single(one => one.HalaxyId == id).Start.Hour);
        Assert.Single(await scene.ThereAsync());
    }

    [Fact]
    public async Task A_meeting_that_was_deleted_here_does_not_come_back_when_its_clinic_has_another_name()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), CancelChoice.Delete, SeriesScope.All);
        await scene.PassAsync();
        Assert.Equal(HalaxyTaskReason.CannotDelete, Assert.Single(await scene.TasksAsync()).Reason);
        scene.Asked.Changes = (r, t) => t.Replace("Main Street", "Station Street", StringComparison.Ordinal);
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Contains((await scene.ConnectionAsync())!.Roles, role => role.Clinic == "Station Street");
        Assert.DoesNotContain(await scene.HereAsync(), one => one.TakesPlace);
        Assert.Equal(HalaxyTaskReason.CannotDelete, Assert.Single(await scene.TasksAsync()).Reason);
    }

    [Fact]
    public async Task What_was_deleted_in_Halaxy_is_not_in_Halaxy_again_when_a_device_shows_names()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        Assert.All(await scene.HereAsync(), one => Assert.Null(one.HalaxyId));
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.PassAsync();
        Assert.All(await scene.HereAsync(), one => Assert.Null(one.HalaxyId));
    }

    [Fact]
    public async Task Of_a_group_that_was_cancelled_one_by_one_in_Halaxy_the_last_to_cancel_is_put_back()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "back-to-booked" });
        var second = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ida", ["family"] = "Okoro" });
        var id = await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = $"{scene.Halaxy.Patient} {second}", ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-12T09:00", ["minutes"] = "50" });
        await scene.PassAsync();
        foreach (var patient in new[] { second, scene.Halaxy.Patient })
        {
            await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["patient"] = patient });
            await scene.PassAsync();
        }

        await scene.Diary.RestoreAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id));
        await scene.PassAsync();
        await scene.PassAsync(id);
        Assert.Equal(scene.Halaxy.Patient, Assert.Single((await scene.HereAsync()).Single().Patients).Reference);
    }

    [Fact]
    public async Task A_booking_that_is_late_is_found_when_it_is_tried_again()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        scene.BookAsked.Instead = r => Asks(r, "POST", "/Appointment/$book") ? Reply(504, "") : null;
        Assert.Null(await scene.BookAsync(uid));
        string? late = null;
        scene.BookAsked.Instead = r =>
        {
            if (!Asks(r, "POST", "/Appointment/$book")) return null;
            late = Task.Run(() => scene.Halaxy.BookAsync()).GetAwaiter().GetResult();
            return Reply(409, """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"conflict"}]}""");
        };
        var booked = await scene.BookAsync(uid);
        Assert.NotNull(late);
        Assert.Equal(late, booked);
        await scene.PassAsync();
        Assert.Equal(late, Assert.Single(await scene.HereAsync()).HalaxyId);
    }
}
