using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;

namespace Sandbox.Tests.CalDav;

/// <summary>What a CalDAV server does not do, does and does not tell, or refuses for a while: nothing is made twice and nothing is lost.</summary>
public sealed class A_link_to_a_CalDAV_account_in_trouble
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    private static PersonalEntry Team => new("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

    [Theory]
    [InlineData("make")]
    [InlineData("change")]
    [InlineData("delete")]
    public async Task An_answer_that_was_lost_after_it_was_done_changes_nothing(string what)
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        if (what != "make") await link.SettleAsync();
        if (what == "change") await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Title = "Long lunch" });
        if (what == "delete") await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        link.Front.Script(new FrontFault(what == "delete" ? "DELETE" : "PUT", "reset-after"));
        Assert.Equal(PassResult.Later, await link.PassAsync());
        await link.SettleAsync();
        Assert.Equal(what == "delete" ? [] : [$"2026-03-04 12:00 to 2026-03-04 13:00 {(what == "change" ? "Long lunch" : "Lunch")}"], await link.ThereAsync());
        // both say the same: there is nothing to decide
        Assert.Empty(await link.ConflictsAsync());
    }

    [Fact]
    public async Task What_a_person_did_after_the_answer_was_lost_is_taken()
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        link.Front.Script(new FrontFault("PUT", "reset-after"));
        await link.PassAsync();
        await link.User.MoveAsync((await link.User.FindAsync("Lunch")).Path, new LocalDateTime(2026, 3, 4, 13, 0), Duration.FromHours(1));
        await link.SettleAsync();
        Assert.Equal(13, (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Start.Hour);
    }

    [Fact]
    public async Task An_event_that_was_changed_at_the_same_moment_is_not_overwritten()
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Title = "Long lunch" });
        link.Front.Script(new FrontFault("PUT", "race"));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        var after = await link.Diary.GetAsync(new AppointmentTarget(lunch));
        Assert.Equal(("Long lunch", "changed at the same moment"), (after.Title, after.Location));
    }

    [Fact]
    public async Task A_deletion_of_what_was_changed_at_the_same_moment_is_looked_at_again()
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        link.Front.Script(new FrontFault("DELETE", "race"));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        // what a person changes is not removed by somebody who did not know
        Assert.Single(await link.ThereAsync());
    }

    [Theory]
    [InlineData(429, 30, 30)]
    [InlineData(503, 9, 9)]
    [InlineData(503, 0, 2)]
    [InlineData(503, null, 2)]
    [InlineData(503, 999999, 21600)]
    [InlineData(504, null, null)]
    [InlineData(502, null, null)]
    public async Task A_limit_or_a_failure_is_waited_for_no_less_than_a_while_and_stops_nothing_for_good(int status, int? wait, int? told)
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.AddPersonalAsync(Lunch with { Title = "Another", Start = new LocalDateTime(2026, 3, 6, 12, 0) });
        link.Front.Script(new FrontFault("sync", "status") { Status = status, RetryAfter = wait });
        var pass = await Assert.ThrowsAsync<OutsideException>(() => link.Calendar.ListChangesAsync(null, TestContext.Current.CancellationToken));
        Assert.Equal(status is 429 or 503 ? OutsideFault.TooMany : OutsideFault.Unavailable, pass.Fault);
        Assert.Equal(told is { } seconds ? Duration.FromSeconds(seconds) : null, pass.RetryAfter);
        link.Front.Script(new FrontFault("PUT", "status") { Status = status, RetryAfter = wait });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(LinkState.Active, (await link.LinkAsync()).State);
        await link.SettleAsync();
        Assert.Equal(2, (await link.ThereAsync()).Count);
    }

    [Theory]
    [InlineData(403, "<D:error xmlns:D='DAV:'><C:valid-calendar-data xmlns:C='urn:ietf:params:xml:ns:caldav'/></D:error>")]
    [InlineData(403, "<D:error xmlns:D='DAV:'><D:need-privileges/></D:error>")]
    [InlineData(403, "")]
    [InlineData(400, "no XML")]
    [InlineData(413, "")]
    [InlineData(507, "")]
    public async Task One_that_the_server_does_not_take_waits_alone(int status, string body)
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.Diary.AddPersonalAsync(Lunch with { Title = "Another", Start = new LocalDateTime(2026, 3, 6, 12, 0) });
        // without a reason it may be of the name alone, and another is tried
        link.Front.Script(new FrontFault("PUT", "status") { Status = status, Body = body, Times = status is 400 or 403 && !body.StartsWith('<') ? 2 : 1 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        Assert.Single(await link.ThereAsync());
        // what was refused is not sent again every minute
        link.Front.Forget();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.DoesNotContain(link.Front.Seen, one => one.IsWrite);
        link.Advance(Duration.FromHours(1));
        await link.SettleAsync();
        Assert.Equal(2, (await link.ThereAsync()).Count);
    }

    [Fact]
    public async Task A_refusal_of_everything_for_a_while_puts_nothing_in_quarantine()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        for (var n = 0; n < 5; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"n{n}" });
        link.Front.Script(new FrontFault("PUT", "status") { Status = 403 });
        link.Front.Script(new FrontFault("PROPFIND", "status") { Status = 403 });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Empty((await link.LinkAsync()).Quarantined);
        link.Front.Script(new FrontFault("sync", "status") { Status = 403 });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(LinkState.Active, (await link.LinkAsync()).State);
        await link.SettleAsync();
        Assert.Equal(6, (await link.ThereAsync()).Count);
    }

    [Fact]
    public async Task What_fails_for_a_moment_is_asked_again_at_once()
    {
        await using var link = await CalDavLink.StartAsync();
        link.Pipeline = OutsideTries.Usual;
        await link.Diary.AddPersonalAsync(Lunch);
        link.Front.Script(new FrontFault("sync", "reset-before"));
        link.Front.Script(new FrontFault("PUT", "reset-after"));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        Assert.Single(await link.ThereAsync());
    }

    [Fact]
    public async Task Our_own_write_comes_back_and_is_not_asked_for()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        link.Front.Forget();
        await link.PassAsync();
        Assert.Single(link.Front.Seen);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(500)]
    public async Task A_deletion_that_is_refused_waits_alone(int status)
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        await link.Diary.AddPersonalAsync(Team);
        link.Front.Script(new FrontFault("DELETE", "status") { Status = status });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Front.Forget();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.DoesNotContain(link.Front.Seen, one => one.IsWrite);
        link.Advance(Duration.FromHours(1));
        await link.SettleAsync();
        Assert.Equal(6, (await link.ThereAsync()).Count);
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    /// <summary>A bin may keep the name of what was deleted for ever.</summary>
    [Fact]
    public async Task What_is_deleted_and_comes_back_has_a_name_of_its_own_each_time()
    {
        await using var link = await CalDavLink.StartAsync();
        var visit = new AppointmentTarget(await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", new LocalDateTime(2026, 3, 3, 10, 0), Duration.FromMinutes(45))));
        await link.SettleAsync();
        for (var n = 0; n < 3; n++)
        {
            await link.Diary.CancelAsync(visit, CancelChoice.Cancel);
            await link.SettleAsync();
            Assert.Empty(await link.ThereAsync());
            await link.Diary.RestoreAsync(visit);
            await link.SettleAsync();
        }

        var made = link.Front.Ever.Where(one => one.What == "PUT").Select(one => one.Path).ToList();
        Assert.Equal((4, 4), (made.Count, made.Distinct().Count()));
    }

    [Fact]
    public async Task An_account_that_moves_while_it_is_read_is_asked_there_by_the_address_that_it_listed()
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { IsStrict = true });
        await link.User.PutNewAsync("a(1),b", "SUMMARY:Yoga\r\nDTSTART:20260306T080000Z\r\nDTEND:20260306T090000Z\r\n");
        var calendar = link.Calendar;
        var listed = Assert.Single((await calendar.ListChangesAsync(null, TestContext.Current.CancellationToken)).Ids);
        link.Front.Move();
        Assert.NotNull(await calendar.ReadAsync(listed, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_object_whose_address_is_written_as_nobody_else_would_is_found_again()
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { IsStrict = true });
        await link.User.PutNewAsync("a(1),b", "SUMMARY:Yoga\r\nDTSTART:20260306T080000Z\r\nDTEND:20260306T090000Z\r\n");
        await link.SettleAsync();
        var yoga = (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0))).Single();
        await link.Diary.EditAsync(new AppointmentTarget(yoga.Id), new AppointmentEdit { Title = "Long yoga" });
        await link.SettleAsync();
        Assert.Contains("SUMMARY:Long yoga", Assert.Single(await link.User.ListAsync()).Text, StringComparison.Ordinal);
        await link.Diary.CancelAsync(new AppointmentTarget(yoga.Id), CancelChoice.Delete);
        await link.SettleAsync();
        Assert.Empty(await link.User.ListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_written_is_read_again_where_its_version_is_weak(bool isWeak)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { TellsWeakVersion = isWeak });
        await link.Diary.AddPersonalAsync(Lunch);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(isWeak, link.Front.Seen.Any(one => one.What == "GET"));
        await link.SettleAsync();
    }

    [Fact]
    public async Task One_at_which_the_server_fails_each_time_keeps_no_other_waiting()
    {
        await using var link = await CalDavLink.StartAsync();
        for (var n = 0; n < 3; n++) await link.User.CreateAsync($"n{n}", new LocalDateTime(2026, 3, 5, 9 + n, 0), Duration.FromHours(1));
        await link.Diary.AddPersonalAsync(Team);
        await link.Diary.AddPersonalAsync(Lunch);
        foreach (var what in (string[])["multiget", "GET", "PUT"]) link.Front.Script(new FrontFault(what, "status") { Status = 500, Times = what == "GET" ? 6 : 1 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(4, (await link.LinkAsync()).Quarantined.Count);
        link.Advance(Duration.FromHours(1));
        await link.SettleAsync();
        Assert.Equal(10, (await link.HereAsync()).Count);
    }

    [Fact]
    public async Task Text_keeps_what_others_take_for_line_ends()
    {
        await using var link = await CalDavLink.StartAsync();
        foreach (var n in (int[])[9, 10]) await link.User.PutNewAsync($"n{n}", $"SUMMARY:n{n} a\u2028b\u2029c\u0085d\r\nDTSTART:20260305T0{n - 8}0000Z\r\nDTEND:20260305T0{n - 7}0000Z\r\n");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(2, (await link.HereAsync()).Count);
        Assert.All(await link.HereAsync(), one => Assert.Contains("a\u2028b\u2029c\u0085d", one, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("own@example.com.ics")]
    [InlineData("own%20(1).ics")]
    public async Task A_name_may_be_written_with_any_escapes(string name)
    {
        await using var link = await CalDavLink.StartAsync();
        await link.User.PutAsync($"{link.User.Calendar}{name}", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:own\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260305T010000Z\r\nDTEND:20260305T020000Z\r\nSUMMARY:Own\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        await link.SettleAsync();
        var own = (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 4, 0, 0), Instant.FromUtc(2026, 3, 7, 0, 0))).Single();
        await link.Diary.EditAsync(new AppointmentTarget(own.Id), new AppointmentEdit { Title = "Own, changed" });
        await link.SettleAsync();
        Assert.EndsWith("Own, changed", Assert.Single(await link.ThereAsync()), StringComparison.Ordinal);
    }

    /// <summary>Two links into one calendar, under two addresses of it, would give each other's events to the practice without an end.</summary>
    [Fact]
    public async Task What_another_link_mirrors_into_the_same_calendar_is_not_taken_in()
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        var uid = (await link.UidsAsync()).Single();
        await link.User.PutNewAsync($"{uid}-hx-01234567-0", "SUMMARY:Lunch\r\nDTSTART:20260304T010000Z\r\nDTEND:20260304T020000Z\r\n");
        await link.User.PutNewAsync("somebody-hx-01234567-0", "SUMMARY:Theirs\r\nDTSTART:20260305T010000Z\r\nDTEND:20260305T020000Z\r\n");
        for (var n = 0; n < 3; n++) await link.PassAsync();
        Assert.Equal((2, 3), ((await link.HereAsync()).Count, (await link.ThereAsync()).Count));
        Assert.Equal("Lunch", (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Title);
    }

    /// <summary>Nothing that is read is without a bound.</summary>
    [Fact]
    public async Task An_object_that_is_too_large_waits_alone()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.User.PutNewAsync("large", $"SUMMARY:Large\r\nDTSTART:20260305T010000Z\r\nDTEND:20260305T020000Z\r\nDESCRIPTION:{new string('x', 3_000_000)}\r\n");
        await link.User.CreateAsync("Dentist", new LocalDateTime(2026, 3, 5, 9, 0), Duration.FromHours(1));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single(await link.HereAsync());
    }
}
