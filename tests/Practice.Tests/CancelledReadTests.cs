using Practice.Diaries;
using Practice.Subscriptions;
using Xunit;

namespace Practice.Tests;

/// <summary>What a page reads ends when nobody waits for the page any more.</summary>
public class CancelledReadTests : PracticeFixture
{
    private static readonly CancellationToken Gone = new(canceled: true);

    [Fact]
    public async Task Nothing_is_read_for_somebody_who_has_gone()
    {
        var id = await Diary.BookAsync(Session);
        var from = Clock.GetCurrentInstant();
        var billing = new Billing(Store, Clock);
        foreach (var read in (Func<Task>[])
        [
            () => Diary.GetAsync(new AppointmentTarget(id), Gone),
            () => Diary.HistoryAsync(id, Gone),
            () => Diary.ListAsync(from, from, Gone),
            () => Diary.ListAsync(from, from, DiaryBudget.OfPage(Gone)),
            () => Diary.SurveyAsync(Gone),
            () => Diary.ListRejectedAsync(Gone),
            () => Diary.ListOutsideAsync(0, long.MaxValue, 1, Gone),
            () => billing.FindAsync("practice", Gone),
            () => billing.ListLinesAsync("practice", cancelled: Gone),
        ])
            await Assert.ThrowsAnyAsync<OperationCanceledException>(read);
    }
}
