using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>What the practice cancelled stays cancelled when a device puts it again that did not know; what was removed outside comes back when it is put back there.</summary>
public sealed class CancelledStaysCancelledTests : PracticeFixture
{
    [Theory]
    [InlineData(PrivacyLevel.FullName, null)]
    [InlineData(PrivacyLevel.Busy, null)]
    [InlineData(PrivacyLevel.FullName, "another-name.ics")]
    public async Task Put_again_by_a_device_that_did_not_know_it_stays_cancelled_and_can_be_turned_over(PrivacyLevel level, string? name)
    {
        var id = await Diary.BookAsync(Session);
        var known = (await ReadAsync(id, level))!;
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        var before = (await FindAsync(id))!.Row.Change;
        Assert.False(Assert.IsType<HxAccepted>(await PutAsync(known, level, name)).StoredAsSent);
        Assert.Equal(AppointmentStatus.Cancelled, (await Diary.GetAsync(new AppointmentTarget(id))).Status);
        Assert.Null(await ReadAsync(id));
        // its next sync says that it is gone, under the name that it used
        var row = (await FindAsync(id))!.Row;
        Assert.True(row.Change > before);
        if (name is not null) Assert.Equal(name, row.Name);

        var rejected = Assert.Single(await Diary.ListRejectedAsync());
        Assert.Equal(RejectionKind.Again, Assert.Single(rejected.Fields).Kind);
        await Diary.TakeOverAsync(rejected.Id);
        Assert.Equal(AppointmentStatus.Booked, (await Diary.GetAsync(new AppointmentTarget(id))).Status);
        Assert.NotNull(await ReadAsync(id));
        Assert.Empty(await Diary.ListRejectedAsync());
    }

    [Fact]
    public async Task Left_as_it_is_it_stays_cancelled_and_nothing_waits()
    {
        var id = await Diary.BookAsync(Session);
        var known = (await ReadAsync(id))!;
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.CancelAndDeleteInvoice);
        await PutAsync(known);
        await PutAsync(known);
        await Diary.LeaveAsItIsAsync(Assert.Single(await Diary.ListRejectedAsync()).Id);
        Assert.Equal(AppointmentStatus.Cancelled, (await Diary.GetAsync(new AppointmentTarget(id))).Status);
        Assert.Empty(await Diary.ListRejectedAsync());
    }

    [Fact]
    public async Task What_was_deleted_and_put_again_is_kept_for_ninety_days_and_no_longer()
    {
        var id = await Diary.BookAsync(Session);
        var known = (await ReadAsync(id))!;
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        await PutAsync(known, knows: false);
        Assert.Empty(await ListAsync());
        Assert.Equal(0, (await Diary.SurveyAsync()).Live);
        Clock.Now += RejectedEdit.Lasts - Duration.FromDays(1);
        await ForgetAsync();
        Assert.NotNull(await FindAsync(id));
        Assert.Single(await Diary.ListRejectedAsync());
        Clock.Now += Duration.FromDays(1);
        await ForgetAsync();
        Assert.Null(await FindAsync(id));
        // nobody knows any more that it was here
        await PutAsync(known, knows: false);
        Assert.NotNull(await ReadAsync(id));
    }

    private async Task ForgetAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        await Store.ApplyAsync(new Calendaring.Store.StoreBatch(await RejectedEdit.ForgetOldAsync(snapshot, Practitioner.Id, Clock.Now)), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Removed_outside_and_put_back_outside_it_comes_back()
    {
        var id = await Diary.BookAsync(Session);
        var known = (await ReadAsync(id))!;
        await RemoveAsync(id);
        Assert.Equal(AppointmentStatus.Cancelled, (await Diary.GetAsync(new AppointmentTarget(id))).Status);
        await PutAsync(known);
        Assert.Equal(AppointmentStatus.Booked, (await Diary.GetAsync(new AppointmentTarget(id))).Status);
        Assert.NotNull(await ReadAsync(id));
        // and is the practice's to cancel again
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        await PutAsync(known);
        Assert.Null(await ReadAsync(id));
    }

    [Fact]
    public async Task The_same_holds_for_one_of_a_series()
    {
        var id = await Diary.BookAsync(Weekly);
        var known = (await ReadAsync(id))!;
        await Diary.CancelAsync(new AppointmentTarget(id, Week(2)), CancelChoice.Cancel, SeriesScope.ThisOne);
        await PutAsync(known, knows: false);
        Assert.Equal(AppointmentStatus.Cancelled, (await Diary.GetAsync(new AppointmentTarget(id, Week(2)))).Status);
        Assert.Contains("EXDATE", await ReadAsync(id), StringComparison.Ordinal);
        var rejected = Assert.Single(await Diary.ListRejectedAsync());
        Assert.Equal(new RejectedField(RejectionKind.Again, "", Week(2)), Assert.Single(rejected.Fields));
        await Diary.TakeOverAsync(rejected.Id);
        Assert.Equal(AppointmentStatus.Booked, (await Diary.GetAsync(new AppointmentTarget(id, Week(2)))).Status);

        var whole = (await ReadAsync(id))!;
        await PutAsync(whole.Replace("RRULE:", "EXDATE;TZID=Australia/Melbourne:20260324T100000\r\nRRULE:", StringComparison.Ordinal));
        Assert.Equal(AppointmentStatus.Cancelled, (await Diary.GetAsync(new AppointmentTarget(id, Week(3)))).Status);
        await PutAsync(whole, knows: false);
        Assert.Equal(AppointmentStatus.Booked, (await Diary.GetAsync(new AppointmentTarget(id, Week(3)))).Status);
    }
}
