using System.Text.Json.Nodes;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Xunit;

namespace Sandbox.Tests.Halaxy;

/// <summary>What the documented API cannot do, as soon as it says that it can: add personal appointments, and delete them.</summary>
public sealed class CreationTests
{
    private static readonly LocalDateTime Noon = new(2026, 1, 14, 12, 0);

    [Fact]
    public async Task What_is_added_here_is_in_Halaxy_once_and_both_sides_move_it()
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)) { Comments = "with Tom", Location = "Café" });
        await scene.PassAsync();
        var there = Assert.Single(await scene.ThereAsync());
        Assert.Equal(("with Tom", "2026-01-14T01:00:00Z"), ((string?)there["comments"], InstantOf(there, "start")));
        // the title cannot be read in Halaxy, and is not sent
        Assert.DoesNotContain("Lunch", there.ToJsonString(), StringComparison.Ordinal);
        var here = Assert.Single(await scene.HereAsync());
        Assert.Equal(((string?)there["id"], uid, "Lunch", "Café"), (here.HalaxyId, here.Id, here.Title, here.Location));

        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = Noon.PlusHours(2) }, SeriesScope.All);
        await scene.PassAsync();
        Assert.Equal("2026-01-14T03:00:00Z", InstantOf(Assert.Single(await scene.ThereAsync()), "start"));
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = here.HalaxyId, ["start"] = "2026-01-15T09:00" });
        await scene.PassAsync();
        Assert.Equal(new LocalDateTime(2026, 1, 15, 9, 0), Assert.Single(await scene.HereAsync()).Start.LocalDateTime);
        Assert.Empty(await scene.TasksAsync());
    }

    [Theory]
    [InlineData("PRIVATE")]
    [InlineData("CONFIDENTIAL")]
    public async Task What_is_for_its_owners_eyes_is_a_block_of_time_in_Halaxy_and_its_comments_stay_here(string @class)
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Oncologist", Noon, Duration.FromMinutes(45)) { Comments = "results of the scan" });
        await scene.PhoneChangesAsync(uid, text => text.Replace("END:VEVENT", $"CLASS:{@class}\r\nEND:VEVENT", StringComparison.Ordinal));
        await scene.PassAsync();
        Assert.Equal("", (string?)Assert.Single(await scene.ThereAsync())["comments"] ?? "");
        // nor is Halaxy told them later
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = Noon.PlusHours(2) }, SeriesScope.All);
        await scene.PassAsync();
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Comments = "results of the second scan" }, SeriesScope.All);
        await scene.PassAsync();
        var there = Assert.Single(await scene.ThereAsync());
        Assert.Equal(("", "2026-01-14T03:00:00Z"), ((string?)there["comments"] ?? "", InstantOf(there, "start")));
        // nor does what somebody writes there take their place
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = (string)there["id"]!, ["comments"] = "Who is that?" });
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Equal("results of the second scan", Assert.Single(await scene.HereAsync()).Comments);
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
    }

    [Fact]
    public async Task The_comments_of_what_is_private_no_longer_are_told()
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)) { Comments = "with Tom" });
        await scene.PhoneChangesAsync(uid, text => text.Replace("END:VEVENT", "CLASS:PRIVATE\r\nEND:VEVENT", StringComparison.Ordinal));
        await scene.PassAsync();
        await scene.PhoneChangesAsync(uid, text => text.Replace("CLASS:PRIVATE\r\n", "", StringComparison.Ordinal));
        await scene.PassAsync();
        Assert.Equal("with Tom", (string?)Assert.Single(await scene.ThereAsync())["comments"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_blocks_no_time_here_blocks_none_in_Halaxy(bool isAllDay)
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Ben’s birthday", isAllDay ? Noon.Date.AtMidnight() : Noon, isAllDay ? Duration.FromDays(1) : Duration.FromMinutes(45)) { AllDay = isAllDay });
        if (!isAllDay) await scene.PhoneChangesAsync(uid, text => text.Replace("END:VEVENT", "TRANSP:TRANSPARENT\r\nEND:VEVENT", StringComparison.Ordinal));
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Empty(await scene.ThereAsync());
        Assert.Empty(await scene.TasksAsync());
        Assert.Null(Assert.Single(await scene.HereAsync()).HalaxyId);
    }

    [Fact]
    public async Task What_is_in_Halaxy_already_stays_there_when_it_is_shown_as_free_here()
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)));
        await scene.PassAsync();
        await scene.PhoneChangesAsync(uid, text => text.Replace("END:VEVENT", "TRANSP:TRANSPARENT\r\nEND:VEVENT", StringComparison.Ordinal));
        await scene.PassAsync();
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = Noon.PlusHours(2) }, SeriesScope.All);
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        var there = Assert.Single(await scene.ThereAsync());
        Assert.Equal(((string?)there["id"], "2026-01-14T03:00:00Z"), (Assert.Single(await scene.HereAsync()).HalaxyId, InstantOf(there, "start")));
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_was_only_here_before_is_added_when_Halaxy_begins_to_take_it()
    {
        await using var scene = await StartAsync();
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)));
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Run", Noon.PlusHours(5), Duration.FromMinutes(45)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Long ago", Noon.PlusDays(-20), Duration.FromMinutes(45)));
        await scene.PassAsync();
        Assert.Empty(await scene.ThereAsync());
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "create" });
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.True((await scene.ConnectionAsync())!.CanCreate);
        Assert.Equal("2026-01-14T01:00:00Z", InstantOf(Assert.Single(await scene.ThereAsync()), "start"));
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Single(await scene.ThereAsync());
    }

    [Fact]
    public async Task A_time_that_is_taken_in_Halaxy_is_a_task_until_it_is_free()
    {
        await using var scene = await StartAsync("create");
        await scene.Halaxy.BookAsync("2026-01-14T12:00");
        await scene.PassAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)));
        await scene.PassAsync();
        var task = Assert.Single(await scene.TasksAsync());
        Assert.Equal((HalaxyTaskReason.TimeTaken, uid), (task.Reason, task.Uid));
        Assert.Single(await scene.ThereAsync());
        var asked = scene.Asked.Paths.Count(path => path.StartsWith("POST /main/Appointment", StringComparison.Ordinal));
        await scene.PassAsync();
        Assert.Equal(asked, scene.Asked.Paths.Count(path => path.StartsWith("POST /main/Appointment", StringComparison.Ordinal)));

        // moved, it is tried at once
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = Noon.PlusHours(3) }, SeriesScope.All);
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
        Assert.Equal(2, (await scene.ThereAsync()).Count);
    }

    [Fact]
    public async Task An_API_that_says_create_and_means_bookings_is_tried_once_in_a_comparison_and_nothing_is_made_of_it()
    {
        await using var scene = await StartAsync("say-create");
        for (var hour = 1; hour < 4; hour++) await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon.PlusHours(hour), Duration.FromMinutes(45)));
        await scene.PassAsync();
        Assert.Equal(1, scene.Asked.Paths.Count(path => path == "POST /main/Appointment"));
        Assert.False((await scene.ConnectionAsync())!.CanCreate);
        Assert.Empty(await scene.TasksAsync());
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Equal(2, scene.Asked.Paths.Count(path => path == "POST /main/Appointment"));
        Assert.Equal(3, (await scene.HereAsync()).Count(one => one.HalaxyId is null));
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("switch off")]
    public async Task A_task_goes_with_the_appointment_and_with_the_ability(string how)
    {
        await using var scene = await StartAsync("create");
        await scene.Halaxy.BookAsync("2026-01-14T12:00");
        await scene.PassAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)));
        await scene.PassAsync();
        Assert.Single(await scene.TasksAsync());
        if (how == "delete") await scene.Diary.CancelAsync(new AppointmentTarget(uid), CancelChoice.Delete, SeriesScope.All);
        else await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "create", ["on"] = "false" });
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
    }

    [Theory]
    [InlineData(true, 20)]
    [InlineData(false, 20)]
    public async Task Wherever_a_pass_is_cut_short_it_is_made_once(bool before, int most)
    {
        for (var after = 0; after < most; after++)
        {
            await using var scene = await StartAsync("create");
            await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)));
            (scene.Asked.CutAfter, scene.Asked.CutsBefore) = (after, before);
            var isCut = await IsCutAsync(scene);
            scene.Asked.CutAfter = null;
            await scene.PassAsync();
            await scene.PassAsync();
            Assert.Equal((string?)Assert.Single(await scene.ThereAsync())["id"], Assert.Single(await scene.HereAsync()).HalaxyId);
            if (!isCut) return;
        }

        Assert.Fail("It was cut short each time.");
    }

    [Fact]
    public async Task What_was_added_and_not_answered_is_not_taken_for_a_booking()
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Zora", Noon, Duration.FromMinutes(45)));
        await scene.Halaxy.Scene.FaultAsync("halaxy.create", "reset-after");
        await scene.PassAsync();
        var refused = await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(uid));
        Assert.Contains("already as a personal appointment", refused.Message, StringComparison.Ordinal);
        await scene.PassAsync();
        var there = Assert.Single(await scene.ThereAsync());
        Assert.Equal((uid, (string?)there["id"]), Assert.Single(await scene.HereAsync()) is var here ? (here.Id, here.HalaxyId) : default);
        Assert.False(await scene.Booking.IsBookedAsync(scene.Group, uid, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_being_added_is_not_booked_at_the_same_time()
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Zora", Noon, Duration.FromMinutes(45)));
        await scene.Halaxy.Scene.FaultAsync("halaxy.create", "latency", new JsonObject { ["milliseconds"] = 1500 });
        var pass = scene.PassAsync();
        while (!scene.Asked.Paths.Contains("POST /main/Appointment")) await Task.Delay(5, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(uid));
        Assert.Contains("is being added", refused.Message, StringComparison.Ordinal);
        await pass;
        Assert.Single(await scene.ThereAsync());
    }

    [Fact]
    public async Task What_is_being_booked_is_not_added_at_the_same_time()
    {
        await using var scene = await StartAsync("create");
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "double-bookings" });
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Zora", Noon, Duration.FromMinutes(45)));
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "latency", new JsonObject { ["milliseconds"] = 1500 });
        var booking = scene.BookAsync(uid);
        while (!scene.BookAsked.Paths.Any(path => path.StartsWith("POST /main/Appointment", StringComparison.Ordinal))) await Task.Delay(5, TestContext.Current.CancellationToken);
        await scene.PassAsync();
        Assert.DoesNotContain("POST /main/Appointment", scene.Asked.Paths);
        Assert.Equal(await booking, (string?)Assert.Single(await scene.ThereAsync())["id"]);
        await scene.PassAsync();
        Assert.Equal(uid, Assert.Single(await scene.HereAsync()).Id);
    }

    [Fact]
    public async Task What_was_not_booked_after_all_is_added_later()
    {
        await using var scene = await StartAsync("create");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Zora", Noon, Duration.FromMinutes(45)));
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "reset-before");
        Assert.Null(await scene.BookAsync(uid));
        await scene.PassAsync();
        Assert.Empty(await scene.ThereAsync());
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Equal((string?)Assert.Single(await scene.ThereAsync())["id"], Assert.Single(await scene.HereAsync()).HalaxyId);
    }

    [Fact]
    public async Task What_is_deleted_here_is_deleted_there_and_stays_so()
    {
        await using var scene = await StartAsync("delete");
        var id = await scene.Halaxy.MeetAsync("Team");
        var booked = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single(one => one.HalaxyId == id).Id), CancelChoice.Delete, SeriesScope.All);
        await scene.PassAsync();
        Assert.Equal(booked, (string?)Assert.Single(await scene.ThereAsync())["id"]);
        Assert.Empty(await scene.TasksAsync());
        Assert.Equal(1, (await scene.ConnectionAsync())!.Count);
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Equal(booked, Assert.Single(await scene.HereAsync()).HalaxyId);
        Assert.Equal(1, (await scene.ConnectionAsync())!.Count);
    }

    [Fact]
    public async Task A_meeting_with_somebody_who_did_not_delete_it_is_not_deleted()
    {
        await using var scene = await StartAsync("delete");
        var other = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
        var role = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = other, ["clinic"] = scene.Halaxy.Clinic });
        await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = $"{scene.Halaxy.Role} {role}", ["title"] = "Team", ["start"] = "2026-01-14T12:00", ["minutes"] = "30" });
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), CancelChoice.Delete, SeriesScope.All);
        await scene.PassAsync();
        Assert.Single(await scene.ThereAsync());
        Assert.Equal(HalaxyTaskReason.CannotDelete, Assert.Single(await scene.TasksAsync()).Reason);
    }

    [Fact]
    public async Task What_is_to_be_deleted_by_hand_is_deleted_once_Halaxy_can()
    {
        await using var scene = await StartAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), CancelChoice.Delete, SeriesScope.All);
        await scene.PassAsync();
        Assert.Equal(HalaxyTaskReason.CannotDelete, Assert.Single(await scene.TasksAsync()).Reason);
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "delete" });
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Empty(await scene.ThereAsync());
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_is_moved_here_right_after_it_was_booked_is_moved_there()
    {
        await using var scene = await StartAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Zora", Noon, Duration.FromMinutes(45)));
        await scene.BookAsync(uid);
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = Noon.PlusHours(1) }, SeriesScope.All);
        await scene.PassAsync();
        Assert.Equal("2026-01-14T02:00:00Z", InstantOf(Assert.Single(await scene.ThereAsync()), "start"));
        Assert.Equal(Noon.PlusHours(1), Assert.Single(await scene.HereAsync()).Start.LocalDateTime);
    }

    private static async Task<MirrorScene> StartAsync(params string[] switches)
    {
        var scene = await MirrorScene.StartAsync();
        foreach (var name in switches) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = name });
        await scene.PassAsync();
        return scene;
    }

    private static async Task<bool> IsCutAsync(MirrorScene scene)
    {
        try
        {
            return await scene.PassAsync() != PassResult.Done;
        }
        catch (CutException)
        {
            return true;
        }
    }

    private static string InstantOf(JsonObject appointment, string name) =>
        NodaTime.Text.InstantPattern.General.Format(Instant.FromDateTimeOffset(DateTimeOffset.Parse((string)appointment[name]!, System.Globalization.CultureInfo.InvariantCulture)));
}
