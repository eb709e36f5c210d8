using System.Text.Json;
using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Validation;

namespace Sandbox.Halaxy;

/// <summary>Whether a resource is valid FHIR R4, by the validation of Hl7.Fhir.R4.</summary>
public static class FhirCheck
{
    /// <summary>What is wrong with it; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(JsonObject resource)
    {
        var reader = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(resource));
        if (!FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out var read, out var issues) || read is null) return [.. issues.Select(issue => issue.Message), "It is no FHIR resource."];
        return [.. read.Validate(ModelInfo.ModelInspector).Select(fault => fault.Message)];
    }

    /// <summary>The stand-in never answers with anything else.</summary>
    public static JsonObject Checked(JsonObject resource)
    {
        var faults = Faults(resource);
        return faults.Count == 0 ? resource : throw new InvalidDataException($"The stand-in made a resource that is not FHIR: {string.Join("; ", faults)}");
    }
}
