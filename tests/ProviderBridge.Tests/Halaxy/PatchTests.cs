using System.Net;
using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;
using Appointment = Hl7.Fhir.Model.Appointment;

namespace ProviderBridge.Tests.Halaxy;

/// <summary>What Halaxy is sent when an appointment is cancelled: an array is replaced as a whole (RFC 7396 §2), so that what is in it and is not known here has to be sent back as it came.</summary>
public sealed class A_cancellation_that_Halaxy_is_sent
{
    [Fact]
    public async Task Has_all_that_Halaxy_says_of_who_takes_part()
    {
        const string body = """
            {"resourceType":"Appointment","id":"7","status":"booked","start":"2026-01-05T09:00:00+11:00","end":"2026-01-05T09:50:00+11:00","participant":[
            {"actor":{"reference":"PractitionerRole/PR-1","type":"PractitionerRole","colour":"teal"},"status":"accepted","seat":4},
            {"actor":{"reference":"Patient/3","type":"Patient","nickname":"Zo"},"status":"accepted","arrival":{"by":"tram","minutes":12},"extension":[{"url":"https://example.test/x","valueString":"kept","weight":2}]}]}
            """;
        using var answers = new Answers(_ => (HttpStatusCode.OK, body));
        using var client = answers.Open();
        var there = await client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken);
        var patch = HalaxyPatch.Whole(there!, ["PR-9"], new Uri("https://halaxy.test/main/"));
        var sent = patch["participant"]!.AsArray();
        Assert.Equal("https://halaxy.test/main/PractitionerRole/PR-9", (string)sent[0]!["actor"]!["reference"]!);
        sent.RemoveAt(0);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body)!["participant"], sent), patch.ToJsonString());
    }

    [Fact]
    public async Task Names_the_patients_who_come_no_more_and_nobody_else()
    {
        const string body = """
            {"resourceType":"Appointment","id":"7","start":"2026-01-05T09:00:00+11:00","end":"2026-01-05T09:50:00+11:00","participant":[
            {"actor":{"reference":"https://halaxy.test/main/PractitionerRole/PR-1","type":"PractitionerRole"}},
            {"actor":{"reference":"https://halaxy.test/main/Patient/3","type":"Patient"},"extension":[{"url":"https://example.test/x","valueString":"kept"}]},
            {"actor":{"reference":"https://halaxy.test/main/Patient/4","type":"Patient"},"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"code":"cancelled"}}]}]}
            """;
        const string wanted = """
            {"participant":[{"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"system":"https://halaxy.test/presets/CodeSystem/appointment-participant-status","code":"cancelled (no charge)","display":"cancelled (no charge)"}}],"actor":{"reference":"https://halaxy.test/main/Patient/3","type":"Patient"}}]}
            """;
        using var answers = new Answers(_ => (HttpStatusCode.OK, body));
        using var client = answers.Open();
        var there = await client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken);
        var copy = new MirroredCopy("7.ics", Instant.FromUtc(2026, 1, 4, 22, 0), Instant.FromUtc(2026, 1, 4, 22, 50), Instant.FromUtc(2026, 1, 1, 0, 0)) { IsCancelled = true, IsPatient = true };
        var patch = HalaxyPatch.Of(there!, new HalaxyItem("g", "7", new HalaxyShown("7", copy.Start, copy.End)), copy, MirroredFields.Status, DateTimeZoneProviders.Tzdb["Australia/Melbourne"], new Uri("https://halaxy.test/main/"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(wanted), patch), patch.ToJsonString());
    }

    [Theory]
    [InlineData(true, "3")]
    [InlineData(false, "4")]
    public async Task Names_nobody_who_attended_or_missed_it(bool cancels, string named)
    {
        var statuses = new[] { "booked", "cancelled", "attended (charge)", "did not attend (no charge)", "non-attendance" };
        var participants = statuses.Select((status, n) =>
            $$$"""{"actor":{"reference":"https://halaxy.test/main/Patient/{{{n + 3}}}"},"modifierExtension":[{"url":"https://terminology.halaxy.com/StructureDefinition/appointment-participant-status","valueCoding":{"code":"{{{status}}}"}}]}""");
        var body = $$"""{"resourceType":"Appointment","id":"7","start":"2026-01-05T09:00:00+11:00","end":"2026-01-05T09:50:00+11:00","participant":[{{string.Join(',', participants)}}]}""";
        using var answers = new Answers(_ => (HttpStatusCode.OK, body));
        using var client = answers.Open();
        var there = await client.FindAsync<Appointment>("7", TestContext.Current.CancellationToken);
        var copy = new MirroredCopy("7.ics", Instant.FromUtc(2026, 1, 4, 22, 0), Instant.FromUtc(2026, 1, 4, 22, 50), Instant.FromUtc(2026, 1, 1, 0, 0)) { IsCancelled = cancels, IsPatient = true };
        var patch = HalaxyPatch.Of(there!, new HalaxyItem("g", "7", new HalaxyShown("7", copy.Start, copy.End)), copy, MirroredFields.Status, DateTimeZoneProviders.Tzdb["Australia/Melbourne"], new Uri("https://halaxy.test/main/"));
        Assert.Equal($"https://halaxy.test/main/Patient/{named}", (string?)Assert.Single(patch["participant"]!.AsArray())!["actor"]!["reference"]);
    }
}
