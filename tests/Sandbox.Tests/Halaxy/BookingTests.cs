using System.Text.Json.Nodes;
using Calendaring.Recurrence;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>A personal appointment becomes a patient appointment in Halaxy, once, and in the diary it stays where it is (docs/rules.md R4).</summary>
public sealed class BookingTests
{
    [Fact]
    public async Task A_personal_appointment_is_booked_and_stays_what_it_was_on_the_phone()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        var id = await scene.BookAsync(uid);
        await scene.PassAsync(id!);
        var booked = Assert.Single(await scene.HereAsync());
        Assert.Equal((uid, id, AppointmentKind.Patient, "Initial consultation", "Zora rang\nBring the letter"), (booked.Id, booked.HalaxyId, booked.Kind, booked.Type, booked.Comments));
        Assert.NotNull(booked.Invoice);
        Assert.Single(await scene.ThereAsync());
        // once it is there it is as any other
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-13T15:00" });
        await scene.PassAsync();
        Assert.Equal(15, Assert.Single(await scene.HereAsync()).Start.Hour);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task A_booking_is_a_change_that_went_to_Halaxy()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        Assert.Null((await scene.ConnectionAsync())!.LastOut);
        await scene.BookAsync(await AddAsync(scene));
        await scene.PassAsync();
        Assert.NotNull((await scene.ConnectionAsync())!.LastOut);
    }

    [Theory]
    [InlineData("reset-after", true)]
    [InlineData("reset-before", false)]
    public async Task A_lost_answer_books_nothing_twice(string fault, bool isBooked)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", fault);
        Assert.Equal(isBooked, await scene.BookAsync(uid) is not null);
        Assert.NotNull(await scene.BookAsync(uid));
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Single(await scene.ThereAsync());
        Assert.Equal(uid, Assert.Single(await scene.HereAsync()).Id);
    }

    [Fact]
    public async Task What_came_by_a_pass_before_the_answer_did_is_the_same_appointment()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "reset-after");
        await scene.Halaxy.Scene.FaultAsync("halaxy.search", "status", new JsonObject { ["status"] = 503, ["skip"] = 1, ["times"] = 3 });
        Assert.Null(await scene.BookAsync(uid));
        await scene.PassAsync();
        Assert.Equal((uid, AppointmentKind.Patient), Assert.Single(await scene.HereAsync()) is var booked ? (booked.Id, booked.Kind) : default);
        var refused = await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(uid));
        Assert.Contains("already", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_booked_twice_at_once_is_booked_once()
    {
        await using var scene = await MirrorScene.StartAsync();
        // at another clinic Halaxy does not see that the time is taken
        var other = await OtherRoleAsync(scene);
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "latency", new JsonObject { ["milliseconds"] = 500, ["times"] = 2 });
        var first = scene.BookAsync(uid);
        var refused = await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(uid, new HalaxyWish(scene.Halaxy.Patient, scene.Halaxy.Service, other)));
        Assert.Contains("at this moment", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await first);
        Assert.Single(await scene.ThereAsync());
    }

    [Fact]
    public async Task A_browser_that_goes_away_ends_no_booking()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "latency", new JsonObject { ["milliseconds"] = 500 });
        using var gone = new CancellationTokenSource();
        var first = scene.Booking.BookAsync(scene.Group, new AppointmentKey(scene.Maya, uid), new HalaxyWish(scene.Halaxy.Patient, scene.Halaxy.Service, scene.Halaxy.Role), gone.Token);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(uid));
        Assert.NotNull(await first);
        Assert.Single(await scene.ThereAsync());
    }

    [Fact]
    public async Task What_was_booked_at_one_clinic_and_not_answered_is_not_booked_at_another()
    {
        await using var scene = await MirrorScene.StartAsync();
        var other = await OtherRoleAsync(scene);
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        await scene.Halaxy.Scene.FaultAsync("halaxy.book", "reset-after");
        await scene.Halaxy.Scene.FaultAsync("halaxy.search", "status", new JsonObject { ["status"] = 503, ["skip"] = 2, ["times"] = 3 });
        Assert.Null(await scene.BookAsync(uid));
        Assert.NotNull(await scene.BookAsync(uid, new HalaxyWish(scene.Halaxy.Patient, scene.Halaxy.Service, other)));
        Assert.Single(await scene.ThereAsync());
    }

    [Fact]
    public async Task A_double_booking_is_refused_and_the_appointment_stays_personal()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        Assert.Equal(HalaxyFault.Conflict, (await Assert.ThrowsAsync<HalaxyException>(() => scene.BookAsync(uid))).Fault);
        await scene.PassAsync();
        Assert.Equal(AppointmentKind.Personal, (await scene.HereAsync()).Single(one => one.Id == uid).Kind);
    }

    [Fact]
    public async Task A_double_booking_that_Halaxy_would_take_is_refused_too()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "double-bookings" });
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        // booked there a moment ago, and not here yet
        await scene.Halaxy.MeetAsync("Team", "2026-01-12T09:30");
        Assert.Equal(HalaxyFault.Conflict, (await Assert.ThrowsAsync<HalaxyException>(() => scene.BookAsync(uid))).Fault);
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = (string?)Assert.Single(await scene.ThereAsync())["id"] });
        Assert.NotNull(await scene.BookAsync(uid));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Title_and_comments_that_a_booking_leaves_out_are_written_after_it(bool isIgnored)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "drop-comments" });
        if (isIgnored) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "ignore-comments" });
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        var id = (await scene.BookAsync(uid))!;
        await scene.PassAsync();
        Assert.Equal("Zora rang\nBring the letter", Assert.Single(await scene.HereAsync()).Comments);
        Assert.Equal(isIgnored ? null : "Zora rang\nBring the letter", (string?)(await scene.ThereAsync(id))["comments"]);
        // what Halaxy does not take is a person's task, and is here still
        Assert.Equal(isIgnored ? [MirroredFields.Comments] : [], (await scene.TasksAsync()).Select(task => task.Fields));
    }

    [Fact]
    public async Task Other_times_of_the_day_are_those_that_Halaxy_offers()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync("2099-01-12T09:00");
        await scene.PassAsync();
        var day = new Interval(Instant.FromUtc(2099, 1, 11, 13, 0), Instant.FromUtc(2099, 1, 12, 13, 0));
        var times = await scene.Booking.FindTimesAsync(scene.Group, scene.Halaxy.Role, day, Duration.FromMinutes(50), static _ => true, TestContext.Current.CancellationToken);
        var first = Instant.FromUtc(2099, 1, 11, 23, 0);
        Assert.Equal([.. Enumerable.Range(0, 5).Select(n => first + Duration.FromMinutes(15 * n))], times);
        await scene.Halaxy.Scene.FaultAsync("halaxy.find", "status", new JsonObject { ["status"] = 403 });
        Assert.Empty(await scene.Booking.FindTimesAsync(scene.Group, scene.Halaxy.Role, day, Duration.FromMinutes(50), static _ => true, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_type_that_is_archived_is_not_booked()
    {
        await using var scene = await MirrorScene.StartAsync();
        var old = await scene.Halaxy.IdAsync("service", new JsonObject { ["name"] = "Old", ["archived"] = "true" });
        await scene.PassAsync();
        var uid = await AddAsync(scene);
        var refused = await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(uid, new HalaxyWish(scene.Halaxy.Patient, old, scene.Halaxy.Role)));
        Assert.Contains("type", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patients_have_their_official_names_and_nobody_who_is_blocked_or_has_died_is_among_them()
    {
        await using var scene = await MirrorScene.StartAsync();
        var zoe = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Zoe", ["family"] = "Able", ["usual"] = "Zed", ["status"] = "current" });
        foreach (var status in (string[])["blocked", "deceased"]) await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Zoe", ["family"] = "Gone", ["status"] = status });
        await scene.PassAsync();
        Assert.Equal([(zoe, "Zoe Able")], await scene.Booking.FindPatientsAsync(scene.Group, "Zoe"));
        Assert.Equal([(zoe, "Zoe Able")], await scene.Booking.FindPatientsAsync(scene.Group, "zed"));
    }

    [Fact]
    public async Task What_Halaxy_cannot_be_given_is_refused_in_words()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        var series = await scene.Diary.AddPersonalAsync(new PersonalEntry("Yoga", Nine, Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        var day = await scene.Diary.AddPersonalAsync(new PersonalEntry("Holiday", Nine, Duration.FromDays(1)) { AllDay = true });
        foreach (var (uid, words) in new[] { (series, "repeats"), (day, "whole days"), ("nothing", "no such") })
            Assert.Contains(words, (await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(uid))).Message, StringComparison.Ordinal);
        var own = await AddAsync(scene);
        await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(own, new HalaxyWish(scene.Halaxy.Patient, "unknown", scene.Halaxy.Role)));
        await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(own, new HalaxyWish(scene.Halaxy.Patient, scene.Halaxy.Service, "unknown")));
        foreach (var patient in (string[])["", "1|2", "..", "1/../2", new string('1', 65)])
            await Assert.ThrowsAsync<DiaryException>(() => scene.BookAsync(own, new HalaxyWish(patient, scene.Halaxy.Service, scene.Halaxy.Role)));
        Assert.Empty(await scene.ThereAsync());
    }

    [Fact]
    public async Task Patients_are_found_by_the_beginning_of_a_name()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Zora", ["family"] = "Older" });
        foreach (var text in (string[])[" new", "zora newman", "Newman Zora", "newman, z", "n ZOR"]) Assert.Equal([(scene.Halaxy.Patient, "Zora Newman")], await scene.Booking.FindPatientsAsync(scene.Group, text));
        Assert.Equal(2, (await scene.Booking.FindPatientsAsync(scene.Group, " zor")).Count);
        Assert.Empty(await scene.Booking.FindPatientsAsync(scene.Group, "zora newmann"));
        Assert.Empty(await scene.Booking.FindPatientsAsync(scene.Group, "nobody&name=zora"));
    }

    [Fact]
    public async Task A_search_that_leaves_the_name_out_of_account_costs_two_requests()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var n = 0; n < 100; n++) await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = $"Given {n}", ["family"] = "Alike" });
        await scene.PassAsync();
        scene.BookAsked.Changes = (request, text) => text.Replace("Alike", "Other", StringComparison.Ordinal);
        var before = scene.BookAsked.Paths.Count;
        Assert.Empty(await scene.Booking.FindPatientsAsync(scene.Group, "alike"));
        Assert.Equal(2, scene.BookAsked.Paths.Skip(before).Count(path => path.Contains("Patient?", StringComparison.Ordinal)));
    }

    private static readonly LocalDateTime Nine = new(2026, 1, 12, 9, 0);

    private static async Task<string> OtherRoleAsync(MirrorScene scene)
    {
        var clinic = await scene.Halaxy.IdAsync("clinic", new JsonObject { ["name"] = "Second Street" });
        return await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = scene.Halaxy.Practitioner, ["clinic"] = clinic });
    }

    private static Task<string> AddAsync(MirrorScene scene) => scene.Diary.AddPersonalAsync(new PersonalEntry("Zora rang", Nine, Duration.FromMinutes(50)) { Comments = "Bring the letter" });
}
