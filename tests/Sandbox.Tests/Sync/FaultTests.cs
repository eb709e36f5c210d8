using System.Text.Json.Nodes;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>What a service does not do, does and does not tell, or does twice: nothing is made twice and nothing is lost.</summary>
public abstract class A_link_in_trouble
{
    private protected abstract Task<OutsideLink> StartAsync();

    private protected static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    private static PersonalEntry Team => new("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

    [Theory]
    [InlineData("insert")]
    [InlineData("update")]
    [InlineData("delete")]
    public async Task An_answer_that_was_lost_after_it_was_done_changes_nothing(string method)
    {
        await using var link = await StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        if (method != "insert") await link.SettleAsync();
        if (method == "update") await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Title = "Long lunch" });
        if (method == "delete") await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        await link.Scene.FaultAsync(link.Operation(method), "reset-after");
        Assert.Equal(PassResult.Later, await link.PassAsync());
        await link.SettleAsync();
        Assert.Equal(method == "delete" ? [] : [$"2026-03-04 12:00 to 2026-03-04 13:00 {(method == "update" ? "Long lunch" : "Lunch")}"], await link.ThereAsync());
    }

    [Fact]
    public async Task What_a_person_did_after_the_answer_was_lost_is_taken()
    {
        await using var link = await StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.Scene.FaultAsync(link.Operation("insert"), "reset-after");
        await link.PassAsync();
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 12:00"), ["start"] = "2026-03-04T13:00", ["end"] = "2026-03-04T14:00" });
        await link.SettleAsync();
        Assert.Equal(13, (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Start.Hour);
    }

    /// <summary>A series is written step by step, and the first takes from single occurrences what they have. Wherever it ends, they have it again.</summary>
    [Theory]
    [InlineData("reset-before", 0)]
    [InlineData("reset-after", 0)]
    [InlineData("reset-before", 1)]
    [InlineData("reset-after", 1)]
    [InlineData("reset-before", 2)]
    [InlineData("reset-after", 2)]
    public async Task A_series_that_was_written_in_part_loses_no_occurrence(string kind, int skip)
    {
        await using var link = await StartAsync();
        var team = await link.Diary.AddPersonalAsync(Team);
        await MoveAsync(link, team, 9);
        await MoveAsync(link, team, 16);
        await link.SettleAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-23 09:00"), ["title"] = "Team, long" });
        await link.SettleAsync();
        var before = await link.ThereAsync();
        await link.Diary.EditAsync(new AppointmentTarget(team), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 2, 8, 0), Location = "Room 2" });
        var wanted = await link.HereAsync();
        await link.Scene.FaultAsync(link.Operation("update"), kind, new JsonObject { ["skip"] = skip });
        await link.PassAsync();
        await link.SettleAsync();
        Assert.NotEqual(before, wanted);
        Assert.Equal(wanted, await link.ThereAsync());
        Assert.Empty(await link.ConflictsAsync());
    }

    /// <summary>A series moves as a whole, and its occurrences are called by other times then: what its person does to one of them meanwhile is an edit all the same.</summary>
    [Theory]
    [InlineData("reset-before", "09:00")]
    [InlineData("reset-after", "08:00")]
    public async Task What_a_person_did_to_an_occurrence_while_its_series_was_moved_is_taken(string kind, string isAt)
    {
        await using var link = await StartAsync();
        var team = await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        await link.Diary.EditAsync(new AppointmentTarget(team), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 2, 8, 0) });
        await link.Scene.FaultAsync(link.Operation("update"), kind);
        Assert.Equal(PassResult.Later, await link.PassAsync());
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync($"2026-03-23 {isAt}"), ["title"] = "Team, long" });
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync($"2026-03-16 {isAt}"), ["start"] = "2026-03-17T15:00", ["end"] = "2026-03-17T15:30" });
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync($"2026-03-30 {isAt}") });
        await link.SettleAsync();
        Assert.Equal(
            ["2026-03-02 08:00 to 2026-03-02 08:30 Team", "2026-03-09 08:00 to 2026-03-09 08:30 Team", "2026-03-17 15:00 to 2026-03-17 15:30 Team", "2026-03-23 08:00 to 2026-03-23 08:30 Team, long", "2026-04-06 08:00 to 2026-04-06 08:30 Team"],
            await link.HereAsync());
    }

    [Theory]
    [InlineData("update", "reset-before", 0)]
    [InlineData("update", "reset-after", 0)]
    [InlineData("update", "reset-after", 1)]
    [InlineData("insert", "reset-after", 0)]
    [InlineData("instances", "reset-before", 0)]
    public async Task A_series_that_was_made_in_part_loses_no_occurrence(string method, string kind, int skip)
    {
        await using var link = await StartAsync();
        var team = await link.Diary.AddPersonalAsync(Team);
        await MoveAsync(link, team, 9);
        await MoveAsync(link, team, 16);
        await link.Diary.CancelAsync(new AppointmentTarget(team, new LocalDateTime(2026, 3, 23, 9, 0)), CancelChoice.Delete, SeriesScope.ThisOne);
        var wanted = await link.HereAsync();
        // what is made now is newer than what the practice has
        await link.AdvanceAsync(Duration.FromMinutes(1));
        await link.Scene.FaultAsync(link.Operation(method), kind, new JsonObject { ["skip"] = skip });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        await link.SettleAsync();
        Assert.Equal(wanted, await link.ThereAsync());
        Assert.Empty(await link.ConflictsAsync());
    }

    [Fact]
    public async Task An_event_that_was_changed_at_the_same_moment_is_not_overwritten()
    {
        await using var link = await StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Title = "Long lunch" });
        await link.Scene.FaultAsync(link.Operation("update"), "race");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        var after = await link.Diary.GetAsync(new AppointmentTarget(lunch));
        Assert.Equal(("Long lunch", "changed at the same moment"), (after.Title, after.Location));
    }

    [Fact]
    public async Task A_deletion_of_what_was_changed_at_the_same_moment_is_looked_at_again()
    {
        await using var link = await StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        await link.Scene.FaultAsync(link.Operation("delete"), "race");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        // what a person changes is not removed by somebody who did not know
        Assert.Single(await link.ThereAsync());
    }

    private protected async Task WaitsAsync(int status, string reason, int? wait)
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.AddPersonalAsync(Lunch with { Title = "Another", Start = new LocalDateTime(2026, 3, 6, 12, 0) });
        var fault = new JsonObject { ["status"] = status, ["reason"] = reason, ["times"] = 1 };
        if (wait is not null) fault["retryAfter"] = wait;
        await link.Scene.FaultAsync(link.Operation("insert"), "status", fault);
        Assert.Equal(status == 400 ? PassResult.Done : PassResult.Later, await link.PassAsync());
        Assert.Equal(LinkState.Active, (await link.LinkAsync()).State);
        Assert.Equal(status == 400 ? 1 : 0, (await link.LinkAsync()).Quarantined.Count);
        if (status == 400)
        {
            // what was refused is not sent again every minute
            link.Wire.Forget();
            Assert.Equal(PassResult.Done, await link.PassAsync());
            Assert.DoesNotContain(link.Wire.All, one => one.IsWrite);
            Assert.Single((await link.LinkAsync()).Quarantined);
            await link.AdvanceAsync(Duration.FromHours(1));
        }

        await link.SettleAsync();
        Assert.Equal(2, (await link.ThereAsync()).Count);
    }

    private protected async Task TellsAsync(int status, string reason, int? wait, OutsideFault expected, int? told)
    {
        await using var link = await StartAsync();
        var fault = new JsonObject { ["status"] = status, ["reason"] = reason };
        if (wait is not null) fault["retryAfter"] = wait;
        await link.Scene.FaultAsync(link.Operation("get"), "status", fault);
        var refused = await Assert.ThrowsAsync<OutsideException>(() => link.Calendar.ReadAsync("event0", TestContext.Current.CancellationToken));
        Assert.Equal(expected, refused.Fault);
        Assert.Equal(told is { } seconds ? Duration.FromSeconds(seconds) : null, refused.RetryAfter);
        Assert.DoesNotContain("Scripted", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lost-page-token")]
    [InlineData("repeated-items")]
    [InlineData("gone")]
    [InlineData("stale-list")]
    [InlineData("reset-after")]
    public async Task A_listing_that_is_not_as_it_should_be_removes_nothing_and_makes_nothing_twice(string kind)
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Team);
        await link.PersonRepeatsAsync("Yoga", "2026-03-06T18:00", "2026-03-06T19:00", 5);
        await link.SettleAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-13 18:00"), ["title"] = "Yoga, long" });
        if (kind == "stale-list") await link.PersonAsync("expire-tokens");
        await link.Scene.FaultAsync(link.Operation("list"), kind, new JsonObject { ["amount"] = 3 });
        await link.PassAsync();
        await link.SettleAsync();
        Assert.Equal(11, (await link.HereAsync()).Count);
        Assert.Contains(await link.HereAsync(), one => one.EndsWith("Yoga, long", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_for_a_moment_is_asked_again_at_once()
    {
        await using var link = await StartAsync();
        link.Pipeline = OutsideTries.Usual;
        await link.Diary.AddPersonalAsync(Lunch);
        await link.Scene.FaultAsync(link.Operation("list"), "status", new JsonObject { ["status"] = 503 });
        await link.Scene.FaultAsync(link.Operation("insert"), "reset-after");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        Assert.Single(await link.ThereAsync());
    }

    /// <summary>What fails is sent again as a whole: half a request is refused by a service, or changes nothing and looks as if it had.</summary>
    [Theory]
    [InlineData("insert", "status")]
    [InlineData("insert", "reset-before")]
    [InlineData("update", "status")]
    [InlineData("update", "reset-before")]
    [InlineData("update", "reset-after")]
    public async Task What_is_sent_again_says_the_same(string method, string kind)
    {
        await using var link = await StartAsync();
        link.Pipeline = OutsideTries.Usual;
        var id = await link.Diary.AddPersonalAsync(Lunch with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 } });
        if (method == "update")
        {
            await link.PassAsync();
            await link.Diary.EditAsync(new AppointmentTarget(id, Lunch.Start.PlusWeeks(1)), new AppointmentEdit { Start = Lunch.Start.PlusWeeks(1).PlusHours(1), Title = "Late lunch" }, SeriesScope.ThisOne);
        }

        link.Wire.Forget();
        await link.Scene.FaultAsync(link.Operation(method), kind, new JsonObject { ["status"] = 503 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var again = link.Wire.All.Where(one => one.IsWrite).GroupBy(one => (one.Method, one.Path)).First(same => same.Count() > 1).ToList();
        Assert.True(again.Take(2).Select(one => one.Body).Distinct().Count() == 1, string.Join('\n', again.Select(one => one.Body)));
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.SettleAsync();
        Assert.Equal(4, (await link.ThereAsync()).Count);
    }

    [Fact]
    public async Task A_listing_of_many_pages_is_read_to_the_end()
    {
        await using var link = await StartAsync();
        link.PageSize = 20;
        for (var n = 0; n < 30; n++) await link.PersonAsync("create", new JsonObject { ["title"] = $"n{n}", ["start"] = "2026-03-06T18:00", ["end"] = "2026-03-06T19:00" });
        await link.Scene.FaultAsync(link.Operation("list"), "lost-page-token", new JsonObject { ["skip"] = 1 });
        var all = await link.Calendar.ListChangesAsync(null, TestContext.Current.CancellationToken);
        Assert.True(all.IsWhole);
        Assert.Equal(30, all.Ids.Count);
        Assert.Equal(link.RequestsForPages, link.Wire.All.Count);
        Assert.Empty((await link.Calendar.ListChangesAsync(all.Cursor, TestContext.Current.CancellationToken)).Ids);
    }

    [Theory]
    [InlineData("get", 500)]
    [InlineData("get", 403)]
    [InlineData("update", 503)]
    [InlineData("delete", 500)]
    public async Task One_event_at_which_the_service_fails_each_time_keeps_no_other_waiting(string method, int status)
    {
        await using var link = await StartAsync();
        var (lunch, other) = (await link.Diary.AddPersonalAsync(Lunch), await link.Diary.AddPersonalAsync(Lunch with { Title = "Other", Start = new LocalDateTime(2026, 3, 5, 12, 0) }));
        await link.SettleAsync();
        var at = await link.IdAtAsync("2026-03-04 12:00");
        await link.Scene.FaultAsync(link.Operation(method), "status", new JsonObject { ["status"] = status, ["reason"] = "somethingElse", ["event"] = link.KeyOf(at), ["times"] = 3 });
        if (method == "get") await link.PersonAsync("edit", new JsonObject { ["event"] = at, ["title"] = "Long lunch" });
        if (method == "update") await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Title = "Long lunch" });
        if (method == "delete") await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-05 12:00"), ["title"] = "Another" });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal("Another", (await link.Diary.GetAsync(new AppointmentTarget(other))).Title);
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal((LinkState.Active, 0), ((await link.LinkAsync()).State, (await link.LinkAsync()).Quarantined.Count));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        await link.AdvanceAsync(Duration.FromHours(1));
        await link.SettleAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Equal(method == "delete" ? 1 : 2, (await link.ThereAsync()).Count);
    }

    /// <summary>A limit must not be spent on what is known: each pass goes on where the last was stopped.</summary>
    private protected static async Task ComesToItsEndAsync(OutsideLink link, Duration pause, int most)
    {
        for (var n = 0; n < 60; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        var passes = 1;
        for (; await link.PassAsync() == PassResult.Later; passes++)
        {
            Assert.True(passes < 8, "no end");
            await link.AdvanceAsync(pause);
        }

        Assert.True(passes > 3, $"{passes} passes");
        Assert.Equal(60, (await link.ThereAsync()).Count);
        Assert.InRange(link.Wire.Ever.Count, 60, most);
        await link.AdvanceAsync(pause);
        await link.SettleAsync();
    }

    [Fact]
    public async Task Our_own_write_comes_back_and_is_not_asked_for()
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        link.Wire.Forget();
        await link.PassAsync();
        Assert.Single(link.Wire.All);
    }

    [Fact]
    public async Task A_network_that_is_not_there_is_no_refusal()
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.Scene.FaultAsync("*", "reset-before", new JsonObject { ["times"] = 1 });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(LinkState.Active, (await link.LinkAsync()).State);
        await link.SettleAsync();
    }

    private static Task<string> MoveAsync(OutsideLink link, string id, int day) => link.Diary.EditAsync(
        new AppointmentTarget(id, new LocalDateTime(2026, 3, day, 9, 0)), new AppointmentEdit { Start = new LocalDateTime(2026, 3, day + 1, 15, 0) }, SeriesScope.ThisOne);
}

public sealed class A_link_to_Google_in_trouble : A_link_in_trouble
{
    [Theory]
    [InlineData(403, "userRateLimitExceeded", 30)]
    [InlineData(403, "rateLimitExceeded", null)]
    [InlineData(429, "rateLimitExceeded", 7)]
    [InlineData(403, "quotaExceeded", 5)]
    [InlineData(500, "backendError", null)]
    [InlineData(503, "backendError", 3)]
    [InlineData(400, "invalid", null)]
    public Task A_limit_or_a_failure_is_waited_for_and_stops_nothing_for_good(int status, string reason, int? wait) => WaitsAsync(status, reason, wait);

    [Theory]
    [InlineData(403, "userRateLimitExceeded", 30, OutsideFault.TooMany, 30)]
    [InlineData(403, "rateLimitExceeded", null, OutsideFault.TooMany, null)]
    [InlineData(429, "rateLimitExceeded", 7, OutsideFault.TooMany, 7)]
    [InlineData(403, "quotaExceeded", 5, OutsideFault.TooMany, 3600)]
    [InlineData(403, "forbidden", null, OutsideFault.NeedsReconnecting, null)]
    [InlineData(403, "insufficientPermissions", null, OutsideFault.NeedsReconnecting, null)]
    [InlineData(403, "accessNotConfigured", null, OutsideFault.NotRegistered, null)]
    [InlineData(403, "SERVICE_DISABLED", null, OutsideFault.NotRegistered, null)]
    [InlineData(503, "backendError", 604800, OutsideFault.Unavailable, 21600)]
    [InlineData(401, "authError", null, OutsideFault.NeedsReconnecting, null)]
    [InlineData(500, "backendError", null, OutsideFault.Unavailable, null)]
    [InlineData(503, "backendError", 9, OutsideFault.Unavailable, 9)]
    [InlineData(408, "timeout", null, OutsideFault.Unavailable, null)]
    [InlineData(400, "badRequest", null, OutsideFault.Rejected, null)]
    public Task A_refusal_is_told_by_its_reason(int status, string reason, int? wait, OutsideFault expected, int? told) => TellsAsync(status, reason, wait, expected, told);

    [Fact]
    public async Task A_first_pass_that_meets_the_limit_again_and_again_comes_to_its_end()
    {
        await using var link = await GoogleLink.StartAsync(units: 20);
        await ComesToItsEndAsync(link, Duration.Zero, 75);
    }

    private protected override Task<OutsideLink> StartAsync() => GoogleLink.StartAsync();
}

public sealed class A_link_to_Microsoft_in_trouble : A_link_in_trouble
{
    [Fact]
    public async Task What_was_deleted_and_could_not_be_asked_for_then_is_deleted_here_when_it_is_asked_for_again()
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 12:00") });
        // the listing itself asks whether it was one of a series
        await link.Scene.FaultAsync(link.Operation("get"), "status", new JsonObject { ["skip"] = 1, ["status"] = 400 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        await link.AdvanceAsync(Duration.FromMinutes(61));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty(await link.HereAsync());
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    [Theory]
    [InlineData(429, "ApplicationThrottled", 7)]
    [InlineData(503, "UnknownError", 3)]
    [InlineData(503, "ErrorServerBusy", null)]
    [InlineData(403, "ErrorQuotaExceeded", null)]
    [InlineData(404, "ErrorMailboxMoveInProgress", null)]
    [InlineData(500, "generalException", null)]
    [InlineData(400, "ErrorInvalidRequest", null)]
    public Task A_limit_or_a_failure_is_waited_for_and_stops_nothing_for_good(int status, string reason, int? wait) => WaitsAsync(status, reason, wait);

    [Theory]
    [InlineData(429, "ApplicationThrottled", 7, OutsideFault.TooMany, 7)]
    [InlineData(429, "TooManyRequests", null, OutsideFault.TooMany, null)]
    [InlineData(503, "ApplicationThrottled", 9, OutsideFault.TooMany, 9)]
    [InlineData(403, "ErrorQuotaExceeded", 5, OutsideFault.TooMany, 3600)]
    [InlineData(403, "ErrorAccessDenied", null, OutsideFault.NeedsReconnecting, null)]
    [InlineData(403, "ErrorAccountSuspend", null, OutsideFault.Unavailable, null)]
    [InlineData(401, "InvalidAuthenticationToken", null, OutsideFault.NeedsReconnecting, null)]
    [InlineData(404, "MailboxNotEnabledForRESTAPI", null, OutsideFault.Unavailable, null)]
    [InlineData(404, "ErrorNonExistentMailbox", null, OutsideFault.Unavailable, null)]
    [InlineData(500, "generalException", null, OutsideFault.Unavailable, null)]
    [InlineData(503, "UnknownError", 9, OutsideFault.Unavailable, 9)]
    [InlineData(503, "UnknownError", 604800, OutsideFault.Unavailable, 21600)]
    [InlineData(408, "timeout", null, OutsideFault.Unavailable, null)]
    [InlineData(400, "ErrorInvalidRequest", null, OutsideFault.Rejected, null)]
    public Task A_refusal_is_told_by_its_reason(int status, string reason, int? wait, OutsideFault expected, int? told) => TellsAsync(status, reason, wait, expected, told);

    [Fact]
    public async Task A_first_pass_that_meets_the_limit_again_and_again_comes_to_its_end()
    {
        await using var link = await MicrosoftLink.StartAsync(calls: 20);
        await ComesToItsEndAsync(link, Duration.FromMinutes(10), 75);
    }

    /// <summary>A 404 may be a mailbox that is being moved: only the event's own is a deletion.</summary>
    [Theory]
    [InlineData("MailboxNotEnabledForRESTAPI")]
    [InlineData("ErrorMailboxMoveInProgress")]
    public async Task What_is_said_to_be_removed_goes_only_when_a_direct_question_is_answered_with_its_absence(string other)
    {
        await using var link = await StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        // far from today: Graph tells of it as removed
        await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Start = new LocalDateTime(2030, 3, 4, 12, 0) });
        await link.PassAsync();
        await link.PassAsync();
        Assert.Equal(2030, (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Start.Year);
        await link.PersonAsync("edit", new JsonObject { ["event"] = (string)(await link.SeenAsync()).Single()["id"]!, ["title"] = "Long lunch" });
        await link.Scene.FaultAsync(link.Operation("get"), "status", new JsonObject { ["status"] = 404, ["reason"] = other });
        await link.PassAsync();
        Assert.Equal(2030, (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Start.Year);
        await link.PassAsync();
        Assert.Equal("Long lunch", (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Title);
    }

    private protected override Task<OutsideLink> StartAsync() => MicrosoftLink.StartAsync();
}
