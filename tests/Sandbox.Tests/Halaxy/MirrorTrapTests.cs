using System.Text.Json.Nodes;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What must not be taken for a deletion, a change or the end, and what a pass that was cut short leaves behind.</summary>
public sealed class MirrorTrapTests
{
    [Fact]
    public async Task A_list_of_practitioners_that_is_not_whole_takes_nothing_out_of_a_diary()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromHours(7));
        // the first of the lists that a comparison begins with
        await scene.Halaxy.Scene.FaultAsync("halaxy.search", "stale-list", new JsonObject { ["amount"] = 5, ["times"] = 4 });
        await scene.PassAsync();
        Assert.Single(await scene.HereAsync());
        Assert.Contains((await scene.ConnectionAsync())!.Roles, role => role.Id == scene.Halaxy.Role);
    }

    [Theory]
    [InlineData("PractitionerRole", HalaxyState.MissingScope)]
    [InlineData("Organization", HalaxyState.Active)]
    [InlineData("Practitioner", HalaxyState.Active)]
    [InlineData("HealthcareService", HalaxyState.Active)]
    [InlineData("Patient", HalaxyState.Active)]
    public async Task A_scope_that_is_taken_away_takes_nothing_out_of_a_diary(string scope, HalaxyState wanted)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var before = (await scene.HereAsync()).Single();
        await scene.Halaxy.DoAsync("untick", new JsonObject { ["client"] = scene.Halaxy.Client, ["scope"] = scope });
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        var after = (await scene.HereAsync()).Single();
        Assert.Equal((before.Title, before.Location, wanted), (after.Title, after.Location, (await scene.ConnectionAsync())!.State));
    }

    [Fact]
    public async Task One_appointment_that_may_not_be_seen_stops_no_other()
    {
        await using var scene = await MirrorScene.StartAsync();
        var closed = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var open = await scene.Halaxy.BookAsync("2026-01-13T09:00");
        await scene.Halaxy.Scene.FaultAsync("halaxy.read", "status", new JsonObject { ["status"] = 403, ["reason"] = "forbidden" });
        Assert.Equal(PassResult.Done, await scene.PassAsync(closed, open));
        Assert.Equal(HalaxyState.Active, (await scene.ConnectionAsync())!.State);
        Assert.Equal(2, (await scene.HereAsync()).Count);
        // the list of what changed shows it still
        Assert.Empty(await scene.TasksAsync());
    }

    [Theory]
    [InlineData(401, "expired")]
    [InlineData(403, "forbidden")]
    public async Task What_something_on_the_way_refuses_once_is_tried_again_and_waits_for_nobody(int status, string reason)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.Halaxy.BookAsync();
        // of an expired token another one is asked for, and then it is Halaxy's word
        await scene.Halaxy.Scene.FaultAsync("halaxy.search", "status", new JsonObject { ["status"] = status, ["reason"] = reason, ["times"] = status == 401 ? 2 : 1 });
        Assert.Equal(PassResult.Later, await scene.PassAsync());
        Assert.Equal(HalaxyState.Active, (await scene.ConnectionAsync())!.State);
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Single(await scene.HereAsync());
    }

    [Fact]
    public async Task A_practitioner_who_is_not_matched_any_more_keeps_their_diary()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.ConnectAsync();
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T15:00" });
        await scene.PassAsync();
        Assert.Equal(9, (await scene.HereAsync()).Single().Start.Hour);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(15, (await scene.HereAsync()).Single().Start.Hour);
    }

    [Fact]
    public async Task What_was_put_back_is_still_to_be_done_after_a_practitioner_was_matched_with_nobody_for_a_while()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        await scene.Diary.CancelAsync(target, CancelChoice.Cancel);
        await scene.PassAsync();
        await scene.Diary.RestoreAsync(target);
        await scene.PassAsync();
        Assert.Equal(MirroredFields.Status, Assert.Single(await scene.TasksAsync()).Fields);
        await scene.ConnectAsync();
        await scene.PassAsync();
        await scene.PassAsync();
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
        Assert.Equal((id, MirroredFields.Status, false), Assert.Single(await scene.TasksAsync()) is var task ? (task.Id, task.Fields, task.WantsCancelled) : default);
    }

    [Fact]
    public async Task What_Halaxy_changed_while_a_practitioner_was_matched_with_nobody_counts_and_the_diarys_version_is_told()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "ignore-comments" });
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), new AppointmentEdit { Comments = "ours" });
        await scene.PassAsync();
        Assert.Equal(MirroredFields.Comments, Assert.Single(await scene.TasksAsync()).Fields);
        await scene.ConnectAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "theirs" });
        await scene.PassAsync();
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal("theirs", (await scene.HereAsync()).Single().Comments);
        Assert.Equal(MirroredFields.Comments, Assert.Single(await scene.OverruledAsync()).Fields);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task A_meeting_that_was_deleted_here_stays_deleted_after_its_practitioner_was_matched_with_nobody_for_a_while()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), CancelChoice.Delete);
        await scene.PassAsync();
        await scene.ConnectAsync();
        await scene.PassAsync();
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Empty(await scene.HereAsync());
        Assert.Equal(HalaxyTaskReason.CannotDelete, Assert.Single(await scene.TasksAsync()).Reason);
    }

    [Fact]
    public async Task An_answer_that_is_lost_makes_no_conflict_and_no_second_change()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 16, 0) });
        await scene.Halaxy.Scene.FaultAsync("halaxy.patch", "reset-after");
        Assert.Equal(PassResult.Later, await scene.PassAsync());
        Assert.Equal("2026-01-12T16:00:00+11:00", (string?)(await scene.ThereAsync(id))["start"]);
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(16, (await scene.HereAsync()).Single().Start.Hour);
        Assert.Empty(await scene.OverruledAsync());
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_cannot_be_sent_now_is_sent_by_the_next_pass()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Comments = "later" });
        await scene.Halaxy.Scene.FaultAsync("halaxy.patch", "status", new JsonObject { ["status"] = 503 });
        Assert.Equal(PassResult.Later, await scene.PassAsync());
        Assert.Null((await scene.ThereAsync(id))["comments"]);
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal("later", (string?)(await scene.ThereAsync(id))["comments"]);
    }

    [Fact]
    public async Task What_Halaxy_refuses_is_not_said_to_have_been_done_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        await scene.Diary.CancelAsync(target, CancelChoice.Cancel);
        await scene.PassAsync();
        await scene.Halaxy.Scene.FaultAsync("halaxy.patch", "status", new JsonObject { ["status"] = 422, ["reason"] = "business-rule" });
        await scene.Diary.RestoreAsync(target);
        await scene.PassAsync();
        Assert.False((await scene.HereAsync()).Single().TakesPlace);
        Assert.Equal([AuditAction.Booked, AuditAction.Cancelled, AuditAction.Restored, AuditAction.SetBack], (await scene.Diary.HistoryAsync(target.Id)).Select(line => line.Action));
    }

    [Fact]
    public async Task What_was_cancelled_here_and_is_deleted_in_Halaxy_was_not_cancelled_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        await scene.Diary.CancelAsync(target, CancelChoice.Cancel);
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        Assert.Equal([AuditAction.Booked, AuditAction.Cancelled, AuditAction.Deleted], (await scene.Diary.HistoryAsync(target.Id)).Select(line => line.Action));
    }

    [Theory]
    [InlineData("Appointment", "Appointments")]
    [InlineData("PractitionerRole", "Practitioner roles")]
    public async Task It_is_known_which_box_is_not_ticked_until_it_is_looked_at_again(string scope, string box)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("untick", new JsonObject { ["client"] = scene.Halaxy.Client, ["scope"] = scope });
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        var stopped = (await scene.ConnectionAsync())!;
        Assert.Equal((HalaxyState.MissingScope, box), (stopped.State, HalaxyScopes.BoxesOf(stopped)));
        Assert.Equal([scope], stopped.MissingScopes);
        Assert.Empty(stopped.Resuming().MissingScopes);
    }

    [Fact]
    public async Task A_deletion_and_a_booking_at_once_are_not_one_for_the_other()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        var other = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync(id, other);
        Assert.Equal(other, Assert.Single(await scene.HereAsync()).HalaxyId);
    }

    [Fact]
    public async Task Of_a_group_the_patients_who_come_are_shown_and_it_is_cancelled_when_nobody_does()
    {
        await using var scene = await MirrorScene.StartAsync();
        var second = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ida", ["family"] = "Okoro" });
        var id = await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = $"{scene.Halaxy.Patient} {second}", ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-12T09:00", ["minutes"] = "50" });
        await scene.PassAsync();
        Assert.Equal(2, (await scene.HereAsync()).Single().Patients.Count);
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["patient"] = second });
        await scene.PassAsync();
        var left = (await scene.HereAsync()).Single();
        Assert.Equal(scene.Halaxy.Patient, Assert.Single(left.Patients).Reference);
        Assert.True(left.TakesPlace);
        await scene.PhoneRemovesAsync(left.Id);
        await scene.PassAsync();
        Assert.False((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        Assert.Empty(await scene.TasksAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_group_that_is_put_back_comes_without_who_had_cancelled_before(bool replaces)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = replaces ? "replace-participants" : "back-to-booked" });
        var second = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ida", ["family"] = "Okoro" });
        var id = await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = $"{scene.Halaxy.Patient} {second}", ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-12T09:00", ["minutes"] = "50" });
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["patient"] = second });
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        await scene.Diary.CancelAsync(target, CancelChoice.Cancel, SeriesScope.All);
        await scene.PassAsync();
        Assert.False((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        await scene.Diary.RestoreAsync(target);
        await scene.PassAsync();
        await scene.PassAsync(id);
        Assert.True((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        var back = (await scene.HereAsync()).Single();
        Assert.Equal((true, scene.Halaxy.Patient), (back.TakesPlace, Assert.Single(back.Patients).Reference));
        Assert.Empty(await scene.TasksAsync());
    }

    [Theory]
    [InlineData("2026-04-04T15:30:00Z", 2)] // 02:30 before the clocks go back in Sydney
    [InlineData("2026-04-04T16:30:00Z", 2)] // 02:30 after
    [InlineData("2026-10-03T16:00:00Z", 3)] // the first moment of summer time
    public async Task Times_are_right_when_the_clocks_change(string start, int hour)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync(start);
        await scene.PassAsync();
        var from = NodaTime.Text.InstantPattern.ExtendedIso.Parse(start).Value;
        var found = (await scene.Diary.ListAsync(from - Duration.FromDays(1), from + Duration.FromDays(1))).Single();
        Assert.Equal((from, hour, Duration.FromMinutes(50)), (found.Start.ToInstant(), found.Start.Hour, found.End - found.Start));
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task An_appointment_of_the_diary_that_cannot_be_read_holds_up_no_other()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (damaged, sound) = (await scene.Halaxy.BookAsync(), await scene.Halaxy.BookAsync("2026-01-13T09:00"));
        await scene.PassAsync();
        await scene.DamageAsync((await scene.HereAsync()).Single(one => one.HalaxyId == damaged).Id);
        foreach (var id in new[] { damaged, sound }) await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "new" });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal("new", (await scene.HereAsync()).Single(one => one.HalaxyId == sound).Comments);
        Assert.Equal((HalaxyTaskReason.Unreadable, damaged), Assert.Single(await scene.TasksAsync()) is var task ? (task.Reason, task.Id) : default);
    }

    [Fact]
    public async Task What_cannot_be_read_of_Halaxy_is_counted_until_it_can()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.Halaxy.BookAsync("2026-01-13T09:00");
        scene.Asked.Garbles = body => body.Replace("2026-01-12T09:00:00", "some morning", StringComparison.Ordinal);
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal((1, 1), ((await scene.ConnectionAsync())!.Unreadable, (await scene.HereAsync()).Count));
        await scene.PassAsync();
        Assert.Equal(1, (await scene.ConnectionAsync())!.Unreadable);
        scene.Asked.Garbles = null;
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Equal((0, 2), ((await scene.ConnectionAsync())!.Unreadable, (await scene.HereAsync()).Count));
    }

    [Fact]
    public async Task What_cannot_be_read_and_was_just_changed_is_counted_once()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.Halaxy.BookAsync();
        scene.Asked.Garbles = body => body.Replace("2026-01-12T09:00:00", "some morning", StringComparison.Ordinal);
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        await scene.PassAsync();
        Assert.Equal(1, (await scene.ConnectionAsync())!.Unreadable);
    }

    [Theory]
    [InlineData("T09:00:00\\u002B11:00", "T09:00:00.5\\u002B11:00")]
    [InlineData("T09:50:00\\u002B11:00", "T09:50:00.123456789\\u002B11:00")]
    [InlineData("Room 2", "Room\\u000b2\\u0000")]
    [InlineData("Room 2", "\\u0007Room\\u000c2\\r3\\u20284\\uffff")]
    [InlineData("Main Street", "Main\\u000bStreet")]
    public async Task What_a_calendar_cannot_hold_is_no_change_of_the_diary(string said, string garbled)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync(comments: "Room 2");
        var count = 0;
        scene.Asked.Garbles = body =>
        {
            count += body.Contains(said, StringComparison.Ordinal) ? 1 : 0;
            return body.Replace(said, garbled, StringComparison.Ordinal);
        };
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.DoesNotContain(scene.Asked.Paths, path => path.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Empty(await scene.OverruledAsync());
        Assert.Single(await scene.HereAsync());
        Assert.True(count > 0, "It was not said.");
    }

    [Fact]
    public async Task A_change_that_Halaxy_dates_in_the_future_hides_none_that_follow()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromMinutes(20));
        await scene.Halaxy.BookAsync();
        scene.Asked.Garbles = body => body.Replace("\"lastUpdated\":\"2026", "\"lastUpdated\":\"2099", StringComparison.Ordinal);
        await scene.PassAsync();
        scene.Asked.Garbles = null;
        await scene.AdvanceAsync(Duration.FromMinutes(20));
        await scene.Halaxy.BookAsync("2026-01-13T09:00");
        await scene.PassAsync();
        Assert.Equal(2, (await scene.HereAsync()).Count);
    }

    [Fact]
    public async Task Of_a_practitioner_who_is_erased_nothing_is_kept_and_the_others_go_on()
    {
        await using var scene = await MirrorScene.StartAsync();
        var ben = await scene.PractitionerAsync("ben", "Ben Ito");
        var there = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
        var role = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = there, ["clinic"] = scene.Halaxy.Clinic });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = role, ["title"] = "Alone", ["start"] = "2026-01-14T12:00", ["minutes"] = "30" });
        await scene.PassAsync();
        Assert.Single(await scene.HereAsync(scene.DiaryOf(ben)));
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(new ErasePrincipal(ben, [])), TestContext.Current.CancellationToken)).Succeeded);
        await scene.Halaxy.BookAsync();
        await scene.AdvanceAsync(Duration.FromHours(7));
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Single(await scene.HereAsync());
        Assert.Equal(scene.Maya, Assert.Single((await scene.ConnectionAsync())!.Matches).PractitionerId);
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Single(await HalaxyItem.ListAsync(snapshot, scene.Group));
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task Two_passes_at_once_do_not_meet()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var n = 0; n < 5; n++) await scene.Halaxy.BookAsync($"2026-01-1{n}T09:00");
        var results = await Task.WhenAll(scene.PassAsync(), scene.PassAsync());
        Assert.Contains(PassResult.Done, results);
        Assert.Equal(5, (await scene.HereAsync()).Count);
    }
}
