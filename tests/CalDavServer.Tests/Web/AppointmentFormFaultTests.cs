using System.Net;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Calendar;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What is typed in another way than the form expects, and what devices have put into the calendar that the form would not.</summary>
public sealed class AppointmentFormFaultTests : PageTest
{
    private static readonly LocalDateTime Tuesday = new(2027, 3, 2, 10, 0);
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];

    private Diary Diary => new(Server.Store, Server.Clock, Maya.Id, new AuditActor("Maya Lindqvist", ActorVia.Web, null, "session"));

    [Fact]
    public void Days_are_named_and_no_numbers()
    {
        var form = new AppointmentForm { Date = "2027-03-02", Repeat = "week", Days = ["8", "3", "Tuesday,Friday", "Tuesday"] };
        Assert.Equal([IsoDayOfWeek.Tuesday], form.ReadRepeat()!.ByDay.Select(day => day.Day));
    }

    [Fact]
    public void A_fee_with_a_comma_is_refused()
    {
        var form = new AppointmentForm { Fee = "87,50" };
        Assert.Null(form.ReadFee());
        Assert.Contains("without commas", form.Problems[nameof(AppointmentForm.Fee)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(400 * 24 * 60)]
    public void A_length_and_an_empty_title_of_a_device_stay_as_they_are(int minutes)
    {
        var start = Tuesday.InZoneStrictly(Zone);
        var given = new Appointment("a", null, start, start + Duration.FromMinutes(minutes)) { Kind = AppointmentKind.Personal, Status = AppointmentStatus.Booked, Title = "" };
        var form = AppointmentForm.Of(given, null);
        form.Comments = "Bring the key";
        var edit = form.Against(given, Zone);
        Assert.Empty(form.Problems);
        Assert.Equal((null, null, "Bring the key"), (edit.Length, edit.Title, edit.Comments));
    }

    [Fact]
    public async Task Emptying_the_fee_takes_it_away()
    {
        var booking = new Booking([new Patient("PT-1", "Jane", "Brownlow", null)], "Follow-up", Tuesday, Duration.FromMinutes(45)) { Fee = 110 };
        var id = await Diary.BookAsync(booking);
        var given = await Diary.GetAsync(new AppointmentTarget(id));
        var form = AppointmentForm.Of(given, null);
        form.Fee = "";
        await Diary.EditAsync(new AppointmentTarget(id), form.Against(given, Zone));
        Assert.Null((await Diary.GetAsync(new AppointmentTarget(id))).Fee);
    }

    [Fact]
    public async Task A_repeat_is_compared_with_what_there_is_in_later_weeks()
    {
        await Diary.AddPersonalAsync(new PersonalEntry("Dentist", Tuesday.PlusWeeks(5), Duration.FromHours(1)));
        await Diary.AddPersonalAsync(new PersonalEntry("Market", Tuesday.PlusWeeks(5).PlusDays(1), Duration.FromHours(1)));
        using var browser = await SignedInAsync("maya");
        (string, string)[] fields =
        [
            ("Form.Kind", "personal"), ("Form.Title", "Class"), ("Form.Date", "2027-03-02"), ("Form.Start", "10:30"), ("Form.Minutes", "60"),
            ("Form.Repeat", "week"), ("Form.Every", "1"),
        ];
        var page = await browser.PostAsync("/calendar/new", fields);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Dentist", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Market", page.Text, StringComparison.Ordinal);
    }
}
