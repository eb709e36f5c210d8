using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The history of an appointment says what was before and what is after, and nothing of what it says.</summary>
public sealed class BeforeAndAfterTests : CalendarTest
{
    [Fact]
    public async Task What_is_moved_in_the_diary_says_both_times()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Tuesday.PlusDays(1).PlusHours(1), Comments = "Secret" });
        var history = await HistoryAsync(id);
        AssertSays(": before 10:00 on 2 March 2027 to 10:45, after 11:00 on 3 March 2027 to 11:45.", history);
        Assert.DoesNotContain("Secret", history.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_a_series_says_its_own_times_and_status()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        var key = Tuesday.PlusWeeks(1);
        await Diary.EditAsync(new AppointmentTarget(id, key), new AppointmentEdit { Length = Duration.FromMinutes(30), Status = AppointmentStatus.Confirmed }, SeriesScope.ThisOne);
        AssertSays(": before 10:00 on 9 March 2027 to 10:45, after 10:00 on 9 March 2027 to 10:30; before booked, after confirmed.", await HistoryAsync(id));
    }

    [Fact]
    public async Task A_status_alone_is_said_too()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Status = AppointmentStatus.Attended });
        AssertSays(": before booked, after attended.", await HistoryAsync(id));
    }

    [Fact]
    public async Task What_a_device_moves_says_both_times_of_personal_and_patient_appointments()
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        foreach (var id in new[] { await Diary.BookAsync(Session), await Diary.AddPersonalAsync(new PersonalEntry("Lunch", Tuesday, Duration.FromMinutes(45))) })
        {
            var path = $"{phone.Calendar("hx")}{id}.ics";
            var text = (await phone.GetAsync(path)).Text.Replace("20270302T1", "20270304T1", StringComparison.Ordinal);
            Assert.Equal(204, (await phone.PutAsync(path, text)).Status);
            AssertSays(": before 10:00 on 2 March 2027 to 10:45, after 10:00 on 4 March 2027 to 10:45.", await HistoryAsync(id));
        }
    }

    [Fact]
    public async Task An_edit_of_words_says_no_times()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "Secret" });
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var entry = (await DiaryAudit.HistoryAsync(snapshot, new AppointmentKey(Maya.Id, id)))[^1];
        Assert.Equal((AuditAction.Edited, null, null, null), (entry.Action, entry.Before, entry.After, entry.StatusAfter));
    }

    private Task<PageAnswer> HistoryAsync(string id) => Browser.GetAsync(Address(id, page: "/history"));
}
