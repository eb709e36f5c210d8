using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>Parts of calendar data at every level, limit-freebusy-set, and both together with expansion (RFC 4791 §9.6).</summary>
public sealed class PartialDataTests : ReportTest
{
    private static readonly string Object = Calendar(
        "X-CAL:1",
        "BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:STANDARD", "DTSTART:19961027T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:19810329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "END:DAYLIGHT", "END:VTIMEZONE",
        "BEGIN:VEVENT", "UID:a", "DTSTAMP:20260101T000000Z", "DTSTART;TZID=Europe/Berlin:20260601T090000", "SUMMARY;LANGUAGE=en:Secret", "ATTENDEE;CN=A:mailto:a@example.com", "ATTENDEE;CN=B:mailto:b@example.com",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER;RELATED=START:-PT5M", "DESCRIPTION:Secret", "END:VALARM",
        "BEGIN:X-INNER", "X-A:1", "END:X-INNER", "END:VEVENT", "BEGIN:X-OUTER", "X-B:1", "END:X-OUTER");

    private async Task<IReadOnlyList<string>> LinesAsync(string parts, string? path = null)
    {
        var answer = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop><C:calendar-data>{parts}</C:calendar-data></D:prop><D:href>{path ?? Home}a.ics</D:href></C:calendar-multiget>", path);
        Assert.Equal(207, answer.Status);
        return DataOf(answer);
    }

    private static string Comp(string name, string inside = "") => $"<C:comp name=\"{name}\">{inside}</C:comp>";

    private static string Prop(string name, bool? noValue = null) => $"<C:prop name=\"{name}\"{(noValue is { } yes ? $" novalue=\"{(yes ? "yes" : "no")}\"" : "")}/>";

    [Fact]
    public async Task Each_level_has_only_what_is_asked_for_it()
    {
        await PutTextAsync("a", Object);
        Assert.Equal(
            ["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "BEGIN:STANDARD", "TZNAME:CET", "END:STANDARD", "END:VTIMEZONE", "END:VCALENDAR"],
            await LinesAsync(Comp("VCALENDAR", Comp("VTIMEZONE", Comp("STANDARD", Prop("TZNAME"))))));
        Assert.Equal(
            ["BEGIN:VCALENDAR", "X-CAL:1", "BEGIN:VEVENT", "UID:a", "BEGIN:VALARM", "TRIGGER;RELATED=START:-PT5M", "END:VALARM", "BEGIN:X-INNER", "X-A:1", "END:X-INNER", "END:VEVENT", "END:VCALENDAR"],
            await LinesAsync(Comp("VCALENDAR", Prop("X-CAL") + Comp("VEVENT", Prop("UID") + Comp("VALARM", Prop("TRIGGER")) + Comp("X-INNER")))));
        Assert.Equal(["BEGIN:VCALENDAR", "BEGIN:X-OUTER", "X-B:1", "END:X-OUTER", "END:VCALENDAR"], await LinesAsync(Comp("VCALENDAR", Comp("x-outer", "<C:allprop/>"))));
        Assert.Equal(["BEGIN:VCALENDAR", "END:VCALENDAR"], await LinesAsync(Comp("VCALENDAR", Comp("VTODO", "<C:allprop/><C:allcomp/>"))));
    }

    [Fact]
    public async Task All_is_all_and_nothing_named_is_all_too()
    {
        await PutTextAsync("a", Object);
        var whole = Object.TrimEnd().Split("\r\n");
        Assert.Equal(whole, await LinesAsync(""));
        Assert.Equal(whole, await LinesAsync(Comp("VCALENDAR")));
        Assert.Equal(whole, await LinesAsync(Comp("VCALENDAR", "<C:allprop/><C:allcomp/>")));
        Assert.Equal(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "X-CAL:1", "END:VCALENDAR"], await LinesAsync(Comp("VCALENDAR", "<C:allprop/>")));
        Assert.Equal([whole[0], .. whole[4..]], await LinesAsync(Comp("VCALENDAR", "<C:allcomp/>")));
    }

    [Fact]
    public async Task A_value_is_left_out_of_each_property_of_the_name_and_parameters_stay()
    {
        await PutTextAsync("a", Object);
        Assert.Equal(
            ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART;TZID=Europe/Berlin:20260601T090000", "SUMMARY;LANGUAGE=en:", "ATTENDEE;CN=A:", "ATTENDEE;CN=B:", "END:VEVENT", "END:VCALENDAR"],
            await LinesAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("attendee", true) + Prop("SUMMARY", true) + Prop("DTSTART", false)))));
    }

    [Fact]
    public async Task Parts_are_cut_out_of_what_was_expanded()
    {
        await PutTextAsync("a", Object.Replace("SUMMARY;", "RRULE:FREQ=DAILY\r\nSUMMARY;", StringComparison.Ordinal));
        Assert.Equal(
            ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", "DTSTART:20260603T070000Z", "RECURRENCE-ID:20260603T070000Z", "END:VEVENT", "END:VCALENDAR"],
            await LinesAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("UID") + Prop("DTSTART") + Prop("RECURRENCE-ID") + Prop("RRULE")) + Comp("VTIMEZONE")) + "<C:expand start=\"20260603T000000Z\" end=\"20260604T000000Z\"/>"));
    }

    [Fact]
    public async Task Limit_freebusy_set_keeps_the_periods_in_the_range_as_they_are_written()
    {
        var calendar = await MakeCalendarAsync("busy", "VFREEBUSY");
        await StoreAsync(calendar, "a", Events.Component(
            "VFREEBUSY", "a", "DTSTART:20260601T000000Z", "DTEND:20260610T000000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE;X-P=1:20260601T090000Z/PT1H,20260602T090000Z/PT1H,20260603T090000Z/20260603T100000Z", "FREEBUSY:20260604T090000Z/PT1H", "FREEBUSY:20260602T093000Z/PT24H"));
        async Task<IEnumerable<string>> LimitedAsync(string start, string end) =>
            (await LinesAsync($"<C:limit-freebusy-set start=\"{start}\" end=\"{end}\"/>", Client.Calendar("busy"))).Where(line => line.StartsWith("FREEBUSY", StringComparison.Ordinal));
        Assert.Equal(["FREEBUSY;FBTYPE=BUSY-TENTATIVE;X-P=1:20260602T090000Z/PT1H", "FREEBUSY:20260602T093000Z/PT24H"], await LimitedAsync("20260602T000000Z", "20260603T000000Z"));
        // a period that only touches the range is not in it
        Assert.Equal(["FREEBUSY;FBTYPE=BUSY-TENTATIVE;X-P=1:20260603T090000Z/20260603T100000Z"], await LimitedAsync("20260603T093000Z", "20260604T090000Z"));
        Assert.Empty(await LimitedAsync("20260605T000000Z", "20260606T000000Z"));
        Assert.Equal(3, (await LimitedAsync("20260101T000000Z", "20270101T000000Z")).Count());
        Assert.Contains("DTEND:20260610T000000Z", await LinesAsync("<C:limit-freebusy-set start=\"20260605T000000Z\" end=\"20260606T000000Z\"/>", Client.Calendar("busy")));
    }

    [Theory]
    [InlineData("<C:limit-freebusy-set start=\"20260602T000000Z\"/>", 400, "")]
    [InlineData("<C:limit-recurrence-set end=\"20260602T000000Z\"/>", 400, "")]
    [InlineData("<C:limit-recurrence-set start=\"20260602T000000Z\" end=\"20260601T000000Z\"/>", 400, "")]
    [InlineData("<C:expand start=\"20260602T000000Z\" end=\"20260603T000000Z\"/><C:limit-recurrence-set start=\"20260602T000000Z\" end=\"20260603T000000Z\"/>", 400, "")]
    [InlineData("<C:expand start=\"20260602T000000\" end=\"20260603T000000\"/>", 400, "")]
    [InlineData("<C:limit-recurrence-set start=\"15000101T000000Z\" end=\"20260603T000000Z\"/>", 403, "min-date-time")]
    [InlineData("<C:limit-freebusy-set start=\"20260602T000000Z\" end=\"30000102T000000Z\"/>", 403, "max-date-time")]
    [InlineData("<C:comp name=\"VCALENDAR\"><C:prop/></C:comp>", 400, "")]
    [InlineData("<C:comp name=\"VCALENDAR\"><C:comp/></C:comp>", 400, "")]
    public async Task What_is_asked_wrongly_is_refused_before_anything_is_answered(string parts, int status, string condition)
    {
        var data = $"<D:prop><C:calendar-data>{parts}</C:calendar-data></D:prop>";
        foreach (var body in new[]
        {
            $"<C:calendar-multiget {CalDav}>{data}<D:href>{Home}a.ics</D:href></C:calendar-multiget>",
            $"<C:calendar-query {CalDav}>{data}<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>",
        })
        {
            var answer = await ReportAsync(body);
            Assert.Equal(status, answer.Status);
            if (condition.Length > 0) Assert.True(answer.HasCondition(Condition(condition)), answer.Text);
        }
    }

    [Fact]
    public async Task What_is_listed_as_supported_works()
    {
        await PutTextAsync("a", Object);
        var properties = await Client.PropFindAsync(Home, "0", Xml.C + "supported-calendar-data", Xml.C + "supported-collation-set");
        foreach (var listed in properties.Property(Xml.C + "supported-calendar-data")!.Elements(Xml.C + "calendar-data"))
        {
            var (type, version) = (listed.Attribute("content-type")!.Value, listed.Attribute("version")!.Value);
            var answer = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop><C:calendar-data content-type=\"{type}\" version=\"{version}\"/></D:prop><D:href>{Home}a.ics</D:href></C:calendar-multiget>");
            Assert.Equal(Object.TrimEnd().Split("\r\n"), DataOf(answer));
            Assert.Equal(204, (await Client.PutAsync(Home + "a.ics", Object, ("Content-Type", $"{type}; version={version}"))).Status);
        }

        var collations = properties.Property(Xml.C + "supported-collation-set")!.Elements(Xml.C + "supported-collation").Select(element => element.Value).ToList();
        Assert.Equal(["i;ascii-casemap", "i;octet", "i;unicode-casemap"], collations.Order(StringComparer.Ordinal));
        foreach (var collation in collations)
        {
            var filter = $"<C:prop-filter name=\"SUMMARY\"><C:text-match collation=\"{collation}\">Secret</C:text-match></C:prop-filter>";
            Assert.Equal("a", await FindAsync("VEVENT", filter));
            Assert.Equal(collation == "i;octet" ? "" : "a", await FindAsync("VEVENT", filter.Replace("Secret", "sECRET", StringComparison.Ordinal)));
        }
    }
}
