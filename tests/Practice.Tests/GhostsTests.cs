using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;

namespace Practice.Tests;

/// <summary>A series that is cancelled ends in the diary: what was planned is history, what nobody had planned yet is not struck through for ever. Put back, all of it is there again.</summary>
public sealed class GhostsTests : PracticeFixture
{
    private static Booking Endless => Session with { Repeat = new RecurrenceRule(Frequency.Weekly) };

    [Fact]
    public async Task The_rest_of_an_endless_series_that_is_cancelled_ends_and_comes_back_whole()
    {
        var id = await Diary.BookAsync(Endless);
        var tail = await Diary.CancelAsync(new AppointmentTarget(id, Week(3)), CancelChoice.Cancel, SeriesScope.ThisAndFollowing);
        await AssertEndsAsync(tail, Week(3), live: 3);
        Assert.NotNull((await FindAsync(tail))!.Row.Index.End);
        await Diary.RestoreAsync(new AppointmentTarget(tail));
        await AssertEndlessAsync();
    }

    [Fact]
    public async Task An_endless_series_that_is_cancelled_as_a_whole_ends_and_comes_back_whole()
    {
        var id = await Diary.BookAsync(Endless);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.CancelAndDeleteInvoice);
        await AssertEndsAsync(id, Week(0), live: 0);
        await Diary.RestoreAsync(new AppointmentTarget(id));
        await AssertEndlessAsync();
    }

    [Theory]
    [InlineData("RRULE:FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;UNTIL=20260317T235959Z", 3)]
    [InlineData("STATUS:CONFIRMED", "STATUS:CANCELLED", 0)]
    [InlineData(null, null, 0)]
    public async Task What_a_device_cancelled_ends_as_well(string? before, string? after, int live)
    {
        var id = await Diary.BookAsync(Endless);
        if (before is null) await RemoveAsync(id);
        else await ClientEditAsync(id, text => text.Replace(before, after, StringComparison.Ordinal));
        var cancelled = Assert.Single((await ListAsync()).Where(appointment => appointment.Status == AppointmentStatus.Cancelled).Select(appointment => appointment.Id).Distinct());
        await AssertEndsAsync(cancelled, Week(live), live);
        await Diary.RestoreAsync(new AppointmentTarget(cancelled));
        await AssertEndlessAsync();
    }

    [Fact]
    public async Task What_was_cancelled_before_the_time_of_that_was_noted_ends_too_and_no_device_draws_it_out()
    {
        var id = await Diary.BookAsync(Endless);
        var known = (await ReadAsync(id))!;
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        var stored = (await FindAsync(id))!;
        var old = AppointmentDetails.Read(stored.Row.Details) with { CancelledAt = null };
        await Store.ApplyAsync(
            StoreBatch.Of(new PutObject(Hx.Id, stored.Row.Name, stored.Bytes, stored.Row.Index with { End = null }, Expectation.Any, Published: false, old.Write())),
            TestContext.Current.CancellationToken);
        for (var tries = 0; tries < 3; tries++)
        {
            Clock.Now += Duration.FromDays(60);
            await PutAsync(known, knows: false);
        }

        await AssertEndsAsync(id, Week(0), live: 0);
    }

    [Fact]
    public async Task A_series_that_begins_far_ahead_is_seen_where_it_was_planned()
    {
        var id = await Diary.BookAsync(Endless with { Start = Week(20) });
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        Assert.Equal(Week(20), (await ListAsync())[0].Start.LocalDateTime);
        Assert.Empty(await LaterAsync());
    }

    [Fact]
    public async Task What_has_a_story_of_its_own_stays_however_late_it_is()
    {
        var id = await Diary.BookAsync(Endless);
        await Diary.LinkNoteAsync(new AppointmentTarget(id, Week(30)), "N-1");
        await Diary.CancelAsync(new AppointmentTarget(id, Week(3)), CancelChoice.Cancel, SeriesScope.ThisAndFollowing);
        var late = Assert.Single(await ListAsync(), appointment => appointment.Start.LocalDateTime > Week(20));
        Assert.Equal((Week(30), "N-1"), (late.Start.LocalDateTime, late.Note));
    }

    [Fact]
    public async Task One_of_it_is_put_back_alone_and_the_rest_stays_cancelled()
    {
        var id = await Diary.BookAsync(Endless);
        var tail = await Diary.CancelAsync(new AppointmentTarget(id, Week(3)), CancelChoice.Cancel, SeriesScope.ThisAndFollowing);
        var shown = (await ListAsync()).First(appointment => appointment.Id == tail);
        Assert.True(shown.SeriesWithdrawn);
        await Diary.RestoreAsync(new AppointmentTarget(tail, Week(4)));
        Assert.Equal(4, (await ListAsync()).Count(appointment => appointment.Status == AppointmentStatus.Booked));
        Assert.Empty(await LaterAsync());
    }

    [Fact]
    public async Task Nobody_misses_a_whole_series_at_once()
    {
        var id = await Diary.BookAsync(Endless);
        foreach (var scope in new[] { SeriesScope.All, SeriesScope.ThisAndFollowing })
        {
            var refusal = await Assert.ThrowsAsync<DiaryException>(() => Diary.CancelAsync(new AppointmentTarget(id, Week(1)), CancelChoice.NonAttendance, scope));
            Assert.Equal(DiaryFault.Invalid, refusal.Fault);
        }
    }

    private async Task AssertEndsAsync(string cancelled, LocalDateTime from, int live)
    {
        var all = await ListAsync();
        Assert.Equal(live, all.Count(appointment => appointment.Status == AppointmentStatus.Booked));
        var gone = all.Where(appointment => appointment.Id == cancelled).ToList();
        Assert.All(gone, appointment => Assert.Equal(AppointmentStatus.Cancelled, appointment.Status));
        Assert.Equal(from, gone[0].Start.LocalDateTime);
        // those of the next weeks are history, and a quarter of a year later there is nothing
        Assert.InRange(gone.Count, 10, 14);
        Assert.Empty(await LaterAsync());
        Assert.Null(await ReadAsync(cancelled));
    }

    private async Task AssertEndlessAsync()
    {
        Assert.All(await ListAsync(), appointment => Assert.Equal(AppointmentStatus.Booked, appointment.Status));
        Assert.Equal(52, (await LaterAsync()).Count);
    }

    private Task<IReadOnlyList<Appointment>> LaterAsync() => Diary.ListAsync(Instant.FromUtc(2027, 3, 1, 0, 0), Instant.FromUtc(2028, 2, 28, 0, 0));
}
