using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Reports;

/// <summary>The calendaring reports on a calendar home: of every calendar in it (RFC 4791 §7.1).</summary>
public sealed class HomeReportTests : ReportTest
{
    private const string Day = "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260601T000000Z\" end=\"20260602T000000Z\"/></C:comp-filter></C:comp-filter>";

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    [InlineData("infinity")]
    [InlineData(null)]
    public async Task A_calendar_query_finds_the_objects_of_all_calendars(string? depth)
    {
        var paths = await FillAsync();
        var body = $"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop><C:filter>{Day}</C:filter></C:calendar-query>";
        Assert.Equal(paths.Order(StringComparer.Ordinal), (await ReportAsync(body, Client.Home, depth)).Hrefs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_calendar_is_asked_in_its_own_time_zone_unless_the_request_names_one()
    {
        await Client.SendAsync("MKCALENDAR", Client.Calendar("east"), MkCalendar(new System.Xml.Linq.XElement(C + "calendar-timezone-id", "Asia/Tokyo")));
        await Client.SendAsync("MKCALENDAR", Client.Calendar("west"), MkCalendar(new System.Xml.Linq.XElement(C + "calendar-timezone-id", "America/Los_Angeles")));
        foreach (var name in new[] { "east", "west" }) await Client.PutAsync(Client.Calendar(name) + "day.ics", Events.Component("VEVENT", name, "DTSTART;VALUE=DATE:20260601"));
        var hour = "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260531T160000Z\" end=\"20260531T170000Z\"/></C:comp-filter></C:comp-filter>";
        Assert.Equal([Client.Calendar("east") + "day.ics"], (await QueryAsync(hour, path: Client.Home)).Hrefs);
        Assert.Empty((await QueryAsync(hour, "<C:timezone-id>UTC</C:timezone-id>", Client.Home)).Hrefs);
    }

    [Fact]
    public async Task A_multiget_takes_hrefs_of_any_calendar_and_tells_the_others_apart()
    {
        var paths = await FillAsync();
        var absent = Client.Calendar("none") + "a.ics";
        string[] asked = [.. paths, absent, Client.Calendar("home"), "/dav/calendars/id-bob/home/a.ics"];
        var hrefs = string.Concat(asked.Select(path => $"<D:href>{path}</D:href>"));
        var answer = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop><D:getetag/><C:calendar-data/></D:prop>{hrefs}</C:calendar-multiget>", Client.Home);
        Assert.Equal(asked, answer.Hrefs);
        foreach (var path in paths) Assert.Equal((await Client.GetAsync(path)).Text, answer.Property(C + "calendar-data", path)!.Value);
        foreach (var other in asked.Except(paths)) Assert.Contains("404", answer.Response(other).Element(D + "status")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_home_and_a_bad_filter_are_answered_as_on_a_calendar()
    {
        Assert.Empty((await QueryAsync(Day, path: Client.Home)).Hrefs);
        Assert.True((await QueryAsync("<C:comp-filter name=\"VEVENT\"/>", path: Client.Home)).HasCondition(C + "valid-filter"));
        Assert.True((await QueryAsync(Day, "<C:timezone-id>Nowhere/At_all</C:timezone-id>", Client.Home)).HasCondition(C + "valid-timezone"));
    }

    private async Task<string[]> FillAsync()
    {
        await Client.SendAsync("MKCALENDAR", Client.Calendar("other"));
        string[] paths = [Client.Calendar("home") + "a.ics", Client.Calendar("hx") + "b.ics", Client.Calendar("other") + "c.ics"];
        foreach (var path in paths)
        {
            var answer = await Client.PutAsync(path, Events.Component("VEVENT", Path.GetFileNameWithoutExtension(path), "DTSTART:20260601T090000Z", "DTEND:20260601T100000Z"));
            Assert.Equal(201, answer.Status);
        }

        await Client.PutAsync(Client.Calendar("other") + "later.ics", Events.Component("VEVENT", "later", "DTSTART:20260701T090000Z"));
        return paths;
    }
}
