using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;

namespace Sandbox.Tests.CalDav;

/// <summary>What a CalDAV server lists and does not have, has and does not list, or tells too late: nothing is removed by that, and nothing is made twice.</summary>
public sealed class A_link_to_a_CalDAV_account_whose_listings_are_wrong
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    private static PersonalEntry Team => new("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

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

    /// <summary>An index of the server that is behind tells later what it did not tell with its token.</summary>
    [Theory]
    [InlineData("stale-list")]
    [InlineData("empty-list")]
    public async Task What_a_listing_of_changes_leaves_out_comes_with_the_next(string kind)
    {
        await using var link = await CalDavLink.StartAsync();
        await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Duration.FromHours(1));
        await link.SettleAsync();
        await link.User.CreateAsync("Dentist", new LocalDateTime(2026, 3, 7, 18, 0), Duration.FromHours(1));
        await link.User.DeleteAsync((await link.User.FindAsync("Yoga")).Path);
        link.Front.Script(new FrontFault("sync", kind) { Amount = 2 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.EndsWith("Yoga", Assert.Single(await link.HereAsync()), StringComparison.Ordinal);
        await link.SettleAsync();
        Assert.EndsWith("Dentist", Assert.Single(await link.HereAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", 1)]
    [InlineData("multiget", 2)]
    public async Task A_copy_of_the_server_that_is_behind_removes_nothing(string what, int events)
    {
        await using var link = await CalDavLink.StartAsync();
        for (var n = 0; n < events; n++) await link.User.CreateAsync($"n{n}", new LocalDateTime(2026, 3, 5, 9 + n, 0), Duration.FromHours(1));
        await link.SettleAsync();
        foreach (var one in await link.User.ListAsync()) await link.User.EditAsync(one.Path, edited => edited.Location = "There");
        if (what == "multiget") link.Front.Script(new FrontFault("multiget", "status") { Status = 404 });
        link.Front.Script(new FrontFault("GET", "status") { Status = 404 });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(events, (await link.HereAsync()).Count);
        await link.SettleAsync();
        Assert.Equal(events, (await link.HereAsync()).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_listed_for_ever_and_not_given_keeps_no_other_waiting_and_is_not_gone(bool isKnown)
    {
        await using var link = await CalDavLink.StartAsync();
        if (isKnown)
        {
            await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Duration.FromHours(1));
            await link.SettleAsync();
            await link.User.EditAsync((await link.User.FindAsync("Yoga")).Path, one => one.Location = "Hall");
        }
        else
        {
            await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Duration.FromHours(1));
        }

        await link.Diary.AddPersonalAsync(Lunch);
        link.Front.Script(new FrontFault("GET", "status") { Status = 404, Times = 10_000 });
        for (var n = 0; n < 2; n++) Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        Assert.Equal(2, (await link.ThereAsync()).Count);
        Assert.Equal(isKnown ? 2 : 1, (await link.HereAsync()).Count);
        for (var n = 0; n < 3; n++)
        {
            link.Advance(Duration.FromMinutes(61));
            Assert.Equal(PassResult.Done, await link.PassAsync());
            Assert.Equal(isKnown ? 2 : 1, (await link.HereAsync()).Count);
        }

        link.Front.ClearScript();
        link.Advance(Duration.FromMinutes(61));
        await link.SettleAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Equal(2, (await link.HereAsync()).Count);
    }

    /// <summary>What was counted is forgotten with the process; that somebody wants it to be tried again is no word of the server's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_listed_and_not_given_is_not_gone_when_it_is_tried_again_after_a_restart(bool isStillThere)
    {
        await using var link = await CalDavLink.StartAsync();
        await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Duration.FromHours(1));
        await link.SettleAsync();
        await link.User.EditAsync((await link.User.FindAsync("Yoga")).Path, one => one.Location = "Hall");
        link.Front.Script(new FrontFault("GET", "status") { Status = 404, Times = 10_000 });
        for (var n = 0; n < 3; n++) await link.PassAsync();
        var held = Assert.Single((await link.LinkAsync()).Quarantined);
        for (var n = 0; n < 2; n++)
        {
            link.Restart();
            await link.PutAsync(await link.LinkAsync() with { AskedAgain = [held] });
            Assert.Equal(PassResult.Done, await link.PassAsync());
            Assert.Single(await link.HereAsync());
            Assert.Equal(held, Assert.Single((await link.LinkAsync()).Quarantined));
        }

        if (isStillThere) link.Front.ClearScript();
        else await link.User.DeleteAsync((await link.User.FindAsync("Yoga")).Path);
        await link.PutAsync(await link.LinkAsync() with { AskedAgain = [held] });
        await link.SettleAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Equal(isStillThere ? 1 : 0, (await link.HereAsync()).Count);
    }

    /// <summary>The listing tells it once only.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task What_a_listing_says_is_gone_and_the_server_fails_at_then_goes_when_it_is_tried_again(bool tellsChanges, bool isChangedHere)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { TellsChanges = tellsChanges });
        await link.Diary.AddPersonalAsync(Lunch);
        await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Duration.FromHours(1));
        await link.SettleAsync();
        await link.User.DeleteAsync((await link.User.FindAsync("Yoga")).Path);
        link.Front.Script(new FrontFault("GET", "status") { Status = 500 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var held = Assert.Single((await link.LinkAsync()).Quarantined);
        Assert.Equal(2, (await link.HereAsync()).Count);
        var yoga = (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 5, 0, 0), Instant.FromUtc(2026, 3, 8, 0, 0))).Single();
        if (isChangedHere) await link.Diary.EditAsync(new AppointmentTarget(yoga.Id), new AppointmentEdit { Title = "Long yoga" });
        await link.PutAsync(await link.LinkAsync() with { AskedAgain = [held] });
        await link.SettleAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Equal(isChangedHere ? 2 : 1, (await link.ThereAsync()).Count);
    }

    /// <summary>Those of a listing are counted together, more than are read at once: many end no more passes than one.</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("empty-list")]
    public async Task Many_that_are_listed_for_ever_and_not_given_wait_alone_as_soon_as_one_would(string multiget)
    {
        await using var link = await CalDavLink.StartAsync();
        for (var n = 0; n < 45; n++) await link.User.CreateAsync($"n{n}", new LocalDateTime(2026, 3, 6, 18, 0), Duration.FromHours(1));
        await link.Diary.AddPersonalAsync(Lunch);
        link.Front.Script(new FrontFault("multiget", multiget) { Status = 404, Times = 10_000 });
        link.Front.Script(new FrontFault("GET", "status") { Status = 404, Times = 10_000 });
        for (var n = 0; n < 2; n++) Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(45, (await link.LinkAsync()).Quarantined.Count);
        Assert.Equal(46, (await link.ThereAsync()).Count);
        link.Front.ClearScript();
        link.Advance(Duration.FromMinutes(61));
        await link.SettleAsync();
        Assert.Equal(46, (await link.HereAsync()).Count);
    }

    [Fact]
    public async Task What_was_not_given_once_and_then_with_others_is_deleted_like_any_other()
    {
        await using var link = await CalDavLink.StartAsync();
        for (var n = 0; n < 2; n++) await link.User.CreateAsync($"n{n}", new LocalDateTime(2026, 3, 5, 9 + n, 0), Duration.FromHours(1));
        link.Front.Script(new FrontFault("multiget", "status") { Status = 404 });
        link.Front.Script(new FrontFault("GET", "status") { Status = 404, Times = 2 });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        link.Front.Forget();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.DoesNotContain(link.Front.Seen, one => one.What == "GET");
        foreach (var one in await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0))) await link.Diary.CancelAsync(new AppointmentTarget(one.Id), CancelChoice.Delete);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Empty(await link.User.ListAsync());
    }

    [Fact]
    public async Task One_that_was_made_twice_because_a_copy_of_the_server_was_behind_is_there_once_in_the_end()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        link.Front.Script(new FrontFault("PUT", "reset-after"));
        await link.PassAsync();
        link.Front.Script(new FrontFault("sync", "empty-list"));
        link.Front.Script(new FrontFault("GET", "status") { Status = 404 });
        await link.PassAsync();
        Assert.Equal(2, (await link.User.ListAsync()).Count);
        link.Front.Script(new FrontFault("sync", "lost-token"));
        await link.SettleAsync();
        Assert.Single(await link.User.ListAsync());
        Assert.Single(await link.HereAsync());
    }

    /// <summary>The report is gone, or the token with it; the calendar is there.</summary>
    [Theory]
    [InlineData(404, "")]
    [InlineData(410, "")]
    [InlineData(403, "<d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'><s:exception>Sabre</s:exception><d:valid-sync-token/></d:error>")]
    public async Task A_token_that_is_not_there_any_more_costs_one_listing(int status, string body)
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        await link.User.CreateAsync("Dentist", new LocalDateTime(2026, 3, 5, 9, 0), Duration.FromHours(1));
        link.Front.Script(new FrontFault("sync", "status") { Status = status, Body = body });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(7, (await link.HereAsync()).Count);
    }
}
