using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>Many deletions that come from outside wait for a person, who lets them through, looks again, or has them undone; what the practice removes itself never waits.</summary>
public sealed class Many_deletions
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    [Theory]
    [InlineData(11, 11)]
    [InlineData(30, 60)]
    public async Task Of_the_practice_itself_go_through(int cancelled, int all)
    {
        await using var link = await LinkFixture.StartAsync();
        var ids = await AddAsync(link, all);
        await link.PassAsync();
        // a sick day
        foreach (var id in ids.Take(cancelled)) await link.Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(all - cancelled, link.Outside.Events.Count);
        Assert.Equal((LinkState.Active, 0), ((await link.LinkAsync()).State, (await link.LinkAsync()).Removed.Count));
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Of_the_practice_do_not_hold_back_the_few_that_come_from_outside_and_are_not_held_back_with_many()
    {
        await using var link = await LinkFixture.StartAsync();
        var ids = await AddAsync(link, 40);
        await link.PassAsync();
        foreach (var id in ids.Take(12)) await link.Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        foreach (var id in ids.Skip(12).Take(5)) link.Outside.UserDeletes($"ours-{id}-0");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal((23, 23), ((await link.ShownAsync()).Count, link.Outside.Events.Count));

        link.Clock.Now += Duration.FromMinutes(61);
        await link.Diary.CancelAsync(new AppointmentTarget(ids[39]), CancelChoice.Delete);
        foreach (var id in ids.Skip(17).Take(15)) link.Outside.UserDeletes($"ours-{id}-0");
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((LinkState.DeletesHeld, 15), ((await link.LinkAsync()).State, (await link.LinkAsync()).HeldDeletions));
        Assert.Equal((22, 7), ((await link.ShownAsync()).Count, link.Outside.Events.Count));
        Assert.Equal(22, (await link.LinkAsync()).Count);
    }

    [Fact]
    public async Task That_nobody_meant_are_undone_outside_and_what_changed_meanwhile_is_kept()
    {
        await using var link = await LinkFixture.StartAsync();
        var ids = await AddAsync(link, 15);
        await link.PassAsync();
        foreach (var id in ids.Take(13)) link.Outside.UserDeletes($"ours-{id}-0");
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        await link.Diary.EditAsync(new AppointmentTarget(ids[0]), new AppointmentEdit { Title = "Changed while it was held" });
        await link.Diary.CancelAsync(new AppointmentTarget(ids[1]), CancelChoice.Delete);
        await link.ChangeAsync(held => held.Released(putsBack: true)!);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal((14, 14), ((await link.ShownAsync()).Count, link.Outside.Events.Count));
        await link.AssertAgreeAsync("");

        // the next deletion is one again
        Assert.False((await link.LinkAsync()).PutsBack);
        link.Outside.UserDeletes(link.Outside.Events.Keys.First());
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(13, (await link.ShownAsync()).Count);
    }

    [Fact]
    public async Task That_are_put_back_are_so_when_the_pass_has_to_begin_again()
    {
        await using var link = await LinkFixture.StartAsync();
        var ids = await AddAsync(link, 15);
        await link.PassAsync();
        foreach (var id in ids) link.Outside.UserDeletes($"ours-{id}-0");
        await link.PassAsync();
        await link.ChangeAsync(held => held.Released(putsBack: true)!);
        link.Outside.LosesAnswer = true;
        Assert.Equal(PassResult.Later, await link.PassAsync());
        link.Clock.Now += Duration.FromMinutes(6);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal((15, 15), ((await link.ShownAsync()).Count, link.Outside.Events.Count));
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task That_are_looked_at_again_wait_again_unless_they_are_back()
    {
        await using var link = await LinkFixture.StartAsync();
        var ids = await AddAsync(link, 15);
        await link.PassAsync();
        var kept = link.Outside.Events.ToDictionary();
        foreach (var id in ids) link.Outside.UserDeletes($"ours-{id}-0");
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        await link.ChangeAsync(held => held.Released(putsBack: false)!);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((LinkState.DeletesHeld, 15), ((await link.LinkAsync()).State, (await link.ShownAsync()).Count));
        // the service had lost them for a while
        foreach (var (id, one) in kept) link.Outside.Events[id] = one;
        await link.ChangeAsync(held => held.Released(putsBack: false)!);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal((LinkState.Active, 15), ((await link.LinkAsync()).State, (await link.ShownAsync()).Count));
        Assert.Null((await link.LinkAsync()).Released(putsBack: true));
    }

    private static async Task<List<string>> AddAsync(LinkFixture link, int count)
    {
        List<string> ids = [];
        for (var n = 0; n < count; n++) ids.Add(await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" }));
        return ids;
    }
}
