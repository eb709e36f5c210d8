using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Calendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What is cancelled takes no room from what takes place, and is hidden by whoever wants that.</summary>
public sealed partial class GhostPageTests : CalendarTest
{
    [Theory]
    [InlineData("day")]
    [InlineData("week")]
    public async Task What_takes_place_has_the_whole_width_beside_what_is_cancelled(string view)
    {
        for (var number = 0; number < 3; number++) await Diary.CancelAsync(new AppointmentTarget(await Diary.BookAsync(Session)), CancelChoice.Cancel);
        await Diary.AddPersonalAsync(new PersonalEntry("Supervision", Tuesday.PlusMinutes(15), Duration.FromMinutes(60)));
        var page = await Browser.GetAsync($"/calendar?view={view}&date=2027-03-02");
        Assert.DoesNotContain("lane-", page.Text, StringComparison.Ordinal);
        Assert.Equal(3, Covered().Count(page.Text));
    }

    [Fact]
    public void Those_that_are_cancelled_share_the_room_that_nobody_has()
    {
        var zone = DateTimeZone.Utc;
        Appointment At(string id, int hour, AppointmentStatus status) =>
            new(id, null, zone.AtStrictly(Tuesday.Date.At(new LocalTime(hour, 0))), zone.AtStrictly(Tuesday.Date.At(new LocalTime(hour + 1, 0))))
            {
                Kind = AppointmentKind.Patient,
                Status = status,
                Title = id,
            };
        var column = DayColumn.Of(
            Tuesday.Date,
            Maya,
            [
                At("a", 9, AppointmentStatus.Cancelled), At("b", 9, AppointmentStatus.Rejected), At("c", 10, AppointmentStatus.DidNotAttend),
                At("d", 10, AppointmentStatus.Booked), At("e", 11, AppointmentStatus.Confirmed),
            ],
            Practice);
        Assert.Equal(
            [("a", 2, false), ("b", 2, false), ("c", 1, true), ("d", 1, false), ("e", 1, false)],
            column.Blocks.OrderBy(block => block.Appointment.Id, StringComparer.Ordinal).Select(block => (block.Appointment.Id, block.Lane.Count, block.Covered)));
    }

    [Fact]
    public async Task Whoever_hides_what_is_cancelled_does_not_see_it_in_any_view_until_it_is_shown_again()
    {
        await Diary.CancelAsync(new AppointmentTarget(await Diary.BookAsync(Session)), CancelChoice.Cancel);
        await Browser.PostAsync("/calendar?view=week&date=2027-03-02", "/calendar?view=week&date=2027-03-02&handler=Cancelled", ("hide", "true"));
        foreach (var view in new[] { "day", "week", "month" })
        {
            var page = await Browser.GetAsync($"/calendar?view={view}&date=2027-03-02");
            Assert.DoesNotContain("Brownlow", page.Text, StringComparison.Ordinal);
            AssertSays("Cancelled appointments are hidden.", page);
            Assert.DoesNotContain("Brownlow", (await Browser.GetAsync($"/calendar?view={view}&date=2027-03-02&handler=Grid")).Text, StringComparison.Ordinal);
        }

        // it is the person's choice, in another browser too, and nobody else's
        using (var again = await SignedInAsync("maya")) AssertSays("Show cancelled", await again.GetAsync("/calendar?view=week&date=2027-03-02"));
        using (var ruth = await SignedInAsync("ruth")) AssertSays("Brownlow", await ruth.GetAsync($"/calendar?view=week&date=2027-03-02&who={Maya.Id}"));
        var shown = await Browser.PostAsync("/calendar?view=week&date=2027-03-02", "/calendar?view=week&date=2027-03-02&handler=Cancelled", ("hide", "false"));
        AssertSays("Brownlow", shown);
        AssertSays("Brownlow", await Browser.PostAsync("/calendar?view=week&date=2027-03-02", "/calendar?view=week&date=2027-03-02&handler=Cancelled", ("hide", "false")));
    }

    [Fact]
    public async Task In_a_month_what_takes_place_is_not_pushed_out_by_what_is_cancelled()
    {
        for (var number = 0; number < 6; number++) await Diary.CancelAsync(new AppointmentTarget(await Diary.BookAsync(Session)), CancelChoice.Cancel);
        await Diary.AddPersonalAsync(new PersonalEntry("Supervision", Tuesday.PlusHours(3), Duration.FromMinutes(60)));
        AssertSays("Supervision", await Browser.GetAsync("/calendar?view=month&date=2027-03-02"));
    }

    [Fact]
    public async Task Who_did_not_attend_is_not_hidden_with_those_who_cancelled()
    {
        await Diary.CancelAsync(new AppointmentTarget(await Diary.BookAsync(Session)), CancelChoice.NonAttendance);
        AssertSays("Brownlow", await Browser.PostAsync("/calendar?view=week&date=2027-03-02", "/calendar?view=week&date=2027-03-02&handler=Cancelled", ("hide", "true")));
    }

    [Fact]
    public async Task From_one_of_a_cancelled_series_all_of_it_is_put_back()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        var tail = await Diary.CancelAsync(new AppointmentTarget(id, Tuesday.PlusWeeks(2)), CancelChoice.Cancel, SeriesScope.ThisAndFollowing);
        var address = Address(tail, Tuesday.PlusWeeks(3));
        var version = (await GetAsync(tail)).Version;
        AssertSays("Put back only this appointment", await Browser.GetAsync(address));
        var answer = await Browser.PostAsync(address, $"{address}&handler=RestoreSeries", ("Version", version));
        AssertSays("The series is in the calendar again.", answer);
        Assert.All(await ListAsync(new LocalDate(2028, 3, 1), 7), appointment => Assert.Equal(AppointmentStatus.Booked, appointment.Status));
        Assert.NotEmpty(await ListAsync(new LocalDate(2028, 3, 1), 7));
        AssertSays("there is nothing to restore", await Browser.ForgeAsync(address, $"{address}&handler=RestoreSeries", ("Version", (await GetAsync(tail)).Version)));
    }

    [GeneratedRegex("class=\"appointment[^\"]*\\bcovered\\b")]
    private static partial Regex Covered();
}
