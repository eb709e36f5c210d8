using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>How far the first filling of a calendar is, and how many appointments a link mirrors: told as it is, also when a pass was cut short.</summary>
public sealed class What_a_link_counts
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_what_it_mirrors_of_what_it_should(bool includesExisting)
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 7; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        var from = includesExisting ? 0 : (await link.HxAsync()).Change;
        await link.ChangeAsync(made => made with { HxCursor = from, From = from });
        await link.Diary.AddPersonalAsync(Lunch with { Title = "New" });
        Assert.Equal((0, includesExisting ? 8 : 1), await CountsAsync(link));
        await link.PassAsync();
        Assert.Equal(includesExisting ? (8, 8) : (1, 1), await CountsAsync(link));
        Assert.Equal(includesExisting ? 8 : 1, link.Outside.Events.Count);
    }

    [Fact]
    public async Task Is_told_while_a_calendar_is_filled_from_nothing_to_all()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 5; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        List<(int Done, int Of)> told = [];
        var pass = new LinkPass(link.Store, link.Clock, link.Outside) { Progress = (done, of) => told.Add((done, of)) };
        Assert.Equal(PassResult.Done, await pass.RunAsync(link.Key, TestContext.Current.CancellationToken));
        Assert.Equal([(0, 5), (1, 5), (2, 5), (3, 5), (4, 5), (5, 5)], told);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Does_not_drift_when_passes_are_cut_short(int writes)
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 6; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        await CutAsync(link, writes);
        await link.PassAsync();
        Assert.Equal((6, 6), await CountsAsync(link));
        foreach (var id in link.Outside.Events.Keys.Take(3).ToList()) link.Outside.UserDeletes(id);
        link.Outside.UserMakes("Dentist", new LocalDateTime(2026, 3, 6, 9, 0));
        await CutAsync(link, writes);
        await link.PassAsync();
        Assert.Equal((4, 4), await CountsAsync(link));
    }

    private static async Task CutAsync(LinkFixture link, int writes)
    {
        try
        {
            await link.PassAsync(new CutStore(link.Store, writes));
        }
        catch (CutException)
        {
            // the process is gone: its lease ends by itself
        }

        link.Clock.Now += Duration.FromMinutes(6);
    }

    private static async Task<(int Mirrored, int Due)> CountsAsync(LinkFixture link)
    {
        var now = await link.LinkAsync();
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (now.Count, await now.CountDueAsync(snapshot));
    }
}
