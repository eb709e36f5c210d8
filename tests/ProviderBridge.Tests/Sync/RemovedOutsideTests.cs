using Calendaring.Recurrence;
using NodaTime;
using Practice.Diaries;
using Practice.Hx;

namespace ProviderBridge.Tests.Sync;

/// <summary>A personal appointment that a link removed, because it was deleted outside, can be put back for thirty days; it is outside again then.</summary>
public sealed class What_was_deleted_outside
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } };

    [Fact]
    public async Task Is_put_back_once_as_it_was_and_is_outside_again()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(Lunch);
        await link.Diary.EditAsync(new AppointmentTarget(id, Lunch.Start.PlusWeeks(1)), new AppointmentEdit { Title = "Long lunch" }, SeriesScope.ThisOne);
        await link.PassAsync();
        var shown = (await link.ShownAsync())[id];
        link.Outside.UserDeletes($"ours-{id}-0");
        await link.PassAsync();
        Assert.Empty(await link.ShownAsync());
        link.Clock.Now += Duration.FromDays(29);
        var change = Assert.Single((await link.Diary.ListOutsideAsync(0, long.MaxValue, 10)).Changes);
        Assert.Equal((OutsideStanding.Open, "Lunch", "Model"), (change.Standing, change.Title, change.Entry.Device));
        Assert.Equal(id, await link.Diary.TurnBackAsync(change.Number));
        Assert.Empty(ExternalPatch.Differences(shown, (await link.ShownAsync())[id]));
        await link.PassAsync();
        // under another id: a service may keep the first one in its bin
        Assert.Equal($"ours-{id}-1", Assert.Single(link.Outside.Events).Key);
        await link.AssertAgreeAsync("");

        // it is not put back over what there is
        var again = Assert.Single((await link.Diary.ListOutsideAsync(0, long.MaxValue, 10)).Changes);
        Assert.NotEqual(OutsideStanding.Open, again.Standing);
        await Assert.ThrowsAsync<DiaryException>(() => link.Diary.TurnBackAsync(change.Number));
    }

    [Fact]
    public async Task Is_forgotten_after_thirty_days()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        link.Outside.UserDeletes($"ours-{id}-0");
        await link.PassAsync();
        link.Clock.Now += Duration.FromDays(31);
        var change = Assert.Single((await link.Diary.ListOutsideAsync(0, long.MaxValue, 10)).Changes);
        Assert.Equal(OutsideStanding.Gone, change.Standing);
        await Assert.ThrowsAsync<DiaryException>(() => link.Diary.TurnBackAsync(change.Number));
    }
}
