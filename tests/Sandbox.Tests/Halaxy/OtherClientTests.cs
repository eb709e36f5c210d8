using System.Text.Json.Nodes;

namespace Sandbox.Tests.Halaxy;

/// <summary>The calls that published clients of other people send to Halaxy, in their shapes: the stand-in answers them as the live service does.</summary>
public sealed class HalaxyOtherClientTests
{
    private const string MergePatch = "application/merge-patch+json";

    [Theory]
    [InlineData("date=ge2026-01-12&date=le2026-01-12", 1)]
    [InlineData("date=ge2026-01-12T00:00:00%2B11:00&date=le2026-01-13T23:59:59%2B11:00&_sort=date&_count=50", 2)]
    [InlineData("page=1&_count=100&pagination=true&practitioner-role={role}&_sort=-date", 2)]
    [InlineData("practitioner-role=PractitionerRole/{role}", 2)]
    [InlineData("page=1&_count=30&patient={patient}", 1)]
    [InlineData("_count=1", 2)]
    [InlineData("_lastUpdated=gt2026-01-01T00:00:00Z&_sort=-_lastUpdated&_count=1", 2)]
    [InlineData("_lastUpdated=gt2099-01-01T00:00:00Z", 0)]
    public async Task A_search_finds_what_it_asks_for(string query, int count)
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.BookAsync();
        await halaxy.MeetAsync("Team", "2026-01-13T12:00");
        var (found, next) = (0, $"Appointment?{query.Replace("{role}", halaxy.Role, StringComparison.Ordinal).Replace("{patient}", halaxy.Patient, StringComparison.Ordinal)}");
        while (next is not null)
        {
            var page = (await halaxy.SendAsync("GET", next)).Json!;
            Assert.Equal(("Bundle", "searchset"), ((string)page["resourceType"]!, (string)page["type"]!));
            found += page["entry"]?.AsArray().Count(one => (string)one!["resource"]!["resourceType"]! == "Appointment") ?? 0;
            var link = page["link"]!.AsArray().FirstOrDefault(one => (string)one!["relation"]! == "next");
            next = ((string?)link?["url"])?.Split("/main/")[^1];
        }

        Assert.Equal(count, found);
    }

    [Fact]
    public async Task A_booking_and_what_follows_go_through()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var booked = await halaxy.SendAsync("POST", "Appointment/$book", Booking(halaxy));
        Assert.Equal(201, booked.Status);
        var path = $"Appointment/{(string)booked.Json!["id"]!}";
        Assert.Equal(200, (await halaxy.SendAsync("PATCH", path, new JsonObject { ["description"] = "Bring the letter" }, MergePatch)).Status);
        Assert.Equal(200, (await halaxy.SendAsync("PATCH", path, new JsonObject { ["start"] = "2026-01-13T10:00:00+11:00", ["end"] = "2026-01-13T10:50:00+11:00" }, MergePatch)).Status);
        var cancelled = new JsonObject
        {
            ["actor"] = new JsonObject { ["reference"] = $"/main/Patient/{halaxy.Patient}", ["type"] = "Patient" },
            ["modifierExtension"] = new JsonArray(new JsonObject
            {
                ["url"] = "https://terminology.halaxy.com/StructureDefinition/appointment-participant-status",
                ["valueCoding"] = new JsonObject { ["system"] = "https://au-api.halaxy.com/presets/CodeSystem/appointment-participant-status", ["code"] = "cancelled (no charge)", ["display"] = "cancelled (no charge)" },
            }),
        };
        Assert.Equal(200, (await halaxy.SendAsync("PATCH", path, new JsonObject { ["participant"] = new JsonArray(cancelled) }, MergePatch)).Status);
        var after = (await halaxy.SendAsync("GET", path)).Json!;
        Assert.Equal(("Bring the letter", "2026-01-13T10:00:00+11:00"), ((string)after["description"]!, (string)after["start"]!));
        Assert.Contains(after["participant"]!.AsArray(), one => ((string)one!["actor"]!["reference"]!).EndsWith($"PractitionerRole/{halaxy.Role}", StringComparison.Ordinal));
        var patient = after["participant"]!.AsArray().Single(one => ((string)one!["actor"]!["reference"]!).EndsWith($"Patient/{halaxy.Patient}", StringComparison.Ordinal))!;
        Assert.Equal("cancelled", (string)patient["modifierExtension"]![0]!["valueCoding"]!["code"]!);
    }

    [Fact]
    public async Task A_free_time_is_found_and_booked()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        await halaxy.BookAsync();
        var found = await halaxy.SendAsync("GET", $"Appointment/$find?start=2026-01-12T09:00:00%2B11:00&end=2026-01-12T17:00:00%2B11:00&duration=30&practitioner-role={halaxy.Role}&show=first-available");
        var free = found.Json!["entry"]![0]!["resource"]!;
        Assert.Equal(("proposed-1768172400-30", "2026-01-11T23:00:00+00:00"), ((string)free["id"]!, ((string)free["start"]!).Replace("Z", "+00:00", StringComparison.Ordinal)));
        var booking = Booking(halaxy);
        var wanted = booking["parameter"]![0]!["resource"]!;
        foreach (var field in (string[])["start", "end", "minutesDuration"]) wanted[field] = free[field]!.DeepClone();
        wanted["participant"] = free["participant"]!.DeepClone();
        Assert.Equal(201, (await halaxy.SendAsync("POST", "Appointment/$book", booking)).Status);
    }

    [Fact]
    public async Task What_the_live_service_is_not_known_to_do_is_off_until_it_is_switched_on()
    {
        await using var halaxy = await HalaxyScene.StartAsync();
        var meeting = new JsonObject
        {
            ["resourceType"] = "Appointment",
            ["status"] = "booked",
            ["start"] = "2026-01-14T09:00:00+11:00",
            ["end"] = "2026-01-14T09:50:00+11:00",
            ["participant"] = new JsonArray(new JsonObject { ["actor"] = new JsonObject { ["reference"] = $"PractitionerRole/{halaxy.Role}" }, ["status"] = "accepted" }),
        };
        Assert.Equal((405, 405), ((await halaxy.SendAsync("POST", "Appointment", meeting)).Status, (await halaxy.SendAsync("DELETE", "Appointment/1")).Status));
        Assert.DoesNotContain("\"delete\"", (await halaxy.SendAsync("GET", "metadata")).Json!.ToJsonString(), StringComparison.Ordinal);
        await halaxy.DoAsync("switch", new JsonObject { ["name"] = "create" });
        await halaxy.DoAsync("switch", new JsonObject { ["name"] = "delete" });
        Assert.Contains("\"delete\"", (await halaxy.SendAsync("GET", "metadata")).Json!.ToJsonString(), StringComparison.Ordinal);
        var made = await halaxy.SendAsync("POST", "Appointment", meeting);
        Assert.Equal(201, made.Status);
        var path = $"Appointment/{(string)made.Json!["id"]!}";
        await halaxy.DoAsync("switch", new JsonObject { ["name"] = "ignore-comments" });
        Assert.Equal(200, (await halaxy.SendAsync("PATCH", path, new JsonObject { ["description"] = "new" }, MergePatch)).Status);
        Assert.Null((await halaxy.SendAsync("GET", path)).Json!["description"]);
        Assert.Equal(204, (await halaxy.SendAsync("DELETE", path)).Status);
        Assert.Equal(404, (await halaxy.SendAsync("GET", path)).Status);
    }

    internal static JsonObject Booking(HalaxyScene halaxy) => new()
    {
        ["resourceType"] = "Parameters",
        ["parameter"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "appt-resource",
                ["resource"] = new JsonObject
                {
                    ["resourceType"] = "Appointment",
                    ["start"] = "2026-01-12T09:00:00+11:00",
                    ["end"] = "2026-01-12T09:50:00+11:00",
                    ["minutesDuration"] = 50,
                    ["participant"] = new JsonArray(new JsonObject { ["actor"] = new JsonObject { ["reference"] = $"https://au-api.halaxy.com/main/PractitionerRole/{halaxy.Role}", ["type"] = "PractitionerRole" } }),
                },
            },
            new JsonObject { ["name"] = "patient-id", ["valueReference"] = new JsonObject { ["reference"] = $"https://au-api.halaxy.com/main/Patient/{halaxy.Patient}", ["type"] = "Patient" } },
            new JsonObject { ["name"] = "healthcare-service-id", ["valueReference"] = new JsonObject { ["reference"] = $"https://au-api.halaxy.com/main/HealthcareService/{halaxy.Service}", ["type"] = "HealthcareService" } },
            new JsonObject { ["name"] = "location-type", ["valueCode"] = "clinic" },
            new JsonObject { ["name"] = "status", ["valueCode"] = "booked" }),
    };
}
