using System.Net;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What a person does with the forms of the calendar.</summary>
public sealed class AppointmentFormTests : CalendarTest
{
    private static readonly (string, string)[] Booked =
    [
        ("Form.Kind", "patient"), ("Form.Date", "2027-03-02"), ("Form.Start", "10:00"), ("Form.Minutes", "45"), ("Form.Type", "Follow-up"), ("Form.Fee", "85"),
        ("Form.Patients[0].GivenName", "Jane"), ("Form.Patients[0].FamilyName", "Brownlow"), ("Form.Patients[0].Reference", "PT-1"),
    ];

    [Fact]
    public async Task A_patient_is_booked()
    {
        AssertSays("The appointment is in the calendar.", await Browser.PostAsync("/calendar/new", Booked));
        var booked = Assert.Single(await ListAsync(Tuesday.Date, 1));
        Assert.Equal((AppointmentKind.Patient, 85m, Tuesday), (booked.Kind, booked.Fee, booked.Start.LocalDateTime));
        Assert.Equal(new Patient("PT-1", "Jane", "Brownlow"), Assert.Single(booked.Patients));
    }

    [Fact]
    public async Task A_personal_appointment_repeats_in_its_colour()
    {
        (string, string)[] repeat = [("Form.Colour", "teal"), ("Form.Repeat", "week"), ("Form.Every", "2"), ("Form.Days", "Tuesday"), ("Form.Ends", "count"), ("Form.Count", "3")];
        AssertSays("The appointments are in the calendar.", await Browser.PostAsync("/calendar/new", Personal("Supervision", repeat)));
        var all = await ListAsync(Tuesday.Date, 60);
        Assert.Equal([Tuesday, Tuesday.PlusWeeks(2), Tuesday.PlusWeeks(4)], all.Select(appointment => appointment.Start.LocalDateTime));
        Assert.All(all, appointment => Assert.Equal("teal", appointment.Colour));
        AssertSays("every 2 weeks on Tuesday, 3 times", await Browser.GetAsync(Address(all[0].Id, all[0].Occurrence)));
    }

    [Fact]
    public async Task Whole_days_are_added()
    {
        await Browser.PostAsync("/calendar/new", Personal("Leave", ("Form.AllDay", "true"), ("Form.LastDay", "2027-03-05"), ("Form.Start", ""), ("Form.Minutes", "")));
        var leave = Assert.Single(await ListAsync(Tuesday.Date, 14));
        Assert.Equal((true, new LocalDate(2027, 3, 6)), (leave.AllDay, leave.End.Date));
    }

    [Theory]
    [InlineData("Form.Title", " ", "Give it a title")]
    [InlineData("Form.Minutes", "0", "must end after it starts")]
    [InlineData("Form.Minutes", "-30", "must end after it starts")]
    [InlineData("Form.Start", "25:00", "hours and minutes")]
    [InlineData("Form.Date", "", "Choose the day")]
    public async Task A_field_that_is_not_right_says_what_to_do_and_keeps_what_was_typed(string field, string value, string sentence)
    {
        var page = await Browser.PostAsync("/calendar/new", [.. Personal("Staff meeting", ("Form.Comments", "Bring the roster."), (field, value))]);
        AssertSays(sentence, page);
        AssertSays("Bring the roster.", page);
        Assert.Empty(await ListAsync(Tuesday.Date, 7));
    }

    [Fact]
    public async Task A_time_that_the_clocks_go_forward_over_is_refused()
    {
        var page = await Browser.PostAsync("/calendar/new", Personal("Early", ("Form.Date", "2027-10-03"), ("Form.Start", "02:30")));
        AssertSays("the clocks go forward", page);
    }

    [Fact]
    public async Task The_last_day_is_not_before_the_first()
    {
        AssertSays("The last day is before the first", await Browser.PostAsync("/calendar/new", Personal("Leave", ("Form.AllDay", "true"), ("Form.LastDay", "2027-03-01"))));
    }

    [Fact]
    public async Task A_patient_needs_a_name_and_a_reference()
    {
        (string, string)[] fields = [("Form.Kind", "patient"), ("Form.Date", "2027-03-02"), ("Form.Start", "10:00"), ("Form.Minutes", "45"), ("Form.Type", "Follow-up")];
        AssertSays("needs a patient", await Browser.PostAsync("/calendar/new", fields));
        AssertSays("reference", await Browser.PostAsync("/calendar/new", [.. fields, ("Form.Patients[0].GivenName", "Jane")]));
        Assert.Empty(await ListAsync(Tuesday.Date, 7));
    }

    [Fact]
    public async Task Double_booking_is_warned_of_and_not_forbidden()
    {
        await Diary.BookAsync(Session);
        var warned = await Browser.PostAsync("/calendar/new", Personal("Call", ("Form.Start", "10:30")));
        AssertSays("There is something else at this time", warned);
        AssertSays("Jane Brownlow", warned);
        Assert.Single(await ListAsync(Tuesday.Date, 1));
        await Browser.PostAsync("/calendar/new", Personal("Call", ("Form.Start", "10:30"), ("Form.Anyway", "true")));
        Assert.Equal(2, (await ListAsync(Tuesday.Date, 1)).Count);
    }

    [Fact]
    public async Task An_edit_changes_what_was_changed()
    {
        var id = await Diary.BookAsync(Session);
        var page = await Browser.PostAsync(Address(id, page: "/edit"), Filled(await GetAsync(id), ("Form.Start", "14:00"), ("Form.Location", "Room 5")));
        AssertSays("The appointment has been changed.", page);
        var edited = await GetAsync(id);
        Assert.Equal((new LocalTime(14, 0), "Room 5", 110m), (edited.Start.TimeOfDay, edited.Location, edited.Fee));
    }

    [Fact]
    public async Task What_somebody_else_has_changed_meanwhile_is_shown_and_what_was_typed_stays()
    {
        var id = await Diary.BookAsync(Session);
        var opened = await GetAsync(id);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Location = "Room 9" });
        var page = await Browser.PostAsync(Address(id, page: "/edit"), Filled(opened, ("Form.Comments", "Needs the ramp")));
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        AssertSays("Somebody has changed this appointment", page);
        AssertSays("Room 9", page);
        AssertSays("Needs the ramp", page);
        Assert.Null((await GetAsync(id)).Comments);
    }

    [Theory]
    [InlineData(SeriesScope.ThisOne, "10:00 16:00 10:00")]
    [InlineData(SeriesScope.ThisAndFollowing, "10:00 16:00 16:00")]
    [InlineData(SeriesScope.All, "16:00 16:00 16:00")]
    public async Task Of_a_series_one_or_the_rest_or_all_are_edited(SeriesScope scope, string times)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        var second = Tuesday.PlusWeeks(1);
        await Browser.PostAsync(Address(id, second, "/edit"), Filled(await GetAsync(id, second), ("Form.Start", "16:00"), ("Scope", scope.ToString())));
        Assert.Equal(times, string.Join(' ', (await ListAsync(Tuesday.Date, 30)).Select(appointment => CalDavServer.Web.Calendar.Words.Time(appointment.Start.TimeOfDay))));
    }

    [Theory]
    [InlineData("/cancel", "Choice=Delete")]
    [InlineData("/cancel", "Choice=Delete&Scope=Everything")]
    [InlineData("/cancel", "Scope=All")]
    [InlineData("/edit", "Form.Start=16:00")]
    [InlineData("?handler=Status", "status=Finished")]
    public async Task A_form_without_a_choice_does_nothing_to_a_series(string page, string fields)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        var second = Tuesday.PlusWeeks(1);
        var address = page[0] == '?' ? Address(id, second) + "&" + page[1..] : Address(id, second, page);
        var given = fields.Split('&').Select(field => field.Split('=')).Select(field => (field[0], field[1])).ToArray();
        var posted = page == "/edit" ? [.. Filled(await GetAsync(id, second), given).Where(field => field.Item1 != "Scope")] : given;
        AssertSays("Nothing was changed", await Browser.PostAsync(address, posted));
        Assert.Equal(
            "10:00 Booked, 10:00 Booked, 10:00 Booked",
            string.Join(", ", (await ListAsync(Tuesday.Date, 30)).Select(appointment => $"{CalDavServer.Web.Calendar.Words.Time(appointment.Start.TimeOfDay)} {appointment.Status}")));
    }

    [Fact]
    public async Task What_is_dragged_moves_and_says_with_what_it_is_double_booked()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.AddPersonalAsync(new PersonalEntry("Call", Tuesday.PlusDays(1), Duration.FromMinutes(30)));
        var moved = await Browser.ForgeAsync($"{Address(id, page: "/edit")}?handler=Move", ("date", "2027-03-03"), ("start", "10:15"), ("minutes", "45"), ("Version", (await GetAsync(id)).Version));
        AssertSays("double-booked with Call", moved);
        Assert.Equal(new LocalDateTime(2027, 3, 3, 10, 15), (await GetAsync(id)).Start.LocalDateTime);
        var late = await Browser.ForgeAsync($"{Address(id, page: "/edit")}?handler=Move", ("date", "2027-03-04"), ("start", "10:15"), ("minutes", "45"), ("Version", "0"));
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
    }

    [Theory]
    [InlineData(CancelChoice.Cancel, AppointmentStatus.Cancelled, "INV-1")]
    [InlineData(CancelChoice.CancelAndDeleteInvoice, AppointmentStatus.Cancelled, null)]
    [InlineData(CancelChoice.NonAttendance, AppointmentStatus.DidNotAttend, "INV-1")]
    public async Task An_appointment_is_cancelled_in_the_way_that_is_chosen(CancelChoice choice, AppointmentStatus status, string? invoice)
    {
        var id = await Diary.BookAsync(Session);
        AssertSays("The invoice is linked.", await Browser.PostAsync($"{Address(id)}?handler=Invoice", ("reference", "INV-1")));
        await Browser.PostAsync(Address(id, page: "/cancel"), ("Choice", choice.ToString()));
        var cancelled = await GetAsync(id);
        Assert.Equal((status, invoice), (cancelled.Status, cancelled.Invoice));
    }

    [Fact]
    public async Task An_appointment_with_an_invoice_is_not_deleted()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        AssertSays("An invoice is linked", await Browser.PostAsync(Address(id, page: "/cancel"), ("Choice", "Delete")));
        await Browser.PostAsync($"{Address(id)}?handler=Invoice", ("reference", ""));
        AssertSays("The appointment is deleted.", await Browser.PostAsync(Address(id, page: "/cancel"), ("Choice", "Delete")));
        Assert.Equal(HttpStatusCode.NotFound, (await Browser.GetAsync(Address(id))).Status);
    }

    [Fact]
    public async Task A_cancelled_appointment_is_put_back_and_marked_as_attended()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        AssertSays("in the calendar again", await Browser.PostAsync($"{Address(id)}?handler=Restore"));
        AssertSays("marked as attended", await Browser.PostAsync($"{Address(id)}?handler=Status", ("status", "Attended")));
        Assert.Equal(AppointmentStatus.Attended, (await GetAsync(id)).Status);
    }
}
