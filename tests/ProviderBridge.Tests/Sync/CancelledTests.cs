using Calendaring.ICalendar;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>The practice cancels an appointment with a patient that is changed outside at the same time: it is cancelled, and what was changed is kept.</summary>
public sealed class An_edit_of_what_the_practice_cancels
{
    private static readonly LocalDateTime At = new(2026, 3, 4, 12, 0);

    [Theory]
    [InlineData(CancelChoice.Delete)]
    [InlineData(CancelChoice.Cancel)]
    public async Task Is_kept_as_a_conflict_once(CancelChoice choice)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await BookAsync(link);
        Edit(link, id);
        await link.Diary.CancelAsync(new AppointmentTarget(id), choice);
        // the removal does not come to its end at first
        link.Outside.AfterListing = () =>
        {
            link.Outside.Contested = $"ours-{id}-0";
            return Task.CompletedTask;
        };
        Assert.Equal(PassResult.Done, await link.PassAsync());
        (link.Outside.AfterListing, link.Outside.Contested) = (null, null);
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty(link.Outside.Events);
        var kept = Assert.Single(await link.ConflictsAsync());
        Assert.Equal([FieldGroup.Times, FieldGroup.Status], kept.PracticeGroups.Order());
        Assert.Contains("STATUS:CANCELLED", kept.Practice, StringComparison.Ordinal);
        Assert.Contains("T120000", kept.Practice, StringComparison.Ordinal);
        Assert.Contains("T150000", kept.Outside, StringComparison.Ordinal);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Is_none_where_nothing_was_changed()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await BookAsync(link);
        await link.Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty(link.Outside.Events);
        Assert.Empty(await link.ConflictsAsync());
    }

    private static async Task<string> BookAsync(LinkFixture link)
    {
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", At, Duration.FromMinutes(45)));
        await link.PassAsync();
        return id;
    }

    private static void Edit(LinkFixture link, string id) => link.Outside.UserEdits($"ours-{id}-0", says =>
    {
        says.Set(ContentLine.CreateTime("DTSTART", new CalendarTime(At.PlusHours(3), CalendarTimeKind.Zoned, "Australia/Melbourne")));
        says.Set(ContentLine.CreateTime("DTEND", new CalendarTime(At.PlusHours(4), CalendarTimeKind.Zoned, "Australia/Melbourne")));
    });
}
