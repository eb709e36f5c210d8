using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Background;
using CalDavServer.Commands.Exports;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using Calendaring.Store;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Sync health: what it says of devices, and the buttons that fix what is wrong.</summary>
public sealed partial class SyncHealthTests : PageTest
{
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };

    private protected override IClock Clock => _clock;

    [Fact]
    public async Task A_device_is_told_with_its_app_its_level_and_when_it_was_seen()
    {
        var phone = await Server.AddPasswordAsync(Maya, readOnly: true, PrivacyLevel.Type);
        using var client = Server.Client(phone);
        await client.SendAsync("PROPFIND", client.Home, null, ("User-Agent", "DAVx5/4.5-ose (dav4jvm; okhttp/5.0) Android/16"), ("Depth", "0"));
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        Assert.Contains("DAVx⁵, from 127.0.0.1", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Contains("Appointment type, read only", page.Text, StringComparison.Ordinal);
        Assert.Contains("Working", page.Text, StringComparison.Ordinal);
        Assert.Contains("12:03", page.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing: all is well.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_has_not_come_for_days_is_said_to_be_silent()
    {
        var phone = await Server.AddPasswordAsync(Maya);
        using var client = Server.Client(phone);
        using var browser = await SignedInAsync("maya");
        Assert.Contains("Not connected yet", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        await client.PropFindAsync(client.Home, "0", Xml.D + "displayname");
        _clock.Now += Duration.FromDays(4);
        Assert.Contains("Silent for 4 days", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_made_elsewhere_are_counted_until_the_device_asks_again()
    {
        var phone = await Server.AddPasswordAsync(Maya);
        using var client = Server.Client(phone);
        await client.PropFindAsync(client.Home, "0", Xml.D + "displayname");
        _clock.Now += Duration.FromMinutes(1);
        await DiaryOf(Maya).AddPersonalAsync(new PersonalEntry("Lunch", Local(10), Duration.FromHours(1)));
        using var browser = await SignedInAsync("maya");
        Assert.Contains("1 change since it last asked", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromMinutes(1);
        await AgainAsync(() => client.PropFindAsync(client.Home, "0", Xml.D + "displayname"), browser, "up to date, last change 12:04");
    }

    [Fact]
    public async Task A_revoked_device_is_cut_off_within_a_second()
    {
        var phone = await Server.AddPasswordAsync(Maya);
        using var client = Server.Client(phone);
        Assert.Equal(207, (await client.PropFindAsync(client.Home, "0", Xml.D + "displayname")).Status);
        using var browser = await SignedInAsync("maya");
        var path = $"/settings/sync/devices/{phone.Credential.Id}";
        var unsure = await browser.PostAsync(path, $"{path}/revoke");
        Assert.Contains("Tick the box", unsure.Text, StringComparison.Ordinal);
        var after = await browser.PostAsync(path, $"{path}/revoke", ("sure", "true"));
        Assert.Contains("no longer has access", after.Text, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(401, (await client.PropFindAsync(client.Home, "0", Xml.D + "displayname")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_device_gets_another_name_level_and_right()
    {
        var phone = await Server.AddPasswordAsync(Maya);
        using var browser = await SignedInAsync("maya");
        var path = $"/settings/sync/devices/{phone.Credential.Id}";
        var page = await browser.PostAsync(path, ("label", "Old phone"), ("level", "Busy"), ("readOnly", "true"));
        Assert.Contains("<b>Old phone</b>", page.Text, StringComparison.Ordinal);
        Assert.Contains("Busy, read only", page.Text, StringComparison.Ordinal);
        using var client = Server.Client(phone);
        Assert.Equal(403, (await client.PutAsync(client.Calendar("hx") + "a.ics", Events.Event("a"))).Status);
        Assert.Contains("Give the device a name", (await browser.PostAsync(path, ("label", " "), ("level", "Busy"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R6_what_a_device_removed_and_the_diary_kept_is_put_back_with_one_button()
    {
        var phone = await Server.AddPasswordAsync(Maya);
        using var client = Server.Client(phone);
        var id = await DiaryOf(Maya).BookAsync(new Booking([new Patient("PT-1", "Ada", "Whitcombe")], "Follow-up", Local(30), Duration.FromMinutes(30)));
        await DiaryOf(Maya).LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        Assert.Equal(204, (await client.DeleteAsync($"{client.Calendar("hx")}{id}.ics")).Status);
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        Assert.Contains("Follow-up · Ada Whitcombe", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Contains("invoice", page.Text, StringComparison.Ordinal);
        var after = await browser.PostAsync("/settings/sync", "/settings/sync?handler=Restore", ("appointment", id), ("occurrence", ""));
        Assert.Contains("in your calendar again", after.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing: all is well.", after.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await client.GetAsync($"{client.Calendar("hx")}{id}.ics")).Status);
    }

    [Fact]
    public async Task R6_one_occurrence_of_a_series_is_put_back_too()
    {
        var phone = await Server.AddPasswordAsync(Maya);
        using var client = Server.Client(phone);
        var start = Local(30);
        var id = await DiaryOf(Maya).BookAsync(new Booking([new Patient("PT-1", "Ada", "Whitcombe")], "Follow-up", start, Duration.FromMinutes(30))
        {
            Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 5 },
        });
        await DiaryOf(Maya).LinkNoteAsync(new AppointmentTarget(id, start.PlusWeeks(1)), "N-1");
        var path = $"{client.Calendar("hx")}{id}.ics";
        var stored = (await client.GetAsync(path)).Text;
        var excluded = stored.Replace("SUMMARY:", $"EXDATE;TZID=Australia/Melbourne:{start.PlusWeeks(1):uuuuMMdd'T'HHmmss}\r\nSUMMARY:", StringComparison.Ordinal);
        Assert.Equal(204, (await client.PutAsync(path, excluded)).Status);
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        var key = WebUtility.HtmlDecode(OccurrenceOf().Match(page.Text).Groups[1].Value);
        Assert.NotEqual("", key);
        var after = await browser.PostAsync("/settings/sync", "/settings/sync?handler=Restore", ("appointment", id), ("occurrence", key));
        Assert.Contains("Nothing: all is well.", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("EXDATE", (await client.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_in_the_calendar_cannot_be_put_back_and_that_is_said()
    {
        var id = await DiaryOf(Maya).AddPersonalAsync(new PersonalEntry("Lunch", Local(10), Duration.FromHours(1)));
        using var browser = await SignedInAsync("maya");
        foreach (var (appointment, occurrence) in new[] { (id, ""), ("nothing", ""), (id, "yesterday"), ("", "") })
        {
            var page = await browser.ForgeAsync("/settings/sync", "/settings/sync?handler=Restore", ("appointment", appointment), ("occurrence", occurrence));
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains("class=\"notice\"", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A6_What_a_device_wrote_and_was_not_taken_stands_beside_what_the_diary_has_and_is_taken_over()
    {
        var (id, client) = await RenameAsync("Somebody else");
        using var device = client;
        using var browser = await SignedInAsync("maya");
        var page = WebUtility.HtmlDecode((await browser.GetAsync("/settings/sync")).Text);
        foreach (var said in new[] { "Your diary has", ">Somebody else<", ">Follow-up · Ada Whitcombe<", "Added to the comments", $"/calendar/{Maya.Id}/{id}" })
            Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Room 9", page, StringComparison.Ordinal);
        var fields = Choice(page);
        var after = await browser.PostAsync("/settings/sync", "/settings/sync?handler=TakeOver", fields);
        Assert.Contains("It is in your diary now.", after.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing: all is well.", after.Text, StringComparison.Ordinal);
        Assert.Equal("From test, title: Somebody else", (await DiaryOf(Maya).GetAsync(new AppointmentTarget(id))).Comments);

        // a double click, and a choice that is too late
        foreach (var handler in new[] { "TakeOver", "Leave" })
            Assert.Contains("has been decided already", (await browser.ForgeAsync("/settings/sync", $"/settings/sync?handler={handler}", fields)).Text, StringComparison.Ordinal);
        Assert.Equal("From test, title: Somebody else", (await DiaryOf(Maya).GetAsync(new AppointmentTarget(id))).Comments);
    }

    [Fact]
    public async Task A6_What_the_diary_has_is_kept_with_one_button()
    {
        var (id, client) = await RenameAsync("Somebody else");
        using var device = client;
        using var browser = await SignedInAsync("maya");
        var fields = Choice((await browser.GetAsync("/settings/sync")).Text);
        var after = await browser.PostAsync("/settings/sync", "/settings/sync?handler=Leave", fields[0]);
        Assert.Contains("stays as your diary has it", after.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing: all is well.", after.Text, StringComparison.Ordinal);
        Assert.Null((await DiaryOf(Maya).GetAsync(new AppointmentTarget(id))).Comments);
    }

    [Fact]
    public async Task A_choice_on_an_appointment_that_changed_or_went_meanwhile_is_safe()
    {
        var (id, client) = await RenameAsync("Somebody else");
        using var device = client;
        using var browser = await SignedInAsync("maya");
        var fields = Choice((await browser.GetAsync("/settings/sync")).Text);
        await DiaryOf(Maya).EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "Hers" });
        var stale = await browser.PostAsync("/settings/sync", "/settings/sync?handler=TakeOver", fields);
        Assert.Contains("look at both versions again", stale.Text, StringComparison.Ordinal);
        Assert.Contains("Somebody else", stale.Text, StringComparison.Ordinal);
        Assert.Contains("look at both versions again", (await browser.PostAsync("/settings/sync", "/settings/sync?handler=TakeOver", fields[0])).Text, StringComparison.Ordinal);
        await DiaryOf(Maya).CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        Assert.Contains("has been decided already", (await browser.ForgeAsync("/settings/sync", "/settings/sync?handler=TakeOver", fields)).Text, StringComparison.Ordinal);
        Assert.Contains("Nothing: all is well.", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_device_wrote_is_its_practitioners_alone_and_in_no_log()
    {
        var log = Server.KeepLog();
        var (_, client) = await RenameAsync("Somebody else");
        using var device = client;
        using var browser = await SignedInAsync("maya");
        var fields = Choice((await browser.GetAsync("/settings/sync")).Text);
        using var tom = await SignedInAsync("tom");
        using var ruth = await SignedInAsync("ruth");
        Assert.DoesNotContain("Somebody else", (await tom.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Somebody else", (await ruth.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        Assert.Contains("has been decided already", (await tom.ForgeAsync("/settings/sync", "/settings/sync?handler=TakeOver", fields)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ruth.ForgeAsync("/settings/sync", "/settings/sync?handler=TakeOver", fields)).Status);
        await browser.PostAsync("/settings/sync", "/settings/sync?handler=TakeOver", fields);
        Assert.DoesNotContain(log, line => line.Contains("Somebody", StringComparison.Ordinal));
        foreach (var page in new[] { "/settings/audit", "/settings/audit?log=diary" })
            Assert.DoesNotContain("Somebody else", (await browser.GetAsync(page)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_device_wrote_is_in_the_export_and_forgotten_after_ninety_days()
    {
        var (_, client) = await RenameAsync("Somebody else");
        client.Dispose();
        var folder = Directory.CreateTempSubdirectory("export-").FullName;
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            await using var files = ExportFiles.Create(Path.Combine(folder, "out"));
            await new Export(snapshot, files, new Progress<double>()).WriteAsync(Maya, TestContext.Current.CancellationToken);
            files.Complete();
        }

        Assert.Contains("\"Somebody else\"", File.ReadAllText(Path.Combine(folder, "out", "not-taken.json")), StringComparison.Ordinal);
        Directory.Delete(folder, true);
        _clock.Now += Duration.FromDays(90);
        await new ExpiredRecordCleanup(Server.Store, _clock, NullLogger<ExpiredRecordCleanup>.Instance).RunAsync(TestContext.Current.CancellationToken);
        using var after = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await after.ListRecordsAsync("rejected-edit", Maya.Id));
    }

    [Fact]
    public async Task An_administrator_sees_practitioners_without_content_and_nothing_to_set_up()
    {
        var phone = await Server.AddPasswordAsync(Maya);
        await DiaryOf(Maya).AddPersonalAsync(new PersonalEntry("Secret lunch", Local(10), Duration.FromHours(1)));
        using var browser = await SignedInAsync("ruth");
        var page = await browser.GetAsync("/settings/sync");
        Assert.Contains("<b>Maya Lindqvist</b>", page.Text, StringComparison.Ordinal);
        Assert.Contains("<b>Tom Okafor</b>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret lunch", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/settings/integrations/add", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(phone.Credential.Id, page.Text, StringComparison.Ordinal);
        var restored = await browser.ForgeAsync("/settings/sync", "/settings/sync?handler=Restore", ("appointment", "x"));
        Assert.Equal(HttpStatusCode.NotFound, restored.Status);
    }

    private static LocalDateTime Local(int hours) => new LocalDateTime(2026, 3, 2, 12, 0).PlusHours(hours);

    // what an app does to an event: another title, and a location, which is taken
    private async Task<(string Id, DavClient Client)> RenameAsync(string title)
    {
        var client = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = await DiaryOf(Maya).BookAsync(new Booking([new Patient("PT-1", "Ada", "Whitcombe")], "Follow-up", Local(30), Duration.FromMinutes(30)));
        var path = $"{client.Calendar("hx")}{id}.ics";
        var stored = (await client.GetAsync(path)).Text;
        Assert.Equal(204, (await client.PutAsync(path, SummaryLine().Replace(stored, $"SUMMARY:{title}\r\nLOCATION:Room 9\r\n"))).Status);
        return (id, client);
    }

    private static (string, string)[] Choice(string page) =>
        [("rejected", RejectedOf().Match(page).Groups[1].Value), ("version", VersionOf().Match(page).Groups[1].Value)];

    private Diary DiaryOf(Principal practitioner) => new(Server.Store, Server.Clock, practitioner.Id, new AuditActor(practitioner.DisplayName, ActorVia.Web, null, "session"));

    // a caller who was known a moment ago is not noted again
    private static async Task AgainAsync(Func<Task> ask, PageClient browser, string expected)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            await ask();
            if ((await browser.GetAsync("/settings/sync")).Text.Contains(expected, StringComparison.Ordinal)) return;
        }

        Assert.Contains(expected, (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"occurrence\" value=\"([^\"]*)\"")]
    private static partial Regex OccurrenceOf();

    [GeneratedRegex("name=\"rejected\" value=\"([0-9a-f-]+)\"")]
    private static partial Regex RejectedOf();

    [GeneratedRegex("name=\"version\" value=\"([0-9a-f-]+)\"")]
    private static partial Regex VersionOf();

    [GeneratedRegex("SUMMARY:[^\r\n]*\r\n")]
    private static partial Regex SummaryLine();
}
