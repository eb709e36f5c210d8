using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>In which zone floating and all-day times lie: the request's (RFC 4791 §9.8, RFC 7809 §4.3), else the calendar's (RFC 4791 §5.2.2, RFC 7809 §5.2), else UTC.</summary>
public sealed class FloatingTimeTests : ReportTest
{
    // 09:00 of 1 June 2026 in each zone
    private const string InUtc = "20260601T090000Z";
    private const string InTokyo = "20260601T000000Z";
    private const string InKolkata = "20260601T033000Z";

    private static string Zone(string id, string offset) => Calendar(
        "BEGIN:VTIMEZONE", $"TZID:{id}", "BEGIN:STANDARD", "DTSTART:19700101T000000", $"TZOFFSETFROM:{offset}", $"TZOFFSETTO:{offset}", "END:STANDARD", "END:VTIMEZONE");

    private async Task<string> AtAsync(string start, string extra = "") =>
        await FindAsync("VEVENT", Range(start, start[..^2] + "1Z"), extra);

    private Task<DavAnswer> SetAsync(string property, string? value) => Client.SendAsync(
        "PROPPATCH", Home, value is null ? Xml.Remove(Xml.C + property) : Xml.Set(new XElement(Xml.C + property, value)));

    [Fact]
    public async Task The_request_goes_before_the_calendar_and_the_calendar_before_UTC()
    {
        await PutAsync("floating", "VEVENT", "DTSTART:20260601T090000");
        Assert.Equal("floating", await AtAsync(InUtc));
        await SetAsync("calendar-timezone", Zone("Asia/Tokyo", "+0900"));
        Assert.Equal("floating", await AtAsync(InTokyo));
        Assert.Equal("", await AtAsync(InUtc));
        Assert.Equal("floating", await AtAsync(InKolkata, "<C:timezone-id>Asia/Kolkata</C:timezone-id>"));
        Assert.Equal("", await AtAsync(InTokyo, "<C:timezone-id>Asia/Kolkata</C:timezone-id>"));
        Assert.Equal("floating", await AtAsync(InKolkata, $"<C:timezone>{Zone("Mine", "+0530")}</C:timezone>"));
        Assert.Equal("floating", await AtAsync(InUtc, "<C:timezone-id>UTC</C:timezone-id>"));
    }

    [Fact]
    public async Task Of_the_calendar_s_two_properties_the_one_set_last_counts()
    {
        await PutAsync("floating", "VEVENT", "DTSTART:20260601T090000");
        await SetAsync("calendar-timezone-id", "Asia/Kolkata");
        Assert.Equal("floating", await AtAsync(InKolkata));
        await SetAsync("calendar-timezone", Zone("Asia/Tokyo", "+0900"));
        Assert.Equal("floating", await AtAsync(InTokyo));
        await SetAsync("calendar-timezone-id", "Asia/Kolkata");
        Assert.Equal("floating", await AtAsync(InKolkata));
        await SetAsync("calendar-timezone-id", null);
        Assert.Equal("floating", await AtAsync(InUtc));
    }

    [Fact]
    public async Task A_calendar_is_made_with_its_zone()
    {
        var made = await Client.SendAsync("MKCALENDAR", Client.Calendar("made"), Xml.MkCalendar(new XElement(Xml.C + "calendar-timezone", Zone("Asia/Tokyo", "+0900"))));
        Assert.Equal(201, made.Status);
        await Client.PutAsync(Client.Calendar("made") + "a.ics", Events.Component("VEVENT", "a", "DTSTART;VALUE=DATE:20260601"));
        var filter = "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{0}</C:comp-filter></C:comp-filter>";
        Assert.Equal("a", NamesOf(await QueryAsync(filter.Replace("{0}", Range("20260531T150000Z", "20260531T150001Z"), StringComparison.Ordinal), path: Client.Calendar("made"))));
        Assert.Equal("", NamesOf(await QueryAsync(filter.Replace("{0}", Range("20260601T150000Z", "20260601T150001Z"), StringComparison.Ordinal), path: Client.Calendar("made"))));
    }

    [Fact]
    public async Task A_day_begins_and_ends_where_it_does_in_the_zone_also_when_its_clocks_change()
    {
        // 29 March 2026 has 23 hours in Berlin: from 23:00 UTC of the 28th to 22:00 UTC
        await PutAsync("day", "VEVENT", "DTSTART;VALUE=DATE:20260329");
        await PutAsync("next", "VEVENT", "DTSTART;VALUE=DATE:20260330", "RRULE:FREQ=DAILY");
        const string Berlin = "<C:timezone-id>Europe/Berlin</C:timezone-id>";
        Assert.Equal("", await FindAsync("VEVENT", Range("20260328T220000Z", "20260328T230000Z"), Berlin));
        Assert.Equal("day", await FindAsync("VEVENT", Range("20260328T220000Z", "20260328T230001Z"), Berlin));
        Assert.Equal("day", await FindAsync("VEVENT", Range("20260329T213000Z", "20260329T220000Z"), Berlin));
        Assert.Equal("next", await FindAsync("VEVENT", Range("20260329T220000Z", "20260329T230000Z"), Berlin));
    }

    [Fact]
    public async Task To_dos_journals_alarms_and_property_ranges_lie_in_the_zone_too()
    {
        const string Tokyo = "<C:timezone-id>Asia/Tokyo</C:timezone-id>";
        await PutAsync("event", "VEVENT", "DTSTART:20260601T090000", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT1H", "END:VALARM");
        await PutAsync("todo", "VTODO", "DUE:20260601T090000");
        await PutAsync("journal", "VJOURNAL", "DTSTART;VALUE=DATE:20260601");
        Assert.Equal("event", await FindAsync("VEVENT", $"<C:comp-filter name=\"VALARM\">{Range("20260531T230000Z", "20260531T230001Z")}</C:comp-filter>", Tokyo));
        Assert.Equal("event", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\">{Range("20260601T000000Z", "20260601T000001Z")}</C:prop-filter>", Tokyo));
        Assert.Equal("todo", await FindAsync("VTODO", Range("20260531T235959Z", "20260601T000000Z"), Tokyo));
        Assert.Equal("", await FindAsync("VTODO", Range("20260531T235958Z", "20260531T235959Z"), Tokyo));
        Assert.Equal("journal", await FindAsync("VJOURNAL", Range("20260531T150000Z", "20260531T150001Z"), Tokyo));
        Assert.Equal("", await FindAsync("VJOURNAL", Range("20260601T150000Z", "20260601T150001Z"), Tokyo));
    }

    [Fact]
    public async Task Expansion_and_busy_times_lie_in_the_zone_too()
    {
        await SetAsync("calendar-timezone-id", "Asia/Tokyo");
        await PutAsync("day", "VEVENT", "DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=DAILY;COUNT=3");
        string Ask(string zone) => $"<C:calendar-multiget {CalDav}><D:prop><C:calendar-data><C:expand start=\"20260601T150000Z\" end=\"20260601T160000Z\"/></C:calendar-data></D:prop><D:href>{Home}day.ics</D:href>{zone}</C:calendar-multiget>";
        Assert.Contains("DTSTART;VALUE=DATE:20260602", DataOf(await ReportAsync(Ask(""))));
        Assert.Contains("DTSTART;VALUE=DATE:20260601", DataOf(await ReportAsync(Ask("<C:timezone-id>UTC</C:timezone-id>"))));
        var busy = await ReportAsync($"<C:free-busy-query {CalDav}>{Range("20260531T000000Z", "20260610T000000Z")}</C:free-busy-query>");
        Assert.Contains("FREEBUSY:20260531T150000Z/20260603T150000Z", busy.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<C:timezone>not a calendar</C:timezone>", "valid-calendar-data")]
    [InlineData("<C:timezone/>", "valid-calendar-data")]
    [InlineData("<C:timezone>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR</C:timezone>", "valid-calendar-data")]
    [InlineData("<C:timezone>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR</C:timezone>", "valid-calendar-data")]
    [InlineData("<C:timezone>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:A\r\nEND:VTIMEZONE\r\nBEGIN:VTIMEZONE\r\nTZID:B\r\nEND:VTIMEZONE\r\nEND:VCALENDAR</C:timezone>", "valid-calendar-data")]
    [InlineData("<C:timezone>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:A\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+9999\r\nTZOFFSETTO:x\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR</C:timezone>", "valid-calendar-data")]
    [InlineData("<C:timezone>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:A\r\nEND:VTIMEZONE\r\nEND:VCALENDAR</C:timezone>", "valid-calendar-data")]
    [InlineData("<C:timezone-id>Nowhere/Else</C:timezone-id>", "valid-timezone")]
    [InlineData("<C:timezone-id/>", "valid-timezone")]
    public async Task A_zone_of_the_request_that_is_none_is_refused(string element, string condition)
    {
        var query = await QueryAsync("<C:comp-filter name=\"VCALENDAR\"/>", element);
        Assert.Equal(403, query.Status);
        Assert.True(query.HasCondition(Condition(condition)), query.Text);
        var multiget = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop><D:getetag/></D:prop><D:href>{Home}a.ics</D:href>{element}</C:calendar-multiget>");
        Assert.True(multiget.HasCondition(Condition(condition)), multiget.Text);
    }
}
