using System.Globalization;
using CalDavServer.Tests.Hosting;
using CalDavServer.Tests.Reports;
using Calendaring.ICalendar;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc9110;

/// <summary>GET of a calendar: one iCalendar object of all that is in it, or a page for a browser.</summary>
public sealed class CalendarDownloadTests : ReportTest
{
    private static readonly (string, string) Browser = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("text/calendar, text/html;q=0.5")]
    public async Task All_objects_of_every_component_come_in_one(string? accept)
    {
        await Client.SendAsync("MKCALENDAR", Client.Calendar("all"));
        await Client.SendAsync("PROPPATCH", Client.Calendar("all"), Set(new System.Xml.Linq.XElement(D + "displayname", "Alles; für, alle")));
        foreach (var (name, component) in new[] { ("a", "VEVENT"), ("b", "VTODO"), ("c", "VJOURNAL") })
            Assert.Equal(201, (await Client.PutAsync($"{Client.Calendar("all")}{name}.ics", Events.Component(component, name, "DTSTART:20260601T090000Z", $"SUMMARY:{name}"))).Status);
        var answer = await Client.GetAsync(Client.Calendar("all"), accept is null ? [] : [("Accept", accept)]);
        Assert.Equal(200, answer.Status);
        Assert.Equal("text/calendar; charset=utf-8", answer.Header("Content-Type"));
        var parsed = CalendarObject.Parse(answer.Bytes).Calendar;
        Assert.Equal(["VEVENT", "VTODO", "VJOURNAL"], parsed.Components.Select(component => component.Name));
        Assert.Equal("Alles; für, alle", parsed.Find("X-WR-CALNAME")!.Text);
        Assert.Equal(["a", "b", "c"], parsed.Components.Select(component => component.Find("SUMMARY")!.Text));
    }

    [Fact]
    public async Task A_time_zone_is_defined_once_and_the_text_has_CRLF_throughout()
    {
        foreach (var name in new[] { "a", "b" })
        {
            var text = Calendar(
                "BEGIN:VTIMEZONE", "TZID:Europe/Paris", "BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
                "BEGIN:VEVENT", $"UID:{name}", "DTSTAMP:20260101T000000Z", "DTSTART;TZID=Europe/Paris:20260601T090000", "END:VEVENT");
            await PutTextAsync(name, name == "a" ? text : text.Replace("\r\n", "\n", StringComparison.Ordinal));
        }

        var got = await Client.GetAsync(Home);
        Assert.Equal(["VTIMEZONE", "VEVENT", "VEVENT"], CalendarObject.Parse(got.Bytes).Calendar.Components.Select(component => component.Name));
        Assert.DoesNotContain("\n", got.Text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unchanged_calendar_is_304_and_a_change_of_members_or_properties_is_another_ETag()
    {
        await PutTextAsync("a", Events.Event("a"));
        var first = (await Client.GetAsync(Home)).Header("ETag")!;
        var same = await Client.GetAsync(Home, ("If-None-Match", first));
        Assert.Equal((304, 0), (same.Status, same.Bytes.Length));
        Assert.Equal(412, (await Client.GetAsync(Home, ("If-Match", "\"other\""))).Status);
        await PutTextAsync("b", Events.Event("b"));
        var second = (await Client.GetAsync(Home, ("If-None-Match", first))).Header("ETag")!;
        Assert.NotEqual(first, second);
        await Client.DeleteAsync(Home + "b.ics");
        await Client.SendAsync("PROPPATCH", Home, Set(new System.Xml.Linq.XElement(D + "displayname", "other")));
        Assert.Equal(200, (await Client.GetAsync(Home, ("If-None-Match", $"{first}, {second}"))).Status);
    }

    [Fact]
    public async Task HEAD_has_the_same_headers_and_no_body_and_an_empty_calendar_is_one_too()
    {
        var empty = await Client.GetAsync(Client.Calendar("tasks"));
        Assert.Empty(CalendarObject.Parse(empty.Bytes).Calendar.Components);
        var head = await Client.SendAsync("HEAD", Client.Calendar("tasks"));
        Assert.Equal((200, 0), (head.Status, head.Bytes.Length));
        foreach (var name in new[] { "ETag", "Content-Type", "Cache-Control", "Vary" }) Assert.Equal(empty.Header(name), head.Header(name));
    }

    [Fact]
    public async Task A_browser_gets_a_page_with_a_link_to_each_object_and_nothing_of_it_is_markup()
    {
        await PutTextAsync("a&b", Events.Event("a", "<script>alert(1)</script>"));
        var answer = await Client.GetAsync(Home, Browser);
        Assert.Equal("text/html; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal("default-src 'none'", answer.Header("Content-Security-Policy"));
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", answer.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{Home}a%26b.ics\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("1 object.", answer.Text, StringComparison.Ordinal);
        Assert.NotEqual((await Client.GetAsync(Home)).Header("ETag"), answer.Header("ETag"));
        Assert.Contains("0 objects.", (await Client.GetAsync(Client.Calendar("tasks"), Browser)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_object_is_left_out_and_the_rest_is_served()
    {
        await PutTextAsync("good", Events.Event("good"));
        await PutTextAsync("bad", Events.Event("bad"));
        await Server.DamageAsync("bad.ics");
        var answer = await Client.GetAsync(Home);
        Assert.Equal("good", Assert.Single(CalendarObject.Parse(answer.Bytes).Calendar.Components).Find("UID")!.Text);
    }

    [Fact]
    public async Task The_properties_say_what_GET_has()
    {
        foreach (var path in new[] { "/dav/", Client.Principal, Client.Home, Client.Calendar("inbox") })
        {
            var got = await Client.GetAsync(path);
            var told = await Client.PropFindAsync(path, "0", D + "getcontenttype", D + "getcontentlength");
            Assert.Equal(got.Header("Content-Type"), told.Property(D + "getcontenttype")!.Value);
            Assert.Equal(got.Bytes.Length.ToString(CultureInfo.InvariantCulture), told.Property(D + "getcontentlength")!.Value);
        }

        var calendar = await Client.PropFindAsync(Home, "0", D + "getcontenttype", D + "getcontentlength");
        Assert.Equal((await Client.GetAsync(Home)).Header("Content-Type"), calendar.Property(D + "getcontenttype")!.Value);
        Assert.Equal(404, calendar.PropertyStatus(D + "getcontentlength"));
    }
}
