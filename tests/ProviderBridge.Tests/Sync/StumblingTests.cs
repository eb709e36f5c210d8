using Calendaring.ICalendar;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>A service fails each time that it is asked about one event, and answers for all else: that one waits, and no other.</summary>
public sealed class One_at_which_the_service_fails_each_time
{
    private static readonly LocalDateTime At = new(2026, 3, 4, 12, 0);

    [Theory]
    [InlineData("read")]
    [InlineData("new")]
    [InlineData("create")]
    [InlineData("update")]
    [InlineData("delete")]
    public async Task Keeps_no_other_waiting_and_is_done_when_it_can_be(string verb)
    {
        await using var link = await LinkFixture.StartAsync();
        var (one, other) = (await AddAsync(link, "One"), await AddAsync(link, "Other"));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var cursor = (await link.LinkAsync()).OutsideCursor;
        await StumbleAsync(link, verb, one);
        link.Outside.UserEdits($"ours-{other}-0", says => says.Set(ContentLine.CreateText("SUMMARY", "Other, changed")));
        for (var n = 0; n < 2; n++)
        {
            Assert.Equal(PassResult.Later, await link.PassAsync());
            Assert.Equal("Other, changed", (await link.Diary.GetAsync(new AppointmentTarget(other))).Title);
            Assert.True(await link.LinkAsync() is { Quarantined: [], State: LinkState.Active } waits && waits.OutsideCursor == cursor);
        }

        Assert.Equal(PassResult.Done, await link.PassAsync());
        var held = Assert.Single((await link.LinkAsync()).Quarantined);
        Assert.Contains("answered 500", (await link.ItemAsync(held))!.Quarantine!, StringComparison.Ordinal);
        Assert.Null((await link.LinkAsync()).Failing);

        // then once an hour
        var stumbled = link.Outside.Stumbled;
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(stumbled, link.Outside.Stumbled);
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(stumbled + 1, link.Outside.Stumbled);

        link.Outside.Stumbles.Clear();
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Equal(verb is "new" or "create" ? 3 : verb == "delete" ? 1 : 2, link.Outside.Events.Count);
        await link.AssertAgreeAsync("");
    }

    /// <summary>What fails now and then is not what fails each time.</summary>
    [Fact]
    public async Task Is_counted_only_while_it_fails_each_time()
    {
        await using var link = await LinkFixture.StartAsync();
        var one = await AddAsync(link, "One");
        await link.PassAsync();
        for (var n = 0; n < 3; n++)
        {
            await StumbleAsync(link, "read", one);
            for (var m = 0; m < 2; m++) Assert.Equal(PassResult.Later, await link.PassAsync());
            link.Outside.Stumbles.Clear();
            Assert.Equal(PassResult.Done, await link.PassAsync());
            Assert.True(await link.LinkAsync() is { Quarantined: [], Failing: null });
        }

        await link.AssertAgreeAsync("");
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 12)]
    public async Task Is_none_where_the_service_is_away(bool isDown, int events)
    {
        await using var link = await LinkFixture.StartAsync();
        List<string> all = [];
        for (var n = 0; n < events; n++) all.Add(await AddAsync(link, $"n{n}"));
        await link.PassAsync();
        var before = await link.LinkAsync();
        link.Outside.IsDown = isDown;
        if (!isDown) link.Outside.Stumbles.Add("update");
        foreach (var id in all) await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Changed" });
        link.Outside.UserMakes("Dentist", At);
        for (var n = 0; n < 5; n++) Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.True(await link.LinkAsync() is { Quarantined: [], Failing: null } after && after.OutsideCursor == before.OutsideCursor && after.HxCursor == before.HxCursor);
        (link.Outside.IsDown, _) = (false, link.Outside.Stumbles.RemoveWhere(_ => true));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.AssertAgreeAsync("");
    }

    private static async Task StumbleAsync(LinkFixture link, string verb, string one)
    {
        var id = $"ours-{one}-0";
        if (verb == "new") id = link.Outside.UserMakes("New", At);
        if (verb == "create") id = $"ours-{await AddAsync(link, "New")}-0";
        if (verb == "read") link.Outside.UserEdits(id, says => says.Set(ContentLine.CreateText("SUMMARY", "Changed outside")));
        if (verb == "update") await link.Diary.EditAsync(new AppointmentTarget(one), new AppointmentEdit { Title = "Changed" });
        if (verb == "delete") await link.Diary.CancelAsync(new AppointmentTarget(one), CancelChoice.Delete);
        link.Outside.Stumbles.Add($"{(verb == "new" ? "read" : verb)} {id}");
    }

    private static Task<string> AddAsync(LinkFixture link, string title) => link.Diary.AddPersonalAsync(new PersonalEntry(title, At, Duration.FromHours(1)));
}
