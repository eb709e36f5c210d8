using System.Text.Json;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Validation;

namespace Sandbox.Halaxy;

/// <summary>Whether a resource is valid FHIR R4, by the validation of Hl7.Fhir.R4; but for the status of an appointment and of those who take part, which FHIR demands and Halaxy does not have.</summary>
public static class FhirCheck
{
    /// <summary>What is wrong with it; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(JsonObject resource)
    {
        var whole = resource.DeepClone().AsObject();
        AddStatus(whole);
        var reader = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(whole));
        if (!FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out var read, out var issues) || read is null) return [.. issues.Select(issue => issue.Message), "It is no FHIR resource."];
        return [.. read.Validate(ModelInfo.ModelInspector).Select(fault => fault.Message)];
    }

    private static void AddStatus(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var one in list) AddStatus(one);
        }
        else if (node is JsonObject found)
        {
            foreach (var (_, value) in found.ToList()) AddStatus(value);
            if ((string?)found["resourceType"] != "Appointment") return;
            found.TryAdd("status", "booked");
            foreach (var one in HalaxyShapes.Participants(found)) one.TryAdd("status", "accepted");
        }
    }

    /// <summary>The stand-in never answers with anything else.</summary>
    public static JsonObject Checked(JsonObject resource)
    {
        var faults = Faults(resource);
        return faults.Count == 0 ? resource : throw new InvalidDataException($"The stand-in made a resource that is not FHIR: {string.Join("; ", faults)}");
    }
}
