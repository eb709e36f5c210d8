using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The box "Private" in the form of a personal appointment.</summary>
public sealed class PrivateBoxTests : CalendarTest
{
    private const string Box = "<input type=\"checkbox\" id=\"Private\" name=\"Form.Private\" value=\"true\"";
    private const string New = "/calendar/new?kind=personal";

    /// <summary>What a browser sends: of a box that is ticked, what follows it too.</summary>
    private static readonly (string, string)[] Ticked = [("Form.Private", "true"), ("Form.Private", "false")];
    private static readonly (string, string)[] Unticked = [("Form.Private", "false")];

    [Fact]
    public async Task P9_A_personal_appointment_is_added_private_and_marked_wherever_it_is_shown()
    {
        var form = await Browser.GetAsync(New);
        Assert.Contains($"{Box} aria-describedby=\"about-Private\">", form.Text, StringComparison.Ordinal);
        Assert.Matches("<p class=\"hint\" id=\"about-Private\">Others in the practice, and whoever reads your feed, see only", form.Text);
        AssertSays("Linked accounts, such as Google or Outlook, show that you are busy, or nothing, as you chose for each link. Your own devices show it like any other appointment.", form);
        await Browser.PostAsync("/calendar/new", [.. Personal("Oncologist"), .. Ticked]);
        var added = Assert.Single(await ListAsync(Tuesday.Date, 1));
        Assert.True(added.Private);
        string[] pages = [$"/calendar?date=2027-03-02&who={Maya.Id}", $"/calendar?view=day&date=2027-03-02&who={Maya.Id}", $"/calendar?view=month&date=2027-03-02&who={Maya.Id}", "/calendar/search?text=Oncologist"];
        foreach (var page in pages)
        {
            var shown = await Browser.GetAsync(page);
            Assert.Matches("class=\"(appointment|entry) personal private[^\"]*\"", shown.Text);
            Assert.Matches("Personal appointment, private: </span>.*Oncologist", shown.Text);
        }

        AssertSays("Private: only Maya Lindqvist sees what it says.", await Browser.GetAsync(Address(added.Id)));
        Assert.Contains($"{Box} checked=\"checked\"", (await Browser.GetAsync(Address(added.Id, page: "/edit"))).Text, StringComparison.Ordinal);
        await Browser.PostAsync("/calendar/new", [.. Personal("Lunch", ("Form.Start", "13:00")), .. Unticked]);
        Assert.Equal([true, false], (await ListAsync(Tuesday.Date, 1)).Select(one => one.Private));
    }

    [Fact]
    public async Task P9_The_box_alone_changes_it_and_a_device_is_told_each_time()
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Oncologist", Tuesday, NodaTime.Duration.FromHours(1)));
        var path = $"{phone.Calendar("hx")}{id}.ics";
        var tags = new List<string?> { (await phone.GetAsync(path)).Header("ETag") };
        Assert.DoesNotContain("CLASS", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
        AssertSays("The appointment has been changed.", await EditAsync(id, [], Ticked));
        Assert.Contains("CLASS:PRIVATE", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Oncologist", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
        tags.Add((await phone.GetAsync(path)).Header("ETag"));
        await EditAsync(id, [("Form.Location", "Ward 7")], Ticked);
        Assert.Equal(("Ward 7", true), ((await GetAsync(id)).Location, (await GetAsync(id)).Private));
        // a form of which the box is not part
        await EditAsync(id, [("Form.Location", "Ward 8")]);
        Assert.Equal(("Ward 8", true), ((await GetAsync(id)).Location, (await GetAsync(id)).Private));
        tags.Add((await phone.GetAsync(path)).Header("ETag"));
        await EditAsync(id, [], Unticked);
        Assert.DoesNotContain("CLASS", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
        tags.Add((await phone.GetAsync(path)).Header("ETag"));
        Assert.Equal(4, tags.OfType<string>().Distinct().Count());
    }

    [Fact]
    public async Task P9_What_was_ticked_stays_so_when_the_form_is_shown_again()
    {
        var added = await Browser.PostAsync("/calendar/new", [.. Personal(" "), .. Ticked]);
        Assert.Contains($"{Box} checked=\"checked\"", added.Text, StringComparison.Ordinal);
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Oncologist", Tuesday, NodaTime.Duration.FromHours(1)));
        var edited = await EditAsync(id, [("Form.Title", "")], Ticked);
        Assert.Contains($"{Box} checked=\"checked\"", edited.Text, StringComparison.Ordinal);
        Assert.False((await GetAsync(id)).Private);
    }

    [Fact]
    public async Task An_appointment_with_a_patient_has_no_such_box_and_what_is_sent_for_it_does_nothing()
    {
        var id = await Diary.BookAsync(Session);
        foreach (var page in new[] { "/calendar/new?kind=patient", Address(id, page: "/edit") }) Assert.DoesNotContain("Form.Private", (await Browser.GetAsync(page)).Text, StringComparison.Ordinal);
        await EditAsync(id, [("Form.Location", "Room 5")], Ticked);
        Assert.Equal(("Room 5", false), ((await GetAsync(id)).Location, (await GetAsync(id)).Private));
        await Browser.PostAsync("/calendar/new", [("Form.Kind", "patient"), ("Form.Date", "2027-03-03"), ("Form.Start", "10:00"), ("Form.Minutes", "45"), ("Form.Type", "Follow-up"), ("Form.Patients[0].GivenName", "Jo"), ("Form.Patients[0].Reference", "PT-2"), .. Ticked]);
        await EditAsync(id, [("Form.Kind", "personal"), ("Form.Title", (await GetAsync(id)).Title)], Ticked);
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var all = await ListAsync(Tuesday.Date, 2);
        Assert.Equal([AppointmentKind.Patient, AppointmentKind.Patient], all.Select(one => one.Kind));
        foreach (var one in all) Assert.DoesNotContain("CLASS", (await phone.GetAsync($"{phone.Calendar("hx")}{one.Id}.ics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P5_An_administrator_makes_it_private_for_a_practitioner_and_cannot_look_at_it_again()
    {
        var ruth = await SignedInAsync("ruth");
        var form = await ruth.GetAsync($"{New}&who={Maya.Id}");
        AssertSays("only the practitioner whose calendar it is in then sees what it says, or can undo this", form);
        await ruth.PostAsync($"/calendar/new?who={Maya.Id}", [.. Personal("Supervision"), ("With", Tom.Id), .. Ticked]);
        var tom = new Diary(Server.Store, Server.Clock, Tom.Id, new AuditActor("Tom", ActorVia.Web, null, "session"));
        var own = Assert.Single(await ListAsync(Tuesday.Date, 1));
        Assert.Equal(("Supervision", true), (own.Title, own.Private));
        Assert.True((await tom.ListAsync(own.Start.ToInstant(), own.End.ToInstant()))[0].Private);
        var page = await ruth.GetAsync(Address(own.Id, page: "/edit"));
        Assert.DoesNotContain("Form.Private", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Supervision", page.Text, StringComparison.Ordinal);
        var seen = own with { Title = "Private" };
        var refused = await ruth.PostAsync(Address(own.Id, page: "/edit"), [.. Filled(seen), .. Unticked]);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        AssertSays("It is private", refused);
        Assert.True((await GetAsync(own.Id)).Private);
        await EditAsync(own.Id, [], Unticked);
        Assert.Contains($"{Box} aria-describedby", (await ruth.GetAsync(Address(own.Id, page: "/edit"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P9_One_of_a_series_is_made_private_and_public_again_unless_the_whole_series_is_private()
    {
        var repeat = new Calendaring.Recurrence.RecurrenceRule(Calendaring.Recurrence.Frequency.Weekly) { Count = 3 };
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Gym", Tuesday, NodaTime.Duration.FromHours(1)) { Repeat = repeat });
        var second = Tuesday.PlusWeeks(1);
        AssertSays("If one of a series is private, linked accounts and the feed do not show what the others say either.", await Browser.GetAsync(Address(id, second, "/edit")));
        Task<PageAnswer> SaveAsync(SeriesScope scope, (string, string)[] box) => EditAsync(id, [("Scope", scope.ToString())], box, second);
        await SaveAsync(SeriesScope.ThisOne, Ticked);
        Assert.Equal([false, true, false], await PrivateAsync());
        await SaveAsync(SeriesScope.ThisOne, Unticked);
        Assert.Equal([false, false, false], await PrivateAsync());
        await SaveAsync(SeriesScope.All, Ticked);
        Assert.Equal([true, true, true], await PrivateAsync());
        var refused = await SaveAsync(SeriesScope.ThisOne, Unticked);
        AssertSays("The whole series is private, and so is each of its appointments: change this one and all that follow, or the whole series.", refused);
        Assert.Contains($"{Box} aria-describedby", refused.Text, StringComparison.Ordinal);
        Assert.Equal([true, true, true], await PrivateAsync());
        await SaveAsync(SeriesScope.ThisAndFollowing, Unticked);
        Assert.Equal([true, false, false], await PrivateAsync());

        async Task<IEnumerable<bool>> PrivateAsync() => (await ListAsync(Tuesday.Date, 21)).Select(one => one.Private);
    }

    private async Task<PageAnswer> EditAsync(string id, (string, string)[] fields, (string, string)[]? box = null, NodaTime.LocalDateTime? occurrence = null) =>
        await Browser.PostAsync(Address(id, occurrence, "/edit"), [.. Filled(await GetAsync(id, occurrence), fields), .. box ?? []]);
}
