using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using CalDavServer.Tests.Reports;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc7809;

/// <summary>
/// The time zone of a calendar (RFC 4791 §5.2.2, RFC 7809 §5.2): every calendar of a practice has one, its two properties say the same, and what is all-day or floating lies in it, outside as
/// in the diary.
/// </summary>
public sealed class CalendarZoneTests : ReportTest
{
    private static readonly XName Definition = C + "calendar-timezone";
    private static readonly XName Id = C + "calendar-timezone-id";
    private static readonly string[] Forms = ["DTSTART;VALUE=DATE:20260601", "DTSTART:20260601T000000\r\nDTEND:20260602T000000"];

    private static string Zone(string id, string offset) => Calendar(
        "BEGIN:VTIMEZONE", $"TZID:{id}", "BEGIN:STANDARD", "DTSTART:19700101T000000", $"TZOFFSETFROM:{offset}", $"TZOFFSETTO:{offset}", "END:STANDARD", "END:VTIMEZONE");

    private async Task<DavClient> JoinAsync(string zone = "Australia/Melbourne", PrincipalRole role = PrincipalRole.Practitioner, string name = "bob")
    {
        var practice = await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync($"Practice of {name}", zone);
        return Server.Client(await Server.AddPersonAsync($"{name}@example.com", role, practice.Id));
    }

    private static async Task<(string? Definition, string? Id)> ZoneOfAsync(DavClient client, string path)
    {
        var found = await client.PropFindAsync(path, "0", Definition, Id);
        return (found.Property(Definition)?.Value, found.Property(Id)?.Value);
    }

    private static async Task AssertZoneAsync(DavClient client, string path, string id)
    {
        var (definition, named) = await ZoneOfAsync(client, path);
        Assert.Equal(id, named);
        Assert.NotNull(definition);
        Assert.Contains($"\nTZID:{id}", definition.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var zone = CalDavServer.Dav.Reports.FloatingZone.Read(definition);
        foreach (var at in new[] { Instant.FromUtc(1985, 1, 1, 0, 0), Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 7, 1, 0, 0) })
            Assert.Equal(DateTimeZoneProviders.Tzdb[id].GetUtcOffset(at), zone!.GetUtcOffset(at));
    }

    private static Task<DavAnswer> SetAsync(DavClient client, string path, params XElement[] properties) => client.SendAsync("PROPPATCH", path, Set(properties));

    private static async Task<string> BusyAsync(DavClient client, string path)
    {
        var answer = await client.SendAsync("REPORT", path, $"<C:free-busy-query {CalDav}>{Range("20260525T000000Z", "20260610T000000Z")}</C:free-busy-query>");
        return string.Join(' ', answer.Text.Split("\r\n").Where(line => line.StartsWith("FREEBUSY", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Australia/Melbourne")]
    [InlineData("America/New_York")]
    [InlineData("Asia/Kolkata")]
    public async Task Every_calendar_that_a_person_begins_with_or_makes_carries_the_practice_s_zone(string zone)
    {
        using var bob = await JoinAsync(zone);
        Assert.Equal(201, (await bob.SendAsync("MKCALENDAR", bob.Calendar("made"))).Status);
        Assert.Equal(201, (await bob.SendAsync("MKCOL", bob.Calendar("too"), $"<D:mkcol {CalDav}><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set></D:mkcol>")).Status);
        foreach (var name in new[] { "hx", "home", "tasks", "made", "too" }) await AssertZoneAsync(bob, bob.Calendar(name), zone);
        var listed = await bob.PropFindAsync(bob.Home, "1", Id);
        Assert.Equal(5, listed.Root.Descendants(Id).Count(element => element.Value == zone));
        var names = await bob.SendAsync("PROPFIND", bob.Calendar("hx"), $"<D:propfind {CalDav}><D:propname/></D:propfind>", ("Depth", "0"));
        Assert.Single(names.Root.Descendants(Definition));
        Assert.Single(names.Root.Descendants(Id));
    }

    [Fact]
    public async Task Nobody_s_practice_leaves_a_calendar_without_a_zone_until_one_is_set()
    {
        Assert.Equal((null, null), await ZoneOfAsync(Client, Home));
        await SetAsync(Client, Home, new XElement(Id, "Asia/Kolkata"));
        await AssertZoneAsync(Client, Home, "Asia/Kolkata");
    }

    [Fact]
    public async Task Each_of_the_two_properties_is_derived_from_the_other_whichever_is_set_and_however()
    {
        using var bob = await JoinAsync();
        var home = bob.Calendar("home");
        await SetAsync(bob, home, new XElement(Id, "Europe/Paris"));
        await AssertZoneAsync(bob, home, "Europe/Paris");
        await SetAsync(bob, home, new XElement(Definition, Zone("Asia/Tokyo", "+0900")));
        Assert.Equal("Asia/Tokyo", (await ZoneOfAsync(bob, home)).Id);
        await SetAsync(bob, home, new XElement(Definition, Zone("/freeassociation.sourceforge.net/Asia/Kolkata", "+0530")));
        Assert.Equal("Asia/Kolkata", (await ZoneOfAsync(bob, home)).Id);
        await SetAsync(bob, home, new XElement(Definition, Zone("Mine", "+0530")));
        Assert.Null((await ZoneOfAsync(bob, home)).Id);
        Assert.Equal(201, (await bob.SendAsync("MKCALENDAR", bob.Calendar("a"), MkCalendar(new XElement(Id, "Asia/Tokyo")))).Status);
        await AssertZoneAsync(bob, bob.Calendar("a"), "Asia/Tokyo");
        Assert.Equal(201, (await bob.SendAsync("MKCALENDAR", bob.Calendar("b"), MkCalendar(new XElement(Definition, Zone("Asia/Tokyo", "+0900"))))).Status);
        Assert.Equal("Asia/Tokyo", (await ZoneOfAsync(bob, bob.Calendar("b"))).Id);
    }

    [Fact]
    public async Task A_zone_that_is_removed_by_either_name_leaves_the_practice_s()
    {
        using var bob = await JoinAsync();
        var home = bob.Calendar("home");
        foreach (var (set, removed) in new[] { (Id, Id), (Id, Definition), (Definition, Id), (Definition, Definition) })
        {
            await SetAsync(bob, home, set == Id ? new XElement(Id, "Asia/Tokyo") : new XElement(Definition, Zone("Asia/Tokyo", "+0900")));
            Assert.Equal("Asia/Tokyo", (await ZoneOfAsync(bob, home)).Id);
            Assert.Equal(207, (await bob.SendAsync("PROPPATCH", home, Remove(removed))).Status);
            await AssertZoneAsync(bob, home, "Australia/Melbourne");
        }

        var both = $"<D:propertyupdate {CalDav}><D:set><D:prop><C:calendar-timezone-id>Asia/Tokyo</C:calendar-timezone-id></D:prop></D:set><D:remove><D:prop><C:calendar-timezone/></D:prop></D:remove></D:propertyupdate>";
        Assert.Equal(207, (await bob.SendAsync("PROPPATCH", home, both)).Status);
        await AssertZoneAsync(bob, home, "Asia/Tokyo");
    }

    [Fact]
    public async Task No_device_moves_the_zone_of_the_practice_s_calendar()
    {
        using var bob = await JoinAsync();
        await bob.PutAsync(bob.Calendar("hx") + "a.ics", Events.Component("VEVENT", "a", Forms[0]));
        foreach (var property in new[] { new XElement(Id, "Asia/Tokyo"), new XElement(Definition, Zone("Asia/Tokyo", "+0900")), new XElement(Definition, Zone("Mine", "+0900")) })
        {
            // what a Mac sets with it is kept
            Assert.Equal(207, (await SetAsync(bob, bob.Calendar("hx"), property, new XElement(A + "calendar-order", "3"))).Status);
            await AssertZoneAsync(bob, bob.Calendar("hx"), "Australia/Melbourne");
            Assert.Equal("FREEBUSY:20260531T140000Z/20260601T140000Z", await BusyAsync(bob, bob.Calendar("hx")));
            Assert.Equal("3", (await bob.PropFindAsync(bob.Calendar("hx"), "0", A + "calendar-order")).Property(A + "calendar-order")!.Value);
        }

        await AssertZoneAsync(bob, bob.Calendar("hx"), "Australia/Melbourne");
    }

    [Fact]
    public async Task A_data_folder_in_which_a_device_had_set_it_follows_the_practice_again()
    {
        using var bob = await JoinAsync();
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var hx = await snapshot.FindCollectionAsync("id-bob", HxCalendar.CollectionName);
            var old = new Dictionary<PropertyName, string?> { [new("urn:ietf:params:xml:ns:caldav", "calendar-timezone-id")] = "<C:calendar-timezone-id xmlns:C=\"urn:ietf:params:xml:ns:caldav\">Asia/Tokyo</C:calendar-timezone-id>" };
            Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new UpdateCollection(hx!.Id, old)))).Succeeded);
        }

        await AssertZoneAsync(bob, bob.Calendar("hx"), "Australia/Melbourne");
        await bob.PutAsync(bob.Calendar("hx") + "a.ics", Events.Component("VEVENT", "a", Forms[0]));
        Assert.Equal("FREEBUSY:20260531T140000Z/20260601T140000Z", await BusyAsync(bob, bob.Calendar("hx")));
    }

    [Theory]
    [InlineData("hx", 0)]
    [InlineData("hx", 1)]
    [InlineData("home", 0)]
    [InlineData("home", 1)]
    public async Task What_is_all_day_or_floating_is_busy_and_found_in_the_zone_in_every_report_as_in_the_diary(string calendar, int form)
    {
        using var bob = await JoinAsync();
        var path = bob.Calendar(calendar);
        Assert.Equal(201, (await bob.PutAsync(path + "a.ics", Events.Component("VEVENT", "a", [.. Forms[form].Split("\r\n"), "RRULE:FREQ=DAILY;COUNT=2"]))).Status);
        const string Busy = "FREEBUSY:20260531T140000Z/20260602T140000Z";
        Assert.Equal(Busy, await BusyAsync(bob, path));
        Assert.Equal(Busy, await BusyAsync(bob, bob.Home));
        Assert.Contains(Busy, (await AskColleagueAsync(bob)).ReplaceLineEndings("\n"), StringComparison.Ordinal);

        foreach (var (range, found) in new[] { (Range("20260531T140000Z", "20260531T140001Z"), true), (Range("20260602T140000Z", "20260602T150000Z"), false) })
        {
            var filter = $"<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{range}</C:comp-filter></C:comp-filter></C:filter>";
            foreach (var asked in new[] { path, bob.Home })
            {
                var answer = await bob.SendAsync("REPORT", asked, $"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop>{filter}</C:calendar-query>", ("Depth", "1"));
                Assert.Equal(found, answer.Hrefs.Contains(path + "a.ics"));
            }
        }

        // the hour before midnight in UTC is the second day in Melbourne
        const string Data = "<D:prop><C:calendar-data><C:expand start=\"20260601T150000Z\" end=\"20260601T160000Z\"/></C:calendar-data></D:prop>";
        foreach (var (asked, body) in new[]
        {
            (path, $"<C:calendar-multiget {CalDav}>{Data}<D:href>{path}a.ics</D:href></C:calendar-multiget>"),
            (path, $"<D:sync-collection {CalDav}><D:sync-token/><D:sync-level>1</D:sync-level>{Data}</D:sync-collection>"),
            (bob.Home, $"<D:sync-collection {CalDav}><D:sync-token/><D:sync-level>infinite</D:sync-level>{Data}</D:sync-collection>"),
        })
        {
            var data = (await bob.SendAsync("REPORT", asked, body, ("Depth", "0"))).Property(C + "calendar-data", path + "a.ics")!.Value;
            Assert.Single(data.Split("BEGIN:VEVENT").Skip(1));
            Assert.Contains(form == 0 ? "DTSTART;VALUE=DATE:20260602" : "DTSTART:20260602T000000", data, StringComparison.Ordinal);
        }

        if (calendar != "hx") return;
        var diary = new Diary(Server.Store, Server.Clock, "id-bob", AuditActor.OnPages(new Principal("id-bob", "bob@example.com", "bob", null, (int)PrincipalRole.Practitioner, null), "session"));
        var first = (await diary.ListAsync(Instant.FromUtc(2026, 5, 31, 0, 0), Instant.FromUtc(2026, 6, 5, 0, 0)))[0];
        Assert.Equal(Instant.FromUtc(2026, 5, 31, 14, 0), first.Start.ToInstant());
    }

    private static async Task<string> AskColleagueAsync(DavClient bob)
    {
        var message = Calendar(
            "METHOD:REQUEST", "BEGIN:VFREEBUSY", "UID:q", "DTSTAMP:20260101T000000Z", "DTSTART:20260525T000000Z", "DTEND:20260610T000000Z",
            "ORGANIZER:mailto:bob@example.com", "ATTENDEE:mailto:bob@example.com", "END:VFREEBUSY");
        return (await bob.SendAsync("POST", bob.Calendar("outbox"), message, ("Content-Type", "text/calendar"))).Text;
    }
}
