using System.Text.Json.Nodes;
using Sandbox.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is known of the Halaxy API, field by field: the stand-in does as it does.</summary>
public sealed class HalaxyRulesTests
{
    [Fact]
    public async Task An_appointment_has_the_fields_that_are_known()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var id = await halaxy.BookAsync(comments: "Bring the form");
        await halaxy.DoAsync("invoice", new JsonObject { ["appointment"] = id });
        var one = (await halaxy.SendAsync("GET", $"Appointment/{id}")).Json!;
        Assert.Equal(("2026-01-12T09:00:00+11:00", "2026-01-12T09:50:00+11:00", 50, "Bring the form"), ((string)one["start"]!, (string)one["end"]!, (int)one["minutesDuration"]!, (string)one["description"]!));
        Assert.EndsWith($"/HealthcareService/{halaxy.Service}", (string)one["supportingInformation"]![0]!["reference"]!, StringComparison.Ordinal);
        Assert.EndsWith($"/PractitionerRole/{halaxy.Role}", (string)one["participant"]![0]!["actor"]!["reference"]!, StringComparison.Ordinal);
        var patient = one["participant"]![1]!;
        Assert.Equal("https://terminology.halaxy.com/StructureDefinition/appointment-participant-status", (string)patient["modifierExtension"]![0]!["url"]!);
        Assert.EndsWith("/presets/CodeSystem/appointment-participant-status", (string)patient["modifierExtension"]![0]!["valueCoding"]!["system"]!, StringComparison.Ordinal);
        Assert.Equal("https://terminology.halaxy.com/StructureDefinition/appointment-participant-invoice", (string)patient["extension"]![0]!["url"]!);
        // FHIR demands both, and Halaxy has neither
        Assert.False(one.AsObject().ContainsKey("status") || patient.AsObject().ContainsKey("status"));
    }

    [Fact]
    public async Task A_meetings_title_is_in_no_answer()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var id = await halaxy.MeetAsync("Budget talk");
        foreach (var path in (string[])[$"Appointment/{id}", "Appointment", $"Appointment?practitioner-role={halaxy.Role}"])
            Assert.DoesNotContain("Budget", (await halaxy.SendAsync("GET", path)).Json!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "Appointment/none", 404)]
    [InlineData("GET", "Invoice", 404)]
    [InlineData("GET", "Appointment/$find?start=2026-01-12T00:00:00Z&end=2026-01-13T00:00:00Z", 422)]
    [InlineData("GET", "Appointment?date=geyesterday", 422)]
    [InlineData("GET", "Appointment?_count=0", 422)]
    [InlineData("GET", "Appointment?page=nonsense", 422)]
    public async Task What_it_does_not_do_is_refused_with_an_OperationOutcome(string method, string path, int status)
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.BookAsync();
        var answer = await halaxy.SendAsync(method, path, method == "GET" ? null : []);
        Assert.Equal((status, "OperationOutcome"), (answer.Status, (string?)answer.Json!["resourceType"]));
    }

    [Theory]
    [InlineData("DELETE", "Appointment/1")]
    [InlineData("PUT", "Appointment/1")]
    [InlineData("POST", "Appointment")]
    public async Task What_it_does_not_do_at_all_is_refused_without_a_word(string method, string path)
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var answer = await halaxy.SendAsync(method, path, []);
        Assert.Equal((405, null), (answer.Status, answer.Json));
    }

    [Fact]
    public async Task A_search_leaves_out_of_account_what_it_does_not_know_and_says_so()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.BookAsync();
        var found = (await halaxy.SendAsync("GET", "Appointment?shoe=42")).Json!;
        Assert.Equal((1, 2, "warning"), ((int)found["total"]!, found["entry"]!.AsArray().Count, (string)found["entry"]![1]!["resource"]!["issue"]![0]!["severity"]!));
    }

    [Theory]
    [InlineData("patient-id", "valueString")]
    [InlineData("healthcare-service-id", "valueString")]
    [InlineData("location-type", "valueString")]
    [InlineData("status", "valueString")]
    public async Task A_booking_has_references_and_codes_and_nothing_else(string name, string kind)
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var booking = HalaxyOtherClientTests.Booking(halaxy);
        var part = booking["parameter"]!.AsArray().Single(one => (string)one!["name"]! == name)!.AsObject();
        var value = (string?)part["valueCode"] ?? ((string)part["valueReference"]!["reference"]!).Split('/')[^1];
        foreach (var had in (string[])["valueCode", "valueReference"]) part.Remove(had);
        part[kind] = value;
        Assert.Equal(422, (await halaxy.SendAsync("POST", "Appointment/$book", booking)).Status);
    }

    [Fact]
    public async Task A_request_needs_a_User_Agent_and_a_token_that_lives_for_fifteen_minutes()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var token = await halaxy.TokenAsync();
        Assert.Equal(403, (await halaxy.SendAsync("GET", "Appointment", token: token, agent: false)).Status);
        Assert.Equal(401, (await halaxy.SendAsync("GET", "Appointment", token: "made up")).Status);
        await halaxy.Scene.AdvanceAsync("PT14M59S");
        Assert.Equal(200, (await halaxy.SendAsync("GET", "Appointment", token: token)).Status);
        await halaxy.Scene.AdvanceAsync("PT1S");
        var late = await halaxy.SendAsync("GET", "Appointment", token: token);
        Assert.Equal((401, "expired"), (late.Status, (string?)late.Json!["issue"]![0]!["code"]));
    }

    [Fact]
    public async Task The_501st_request_of_a_minute_is_refused_and_told_how_long_to_wait()
    {
        await using var halaxy = await HalaxyScene.StartAsync(change: options => options with { HalaxyCalls = 3 });
        var token = await halaxy.TokenAsync();
        string[] left = new string[3];
        for (var n = 0; n < 3; n++) left[n] = (await halaxy.SendAsync("GET", "Patient", token: token)).Headers["x-ratelimit-remaining"];
        Assert.Equal(["2", "1", "0"], left);
        var refused = await halaxy.SendAsync("GET", "Patient", token: token);
        Assert.Equal((429, "60"), (refused.Status, refused.Headers["Retry-After"]));
        await halaxy.Scene.AdvanceAsync("PT60S");
        Assert.Equal(200, (await halaxy.SendAsync("GET", "Patient", token: token)).Status);
    }

    [Fact]
    public async Task A_patch_of_what_cannot_be_written_is_answered_as_if_it_had_been()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var id = await halaxy.BookAsync();
        var before = (await halaxy.SendAsync("GET", $"Appointment/{id}")).Json!.AsObject();
        var patch = new JsonObject { ["status"] = "cancelled", ["minutesDuration"] = 20, ["comment"] = "x", ["supportingInformation"] = new JsonArray(), ["participant"] = new JsonArray() };
        var answer = await halaxy.SendAsync("PATCH", $"Appointment/{id}", patch, "application/merge-patch+json");
        Assert.Equal(200, answer.Status);
        Assert.Equal(before.ToJsonString(), answer.Json!.ToJsonString());
        Assert.Equal(415, (await halaxy.SendAsync("PATCH", $"Appointment/{id}", [], "application/json")).Status);
        Assert.Equal(422, (await halaxy.SendAsync("PATCH", $"Appointment/{id}", new JsonObject { ["start"] = 5 }, "application/merge-patch+json")).Status);
    }

    [Fact]
    public async Task What_is_deleted_in_its_pages_is_told_by_the_webhook_alone()
    {
        await using var hook = await HookReceiver.StartAsync();
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.DoAsync("hook", new JsonObject { ["kind"] = "deleted", ["address"] = hook.Address, ["secret"] = "s3cret" });
        var id = await halaxy.BookAsync();
        await halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        var told = Assert.Single(await hook.WaitAsync(1));
        Assert.Equal("s3cret", told.Headers["Authorization"]);
        var body = JsonNode.Parse(told.Body)!;
        var focus = body["entry"]![0]!["resource"]!["notificationEvent"]![0]!["focus"]!;
        Assert.Equal(("history", "Appointment"), ((string)body["type"]!, (string)focus["type"]!));
        Assert.EndsWith($"/Appointment/{id}", (string)focus["reference"]!, StringComparison.Ordinal);
        Assert.Equal(404, (await halaxy.SendAsync("GET", $"Appointment/{id}")).Status);
        Assert.Null((await halaxy.SendAsync("GET", "Appointment?_lastUpdated=gt2025-01-01T00:00:00Z")).Json!["entry"]);
    }

    [Fact]
    public void A_resource_that_is_no_FHIR_is_found_out()
    {
        Assert.Empty(FhirCheck.Faults(new JsonObject { ["resourceType"] = "Patient", ["id"] = "1" }));
        Assert.NotEmpty(FhirCheck.Faults(new JsonObject { ["resourceType"] = "Appointment", ["id"] = "1" }));
        Assert.NotEmpty(FhirCheck.Faults(new JsonObject { ["resourceType"] = "Patient", ["shoe"] = 42 }));
    }

    [Fact]
    public async Task A_person_does_by_the_forms_of_its_page_what_can_be_done()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var id = await halaxy.BookAsync(comments: "<b>bold</b>");
        var page = await halaxy.Scene.Http.GetStringAsync("/halaxy");
        Assert.Contains("&lt;b&gt;bold&lt;/b&gt;", page, StringComparison.Ordinal);
        // two rows at one time are told apart by who comes, to whom, and which one it is
        var row = page[page.IndexOf("<th>When", StringComparison.Ordinal)..page.IndexOf("</table>", StringComparison.Ordinal)];
        foreach (var said in new[] { "Zora Newman", "Maya Reed at ", $"<small>{id}</small>" }) Assert.Contains(said, row, StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("appointment", id)]);
        using var answer = await halaxy.Scene.Http.PostAsync($"/user/halaxy/{halaxy.Practice}/cancel", form);
        Assert.Equal("/halaxy", answer.Headers.Location?.OriginalString);
        Assert.Contains("(cancelled)", await halaxy.Scene.Http.GetStringAsync("/halaxy"), StringComparison.Ordinal);
    }
}
