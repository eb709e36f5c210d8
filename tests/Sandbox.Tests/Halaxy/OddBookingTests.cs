using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is refused, answered oddly or not at all while something is booked or added in Halaxy: nothing is lost, doubled, or taken for another.</summary>
public sealed class OddBookingTests : OddAnswerTest
{
    [Fact]
    public async Task A_time_that_is_taken_at_another_clinic_of_the_practitioner_is_taken()
    {
        await using var scene = await MirrorScene.StartAsync();
        var other = await OtherRoleAsync(scene);
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await scene.Halaxy.BookAsync("2026-01-12T09:15");
        await Assert.ThrowsAsync<HalaxyException>(() => scene.BookAsync(uid, new HalaxyWish(scene.Halaxy.Patient, scene.Halaxy.Service, other)));
    }

    [Theory]
    [InlineData(422)]
    [InlineData(404)]
    [InlineData(400)]
    public async Task An_API_that_refuses_each_appointment_is_asked_for_one(int status)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "say-create" });
        for (var n = 0; n < 12; n++) await scene.Diary.AddPersonalAsync(new PersonalEntry($"Own {n}", Nine.PlusDays(n), Duration.FromMinutes(30)));
        scene.Asked.Instead = r => r.Method == HttpMethod.Post && r.RequestUri!.AbsolutePath.EndsWith("/Appointment", StringComparison.Ordinal) ? Reply(status, """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}""") : null;
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromHours(1));
        await scene.PassAsync();
        var posts = scene.Asked.Paths.Count(p => p.StartsWith("POST", StringComparison.Ordinal) && p.EndsWith("/Appointment", StringComparison.Ordinal));
        Assert.True(posts <= 2);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task Title_and_comments_outlive_an_answer_that_was_lost()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "drop-comments" });
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        var searches = 0;
        scene.BookAsked.Instead = r => Asks(r, "GET", "/Appointment?") && ++searches > 1 ? Reply(503, "") : null;
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "reset-after");
        Assert.Null(await scene.BookAsync(uid));
        await scene.PassAsync();
        await scene.PassAsync();
        var one = Assert.Single(await scene.HereAsync());
        Assert.Equal("Zora rang\nBring the letter", one.Comments);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(23)]
    public async Task What_was_booked_is_known_again_however_long_the_connection_waits(int hours)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        Assert.NotNull(await scene.BookAsync(uid));
        await scene.AdvanceAsync(Duration.FromHours(hours));
        await scene.PassAsync();
        Assert.Single(await scene.HereAsync());
    }

    [Theory]
    [InlineData(23)]
    [InlineData(70)]
    [InlineData(1000)]
    public async Task What_was_booked_and_not_answered_is_known_again_however_long_Halaxy_cannot_be_asked(int hours)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "reset-after");
        await scene.Halaxy.Scene.FaultAsync("halaxy.search", "status", new JsonObject { ["status"] = 503, ["skip"] = 1, ["times"] = 3 });
        Assert.Null(await scene.BookAsync(uid));
        await scene.AdvanceAsync(Duration.FromHours(hours));
        await scene.PassAsync();
        var here = Assert.Single(await scene.DiaryOf(scene.Maya).ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 6, 1, 0, 0)));
        Assert.Equal((uid, true), (here.Id, here.HalaxyId is not null));
    }

    [Theory]
    [InlineData("2026-13-45T09:00:00+11:00")]
    [InlineData("soon")]
    public async Task A_start_that_is_none_is_nobodys_time(string start)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync("2026-01-12T15:00");
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        scene.BookAsked.Changes = (r, t) => t.Replace("2026-01-12T15:00:00\\u002B11:00", start, StringComparison.Ordinal);
        Assert.NotNull(await scene.BookAsync(uid));
    }

    [Fact]
    public async Task A_start_that_is_none_is_not_offered()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var day = new Interval(Instant.FromUtc(2099, 1, 11, 13, 0), Instant.FromUtc(2099, 1, 12, 13, 0));
        scene.BookAsked.Changes = (r, t) => t.Replace("2099-01-11T23:00:00Z", "soon", StringComparison.Ordinal);
        await scene.Booking.FindTimesAsync(scene.Group, scene.Halaxy.Role, day, Duration.FromMinutes(50), static _ => true, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_start_that_is_none_holds_up_no_pass()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "create" });
        await scene.Halaxy.BookAsync("2026-01-12T15:00");
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Own", Nine, Duration.FromMinutes(30)));
        await scene.Halaxy.Scene.FaultAsync("halaxy.create", "reset-before");
        await scene.PassAsync();
        scene.Asked.Changes = (r, t) => t.Replace("2026-01-12T15:00:00\\u002B11:00", "soon", StringComparison.Ordinal);
        await scene.PassAsync();
    }

    [Fact]
    public async Task What_was_deleted_there_before_it_came_is_not_called_booked_for_long()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        var id = (await scene.BookAsync(uid))!;
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.False(await scene.Booking.IsBookedAsync(scene.Group, uid, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lost_answer_books_once_where_results_come_in_any_order()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "double-bookings" });
        await scene.Halaxy.BookAsync("2026-02-12T15:00");
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        scene.BookAsked.Changes = (r, t) => Asks(r, "GET", "/Appointment?") ? Reversed(t) : t;
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "reset-after");
        await scene.BookAsync(uid);
        await scene.BookAsync(uid);
        Assert.Equal(2, (await scene.ThereAsync()).Count);
    }

    [Fact]
    public async Task A_booking_that_was_rejected_takes_no_time()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "double-bookings" });
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["status"] = "rejected" });
        await scene.PassAsync();
        var other = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ida", ["family"] = "Two" });
        var uid = await AddAsync(scene);
        Assert.NotNull(await scene.BookAsync(uid, new HalaxyWish(other, scene.Halaxy.Service, scene.Halaxy.Role)));
    }

    [Fact]
    public async Task A_meeting_at_the_time_of_one_that_was_refused_is_another_one()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "say-create" });
        await scene.PassAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Dentist", Nine, Duration.FromMinutes(30)));
        await scene.PassAsync();
        await scene.Halaxy.MeetAsync("Team meeting", "2026-01-12T09:00");
        await scene.PassAsync();
        Assert.Equal(2, (await scene.HereAsync()).Count);
    }

    [Fact]
    public async Task A_meeting_at_the_time_of_one_that_the_API_does_not_make_is_another_one()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "say-create" });
        scene.Asked.Instead = r => r.Method == HttpMethod.Post && r.RequestUri!.AbsolutePath.EndsWith("/Appointment", StringComparison.Ordinal) ? Reply(501, "") : null;
        await scene.PassAsync();
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Dentist", Nine, Duration.FromMinutes(30)));
        await scene.PassAsync();
        await scene.Halaxy.MeetAsync("Team meeting", "2026-01-12T09:00");
        await scene.PassAsync();
        Assert.Equal(2, (await scene.HereAsync()).Count);
    }

    [Fact]
    public async Task A_booking_at_the_time_of_one_that_was_refused_is_another_one()
    {
        await using var scene = await MirrorScene.StartAsync();
        var there = await scene.Halaxy.MeetAsync("Team", "2026-01-12T09:00");
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await Assert.ThrowsAsync<HalaxyException>(() => scene.BookAsync(uid));
        // the person moves the personal appointment to the afternoon, and reception books the patient in the morning after all
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = Nine.PlusHours(6), Title = "Write the report" }, SeriesScope.All);
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = there });
        await scene.Halaxy.BookAsync("2026-01-12T09:00");
        await scene.PassAsync(there);
        await scene.PassAsync();
        Assert.Contains(await scene.HereAsync(), one => one.Title == "Write the report");
    }

    [Fact]
    public async Task What_was_refused_changes_no_meeting()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "say-create" });
        await scene.PassAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Dentist", Nine, Duration.FromMinutes(30)) { Comments = "left molar" });
        await scene.PassAsync();
        var id = await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = scene.Halaxy.Role, ["title"] = "Team", ["start"] = "2026-01-12T09:00", ["minutes"] = "60", ["comments"] = "All hands" });
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Equal("All hands", (string?)(await scene.ThereAsync(id))["comments"]);
    }

    private static string Reversed(string t)
    {
        var page = JsonNode.Parse(t)!.AsObject();
        if (page["entry"] is not JsonArray entries) return t;
        page["entry"] = new JsonArray([.. entries.Reverse().Select(e => e!.DeepClone())]);
        return page.ToJsonString();
    }
}
