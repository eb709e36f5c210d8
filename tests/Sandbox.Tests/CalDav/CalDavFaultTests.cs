using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;

namespace Sandbox.Tests.CalDav;

/// <summary>What a CalDAV server does not do, does and does not tell, or refuses for a while: nothing is made twice and nothing is lost.</summary>
public sealed class A_link_to_a_CalDAV_account_in_trouble
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    private static PersonalEntry Team => new("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new Repeat(RepeatUnit.Week) { Count = 6 } };

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
    public async Task A_calendar_whose_listing_does_not_have_what_was_just_made_gets_no_second_one()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        link.Front.Script(new FrontFault("PUT", "reset-after"));
        await link.PassAsync();
        link.Front.Script(new FrontFault("sync", "empty-list"));
        await link.PassAsync();
        await link.SettleAsync();
        Assert.Single(await link.User.ListAsync());
        Assert.Single(await link.HereAsync());
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
    [InlineData(500, null, null)]
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
        link.Front.Script(new FrontFault("PUT", "status") { Status = status, Body = body });
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

    [Theory]
    [InlineData("stale-list", true)]
    [InlineData("stale-list", false)]
    [InlineData("empty-list", true)]
    [InlineData("empty-list", false)]
    [InlineData("cut-short", true)]
    [InlineData("cut-short", false)]
    [InlineData("reset-after", true)]
    [InlineData("lost-token", true)]
    public async Task A_listing_that_is_not_as_it_should_be_removes_nothing_and_makes_nothing_twice(string kind, bool tellsChanges)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { TellsChanges = tellsChanges });
        await link.Diary.AddPersonalAsync(Team);
        await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Duration.FromHours(1), "FREQ=WEEKLY;COUNT=5");
        await link.SettleAsync();
        await link.User.EditAsync((await link.User.FindAsync("Yoga")).Path, one => one.Summary = "Yoga, long");
        if (kind is "stale-list" or "empty-list" && tellsChanges) link.Front.Script(new FrontFault("sync", "lost-token"));
        // without changes told there is the tag first, and then the listing
        link.Front.Script(new FrontFault(tellsChanges ? "sync" : "PROPFIND", kind) { Amount = 1, Skip = tellsChanges ? kind is "stale-list" or "empty-list" ? 1 : 0 : 2 });
        await link.PassAsync();
        await link.SettleAsync();
        Assert.Equal(11, (await link.HereAsync()).Count);
        Assert.Contains(await link.HereAsync(), one => one.EndsWith("Yoga, long", StringComparison.Ordinal));
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
