using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>In a practice that is connected to Halaxy the pages of the calendar offer what Halaxy can be told, and lead to Halaxy for the rest.</summary>
public sealed class HalaxyDiaryTests : HalaxyPageTest
{
    [Fact]
    public async Task A_patient_appointment_of_Halaxy_is_moved_and_cancelled_here_and_all_else_is_done_there()
    {
        var (maya, id) = await BookedAsync();
        var path = $"/calendar/{Maya.Id}/{(await HereAsync()).Single().Id}";
        var page = await maya.GetAsync(path);
        Assert.Contains("This appointment is kept in Halaxy.", page.Text, StringComparison.Ordinal);
        Assert.Contains("<dd>Came from Halaxy on ", page.Text, StringComparison.Ordinal);
        // a note is not seen here, which does not mean that there is none
        Assert.Contains("<dt>Clinical note</dt><dd>Not available: Halaxy keeps it</dd>", page.Text, StringComparison.Ordinal);
        foreach (var gone in new[] { "Mark as confirmed", "Mark as attended", "Invoice number", "Turn into", "Not in Halaxy" }) Assert.DoesNotContain(gone, page.Text, StringComparison.Ordinal);
        var form = await maya.GetAsync(path + "/edit");
        foreach (var gone in new[] { "Form.Type", "Form.Fee", "Form.Location", "Form.AllDay", "Form.Repeat", "name=\"To\"" }) Assert.DoesNotContain(gone, form.Text, StringComparison.Ordinal);
        var start = (await HereAsync()).Single().Start.LocalDateTime.PlusHours(1);
        var moved = await maya.PostAsync(path + "/edit", form, ("Form.Date", start.ToString("uuuu-MM-dd", null)), ("Form.Start", start.ToString("HH':'mm", null)), ("Form.Minutes", "40"), ("Form.Comments", "Room 2"));
        Assert.Contains("The appointment has been changed.", moved.Text, StringComparison.Ordinal);
        await UntilAsync(async () => (string?)(await There.ShowAsync(id))["comments"] == "Room 2", "it is there");
        var cancel = await maya.GetAsync(path + "/cancel");
        Assert.Contains("It is cancelled in Halaxy too", cancel.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("NonAttendance", cancel.Text, StringComparison.Ordinal);
        await maya.PostAsync(path + "/cancel", cancel, ("Choice", "Cancel"));
        await UntilAsync(async () => !(bool)(await There.ShowAsync(id))["takesPlace"]!, "it is cancelled there");
        // what a page does not offer is refused all the same
        await Diary.RestoreAsync(new AppointmentTarget((await HereAsync()).Single().Id));
        var refused = await maya.PostAsync(path + "/cancel", await maya.GetAsync(path + "/cancel"), ("Choice", "Delete"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("This appointment is kept in Halaxy", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_patient_attended_is_not_offered_to_be_cancelled()
    {
        var (maya, id) = await BookedAsync();
        await There.DoAsync("cancel", new() { ["appointment"] = id, ["status"] = "attended" });
        await UntilAsync(async () => (await HereAsync()).Single().Status == AppointmentStatus.Attended, "it is known here");
        var path = $"/calendar/{Maya.Id}/{(await HereAsync()).Single().Id}";
        var page = await maya.GetAsync(path);
        Assert.Contains("a patient attended it or missed it", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/cancel\"", page.Text, StringComparison.Ordinal);
        var refused = await maya.PostAsync(path + "/cancel", await maya.GetAsync(path + "/cancel"), ("Choice", "Cancel"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("it can only be cancelled there", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_added_here_says_that_it_is_not_in_Halaxy_and_is_booked_there_with_a_patient()
    {
        var (maya, _) = await BookedAsync();
        var unbooked = (await maya.GetAsync("/calendar/new?kind=patient")).Text;
        Assert.Contains("Patient appointments are booked", unbooked, StringComparison.Ordinal);
        Assert.Contains(">add a personal appointment here</a>", unbooked, StringComparison.Ordinal);
        var start = Now.InZone(Practice.Zone()).Date.PlusDays(5) + new LocalTime(10, 0);
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Zora rang", start, Duration.FromMinutes(30)));
        var path = $"/calendar/{Maya.Id}/{uid}";
        var page = await maya.GetAsync(path);
        Assert.Contains("Not in Halaxy", page.Text, StringComparison.Ordinal);
        var form = await maya.GetAsync($"{path}/book?text=zo");
        Assert.Contains("Zora Newman", form.Text, StringComparison.Ordinal);
        Assert.Contains("Initial consultation", form.Text, StringComparison.Ordinal);
        Assert.Contains("Harbour", form.Text, StringComparison.Ordinal);
        Assert.Contains("No patient in Halaxy has a name that begins like this.", (await maya.GetAsync($"{path}/book?text=xx&handler=Found")).Text, StringComparison.Ordinal);
        var unchosen = await maya.PostAsync(path + "/book", form, ("Service", There.Service), ("Role", There.MayasRole));
        Assert.Contains("Choose a patient from Halaxy", unchosen.Text, StringComparison.Ordinal);
        var booked = await maya.PostAsync(path + "/book", form, ("Patient", There.Patient), ("Service", There.Service), ("Role", There.MayasRole));
        Assert.Contains("It is booked in Halaxy", booked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Not in Halaxy", booked.Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await HereAsync()).Single(one => one.Id == uid) is { Kind: AppointmentKind.Patient, HalaxyId: not null }, "it is a patient appointment");
        Assert.Equal(2, (await HereAsync()).Count);
    }

    [Fact]
    public async Task A_patient_appointment_of_before_says_what_to_do_with_it()
    {
        var uid = await Diary.BookAsync(new Booking([new Patient("1", "Own", "Patient")], "Consultation", Now.InUtc().LocalDateTime.PlusDays(3), Duration.FromMinutes(30)));
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        using var maya = await SignedInAsync("maya");
        var page = (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}")).Text;
        Assert.Contains("If it should be there too, book it in Halaxy and cancel it here.", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Clinical note</dt><dd>none</dd>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_is_taken_in_Halaxy_is_said_and_nothing_is_booked()
    {
        var (maya, _) = await BookedAsync();
        var taken = (await HereAsync()).Single();
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Zora rang", taken.Start.LocalDateTime, Duration.FromMinutes(30)));
        var form = await maya.GetAsync($"/calendar/{Maya.Id}/{uid}/book?text=zora");
        var refused = await maya.PostAsync($"/calendar/{Maya.Id}/{uid}/book", form, ("Patient", There.Patient), ("Service", There.Service), ("Role", There.MayasRole));
        Assert.Contains("Halaxy has another appointment of this practitioner at that time. Nothing was booked", refused.Text, StringComparison.Ordinal);
        Assert.Matches(@"The first times that Halaxy offers for online bookings that day: \d\d:\d\d, \d\d:\d\d", refused.Text);
        Assert.Equal(AppointmentKind.Personal, (await HereAsync()).Single(one => one.Id == uid).Kind);
    }

    [Fact]
    public async Task A_colleagues_private_appointment_is_not_sent_to_Halaxy_by_another()
    {
        var (maya, _) = await BookedAsync();
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        await phone.PutAsync($"{phone.Calendar("hx")}own.ics", Events.Component("VEVENT", "own", "DTSTART:20270302T100000Z", "DTEND:20270302T110000Z", "SUMMARY:Secret", "CLASS:PRIVATE"));
        using var ruth = await SignedInAsync("ruth");
        var path = $"/calendar/{Maya.Id}/own/book";
        var refused = await ruth.PostAsync(path, await ruth.GetAsync($"{path}?text=zora"), ("Patient", There.Patient), ("Service", There.Service), ("Role", There.MayasRole));
        Assert.Contains("It is private", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", refused.Text, StringComparison.Ordinal);
        maya.Dispose();
    }

    [Fact]
    public async Task A_put_back_that_Halaxy_does_not_do_is_said_on_the_page_of_the_appointment()
    {
        var (maya, id) = await BookedAsync();
        var path = $"/calendar/{Maya.Id}/{(await HereAsync()).Single().Id}";
        await maya.PostAsync(path + "/cancel", await maya.GetAsync(path + "/cancel"), ("Choice", "Cancel"));
        await UntilAsync(async () => !(bool)(await There.ShowAsync(id))["takesPlace"]!, "it is cancelled there");
        var cancelled = await maya.GetAsync(path);
        Assert.Contains("asks Halaxy to put it back too", cancelled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("In Halaxy, it is still cancelled.", cancelled.Text, StringComparison.Ordinal);
        await maya.PostAsync(path + "?handler=Restore", cancelled);
        await UntilAsync(async () => (await maya.GetAsync(path)).Text.Contains("In Halaxy, it is still cancelled.", StringComparison.Ordinal), "its page says so");
        Assert.Contains("put it back, since it takes place again here", (await maya.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_deleted_in_Halaxy_says_so_and_what_putting_it_back_does()
    {
        var (maya, id) = await BookedAsync();
        var path = $"/calendar/{Maya.Id}/{(await HereAsync()).Single().Id}";
        await There.DoAsync("invoice", new() { ["appointment"] = id });
        await UntilAsync(async () => (await HereAsync()).Single().Invoice is not null, "its invoice is known");
        await There.DoAsync("delete", new() { ["appointment"] = id });
        using var ruth = await SignedInAsync("ruth");
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await HereAsync()).Single().HalaxyId is null, "it is out of Halaxy");
        var page = await maya.GetAsync(path);
        foreach (var said in new[] { "It was deleted in Halaxy, so it is cancelled here.", "It does not go back to Halaxy", "In Halaxy: it had one when it was deleted there", "Not available: Halaxy keeps it" }) Assert.Contains(said, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Invoice number", page.Text, StringComparison.Ordinal);
        Assert.Contains("Deleted in Halaxy", (await maya.GetAsync(path + "/history")).Text, StringComparison.Ordinal);
        var back = await maya.PostAsync(path + "?handler=Restore", page);
        Assert.Contains("The appointment is in the calendar here again. It is not in Halaxy", back.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Invoice number", back.Text, StringComparison.Ordinal);
        Assert.True((await HereAsync()).Single().TakesPlace);
    }

    [Fact]
    public async Task Nothing_is_offered_to_be_booked_while_a_box_that_it_needs_is_not_ticked()
    {
        var (maya, _) = await BookedAsync();
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Zora rang", Now.InUtc().LocalDateTime.PlusDays(5), Duration.FromMinutes(30)));
        var path = $"/calendar/{Maya.Id}/{uid}";
        Assert.Contains("Turn into a patient appointment", (await maya.GetAsync(path)).Text, StringComparison.Ordinal);
        await There.DoAsync("untick", new() { ["client"] = There.Client, ["scope"] = "Patient" });
        using var ruth = await SignedInAsync("ruth");
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => !(await maya.GetAsync(path)).Text.Contains("Turn into a patient appointment", StringComparison.Ordinal), "it is not offered");
        Assert.Contains("a box is not ticked for the practice’s API key in Halaxy: Patients.", WebUtility.HtmlDecode((await maya.GetAsync(path)).Text), StringComparison.Ordinal);
        var form = WebUtility.HtmlDecode((await maya.GetAsync(path + "/book")).Text);
        Assert.Contains("A box is not ticked for the practice’s API key in Halaxy: Patients.", form, StringComparison.Ordinal);
        Assert.DoesNotContain("Book it in Halaxy</button>", form, StringComparison.Ordinal);
        Assert.DoesNotContain(">add a personal appointment here</a>", (await maya.GetAsync("/calendar/new?kind=patient")).Text, StringComparison.Ordinal);
        // a number is there once
        var booked = (await HereAsync()).Single(one => one.HalaxyId is not null);
        var shown = (await maya.GetAsync($"/calendar/{Maya.Id}/{booked.Id}")).Text;
        Assert.Contains($"Client {There.Patient}", shown, StringComparison.Ordinal);
        Assert.DoesNotContain($"<small>{There.Patient}", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_Halaxy_offers_is_booked_with_one_press()
    {
        var (maya, _) = await BookedAsync();
        var taken = (await HereAsync()).Single();
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Zora rang", taken.Start.LocalDateTime, Duration.FromMinutes(30)));
        var path = $"/calendar/{Maya.Id}/{uid}/book";
        var form = await maya.GetAsync(path + "?text=zora");
        Assert.Contains("There is something else in the diary at this time", form.Text, StringComparison.Ordinal);
        var refused = await maya.PostAsync(path, form, ("Patient", There.Patient), ("Service", There.Service), ("Role", There.MayasRole));
        var offered = Regex.Match(refused.Text, "name=\"At\" value=\"([^\"]+)\"").Groups[1].Value;
        var booked = await maya.PostAsync(path, refused, ("Patient", There.Patient), ("Service", There.Service), ("Role", There.MayasRole), ("At", offered));
        Assert.Contains("It is booked in Halaxy", booked.Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await HereAsync()).Single(one => one.Id == uid) is { Kind: AppointmentKind.Patient }, "it is a patient appointment");
        var here = (await HereAsync()).Single(one => one.Id == uid);
        Assert.Equal(offered, here.Start.LocalDateTime.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        Assert.Equal(here.Start.ToDateTimeOffset(), DateTimeOffset.Parse((string)(await There.ShowAsync(here.HalaxyId!))["start"]!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task That_there_are_more_patients_than_are_shown_is_said()
    {
        var (maya, _) = await BookedAsync();
        for (var n = 0; n < 20; n++) await There.IdAsync("patient", new() { ["given"] = "Ida", ["family"] = $"Many{n}" });
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Ida rang", Now.InUtc().LocalDateTime.PlusDays(5), Duration.FromMinutes(30)));
        var path = $"/calendar/{Maya.Id}/{uid}/book?text=ida&handler=Found";
        Assert.DoesNotContain("Only the first 20 are shown", (await maya.GetAsync(path)).Text, StringComparison.Ordinal);
        await There.IdAsync("patient", new() { ["given"] = "Ida", ["family"] = "More" });
        var many = (await maya.GetAsync(path)).Text;
        Assert.Contains("Only the first 20 are shown", many, StringComparison.Ordinal);
        Assert.Equal(20, Regex.Count(many, "type=\"radio\""));
        Assert.Contains("Nobody is chosen yet.", (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}/book?text=&handler=Found")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_meeting_of_Halaxy_is_moved_and_deleted()
    {
        var (maya, _) = await BookedAsync();
        var id = await There.IdAsync("meet", new() { ["roles"] = There.MayasRole, ["title"] = "Team", ["start"] = (Now + Duration.FromDays(9)).InUtc().ToString("uuuu-MM-dd'T'HH':00'", CultureInfo.InvariantCulture), ["minutes"] = "30" });
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "it is here");
        var page = (await maya.GetAsync($"/calendar/{Maya.Id}/{(await HereAsync()).Single(one => one.HalaxyId == id).Id}")).Text;
        Assert.Contains("Here it can be moved and deleted, and its comments can be changed", page, StringComparison.Ordinal);
    }

    private async Task<(PageClient Maya, string Id)> BookedAsync()
    {
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1, "the booking is here");
        return (await SignedInAsync("maya"), id);
    }
}
