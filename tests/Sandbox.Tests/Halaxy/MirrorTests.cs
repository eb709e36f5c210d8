using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is in Halaxy is in the diaries, and what is done here reaches Halaxy (docs/rules.md R1, R4, R6).</summary>
public sealed class MirrorTests
{
    [Fact]
    public async Task What_is_booked_in_Halaxy_is_in_the_diary()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync(comments: "Bring the letter");
        var meeting = await scene.Halaxy.MeetAsync("Team");
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        var all = await scene.HereAsync();
        var booked = all.Single(one => one.HalaxyId == id);
        Assert.Equal((AppointmentKind.Patient, "Initial consultation", "Bring the letter", "Main Street"), (booked.Kind, booked.Type, booked.Comments, booked.Location));
        Assert.Equal(Instant.FromUtc(2026, 1, 11, 22, 0), booked.Start.ToInstant());
        Assert.Equal(Duration.FromMinutes(50), booked.End - booked.Start);
        Assert.Equal($"Client {scene.Halaxy.Patient}", Assert.Single(booked.Patients).FullName);
        var met = all.Single(one => one.HalaxyId == meeting);
        Assert.Equal((AppointmentKind.Personal, Mirroring.MeetingTitle), (met.Kind, met.Title));
        Assert.Equal(2, (await scene.ConnectionAsync())!.Count);
    }

    [Fact]
    public async Task What_changes_in_Halaxy_changes_in_the_diary_and_nothing_else_does()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var before = (await scene.HereAsync()).Single();
        await scene.PhoneChangesAsync(before.Id, text => text.Replace("END:VEVENT", "X-APP:1\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT", StringComparison.Ordinal));
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-13T15:00" });
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "Room 2" });
        await scene.PassAsync();
        var after = (await scene.HereAsync()).Single();
        Assert.Equal((before.Id, Instant.FromUtc(2026, 1, 13, 4, 0), "Room 2"), (after.Id, after.Start.ToInstant(), after.Comments));
        Assert.True(after.AddedByApps);
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
    }

    [Theory]
    [InlineData("cancelled (no charge)", AppointmentStatus.Cancelled)]
    [InlineData("cancelled (charge)", AppointmentStatus.Cancelled)]
    [InlineData("confirmed", AppointmentStatus.Confirmed)]
    [InlineData("attended", AppointmentStatus.Attended)]
    [InlineData("did not attend (no charge)", AppointmentStatus.DidNotAttend)]
    [InlineData("rejected", AppointmentStatus.Rejected)]
    [InlineData("something new", AppointmentStatus.Booked)]
    public async Task A_status_of_Halaxy_is_that_of_the_diary(string status, AppointmentStatus wanted)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["status"] = status });
        await scene.PassAsync();
        Assert.Equal(wanted, (await scene.HereAsync()).Single().Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_takes_nobody_else_out_whether_Halaxy_merges_or_replaces_who_takes_part(bool replaces)
    {
        await using var scene = await MirrorScene.StartAsync();
        if (replaces) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "replace-participants" });
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.DoAsync("invoice", new JsonObject { ["appointment"] = id });
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.Diary.CancelAsync(new AppointmentTarget(uid), CancelChoice.Cancel, SeriesScope.All);
        await scene.PassAsync();
        using var client = scene.Halaxy.Open();
        var there = HalaxyAppointment.Of((await client.FindAsync<Hl7.Fhir.Model.Appointment>(id, TestContext.Current.CancellationToken))!);
        Assert.Equal((scene.Halaxy.Role, false), (Assert.Single(there.RoleIds), there.TakesPlace));
        Assert.Equal(new HalaxyAppointment.Participation(scene.Halaxy.Patient, "cancelled", HasInvoice: true), Assert.Single(there.Patients));
        Assert.Empty(await scene.TasksAsync());
        Assert.Equal(AppointmentStatus.Cancelled, (await scene.HereAsync()).Single().Status);
    }

    [Fact]
    public async Task A_meeting_that_is_cancelled_in_Halaxy_leaves_the_calendar()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id });
        await scene.PassAsync();
        Assert.DoesNotContain(await scene.HereAsync(), one => one.TakesPlace);
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
    }

    [Fact]
    public async Task Somebody_of_another_practice_is_nobody_to_match()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.IdAsync("referrer", new JsonObject { ["given"] = "Maya", ["family"] = "Reed" });
        using var client = halaxy.Open();
        Assert.Equal([halaxy.Role], (await HalaxyCatalog.ReadAsync(client, isFirst: true, TestContext.Current.CancellationToken)).Roles.Select(role => role.Id));
    }

    [Fact]
    public async Task A_move_made_on_the_phone_reaches_Halaxy()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.PhoneChangesAsync(uid, text => text.Replace("T090000", "T110000", StringComparison.Ordinal).Replace("T095000", "T115000", StringComparison.Ordinal));
        await scene.PassAsync();
        var there = await scene.ThereAsync(id);
        Assert.Equal(("2026-01-12T11:00:00+11:00", "2026-01-12T11:50:00+11:00"), ((string)there["start"]!, (string)there["end"]!));
        Assert.Empty(await scene.TasksAsync());
        // and does not come back as a change of Halaxy's
        await scene.PassAsync();
        Assert.Equal(11, (await scene.HereAsync()).Single().Start.Hour);
        Assert.Single(await scene.Diary.HistoryAsync(uid), line => line.Via == Practice.Audit.ActorVia.Halaxy);
    }

    [Fact]
    public async Task Comments_and_cancellations_made_here_reach_Halaxy()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync(comments: "old");
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Comments = "new" });
        await scene.PassAsync();
        Assert.Equal("new", (string?)(await scene.ThereAsync(id))["comments"]);
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Comments = "" });
        await scene.PassAsync();
        Assert.Null((await scene.ThereAsync(id))["comments"]);
        Assert.IsType<ExternalApplied>(await scene.PhoneRemovesAsync(uid));
        await scene.PassAsync();
        Assert.False((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        Assert.Equal(AppointmentStatus.Cancelled, (await scene.HereAsync()).Single().Status);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_was_cancelled_here_is_not_written_again_when_Halaxy_has_it_too()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), CancelChoice.Cancel);
        var cancelled = (await scene.HereAsync()).Single();
        var lastIn = (await scene.ConnectionAsync())!.LastIn;
        await scene.AdvanceAsync(Duration.FromMinutes(1));
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.False((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        Assert.Equal(cancelled.Version, (await scene.HereAsync()).Single().Version);
        Assert.Equal(lastIn, (await scene.ConnectionAsync())!.LastIn);
        // and a cancellation of another kind is Halaxy's to say still
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["status"] = "rejected" });
        await scene.PassAsync();
        Assert.NotEqual(cancelled.Version, (await scene.HereAsync()).Single().Version);
    }

    [Fact]
    public async Task What_has_an_invoice_in_Halaxy_is_kept_when_a_phone_removes_it()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.DoAsync("invoice", new JsonObject { ["appointment"] = id });
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.PhoneRemovesAsync(uid);
        await scene.PassAsync();
        Assert.True((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        var kept = (await scene.HereAsync()).Single();
        Assert.NotNull(kept.Kept);
        Assert.NotEqual(AppointmentStatus.Cancelled, kept.Status);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_is_moved_on_both_sides_is_where_Halaxy_has_it_and_the_other_version_is_kept()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 16, 0), Comments = "mine" });
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T13:00" });
        await scene.PassAsync();
        var here = (await scene.HereAsync()).Single();
        Assert.Equal((13, "mine"), (here.Start.Hour, here.Comments));
        Assert.Equal("mine", (string?)(await scene.ThereAsync(id))["comments"]);
        var lost = Assert.Single(await scene.OverruledAsync());
        Assert.Equal((MirroredFields.Times, Instant.FromUtc(2026, 1, 12, 5, 0)), (lost.Fields, lost.Start));
    }

    [Fact]
    public async Task What_is_deleted_in_Halaxy_goes_when_Halaxy_says_so_of_it()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (patient, meeting) = (await scene.Halaxy.BookAsync(), await scene.Halaxy.MeetAsync("Team"));
        await scene.PassAsync();
        foreach (var id in new[] { patient, meeting }) await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        // no listing tells of it
        await scene.PassAsync();
        Assert.Equal(2, (await scene.HereAsync()).Count(one => one.TakesPlace));
        // a hint for one, the comparison of everything for the other
        await scene.PassAsync(meeting);
        Assert.Equal(patient, Assert.Single(await scene.HereAsync()).HalaxyId);
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        var left = Assert.Single(await scene.HereAsync());
        Assert.Equal((AppointmentStatus.Cancelled, null), (left.Status, left.HalaxyId));
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("partial")]
    [InlineData("refused")]
    [InlineData("scope")]
    public async Task A_listing_that_is_not_whole_deletes_nothing(string kind)
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var n = 0; n < 3; n++) await scene.Halaxy.BookAsync($"2026-01-1{n + 2}T09:00");
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(3, (await scene.HereAsync()).Count);
        await scene.AdvanceAsync(Duration.FromHours(7));
        if (kind is "empty" or "partial") await scene.Halaxy.Scene.FaultAsync("halaxy.search", "stale-list", new JsonObject { ["amount"] = kind == "empty" ? 3 : 1, ["times"] = 20 });
        if (kind == "refused") await scene.Halaxy.Scene.FaultAsync("halaxy.search", "status", new JsonObject { ["status"] = 503, ["times"] = 20 });
        if (kind == "scope") await scene.Halaxy.DoAsync("untick", new JsonObject { ["client"] = scene.Halaxy.Client, ["scope"] = "Appointment" });
        await scene.PassAsync();
        Assert.Equal(3, (await scene.HereAsync()).Count(one => one.TakesPlace));
        Assert.Equal(kind == "scope" ? HalaxyState.MissingScope : HalaxyState.Active, (await scene.ConnectionAsync())!.State);
    }

    [Fact]
    public async Task Very_many_deletions_wait_until_somebody_says_that_they_are_meant()
    {
        await using var scene = await MirrorScene.StartAsync();
        List<string> ids = [];
        for (var n = 0; n < 12; n++) ids.Add(await scene.Halaxy.MeetAsync("Team", $"2026-01-{n + 10}T09:00"));
        await scene.PassAsync();
        foreach (var id in ids) await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        Assert.Equal(PassResult.Stopped, await scene.PassAsync([.. ids]));
        var held = (await scene.ConnectionAsync())!;
        Assert.Equal((HalaxyState.DeletionsHeld, 12), (held.State, held.HeldDeletions));
        Assert.Equal(12, (await scene.HereAsync()).Count);
        await scene.ChangeAsync(connection => connection.AllowingDeletions());
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Empty(await scene.HereAsync());
    }

    [Fact]
    public async Task What_Halaxy_says_it_did_and_did_not_is_a_persons_task()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.PhoneRemovesAsync(uid);
        await scene.PassAsync();
        // put back in the diary, which Halaxy takes without doing it
        await scene.Diary.RestoreAsync(new AppointmentTarget(uid));
        await scene.PassAsync();
        var task = Assert.Single(await scene.TasksAsync());
        Assert.Equal((HalaxyTaskReason.NotTaken, MirroredFields.Status, false, uid), (task.Reason, task.Fields, task.WantsCancelled, task.Uid));
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
        // somebody does it by hand
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["status"] = "booked" });
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
    }

    [Fact]
    public async Task A_meeting_deleted_here_is_a_persons_task_until_it_is_deleted_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.PhoneRemovesAsync((await scene.HereAsync()).Single().Id);
        await scene.PassAsync();
        Assert.Equal(HalaxyTaskReason.CannotDelete, Assert.Single(await scene.TasksAsync()).Reason);
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Empty(await scene.HereAsync());
        Assert.Single(await scene.TasksAsync());
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task A_meeting_deleted_here_comes_back_when_it_is_changed_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.PhoneRemovesAsync((await scene.HereAsync()).Single().Id);
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T15:00" });
        await scene.PassAsync();
        Assert.Equal(15, (await scene.HereAsync()).Single().Start.Hour);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_repeats_here_is_a_persons_task()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.PhoneChangesAsync(uid, text => text.Replace("SUMMARY:", "RRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:", StringComparison.Ordinal));
        await scene.PassAsync();
        Assert.Equal(3, (await scene.HereAsync()).Count);
        Assert.Equal(HalaxyTaskReason.Repeats, Assert.Single(await scene.TasksAsync()).Reason);
    }

    [Fact]
    public async Task An_appointment_goes_with_its_practitioner()
    {
        await using var scene = await MirrorScene.StartAsync();
        var ben = await scene.PractitionerAsync("ben", "Ben Ito");
        var there = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
        var role = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = there, ["clinic"] = scene.Halaxy.Clinic });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        var id = await scene.Halaxy.BookAsync();
        var both = await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = $"{scene.Halaxy.Role} {role}", ["title"] = "Staff", ["start"] = "2026-01-14T12:00", ["minutes"] = "30" });
        await scene.PassAsync();
        Assert.Equal(2, (await scene.HereAsync()).Count);
        Assert.Equal(both, Assert.Single(await scene.HereAsync(scene.DiaryOf(ben))).HalaxyId);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.PassAsync();
        Assert.Equal(both, Assert.Single(await scene.HereAsync()).HalaxyId);
        Assert.Equal(2, (await scene.HereAsync(scene.DiaryOf(ben))).Count);
        // a staff meeting that one of them moves is moved for both
        var meeting = (await scene.HereAsync()).Single();
        await scene.Diary.EditAsync(new AppointmentTarget(meeting.Id), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 14, 17, 0) });
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.All([(await scene.HereAsync()).Single(), (await scene.HereAsync(scene.DiaryOf(ben))).Single(one => one.HalaxyId == both)], one => Assert.Equal(17, one.Start.Hour));
    }

    [Fact]
    public async Task A_practice_that_connects_again_doubles_nothing_and_loses_nothing()
    {
        await using var scene = await MirrorScene.StartAsync();
        var own = await scene.Diary.AddPersonalAsync(new PersonalEntry("Dentist", new LocalDateTime(2026, 1, 8, 9, 0), Duration.FromMinutes(30)));
        var (moved, untouched) = (await scene.Halaxy.BookAsync(), await scene.Halaxy.BookAsync("2026-01-13T09:00"));
        await scene.PassAsync();
        await scene.DisconnectAsync();
        Assert.Equal(PassResult.Stopped, await scene.PassAsync());
        Assert.Equal(3, (await scene.HereAsync()).Count);
        var uid = (await scene.HereAsync()).Single(one => one.HalaxyId == moved).Id;
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Comments = "while away" });
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = untouched, ["start"] = "2026-01-13T14:00" });
        var late = await scene.Halaxy.BookAsync("2026-01-15T09:00");
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        var all = await scene.HereAsync();
        Assert.Equal(4, all.Count);
        Assert.Equal(14, all.Single(one => one.HalaxyId == untouched).Start.Hour);
        Assert.Single(all, one => one.HalaxyId == late);
        Assert.Single(all, one => one.Id == own);
        Assert.Equal("while away", (string?)(await scene.ThereAsync(moved))["comments"]);
    }

    [Fact]
    public async Task A_key_that_is_refused_stops_the_mirror_and_changes_nothing()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("revoke-key", new JsonObject { ["client"] = scene.Halaxy.Client });
        Assert.Equal(PassResult.Stopped, await scene.PassAsync());
        Assert.Equal(HalaxyState.KeyRefused, (await scene.ConnectionAsync())!.State);
        Assert.Single(await scene.HereAsync());
    }

    [Fact]
    public async Task A_double_booking_that_Halaxy_refuses_is_put_back()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = (await scene.HereAsync()).Single().Id;
        await scene.Halaxy.Scene.FaultAsync("halaxy.patch", "status", new JsonObject { ["status"] = 409, ["reason"] = "conflict", ["times"] = 1 });
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 16, 0) });
        await scene.PassAsync();
        Assert.Equal(9, (await scene.HereAsync()).Single().Start.Hour);
        var refused = Assert.Single(await scene.OverruledAsync());
        Assert.True(refused is { IsRefused: true, IsDoubleBooking: true });
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
    }
}
