using System.Text.Json.Nodes;
using NodaTime;
using Practice;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>Halaxy fails at one thing, or says something odd of it: all else goes on, and what is said of it is so.</summary>
public sealed class OneThingTests : OddAnswerTest
{
    private const string Forbidden = """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden"}]}""";
    private const string Nothing = """{"resourceType":"Bundle","type":"searchset","total":0}""";

    [Fact]
    public async Task Patients_who_cannot_be_read_have_numbers_until_they_can_and_appointments_go_on()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var id = await scene.Halaxy.BookAsync();
        scene.Asked.Instead = r => Asks(r, "GET", "/Patient") ? Reply(500, "") : null;
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal($"Client {scene.Halaxy.Patient}", Assert.Single((await scene.HereAsync()).Single().Patients).FullName);
        Assert.True((await scene.ConnectionAsync())!.LacksNames);
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), new AppointmentEdit { Comments = "new" });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal("new", (string?)(await scene.ThereAsync(id))["comments"]);
        scene.Asked.Instead = null;
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal("Zora Newman", Assert.Single((await scene.HereAsync()).Single().Patients).FullName);
        Assert.False((await scene.ConnectionAsync())!.LacksNames);
    }

    [Fact]
    public async Task Clinics_that_cannot_be_read_are_called_as_before_and_the_comparison_goes_on()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.BookAsync("2026-01-13T09:00");
        scene.Asked.Instead = r => Asks(r, "GET", "/Organization") ? Reply(500, "") : null;
        await scene.AdvanceAsync(Duration.FromHours(7));
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(["Main Street", "Main Street"], (await scene.HereAsync()).Select(one => one.Location));
    }

    [Fact]
    public async Task A_new_appointment_that_cannot_be_read_by_itself_is_taken_from_the_list()
    {
        await using var scene = await MirrorScene.StartAsync();
        var known = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), new AppointmentEdit { Comments = "new" });
        var id = await scene.Halaxy.BookAsync("2026-01-13T09:00");
        scene.Asked.Instead = r => Asks(r, "GET", $"/Appointment/{id}") ? Reply(500, "") : null;
        Assert.Equal(PassResult.Done, await scene.PassAsync(id));
        Assert.Equal("new", (string?)(await scene.ThereAsync(known))["comments"]);
        Assert.Contains(await scene.HereAsync(), one => one.HalaxyId == id);
    }

    [Fact]
    public async Task That_fewer_came_than_Halaxy_has_is_kept_and_all_are_compared_again_soon()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        scene.Asked.Changes = (r, t) => Asks(r, "GET", "date=ge") ? t.Replace("\"total\":1", "\"total\":2", StringComparison.Ordinal) : t;
        var started = scene.Now;
        await scene.PassAsync();
        Assert.Equal((1, started, started + Duration.FromMinutes(10)), await scene.ConnectionAsync() is { LastCompare: { } last, CompareAgain: { } again } partial ? (partial.Partial, last, again) : default);
        scene.Asked.Changes = null;
        await scene.AdvanceAsync(Duration.FromMinutes(10));
        await scene.PassAsync();
        Assert.Equal((0, null), await scene.ConnectionAsync() is { } whole ? (whole.Partial, whole.CompareAgain) : default);
    }

    [Fact]
    public async Task An_appointment_that_may_not_be_seen_any_more_is_not_taken_for_a_deletion()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        scene.Asked.Instead = r => Asks(r, "GET", $"/Appointment/{id}") ? Reply(404, Forbidden) : Asks(r, "GET", "_id=") || Asks(r, "GET", "_lastUpdated=") ? Reply(200, Nothing) : null;
        await scene.PassAsync(id);
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
        Assert.Equal(HalaxyTaskReason.Unreadable, Assert.Single(await scene.TasksAsync()).Reason);
        scene.Asked.Instead = null;
        await scene.PassAsync(id);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task A_search_for_a_patient_that_finds_everybody_comes_to_an_end()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var page = 0;
        scene.BookAsked.Instead = r => Asks(r, "GET", "/Patient") ? Reply(200, OthersOf(scene.Halaxy.Key.Address, page++)) : null;
        Assert.Empty(await scene.Booking.FindPatientsAsync(scene.Group, "zora", TestContext.Current.CancellationToken));
        Assert.InRange(page, 2, 6);
    }

    [Fact]
    public async Task Where_Halaxy_does_not_say_when_it_changed_what_it_is_not_asked_for_all_of_it_for_ever()
    {
        await using var scene = await MirrorScene.StartAsync();
        scene.Asked.Changes = (_, t) => t.Replace("\"lastUpdated\"", "\"versionId\"", StringComparison.Ordinal);
        await scene.PassAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.AdvanceAsync(Duration.FromMinutes(60));
        await scene.PassAsync();
        Assert.Contains(await scene.HereAsync(), one => one.HalaxyId == id);
        Assert.Equal(scene.Now - Duration.FromMinutes(11), (await scene.ConnectionAsync())!.PolledTo);
    }

    [Fact]
    public async Task What_two_practitioners_have_deleted_is_a_task_of_each()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, role) = await scene.AddBenAsync();
        await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = $"{scene.Halaxy.Role} {role}", ["title"] = "Both", ["start"] = "2026-01-16T12:00", ["minutes"] = "30" });
        await scene.PassAsync();
        foreach (var diary in new[] { scene.Diary, scene.DiaryOf(ben) }) await diary.CancelAsync(new AppointmentTarget((await scene.HereAsync(diary)).Single().Id), CancelChoice.Delete);
        await scene.PassAsync();
        Assert.Equal(new[] { scene.Maya, ben }.Order(), (await scene.TasksAsync()).Select(task => task.PractitionerId).Order());
        Assert.All(await scene.TasksAsync(), task => Assert.Equal(HalaxyTaskReason.CannotDelete, task.Reason));
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = (await scene.TasksAsync())[0].Id });
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_was_added_there_after_the_count_is_counted()
    {
        await using var scene = await MirrorScene.StartAsync();
        foreach (var name in new[] { "say-create", "create" }) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = name });
        await scene.Halaxy.BookAsync("2026-01-14T09:00");
        await AddAsync(scene);
        await scene.PassAsync();
        Assert.Equal(2, (await scene.ThereAsync()).Count);
        Assert.Equal(2, (await scene.ConnectionAsync())!.Count);
    }

    [Fact]
    public async Task Very_many_deletions_of_long_ago_are_done_once_somebody_says_so()
    {
        await using var scene = await MirrorScene.StartAsync();
        List<string> ids = [];
        for (var n = 0; n < 12; n++) ids.Add(await scene.Halaxy.BookAsync($"2026-01-{8 + n:00}T09:00"));
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromDays(60));
        await scene.PassAsync();
        foreach (var id in ids) await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync([.. ids]);
        Assert.Equal((HalaxyState.DeletionsHeld, 12), await scene.ConnectionAsync() is { } held ? (held.State, held.HeldDeletions) : default);
        await scene.ChangeAsync(connection => connection.AllowingDeletions());
        await scene.PassAsync();
        Assert.DoesNotContain(await scene.Diary.ListAsync(scene.Now - Duration.FromDays(90), scene.Now), one => one.TakesPlace);
        Assert.Null((await scene.ConnectionAsync())!.HeldFrom);
    }

    [Fact]
    public async Task What_is_moved_in_Halaxy_while_other_things_are_asked_for_is_not_overwritten()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        // a practitioner who is not known yet takes part: it is asked who they are
        var there = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
        var role = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = there, ["clinic"] = scene.Halaxy.Clinic });
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = $"{scene.Halaxy.Role} {role}" });
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), new AppointmentEdit { Start = Nine.PlusHours(3) });
        var moved = false;
        scene.Asked.Before = async r =>
        {
            if (moved || !Asks(r, "GET", "/PractitionerRole?")) return;
            moved = true;
            await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T15:00" });
            await Task.Delay(1200, TestContext.Current.CancellationToken);
        };
        await scene.PassAsync();
        Assert.True(moved);
        Assert.StartsWith("2026-01-12T15:00", (string?)(await scene.ThereAsync(id))["start"], StringComparison.Ordinal);
        Assert.Equal(MirroredFields.Times, Assert.Single(await scene.OverruledAsync()).Fields);
    }

    [Fact]
    public async Task A_patient_who_can_never_be_read_keeps_no_other_from_having_a_name()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var bad = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ada", ["family"] = "Bad" });
        scene.Asked.Instead = r => Asks(r, "GET", "/Patient?") || Asks(r, "GET", $"/Patient/{bad}") ? Reply(500, "") : null;
        foreach (var (patient, start) in new[] { (bad, "2026-01-12T09:00"), (scene.Halaxy.Patient, "2026-01-13T09:00") })
            await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = patient, ["service"] = scene.Halaxy.Service, ["start"] = start, ["minutes"] = "50" });
        for (var n = 0; n < 2; n++) Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal([$"Client {bad}", "Zora Newman"], (await scene.HereAsync()).OrderBy(one => one.Start.ToInstant()).Select(one => Assert.Single(one.Patients).FullName));
    }

    [Fact]
    public async Task A_name_that_cannot_be_asked_for_again_stays_where_it_is()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var id = await scene.Halaxy.BookAsync("2026-03-02T09:00");
        await scene.PassAsync();
        // what was kept of it is too old by then
        await scene.AdvanceAsync(Duration.FromDays(40));
        scene.Asked.Instead = r => Asks(r, "GET", "/Patient") ? Reply(500, "") : null;
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-03-02T11:00" });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        var here = Assert.Single(await scene.Diary.ListAsync(scene.Now, scene.Now + Duration.FromDays(60)));
        Assert.Equal((11, "Zora Newman"), (here.Start.Hour, Assert.Single(here.Patients).FullName));
    }

    [Fact]
    public async Task A_list_of_clinics_that_is_none_holds_up_no_comparison()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.Halaxy.BookAsync();
        scene.Asked.Instead = r => Asks(r, "GET", "/Organization") ? Reply(200, "<html>") : null;
        await scene.AdvanceAsync(Duration.FromHours(7));
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Single(await scene.HereAsync());
    }

    [Fact]
    public async Task One_appointment_that_Halaxy_fails_to_add_holds_up_no_other()
    {
        await using var scene = await MirrorScene.StartAsync();
        foreach (var name in new[] { "say-create", "create" }) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = name });
        var id = await scene.Halaxy.BookAsync("2026-01-14T09:00");
        await scene.PassAsync();
        await AddAsync(scene);
        scene.Asked.Instead = r => r.Method == HttpMethod.Post && Asks(r, "POST", "/Appointment") ? Reply(500, "") : null;
        Assert.Equal(PassResult.Later, await scene.PassAsync());
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        Assert.Equal(PassResult.Done, await scene.PassAsync(id));
        Assert.DoesNotContain(await scene.HereAsync(), one => one.HalaxyId == id && one.TakesPlace);
        Assert.Equal(HalaxyTaskReason.NotAdded, Assert.Single(await scene.TasksAsync()).Reason);
        scene.Asked.Instead = null;
        await scene.AdvanceAsync(Duration.FromHours(1));
        await scene.PassAsync();
        Assert.Single(await scene.ThereAsync());
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_one_practitioner_has_deleted_keeps_no_other_from_moving_it()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, role) = await scene.AddBenAsync();
        var id = await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = $"{scene.Halaxy.Role} {role}", ["title"] = "Both", ["start"] = "2026-01-16T12:00", ["minutes"] = "30" });
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), CancelChoice.Delete);
        var bens = scene.DiaryOf(ben);
        await bens.EditAsync(new AppointmentTarget((await scene.HereAsync(bens)).Single().Id), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 16, 14, 0) });
        await scene.PassAsync();
        Assert.StartsWith("2026-01-16T14:00", (string?)(await scene.ThereAsync(id))["start"], StringComparison.Ordinal);
        // what was moved since it was deleted comes back to who takes part still
        await scene.PassAsync();
        Assert.Equal([14, 14], new[] { await scene.HereAsync(), await scene.HereAsync(bens) }.Select(here => Assert.Single(here).Start.Hour));
        Assert.Empty(await scene.TasksAsync());
    }

    private static string OthersOf(Uri address, int page) => new JsonObject
    {
        ["resourceType"] = "Bundle",
        ["type"] = "searchset",
        ["link"] = new JsonArray(new JsonObject { ["relation"] = "next", ["url"] = $"{address}Patient?page={page + 1}" }),
        ["entry"] = new JsonArray([.. Enumerable.Range(0, 21).Select(n => new JsonObject { ["resource"] = new JsonObject { ["resourceType"] = "Patient", ["id"] = $"{page}-{n}", ["name"] = new JsonArray(new JsonObject { ["family"] = "Other" }) } })]),
    }.ToJsonString();
}
