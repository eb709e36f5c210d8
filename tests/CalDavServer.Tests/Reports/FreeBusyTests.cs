using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>free-busy-query (RFC 4791 §7.10) and free-busy requests over the outbox (RFC 6638 §5).</summary>
public sealed class FreeBusyTests : ReportTest
{
    private async Task<string> BusyAsync(string start, string end, string? path = null)
    {
        var answer = await ReportAsync($"<C:free-busy-query {CalDav}>{Range(start, end)}</C:free-busy-query>", path);
        Assert.Equal(200, answer.Status);
        return LinesOf(answer.Text);
    }

    private static string LinesOf(string calendar) =>
        string.Join(' ', calendar.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("FREEBUSY", StringComparison.Ordinal)).Select(line => line["FREEBUSY".Length..].TrimStart(':', ';')));

    private Task<DavAnswer> PostAsync(string message, string contentType = "text/calendar; charset=utf-8") =>
        Client.SendAsync("POST", Client.Calendar("outbox"), message, ("Content-Type", contentType));

    private static string Request(string organizer, params string[] attendees) => Calendar([
        "METHOD:REQUEST", "BEGIN:VFREEBUSY", "UID:ask", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T000000Z", "DTEND:20260602T000000Z", $"ORGANIZER:{organizer}",
        .. attendees.Select(attendee => $"ATTENDEE:{attendee}"), "END:VFREEBUSY",
    ]);

    [Fact]
    public async Task Transparent_and_cancelled_events_are_free_and_tentative_ones_are_told_apart()
    {
        await PutAsync("busy", "VEVENT", "DTSTART:20260601T090000Z", "DTEND:20260601T100000Z");
        await PutAsync("transparent", "VEVENT", "DTSTART:20260601T110000Z", "DTEND:20260601T120000Z", "TRANSP:TRANSPARENT");
        await PutAsync("cancelled", "VEVENT", "DTSTART:20260601T120000Z", "DTEND:20260601T130000Z", "STATUS:CANCELLED");
        await PutAsync("tentative", "VEVENT", "DTSTART:20260601T093000Z", "DTEND:20260601T140000Z", "STATUS:TENTATIVE", "TRANSP:OPAQUE");
        await PutAsync("todo", "VTODO", "DTSTART:20260601T150000Z", "DUE:20260601T160000Z");
        Assert.Equal("20260601T090000Z/20260601T100000Z FBTYPE=BUSY-TENTATIVE:20260601T093000Z/20260601T140000Z", await BusyAsync("20260601T000000Z", "20260602T000000Z"));
    }

    [Fact]
    public async Task Periods_that_overlap_or_touch_become_one_and_are_cut_to_the_range()
    {
        await PutAsync("a", "VEVENT", "DTSTART:20260601T080000Z", "DURATION:PT2H");
        await PutAsync("b", "VEVENT", "DTSTART:20260601T093000Z", "DURATION:PT1H");
        await PutAsync("c", "VEVENT", "DTSTART:20260601T103000Z", "DURATION:PT10H");
        await PutAsync("zero", "VEVENT", "DTSTART:20260601T093000Z");
        Assert.Equal("20260601T090000Z/20260601T200000Z", await BusyAsync("20260601T090000Z", "20260601T200000Z"));
    }

    [Fact]
    public async Task Every_occurrence_is_busy_by_its_own_override()
    {
        await PutTextAsync("series", Calendar(
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260602T090000Z", "DTSTART:20260602T150000Z", "DURATION:PT1H", "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260603T090000Z", "DTSTART:20260603T090000Z", "DURATION:PT1H", "STATUS:CANCELLED", "END:VEVENT"));
        Assert.Equal(
            "20260601T090000Z/20260601T100000Z 20260602T150000Z/20260602T160000Z 20260604T090000Z/20260604T100000Z",
            await BusyAsync("20260601T000000Z", "20260605T000000Z"));
    }

    [Fact]
    public async Task The_home_counts_all_calendars_but_transparent_ones_and_what_is_kept_in_the_diary_only()
    {
        await PutAsync("a", "VEVENT", "DTSTART:20260601T080000Z", "DURATION:PT1H");
        await Client.PutAsync(Client.Calendar("hx") + "b.ics", Events.Event("b"));
        await Client.PutAsync(Client.Calendar("hx") + "hidden.ics", Events.Component("VEVENT", "hidden", "DTSTART:20260601T120000Z", "DTEND:20260601T130000Z"));
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var hx = await snapshot.FindCollectionAsync(Alice.Principal.Id, "hx");
            var stored = await snapshot.FindObjectAsync(hx!.Id, "hidden.ics");
            await Server.Store.ApplyAsync(StoreBatch.Of(new PutObject(hx.Id, "hidden.ics", stored!.Bytes, stored.Row.Index, Published: false, Details: stored.Row.Details)));
        }

        Assert.Equal("20260601T080000Z/20260601T100000Z", await BusyAsync("20260601T000000Z", "20260602T000000Z", Client.Home));
        await Client.SendAsync("PROPPATCH", Home, Xml.Set(new System.Xml.Linq.XElement(Xml.C + "schedule-calendar-transp", new System.Xml.Linq.XElement(Xml.C + "transparent"))));
        Assert.Equal("20260601T090000Z/20260601T100000Z", await BusyAsync("20260601T000000Z", "20260602T000000Z", Client.Home));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<C:time-range start=\"20260601T000000Z\"/>")]
    [InlineData("<C:time-range start=\"20260602T000000Z\" end=\"20260601T000000Z\"/>")]
    [InlineData("<C:time-range start=\"20260601T000000Z\" end=\"20260602T000000Z\"/><C:time-range start=\"20260601T000000Z\" end=\"20260602T000000Z\"/>")]
    public async Task A_query_needs_exactly_one_range_with_both_ends(string range) =>
        Assert.Equal(400, (await ReportAsync($"<C:free-busy-query {CalDav}>{range}</C:free-busy-query>")).Status);

    [Fact]
    public async Task On_an_object_the_report_is_refused()
    {
        await PutAsync("a", "VEVENT", "DTSTART:20260601T080000Z");
        Assert.Equal(403, (await ReportAsync($"<C:free-busy-query {CalDav}>{Range("20260601T000000Z", "20260602T000000Z")}</C:free-busy-query>", Home + "a.ics")).Status);
    }

    [Fact]
    public async Task The_outbox_tells_the_busy_times_of_colleagues_and_nothing_of_others()
    {
        var bob = await Server.AddPersonAsync("bob@example.com");
        await Server.AddPersonAsync("eve@example.com", practiceId: "another");
        using var client = Server.Client(bob);
        await client.PutAsync(client.Calendar("home") + "b.ics", Events.Event("b", "Secret"));
        var answer = await PostAsync(Request("mailto:ALICE@example.com", "mailto:bob@example.com", client.Principal, "mailto:eve@example.com", "mailto:nobody@example.com"));

        Assert.Equal(200, answer.Status);
        Assert.Equal(Xml.C + "schedule-response", answer.Root.Name);
        var responses = answer.Root.Elements(Xml.C + "response").ToList();
        Assert.Equal(
            ["mailto:bob@example.com 2.0;Success", client.Principal + " 2.0;Success", "mailto:eve@example.com 3.7;Invalid calendar user", "mailto:nobody@example.com 3.7;Invalid calendar user"],
            responses.Select(response => $"{response.Element(Xml.C + "recipient")!.Element(Xml.D + "href")!.Value} {response.Element(Xml.C + "request-status")!.Value}"));
        var reply = responses[0].Element(Xml.C + "calendar-data")!.Value;
        Assert.Equal("20260601T090000Z/20260601T100000Z", LinesOf(reply));
        Assert.Contains("METHOD:REPLY", reply, StringComparison.Ordinal);
        Assert.Contains("UID:ask", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", answer.Text, StringComparison.Ordinal);
        Assert.Null(responses[2].Element(Xml.C + "calendar-data"));
    }

    [Fact]
    public async Task A_message_that_is_no_request_for_busy_times_is_refused()
    {
        var invitation = await PostAsync(Events.Event("a", "x", "ORGANIZER:mailto:alice@example.com", "ATTENDEE:mailto:bob@example.com").Replace("BEGIN:VEVENT", "METHOD:REQUEST\r\nBEGIN:VEVENT", StringComparison.Ordinal));
        Assert.True(invitation.HasCondition(Condition("valid-scheduling-message")), invitation.Text);
        var stranger = await PostAsync(Request("mailto:bob@example.com", "mailto:alice@example.com"));
        Assert.True(stranger.HasCondition(Condition("organizer-allowed")), stranger.Text);
        var reply = await PostAsync(Request("mailto:alice@example.com", "mailto:alice@example.com").Replace("METHOD:REQUEST", "METHOD:REPLY", StringComparison.Ordinal));
        Assert.True(reply.HasCondition(Condition("valid-scheduling-message")), reply.Text);
        var broken = await PostAsync("BEGIN:VCALENDAR\r\n");
        Assert.True(broken.HasCondition(Condition("valid-calendar-data")), broken.Text);
        var json = await PostAsync("{}", "application/json");
        Assert.True(json.HasCondition(Condition("supported-calendar-data")), json.Text);
    }

    [Fact]
    public async Task A_rule_too_costly_to_follow_is_never_called_free()
    {
        await PutAsync("hostile", "VEVENT", "DTSTART:20200101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY");
        Assert.Equal("20260601T090000Z/20260601T100000Z", await BusyAsync("20260601T090000Z", "20260601T100000Z"));
    }
}
