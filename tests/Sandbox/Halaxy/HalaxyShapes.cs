using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Sandbox.Halaxy;

/// <summary>Reads the parts of an appointment's JSON.</summary>
public static class HalaxyShapes
{
    public static Instant StartOf(JsonObject appointment) => Time((string)appointment["start"]!);

    public static Instant EndOf(JsonObject appointment) => Time((string)appointment["end"]!);

    public static IEnumerable<JsonObject> Participants(JsonObject appointment) => (appointment["participant"] as JsonArray ?? []).OfType<JsonObject>();

    public static (string Type, string Id) ActorOf(JsonObject participant) => HalaxyBook.Target((string?)participant["actor"]?["reference"] ?? "");

    public static IEnumerable<string> IdsOf(JsonObject appointment, string type) => Participants(appointment).Select(ActorOf).Where(actor => actor.Type == type).Select(actor => actor.Id);

    /// <summary>The status of a patient's participation; null when it says none.</summary>
    public static string? StatusOf(JsonObject participant)
    {
        var extension = (participant["modifierExtension"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(x => (string?)x["url"] == HalaxyNames.ParticipantStatus);
        return (string?)extension?["valueCoding"]?["code"];
    }

    public static bool IsInvoiced(JsonObject appointment) => Participants(appointment).SelectMany(x => x["extension"] as JsonArray ?? []).Any(x => (string?)x!["url"] == HalaxyNames.ParticipantInvoice);

    /// <summary>A meeting that is not cancelled does, and an appointment as long as one of its patients is to come.</summary>
    public static bool TakesPlace(JsonObject appointment)
    {
        var patients = Participants(appointment).Where(x => ActorOf(x).Type == "Patient").ToList();
        return patients.Count == 0 ? !appointment.ContainsKey("cancelationReason") : patients.Any(x => StatusOf(x)?.StartsWith("cancelled", StringComparison.Ordinal) != true);
    }

    public static Instant Time(string text) =>
        OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } parsed ? parsed.Value.ToInstant() : throw HalaxyException.Invalid("A time is an offset date-time, such as 2026-01-05T09:00:00+11:00.");
}
