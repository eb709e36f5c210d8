using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>What happens while a pass runs: it stops between two writes when it may not go on, and does nothing on what has changed since it looked.</summary>
public sealed class While_a_pass_runs
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    [Theory]
    [InlineData("paused")]
    [InlineData("lapsed")]
    [InlineData("deactivated")]
    [InlineData("ended")]
    public async Task It_stops_between_two_writes_when_it_may_not_go_on(string why)
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 5; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        link.Outside.AfterWrite = () => StopAsync(link, why);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(1, link.Outside.Writes);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(1, link.Outside.Writes);
        if (why == "ended") return;
        link.Outside.AfterWrite = null;
        await GoOnAsync(link);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(5, link.Outside.Events.Count);
        await link.AssertAgreeAsync("");
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("lapsed")]
    [InlineData("deactivated")]
    public async Task What_was_changed_outside_is_neither_taken_in_nor_undone_by_one_that_was_stopped(string why)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        link.Outside.UserEdits($"ours-{id}-0", one => one.Set(ContentLine.CreateText("SUMMARY", "Mine")));
        link.Outside.UserMakes("Dentist", new LocalDateTime(2026, 3, 5, 9, 0));
        var (change, writes) = ((await link.HxAsync()).Change, link.Outside.Writes);
        link.Outside.AfterListing = () => StopAsync(link, why);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((change, writes), ((await link.HxAsync()).Change, link.Outside.Writes));
        Assert.Equal(2, link.Outside.Events.Count);
        link.Outside.AfterListing = null;
        await GoOnAsync(link);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal("Mine", (await link.Diary.GetAsync(new AppointmentTarget(id))).Title);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task What_is_edited_here_after_its_removal_was_planned_is_made_again_outside()
    {
        await using var link = await LinkFixture.StartAsync();
        var (gone, other) = (await link.Diary.AddPersonalAsync(Lunch), await link.Diary.AddPersonalAsync(Lunch with { Title = "Other" }));
        await link.PassAsync();
        link.Outside.UserDeletes($"ours-{gone}-0");
        await link.Diary.EditAsync(new AppointmentTarget(other), new AppointmentEdit { Title = "Another" });
        link.Outside.AfterWrite = async () =>
        {
            link.Outside.AfterWrite = null;
            await link.Diary.EditAsync(new AppointmentTarget(gone), new AppointmentEdit { Title = "Still wanted" });
        };
        await link.PassAsync();
        Assert.Equal("Still wanted", (await link.Diary.GetAsync(new AppointmentTarget(gone))).Title);
        await link.PassAsync();
        await link.AssertAgreeAsync("");
        Assert.Equal(2, link.Outside.Events.Count);
    }

    [Fact]
    public async Task What_is_edited_outside_after_its_removal_was_planned_comes_back()
    {
        await using var link = await LinkFixture.StartAsync();
        var (gone, other) = (await link.Diary.AddPersonalAsync(Lunch), await link.Diary.AddPersonalAsync(Lunch with { Title = "Other" }));
        await link.PassAsync();
        await link.Diary.CancelAsync(new AppointmentTarget(gone), CancelChoice.Delete);
        await link.Diary.EditAsync(new AppointmentTarget(other), new AppointmentEdit { Title = "Another" });
        link.Outside.AfterWrite = () =>
        {
            link.Outside.AfterWrite = null;
            link.Outside.UserEdits($"ours-{gone}-0", one => one.Set(ContentLine.CreateText("SUMMARY", "Still wanted")));
            return Task.CompletedTask;
        };
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.PassAsync();
        Assert.Equal(2, link.Outside.Events.Count);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task What_is_answered_otherwise_is_asked_for_once_more_and_then_said()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        link.Outside.Alters = one => one.Set(ContentLine.CreateText("LOCATION", "Nowhere"));
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        var before = link.Outside.Writes;
        await link.PassAsync();
        Assert.Equal(before + 2, link.Outside.Writes);
        Assert.Contains("differently", (await link.ItemAsync(id))!.Quarantine, StringComparison.Ordinal);
        // what it makes of it is not taken in, and it is not asked again and again
        for (var n = 0; n < 5; n++)
        {
            link.Clock.Now += Duration.FromMinutes(61);
            await link.PassAsync();
        }

        Assert.Equal(before + 2, link.Outside.Writes);
        Assert.Single((await link.LinkAsync()).Quarantined);
        Assert.True((await link.Diary.GetAsync(new AppointmentTarget(id))).Location is null or "");
    }

    [Fact]
    public async Task What_was_taken_in_is_no_edit_of_the_practice_when_the_write_back_has_failed()
    {
        await using var link = await LinkFixture.StartAsync();
        var at = new LocalDateTime(2026, 3, 3, 10, 0);
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", at, Duration.FromMinutes(45)));
        await link.PassAsync();
        var outside = Assert.Single(link.Outside.Events).Key;

        // the time is taken and the title is not: it has to be written back, which fails
        link.Outside.IsAway = true;
        link.Outside.UserEdits(outside, one => one.Set(ContentLine.CreateText("SUMMARY", "Mine")));
        link.Outside.UserMoves(outside, at.PlusHours(1));
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(at.PlusHours(1), (await link.Diary.GetAsync(new AppointmentTarget(id))).Start.LocalDateTime);

        link.Clock.Now += Duration.FromMinutes(1);
        link.Outside.UserMoves(outside, at.PlusHours(2));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(at.PlusHours(2), (await link.Diary.GetAsync(new AppointmentTarget(id))).Start.LocalDateTime);
        Assert.Empty(await link.ConflictsAsync());
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task What_is_changed_each_time_that_it_is_to_be_removed_stops_no_other()
    {
        await using var link = await LinkFixture.StartAsync();
        var (first, second) = (await link.Diary.AddPersonalAsync(Lunch), await link.Diary.AddPersonalAsync(Lunch with { Title = "Other" }));
        await link.PassAsync();
        link.Outside.Contested = (await link.ItemAsync(first))!.OutsideId;
        foreach (var id in (string[])[first, second]) await link.Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(link.Outside.Contested, Assert.Single(link.Outside.Events).Key);
        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Outside.Contested = null;
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty(link.Outside.Events);
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    [Fact]
    public async Task A_conflict_is_kept_once_when_the_write_back_has_failed()
    {
        await using var link = await LinkFixture.StartAsync();
        var at = new LocalDateTime(2026, 3, 3, 10, 0);
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", at, Duration.FromMinutes(45)));
        await link.PassAsync();
        var outside = Assert.Single(link.Outside.Events).Key;
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = at.PlusHours(3) });
        link.Outside.IsAway = true;
        link.Outside.UserEdits(outside, one => one.Set(ContentLine.CreateText("LOCATION", "Mine")));
        link.Outside.UserMoves(outside, at.PlusHours(1));
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(at.PlusHours(3), (await link.Diary.GetAsync(new AppointmentTarget(id))).Start.LocalDateTime);
        Assert.Single(await link.ConflictsAsync());
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task What_somebody_changes_just_after_a_write_is_kept_as_a_conflict()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        link.Outside.Alters = one =>
        {
            link.Outside.Alters = null;
            one.Set(ContentLine.CreateText("SUMMARY", "Mine"));
        };
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        await link.PassAsync();
        await link.AssertAgreeAsync("");
        Assert.Contains("SUMMARY:Mine", Assert.Single(await link.ConflictsAsync()).Outside, StringComparison.Ordinal);
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    private static async Task StopAsync(LinkFixture link, string why)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        await ApplyAsync(link, why switch
        {
            "paused" => [(await link.LinkAsync() with { State = LinkState.Paused }).Put()],
            "lapsed" => [new HxAccess(HxState.Lapsed).Put(link.Practitioner)],
            "deactivated" => [new SetDeactivated(link.Practitioner, link.Clock.Now)],
            _ => await (await link.LinkAsync()).EndAsync(snapshot),
        });
    }

    private static async Task GoOnAsync(LinkFixture link) => await ApplyAsync(
        link, [(await link.LinkAsync() with { State = LinkState.Active }).Put(), HxAccess.Active.Put(link.Practitioner), new SetDeactivated(link.Practitioner, null)]);

    private static async Task ApplyAsync(LinkFixture link, IReadOnlyList<StoreOperation> steps) =>
        Assert.True((await link.Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken)).Succeeded);
}
