using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Sandbox.Halaxy;

/// <summary>A practice in the stand-in for Halaxy to try the connection with: the practitioners of the product's own demonstration, at one clinic, with a few patients and bookings, and an API key.</summary>
public sealed class HalaxyDemo(HttpClient http)
{
    private static readonly (string Given, string Family)[] Patients = [("Zora", "Newman"), ("Ida", "Okoro"), ("Pavel", "Novak")];

    /// <summary>Makes it, and returns the key.</summary>
    public async Task<(string ClientId, string ClientSecret)> MakeAsync(IReadOnlyList<string> practitioners)
    {
        var practice = (string)(await SendAsync("halaxy", new JsonObject { ["name"] = "Demonstration", ["timeZone"] = "Australia/Melbourne" }))["practice"]!;
        async Task<string> AddAsync(string verb, JsonObject body) => (string)(await SendAsync($"halaxy/{practice}/{verb}", body))["id"]!;
        var clinic = await AddAsync("clinic", new JsonObject { ["name"] = "Main Street" });
        var service = await AddAsync("service", new JsonObject { ["name"] = "Standard consultation" });
        List<string> patients = [];
        foreach (var (given, family) in Patients) patients.Add(await AddAsync("patient", new JsonObject { ["given"] = given, ["family"] = family }));
        foreach (var name in practitioners)
        {
            var (given, family) = name.LastIndexOf(' ') is > 0 and var space ? (name[..space], name[(space + 1)..]) : (name, "Practitioner");
            var person = await AddAsync("practitioner", new JsonObject { ["given"] = given, ["family"] = family });
            var role = await AddAsync("role", new JsonObject { ["practitioner"] = person, ["clinic"] = clinic });
            for (var n = 0; n < patients.Count; n++)
            {
                var start = InstantPattern.General.Format(Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds() / 86400 * 86400) + Duration.FromHours((24 * (n + 1)) + 22 + n));
                await AddAsync("book", new JsonObject { ["roles"] = role, ["patients"] = patients[n], ["service"] = service, ["start"] = start, ["minutes"] = "45" });
            }
        }

        await AddAsync("referrer", new JsonObject { ["given"] = "Rosa", ["family"] = "Referrer" });
        var key = await SendAsync($"halaxy/{practice}/key", []);
        return ((string)key["clientId"]!, (string)key["clientSecret"]!);
    }

    private async Task<JsonObject> SendAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/user/" + path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new InvalidOperationException(text);
    }
}
