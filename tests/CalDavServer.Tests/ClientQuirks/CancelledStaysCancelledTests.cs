using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>
/// A device that did not know puts again what the practice has cancelled or deleted. It stays so, the device is told at its next sync, and the practitioner may still let the device's version
/// count. What a device removed and a device puts back comes back.
/// </summary>
public sealed partial class CancelledStaysCancelledTests : PageTest
{
    private static readonly LocalDateTime Start = new(2027, 3, 2, 10, 0);

    public static TheoryData<CancelChoice, bool, Put> Ways =>
        new MatrixTheoryData<CancelChoice, bool, Put>([CancelChoice.Cancel, CancelChoice.Delete], [false, true], [Put.IfMatch, Put.Unconditional, Put.IfNoneMatch, Put.NewName]);

    private Diary Diary => new(Server.Store, Server.Clock, Maya.Id, new AuditActor("Maya Lindqvist", ActorVia.Web, null, "session"));

    private static Booking Session => new([new Patient("PT-1", "Ada", "Whitcombe")], "Follow-up", Start, Duration.FromMinutes(30));

    private static Booking Weekly => Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_whole_appointment_or_series(CancelChoice choice, bool series, Put way)
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = await Diary.BookAsync(series ? Weekly : Session);
        var (path, known, token) = await SyncAsync(phone, id);
        await Diary.CancelAsync(new AppointmentTarget(id), choice);
        await AssertStaysAsync(phone, id, path, known, token, way, () => IsLiveAsync(id, null));
    }

    [Theory]
    [InlineData(Put.IfMatch)]
    [InlineData(Put.Unconditional)]
    [InlineData(Put.IfNoneMatch)]
    [InlineData(Put.NewName)]
    public async Task A_personal_appointment_that_was_deleted(Put way)
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Dentist", Start, Duration.FromHours(1)));
        var (path, known, token) = await SyncAsync(phone, id);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        await AssertStaysAsync(phone, id, path, known, token, way, () => IsLiveAsync(id, null));
    }

    [Fact]
    public async Task What_was_given_to_a_colleague_does_not_come_back()
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = await Diary.BookAsync(Session);
        var (path, known, token) = await SyncAsync(phone, id);
        await Diary.HandOverAsync(new AppointmentTarget(id), Tom.Id, new AppointmentEdit());
        await AssertStaysAsync(phone, id, path, known, token, Put.Unconditional, () => IsLiveAsync(id, null));
    }

    [Theory]
    [InlineData(true, CancelChoice.Cancel, false)]
    [InlineData(true, CancelChoice.Cancel, true)]
    [InlineData(true, CancelChoice.Delete, false)]
    [InlineData(true, CancelChoice.Delete, true)]
    [InlineData(false, CancelChoice.Delete, false)]
    [InlineData(false, CancelChoice.Delete, true)]
    public async Task One_of_a_series(bool patient, CancelChoice choice, bool moved)
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = patient
            ? await Diary.BookAsync(Weekly)
            : await Diary.AddPersonalAsync(new PersonalEntry("Choir", Start, Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } });
        var key = Start.PlusWeeks(2);
        var (path, known, token) = await SyncAsync(phone, id);
        await Diary.CancelAsync(new AppointmentTarget(id, key), choice, SeriesScope.ThisOne);
        // the old copy with a new change: another alarm, and perhaps the occurrence itself moved
        var sent = moved ? WithOverride(known.Text, id, key) : Changed(known.Text);
        Assert.Equal(412, (await phone.PutAsync(path, sent, ("If-Match", known.Header("ETag")!))).Status);
        var put = await phone.PutAsync(path, sent);
        Assert.Equal((204, null), (put.Status, put.Header("ETag")));
        Assert.False(await IsLiveAsync(id, key));
        Assert.True(await IsLiveAsync(id, Start.PlusWeeks(3)));
        var told = await ReportAsync(phone, token);
        Assert.Equal([path], told.Hrefs);
        Assert.Contains("EXDATE", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("RECURRENCE-ID", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
        await UseTheDevicesVersionAsync();
        Assert.True(await IsLiveAsync(id, key));
        Assert.DoesNotContain("EXDATE", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, CancelChoice.Cancel)]
    [InlineData(true, CancelChoice.Delete)]
    [InlineData(false, CancelChoice.Delete)]
    public async Task One_of_a_series_and_all_that_follow(bool patient, CancelChoice choice)
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = patient
            ? await Diary.BookAsync(Weekly)
            : await Diary.AddPersonalAsync(new PersonalEntry("Choir", Start, Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } });
        var (path, known, token) = await SyncAsync(phone, id);
        await Diary.CancelAsync(new AppointmentTarget(id, Start.PlusWeeks(3)), choice, SeriesScope.ThisAndFollowing);
        var put = await phone.PutAsync(path, Changed(known.Text));
        Assert.Equal((204, null), (put.Status, put.Header("ETag")));
        Assert.Equal(3, await CountAsync());
        Assert.Contains(path, (await ReportAsync(phone, token)).Hrefs);
        Assert.Contains("UNTIL", (await phone.GetAsync(path)).Text, StringComparison.Ordinal);
        await UseTheDevicesVersionAsync();
        Assert.Equal(6, await CountAsync());
    }

    [Fact]
    public async Task It_is_offered_once_however_often_it_is_put_and_kept_deleted_it_is_gone_for_good()
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = await Diary.BookAsync(Session);
        var (path, known, _) = await SyncAsync(phone, id);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        for (var tries = 0; tries < 3; tries++) Assert.Equal(201, (await phone.PutAsync(path, known.Text)).Status);
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        var kept = await browser.PostAsync("/settings/sync", "/settings/sync?handler=Leave", ("rejected", Assert.Single(Rejected().Matches(page.Text).DistinctBy(match => match.Value)).Groups[1].Value));
        Assert.Contains("Nothing: all is well.", kept.Text, StringComparison.Ordinal);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var hx = await snapshot.FindCollectionAsync(Maya.Id, "hx");
        Assert.Null(await snapshot.FindRowByUidAsync(hx!.Id, id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Removed_outside_and_put_back_outside_it_is_there_again(bool personal)
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = personal ? await Diary.AddPersonalAsync(new PersonalEntry("Dentist", Start, Duration.FromHours(1))) : await Diary.BookAsync(Session);
        var (path, known, _) = await SyncAsync(phone, id);
        Assert.Equal(204, (await phone.DeleteAsync(path)).Status);
        Assert.False(await IsLiveAsync(id, null));
        Assert.Equal(201, (await phone.PutAsync(path, known.Text, ("If-None-Match", "*"))).Status);
        Assert.True(await IsLiveAsync(id, null));
        Assert.Equal(200, (await phone.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_was_removed_outside_and_put_back_outside_is_there_again(bool personal)
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var id = personal
            ? await Diary.AddPersonalAsync(new PersonalEntry("Choir", Start, Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } })
            : await Diary.BookAsync(Weekly);
        var (path, known, _) = await SyncAsync(phone, id);
        var key = Start.PlusWeeks(2);
        Assert.Equal(204, (await phone.PutAsync(path, known.Text.Replace("SUMMARY:", $"EXDATE;TZID=Australia/Melbourne:{key:uuuuMMdd'T'HHmmss}\r\nSUMMARY:", StringComparison.Ordinal))).Status);
        Assert.False(await IsLiveAsync(id, key));
        Assert.Equal(204, (await phone.PutAsync(path, known.Text)).Status);
        Assert.True(await IsLiveAsync(id, key));
    }

    private async Task AssertStaysAsync(DavClient phone, string id, string path, DavAnswer known, string token, Put way, Func<Task<bool>> isLive)
    {
        var at = way == Put.NewName ? $"{phone.Calendar("hx")}another-name.ics" : path;
        (string, string)[] condition = way switch
        {
            Put.IfMatch => [("If-Match", known.Header("ETag")!)],
            Put.IfNoneMatch => [("If-None-Match", "*")],
            _ => [],
        };
        var put = await phone.PutAsync(at, Changed(known.Text), condition);
        Assert.Equal((way == Put.IfMatch ? 412 : 201, null), (put.Status, put.Header("ETag")));
        Assert.False(await isLive());

        // told at its next sync, and what it asks for is what is so
        var told = await ReportAsync(phone, token);
        Assert.Contains(path, told.Hrefs);
        Assert.Contains(at, told.Hrefs);
        Assert.All(told.Hrefs, href => Assert.Contains("404", told.Response(href).Element(Xml.D + "status")!.Value, StringComparison.Ordinal));
        Assert.Equal(404, (await phone.GetAsync(at)).Status);
        var multiget = await phone.SendAsync("REPORT", phone.Calendar("hx"), $"<C:calendar-multiget xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data/></D:prop><D:href>{at}</D:href></C:calendar-multiget>", ("Depth", "1"));
        Assert.Contains("404", multiget.Response(at).Element(Xml.D + "status")!.Value, StringComparison.Ordinal);

        if (way == Put.IfMatch) return;
        await UseTheDevicesVersionAsync();
        Assert.True(await isLive());
        Assert.Equal(200, (await phone.GetAsync(at)).Status);
        Assert.Contains(at, (await ReportAsync(phone, told.Root.Element(Xml.D + "sync-token")!.Value)).Hrefs);
    }

    private async Task UseTheDevicesVersionAsync()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        Assert.Contains("Use the device's version", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        await browser.PostAsync(
            "/settings/sync", "/settings/sync?handler=TakeOver", ("rejected", Assert.Single(Rejected().Matches(page.Text).DistinctBy(match => match.Value)).Groups[1].Value), ("version", Version().Match(page.Text).Groups[1].Value));
    }

    private static async Task<(string Path, DavAnswer Known, string Token)> SyncAsync(DavClient phone, string id)
    {
        var path = $"{phone.Calendar("hx")}{id}.ics";
        var first = await ReportAsync(phone, "");
        Assert.Contains(path, first.Hrefs);
        return (path, await phone.GetAsync(path), first.Root.Element(Xml.D + "sync-token")!.Value);
    }

    private static Task<DavAnswer> ReportAsync(DavClient phone, string token) => phone.SendAsync(
        "REPORT", phone.Calendar("hx"), $"<sync-collection xmlns='DAV:'><sync-token>{token}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>", ("Depth", "0"));

    private async Task<bool> IsLiveAsync(string id, LocalDateTime? key) => (await ListAsync()).Any(one =>
        one.Id == id && (key is null || one.Occurrence == key) && one.Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected));

    private async Task<int> CountAsync() => (await ListAsync()).Count(one => one.Status == AppointmentStatus.Booked);

    private Task<IReadOnlyList<Appointment>> ListAsync() => Diary.ListAsync(Instant.FromUtc(2027, 1, 1, 0, 0), Instant.FromUtc(2027, 12, 31, 0, 0));

    private static string Changed(string text) =>
        text.Replace("END:VEVENT", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT7M\r\nEND:VALARM\r\nEND:VEVENT", StringComparison.Ordinal);

    private static string WithOverride(string text, string id, LocalDateTime key) => text.Replace(
        "END:VCALENDAR",
        $"BEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:20270101T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:{key:uuuuMMdd'T'HHmmss}\r\nDTSTART;TZID=Australia/Melbourne:{key.PlusHours(2):uuuuMMdd'T'HHmmss}\r\nDURATION:PT30M\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR",
        StringComparison.Ordinal);

    public enum Put
    {
        IfMatch,
        Unconditional,
        IfNoneMatch,
        NewName,
    }

    [GeneratedRegex("name=\"rejected\" value=\"([0-9a-f-]+)\"")]
    private static partial Regex Rejected();

    [GeneratedRegex("name=\"version\" value=\"([0-9a-f-]+)\"")]
    private static partial Regex Version();
}
