using Xunit;

namespace CalDavServer.Tests.Api;

public sealed class AppointmentTests : ApiServer
{
    private const string March = "/api/appointments?from=2026-03-01&until=2026-04-30";

    [Fact]
    public async Task A_booking_is_answered_with_where_it_is_and_read_back_in_local_time_and_UTC()
    {
        var (status, body, response) = await SendAsync("POST", "/api/appointments", Booking);
        Assert.Equal(201, status);
        var path = response.Headers.Location!.ToString();
        Assert.Equal($"/api/appointments/{body!["id"]}", path);
        var (_, read, got) = await SendAsync("GET", path);
        Assert.Equal(("2026-03-03T10:00:00", "Australia/Melbourne", "2026-03-02T23:00:00Z"), (Text(read!["start"]!["local"]), Text(read["start"]!["zone"]), Text(read["start"]!["utc"])));
        Assert.Equal(("patient", "booked", "Standard consultation · Jane Brownlow"), (Text(read["kind"]), Text(read["status"]), Text(read["title"])));
        Assert.Equal($"\"{read["version"]}\"", got.Headers.ETag!.ToString());
        Assert.Equal("no-store", got.Headers.CacheControl!.ToString());
        Assert.Single((await SendAsync("GET", March)).Body!["appointments"]!.AsArray());
    }

    [Fact]
    public async Task What_is_booked_is_in_the_HX_calendar_and_what_a_client_adds_is_in_the_diary()
    {
        var id = await BookAsync();
        var (status, calendar, _) = await RawAsync("GET", $"/dav/calendars/maya/hx/{id}.ics", null);
        Assert.Equal(200, status);
        Assert.Contains("Jane Brownlow", calendar, StringComparison.Ordinal);
        var (added, _, _) = await RawAsync(
            "PUT", "/dav/calendars/maya/hx/dentist.ics",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VEVENT\r\nUID:den/tist\r\nDTSTAMP:20260301T000000Z\r\nDTSTART:20260304T020000Z\r\nSUMMARY:Dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        Assert.Equal(201, added);
        var personal = (await SendAsync("GET", March)).Body!["appointments"]!.AsArray().Single(appointment => Text(appointment!["kind"]) == "personal")!;
        Assert.Equal("Dentist", Text(personal["title"]));
        Assert.Equal("Dentist", Text((await SendAsync("GET", $"/api/appointments/{personal["id"]}")).Body!["title"]));
    }

    [Fact]
    public async Task A_local_time_with_its_zone_is_taken_and_one_without_is_not()
    {
        var local = Booking.Replace("2026-03-03T10:00:00+11:00", "2026-03-03T10:00", StringComparison.Ordinal);
        var (status, body, _) = await SendAsync("POST", "/api/appointments", local);
        Assert.Equal((400, "The start has no UTC offset: give its time zone in 'zone', e.g. Australia/Melbourne."), (status, Text(body!["detail"])));
        var id = await BookAsync(local.Replace("\"minutes\"", "\"zone\":\"Europe/Berlin\",\"minutes\"", StringComparison.Ordinal));
        Assert.Equal("2026-03-03T20:00:00", Text((await SendAsync("GET", $"/api/appointments/{id}")).Body!["start"]!["local"]));
    }

    [Theory]
    [InlineData("2026-04-05T02:30:00+11:00", "2026-04-04T15:30:00Z")]
    [InlineData("2026-04-05T02:30:00+10:00", "2026-04-04T16:30:00Z")]
    public async Task Of_a_time_that_the_clocks_show_twice_the_offset_says_which(string start, string moment)
    {
        var id = await BookAsync(Booking.Replace("2026-03-03T10:00:00+11:00", start, StringComparison.Ordinal));
        Assert.Equal(moment, Text((await SendAsync("GET", $"/api/appointments/{id}")).Body!["start"]!["utc"]));
        var other = await BookAsync();
        await SendAsync("PATCH", $"/api/appointments/{other}", $"{{\"start\":\"{start}\"}}");
        Assert.Equal(moment, Text((await SendAsync("GET", $"/api/appointments/{other}")).Body!["start"]!["utc"]));
    }

    [Theory]
    [InlineData("\"minutes\":45", "\"minutes\":0", 400, "The length must be more than zero and at most a year.")]
    [InlineData("\"minutes\":45", "\"minutes\":45,\"repeat\":{\"unit\":\"week\",\"every\":0}", 400, "A repeat is every 1 to 1000 days, weeks, months or years.")]
    [InlineData("\"minutes\":45", "\"minutes\":45,\"repeat\":{\"unit\":\"fortnight\"}", 400, "The JSON is not what is expected here, at $.repeat.unit.")]
    [InlineData("\"minutes\":45", "\"minuets\":45", 400, "The JSON is not what is expected here, at $.minuets.")]
    [InlineData("2026-03-03T10:00:00+11:00", "tomorrow", 400, "The start is not an ISO 8601 time such as 2026-03-03T10:00:00+11:00.")]
    [InlineData("\"givenName\":\"Jane\",\"familyName\":\"Brownlow\",", "", 400, "Each patient needs a name of at most 200 characters.")]
    [InlineData("{\"patients\"", "[", 400, null)]
    [InlineData("{\"patients\":[{", "{\"patients\":[null,{", 400, "Each patient needs a reference.")]
    [InlineData("2026-03-03T10:00:00+11:00", "9999-12-31T23:00:00-18:00", 400, "The start is not an ISO 8601 time such as 2026-03-03T10:00:00+11:00.")]
    [InlineData("\"minutes\":45", "\"minutes\":45,\"repeat\":{\"unit\":\"week\",\"until\":\"9999-12-31\"}", 400, "The end of the repeat is not an ISO 8601 date such as 2026-03-03.")]
    public async Task Bad_input_is_answered_with_a_sentence(string what, string by, int expected, string? sentence)
    {
        var (status, body, response) = await SendAsync("POST", "/api/appointments", Booking.Replace(what, by, StringComparison.Ordinal));
        Assert.Equal(expected, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        if (sentence is not null) Assert.Equal(sentence, Text(body!["detail"]));
    }

    [Theory]
    [InlineData("GET", "/api/appointments?from=9999-12-31", null)]
    [InlineData("GET", "/api/appointments?from=-9998-01-01&until=-9998-01-02", null)]
    [InlineData("GET", "/api/appointments/{id}?occurrence=9999-12-31T23:59:59", null)]
    [InlineData("POST", "/api/appointments/personal", """{"title":"Long","allDay":true,"start":"2026-03-03","days":2147483647}""")]
    [InlineData("PATCH", "/api/appointments/{id}", """{"minutes":-30}""")]
    public async Task Numbers_at_the_end_of_the_calendar_are_400(string method, string path, string? body)
    {
        var id = await BookAsync();
        Assert.Equal(400, (await SendAsync(method, path.Replace("{id}", id, StringComparison.Ordinal), body)).Status);
    }

    [Theory]
    [InlineData("""{"unit":"day","every":3,"count":4}""", "FREQ=DAILY;INTERVAL=3;COUNT=4")]
    [InlineData("""{"unit":"week","days":["tuesday","sunday"],"until":"2026-05-30"}""", "FREQ=WEEKLY;BYDAY=TU,SU;UNTIL=20260530T135959Z")]
    [InlineData("""{"unit":"month","weekOfMonth":1,"count":3}""", "FREQ=MONTHLY;BYDAY=1TU;COUNT=3")]
    [InlineData("""{"unit":"year","every":2,"weekOfMonth":1}""", "FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=1TU")]
    public async Task A_repeat_is_the_same_rule_whether_it_is_booked_or_given_to_what_is_there(string repeat, string rule)
    {
        var booked = await BookAsync(Booking.Replace("\"minutes\":45", $"\"minutes\":45,\"repeat\":{repeat}", StringComparison.Ordinal));
        Assert.Equal(rule, Text((await SendAsync("GET", $"/api/appointments/{booked}")).Body!["rule"]));
        var single = await BookAsync();
        var (status, body, _) = await SendAsync("PATCH", $"/api/appointments/{single}", $"{{\"repeat\":{repeat}}}");
        Assert.Equal((200, rule), (status, Text(body!["rule"])));
        var series = await BookAsync(Booking.Replace("\"minutes\":45", "\"minutes\":45,\"repeat\":{\"unit\":\"week\",\"count\":9}", StringComparison.Ordinal));
        (status, body, _) = await SendAsync("PATCH", $"/api/appointments/{series}", $"{{\"occurrence\":\"2026-03-24T10:00:00\",\"scope\":\"all\",\"repeat\":{repeat}}}");
        Assert.Equal((200, rule), (status, Text(body!["rule"])));
    }

    [Theory]
    [InlineData("""{"unit":"week","weekOfMonth":1}""", "A week of the month is the 1st to the 5th or the last, and belongs to a monthly or yearly repeat.")]
    [InlineData("""{"unit":"month","weekOfMonth":6}""", "A week of the month is the 1st to the 5th or the last, and belongs to a monthly or yearly repeat.")]
    [InlineData("""{"unit":"month","weekOfMonth":2}""", "The first appointment of the series must be on the weekday of the month on which it repeats: change this one and all that follow.")]
    [InlineData("""{"unit":"month","weekOfMonth":1,"days":["monday"]}""", "The first appointment of the series must be on the weekday of the month on which it repeats: change this one and all that follow.")]
    [InlineData("""{"unit":"month","days":["tuesday"]}""", "Days of the week belong to a weekly repeat.")]
    [InlineData("""{"unit":"week","days":["monday"]}""", "The first appointment must be on one of the days of its repeat.")]
    [InlineData("""{"unit":"week","count":3,"until":"2026-05-30"}""", "A repeat ends on a date or after a count, not both.")]
    [InlineData("""{"unit":"week","until":"2026-03-02"}""", "A repeat cannot end before it starts.")]
    [InlineData("""{"unit":"week","count":0}""", "A repeat has 1 to 10000 appointments.")]
    public async Task A_repeat_that_the_diary_does_not_have_is_refused_with_a_sentence(string repeat, string sentence)
    {
        var (status, body, _) = await SendAsync("POST", "/api/appointments", Booking.Replace("\"minutes\":45", $"\"minutes\":45,\"repeat\":{repeat}", StringComparison.Ordinal));
        Assert.Equal((400, sentence), (status, Text(body!["detail"])));
    }

    [Fact]
    public async Task This_and_following_moved_by_a_client_is_named_as_such_and_one_call_gives_it_its_patients()
    {
        var id = await BookAsync(Booking.Replace("\"minutes\":45", "\"minutes\":45,\"repeat\":{\"unit\":\"week\",\"count\":6}", StringComparison.Ordinal));
        var path = $"/dav/calendars/maya/hx/{id}.ics";
        var (_, text, _) = await RawAsync("GET", path, null);
        await RawAsync("PUT", path, text.Replace("COUNT=6", "COUNT=3", StringComparison.Ordinal));
        var added = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VEVENT\r\nUID:tail\r\nDTSTAMP:20260301T000000Z\r\nDTSTART;TZID=Australia/Melbourne:20260325T100000\r\n"
            + "DURATION:PT45M\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:Standard consultation · Jane Brownlow\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        Assert.Equal(201, (await RawAsync("PUT", "/dav/calendars/maya/hx/tail.ics", added)).Status);
        var all = (await SendAsync("GET", March)).Body!["appointments"]!.AsArray();
        var cancelled = all.First(appointment => Text(appointment!["status"]) == "cancelled")!;
        Assert.Equal("tail", Text(cancelled["followedBy"]));
        Assert.Equal(("personal", Text(cancelled["id"])), (Text((await SendAsync("GET", "/api/appointments/tail")).Body!["kind"]), Text((await SendAsync("GET", "/api/appointments/tail")).Body!["follows"])));
        var (status, body, _) = await SendAsync("POST", "/api/appointments/tail/convert", "{}");
        Assert.Equal((200, "patient", "Standard consultation · Jane Brownlow"), (status, Text(body!["kind"]), Text(body["title"])));
    }

    [Fact]
    public async Task An_occurrence_of_a_cancelled_series_is_restored_alone_and_answered()
    {
        var id = await BookAsync(Booking.Replace("\"minutes\":45", "\"minutes\":45,\"repeat\":{\"unit\":\"week\",\"count\":3}", StringComparison.Ordinal));
        await SendAsync("POST", $"/api/appointments/{id}/cancel", """{"choice":"cancel"}""");
        var (status, body, _) = await SendAsync("POST", $"/api/appointments/{id}/restore", """{"occurrence":"2026-03-10T10:00:00"}""");
        Assert.Equal((200, "booked", id, "2026-03-10T10:00:00"), (status, Text(body!["status"]), Text(body["follows"]), Text(body["start"]!["local"])));
    }

    [Theory]
    [InlineData("GET", "/api/appointments/nobody", null)]
    [InlineData("GET", "/api/appointments/~%F0", null)]
    [InlineData("PATCH", "/api/appointments/nobody", "{}")]
    [InlineData("POST", "/api/appointments/nobody/restore", "{}")]
    public async Task Unknown_ids_are_404(string method, string path, string? body) => Assert.Equal(404, (await SendAsync(method, path, body)).Status);

    [Fact]
    public async Task An_edit_with_a_stale_ETag_is_412_and_with_the_current_one_is_taken()
    {
        var id = await BookAsync();
        var first = (await SendAsync("GET", $"/api/appointments/{id}")).Response.Headers.ETag!.ToString();
        var (status, body, _) = await SendAsync("PATCH", $"/api/appointments/{id}", """{"location":"Room 4"}""", first);
        Assert.Equal((200, "Room 4"), (status, Text(body!["location"])));
        Assert.Equal(412, (await SendAsync("PATCH", $"/api/appointments/{id}", """{"location":"Room 5"}""", first)).Status);
    }

    [Fact]
    public async Task One_occurrence_is_moved_another_cancelled_and_restored()
    {
        var id = await BookAsync(Booking.Replace("\"minutes\":45", "\"minutes\":45,\"repeat\":{\"unit\":\"week\",\"count\":4}", StringComparison.Ordinal));
        var moved = await SendAsync("PATCH", $"/api/appointments/{id}", """{"occurrence":"2026-03-10T10:00:00","scope":"thisOne","start":"2026-03-11T09:00:00+11:00"}""");
        Assert.Equal((200, "2026-03-11T09:00:00"), (moved.Status, Text(moved.Body!["start"]!["local"])));
        var cancelled = await SendAsync("POST", $"/api/appointments/{id}/cancel", """{"choice":"cancel","scope":"thisOne","occurrence":"2026-03-17T10:00:00"}""");
        Assert.Equal((200, "cancelled"), (cancelled.Status, Text(cancelled.Body!["status"])));
        Assert.Equal(409, (await SendAsync("POST", $"/api/appointments/{id}/cancel", """{"choice":"cancel","scope":"thisOne","occurrence":"2026-03-17T10:00:00"}""")).Status);
        var restored = await SendAsync("POST", $"/api/appointments/{id}/restore", """{"occurrence":"2026-03-17T10:00:00"}""");
        Assert.Equal((200, "booked"), (restored.Status, Text(restored.Body!["status"])));
        Assert.Equal(4, (await SendAsync("GET", March)).Body!["appointments"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_client_removes_what_has_an_invoice_and_one_call_restores_it()
    {
        var id = await BookAsync();
        Assert.Equal(200, (await SendAsync("PUT", $"/api/appointments/{id}/invoice", """{"reference":"INV-1"}""")).Status);
        Assert.Equal(204, (await RawAsync("DELETE", $"/dav/calendars/maya/hx/{id}.ics", null)).Status);
        Assert.Equal(404, (await RawAsync("GET", $"/dav/calendars/maya/hx/{id}.ics", null)).Status);
        var kept = (await SendAsync("GET", $"/api/appointments/{id}")).Body!;
        Assert.Equal(("booked", "False"), (Text(kept["status"]), Text(kept["published"]?.GetValue<bool>().ToString())));
        Assert.Contains("an invoice is linked", Text(kept["kept"]!["reason"]), StringComparison.Ordinal);
        Assert.Equal(200, (await SendAsync("POST", $"/api/appointments/{id}/restore", "{}")).Status);
        Assert.Equal(200, (await RawAsync("GET", $"/dav/calendars/maya/hx/{id}.ics", null)).Status);
        Assert.Equal(200, (await SendAsync("DELETE", $"/api/appointments/{id}/invoice")).Status);
        var lines = (await SendAsync("GET", $"/api/appointments/{id}/history")).Body!["lines"]!.AsArray();
        Assert.Equal(["booked", "invoiceLinked", "keptInDiary", "restored", "invoiceUnlinked"], lines.Select(line => Text(line!["action"])));
    }

    [Fact]
    public async Task Deleting_for_good_is_204_and_refused_when_a_note_is_linked()
    {
        var id = await BookAsync();
        await SendAsync("PUT", $"/api/appointments/{id}/note", """{"reference":"NOTE-1"}""");
        Assert.Equal(409, (await SendAsync("POST", $"/api/appointments/{id}/cancel", """{"choice":"delete"}""")).Status);
        await SendAsync("DELETE", $"/api/appointments/{id}/note");
        Assert.Equal(204, (await SendAsync("POST", $"/api/appointments/{id}/cancel", """{"choice":"delete"}""")).Status);
        Assert.Equal(404, (await SendAsync("GET", $"/api/appointments/{id}")).Status);
    }

    [Fact]
    public async Task A_personal_all_day_appointment_becomes_a_patient_one()
    {
        var (status, body, response) = await SendAsync("POST", "/api/appointments/personal", """{"title":"Leave","start":"2026-03-06","allDay":true,"days":2}""");
        Assert.Equal((201, "2026-03-08"), (status, Text(body!["end"]!["local"])));
        Assert.Equal($"/api/appointments/{body["id"]}", response.Headers.Location!.ToString());
        var converted = await SendAsync("POST", $"/api/appointments/{body["id"]}/convert", """{"patients":[{"reference":"P","givenName":"Jo","familyName":"Li"}],"type":"Retreat"}""");
        Assert.Equal((200, "patient", "Retreat · Jo Li"), (converted.Status, Text(converted.Body!["kind"]), Text(converted.Body["title"])));
    }

    [Fact]
    public async Task The_OpenAPI_document_names_every_operation()
    {
        var (status, document, _) = await SendAsync("GET", "/api/openapi.json");
        Assert.Equal(200, status);
        var paths = document!["paths"]!.AsObject().Select(path => path.Key).ToList();
        foreach (var path in (string[])["/api/appointments", "/api/appointments/{id}", "/api/appointments/{id}/cancel", "/api/appointments/{id}/invoice", "/api/practitioners/{practitioner}/appointments"])
            Assert.Contains(paths, known => known.TrimEnd('/') == path);
        Assert.Contains("nonAttendance", document.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<(int Status, string Text, HttpResponseMessage Response)> RawAsync(string method, string path, string? calendar)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (calendar is not null) request.Content = new StringContent(calendar, System.Text.Encoding.UTF8, "text/calendar");
        var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    [Theory]
    [InlineData("GET", "/api/appointments?from=9999-12-31", null)]
    [InlineData("GET", "/api/appointments?from=-9998-01-01&until=-9998-01-02", null)]
    [InlineData("POST", "/api/appointments/personal", """{"title":"x","start":"9999-12-31T23:59:00Z","minutes":30}""")]
    [InlineData("POST", "/api/appointments/personal", """{"title":"x","start":"9999-12-31T23:59","zone":"Australia/Melbourne","minutes":2147483647}""")]
    [InlineData("POST", "/api/appointments/personal", """{"title":"x","start":"2026-12-01T10:00:00Z","minutes":2147483647}""")]
    [InlineData("POST", "/api/appointments/personal", """{"title":"x","start":"2026-12-01","allDay":true,"days":2147483647}""")]
    [InlineData("POST", "/api/appointments/personal", """{"title":"x","start":"2026-12-01","allDay":true,"repeat":{"unit":"week","until":"9999-12-31"}}""")]
    public async Task Times_at_the_end_of_all_that_can_be_counted_are_refused(string method, string path, string? body) =>
        Assert.Equal(400, (await SendAsync(method, path, body)).Status);
}
