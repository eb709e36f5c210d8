using System.Text.Json.Nodes;

namespace Sandbox.Halaxy;

/// <summary>What the API says that it can do (FHIR R4, CapabilityStatement): creating and deleting only when they are switched on.</summary>
public static class HalaxyMetadata
{
    public static Reply Read(HalaxyCall call) => new(200, FhirCheck.Checked(new JsonObject
    {
        ["resourceType"] = "CapabilityStatement",
        ["status"] = "active",
        ["date"] = "2026-01-05",
        ["kind"] = "instance",
        ["implementation"] = new JsonObject { ["description"] = "Halaxy" },
        ["fhirVersion"] = "4.0.1",
        ["format"] = new JsonArray("application/fhir+json"),
        ["rest"] = new JsonArray(new JsonObject { ["mode"] = "server", ["resource"] = new JsonArray([.. HalaxyNames.Scopes.Select(type => (JsonNode)Resource(call, type))]) }),
    }));

    private static JsonObject Resource(HalaxyCall call, string type)
    {
        List<string> can = ["read", "search-type"];
        if (type == "Appointment") can.AddRange(["patch", .. call.Book.Practice.Switches.Where(one => one is HalaxySwitches.Create or HalaxySwitches.Delete)]);
        if (type == "Appointment" && call.Book.Practice.Switches.Contains(HalaxySwitches.SayCreate)) can.Add("create");
        return new JsonObject { ["type"] = type, ["interaction"] = new JsonArray([.. can.Select(code => (JsonNode)new JsonObject { ["code"] = code })]) };
    }
}
