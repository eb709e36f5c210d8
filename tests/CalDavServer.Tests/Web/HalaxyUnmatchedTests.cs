using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A practitioner of a connected practice who is nobody in Halaxy keeps their diary as it is.</summary>
public sealed class HalaxyUnmatchedTests : HalaxyPageTest
{
    private Diary Toms => new(Server.Store, Server.Clock, Tom.Id, AuditActor.OnPages(Tom, "session"));

    [Fact]
    public async Task The_pages_promise_nothing_of_Halaxy_for_who_is_nobody_there_and_offer_all_that_the_diary_can()
    {
        await There.BookAsync(Now, 2, There.ThomasRole);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await MatchAsync(ruth, There.Thomas);
        await UntilAsync(async () => (await TomsAsync()).Any(), "Tom's booking is here");
        await MatchAsync(ruth, "");
        Assert.Equal([Maya.Id], (await GroupAsync()).ConnectedPractitioners);
        using var tom = await SignedInAsync("tom");
        var mirrored = (await TomsAsync()).Single();
        var path = $"/calendar/{Tom.Id}/{mirrored.Id}";
        var page = (await tom.GetAsync(path)).Text;
        Assert.Contains("Mark as attended", page, StringComparison.Ordinal);
        Assert.DoesNotContain("kept in Halaxy", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Not in Halaxy", page, StringComparison.Ordinal);
        Assert.Contains("name=\"Form.Type\"", (await tom.GetAsync(path + "/edit")).Text, StringComparison.Ordinal);
        var cancel = (await tom.GetAsync(path + "/cancel")).Text;
        Assert.Contains("NonAttendance", cancel, StringComparison.Ordinal);
        Assert.DoesNotContain("in Halaxy", cancel, StringComparison.Ordinal);
        await Toms.EditAsync(new AppointmentTarget(mirrored.Id), new AppointmentEdit { Location = "Room 4" });

        var own = await Toms.AddPersonalAsync(new PersonalEntry("Zora rang", mirrored.Start.LocalDateTime.PlusHours(3), Duration.FromMinutes(30)));
        page = (await tom.GetAsync($"/calendar/{Tom.Id}/{own}")).Text;
        Assert.Contains($"/calendar/{Tom.Id}/{own}/convert\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alaxy", page, StringComparison.Ordinal);
        var convert = await tom.GetAsync($"/calendar/{Tom.Id}/{own}/book");
        Assert.Equal($"/calendar/{Tom.Id}/{own}/convert", convert.Path);
        await tom.PostAsync($"/calendar/{Tom.Id}/{own}/convert", convert, ("Form.Patients[0].GivenName", "Zora"), ("Form.Patients[0].FamilyName", "Newman"), ("Form.Patients[0].Reference", "PT-1"), ("Form.Type", "Consultation"));
        Assert.Equal(AppointmentKind.Patient, (await Toms.GetAsync(new AppointmentTarget(own))).Kind);
    }

    [Fact]
    public async Task A_patient_is_booked_here_for_who_is_nobody_in_Halaxy_and_in_Halaxy_for_who_is_somebody()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        var form = await ruth.GetAsync($"/calendar/new?kind=patient&who={Tom.Id}");
        Assert.DoesNotContain("in Halaxy", form.Text, StringComparison.Ordinal);
        var start = Now.InZone(Practice.Zone()).Date.PlusDays(2) + new LocalTime(10, 0);
        var date = start.Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        await ruth.PostAsync($"/calendar/new?who={Tom.Id}", form, ("Form.Kind", "patient"), ("Form.Date", date), ("Form.Start", "10:00"), ("Form.Minutes", "30"), ("Form.Patients[0].GivenName", "Zora"), ("Form.Patients[0].FamilyName", "Newman"), ("Form.Patients[0].Reference", "PT-1"), ("Form.Type", "Consultation"));
        var booked = Assert.Single(await TomsAsync());
        Assert.Equal("Consultation", booked.Type);
        Assert.Contains("Patient appointments are booked", (await ruth.GetAsync($"/calendar/new?kind=patient&who={Maya.Id}")).Text, StringComparison.Ordinal);
        // nor does the diary of somebody who is there get one in that way
        var edit = await ruth.GetAsync($"/calendar/{Tom.Id}/{booked.Id}/edit");
        Assert.DoesNotContain($"<option value=\"{Maya.Id}\"", edit.Text, StringComparison.Ordinal);
        var given = await ruth.ForgeAsync($"/calendar/{Tom.Id}/{booked.Id}/edit?handler=Move", edit, ("date", date), ("start", "11:00"), ("minutes", "30"), ("To", Maya.Id));
        Assert.Equal(HttpStatusCode.Conflict, given.Status);
        Assert.Contains("diary is kept in Halaxy: book the patient there", given.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_calendar_marks_what_is_not_in_Halaxy_only_of_who_is_there()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        var start = Now.InZone(Practice.Zone()).Date.PlusDays(2) + new LocalTime(10, 0);
        await Toms.AddPersonalAsync(new PersonalEntry("Bank", start, Duration.FromMinutes(30)), [Maya.Id]);
        var date = start.Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        var both = (await ruth.GetAsync($"/calendar?view=day&date={date}&who={Maya.Id}&who={Tom.Id}")).Text;
        Assert.Single(Regex.Matches(both, "Personal appointment, not in Halaxy"));
        // the quick entry offers patients in the column of one, and not in that of the other
        Assert.Matches($"data-who=\"{Maya.Id}\" data-mirrors=\"true\"", both);
        Assert.Matches($"data-who=\"{Tom.Id}\" data-mirrors=\"false\"", both);
        Assert.DoesNotContain("Not in Halaxy</span>", (await ruth.GetAsync($"/calendar?view=day&date={date}&who={Tom.Id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_health_and_Integrations_say_nothing_of_Halaxy_to_who_is_nobody_there()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await Toms.AddPersonalAsync(new PersonalEntry("Bank", Now.InUtc().LocalDateTime.PlusDays(3), Duration.FromMinutes(30)));
        using var tom = await SignedInAsync("tom");
        foreach (var page in new[] { "/settings/sync", "/settings/integrations" }) Assert.DoesNotContain("Halaxy", (await tom.GetAsync(page)).Text, StringComparison.Ordinal);
        using var maya = await SignedInAsync("maya");
        foreach (var page in new[] { "/settings/sync", "/settings/integrations" }) Assert.Contains("Halaxy", (await maya.GetAsync(page)).Text, StringComparison.Ordinal);
    }

    private async Task MatchAsync(PageClient ruth, string tom) => await ruth.PostAsync(Page + "/match", await ruth.GetAsync(Page), ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", tom));

    private Task<IReadOnlyList<Appointment>> TomsAsync() => Toms.ListAsync(Now - Duration.FromDays(31), Now + Duration.FromDays(60));

    private async Task<PracticeGroup> GroupAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await PracticeGroup.FindAsync(snapshot, Practice.Id))!;
    }
}
