using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using Appointment = Hl7.Fhir.Model.Appointment;

namespace ProviderBridge.Halaxy;

/// <summary>Writes what the diary changed as a merge patch (RFC 7396) of an appointment in Halaxy.</summary>
internal static class HalaxyPatch
{
    /// <summary>The participation status of a patient whose appointment was cancelled here.</summary>
    public const string Cancelled = "cancelled (no charge)";

    private const string Booked = "booked";

    /// <param name="there">What there is: an array is replaced as a whole (RFC 7396 §2), so that who takes part is sent as it is, but for the status.</param>
    /// <param name="copy">What the diary has.</param>
    /// <param name="fields">What of it is new.</param>
    /// <param name="zone">The practice's zone, for the offset of times.</param>
    /// <param name="address">The base of the API.</param>
    public static JsonObject Of(Appointment there, MirroredCopy copy, MirroredFields fields, DateTimeZone zone, Uri address)
    {
        var patch = new JsonObject();
        if (fields.HasFlag(MirroredFields.Times)) (patch["start"], patch["end"]) = (TimeOf(copy.Start, zone), TimeOf(copy.End, zone));
        if (fields.HasFlag(MirroredFields.Comments)) patch["description"] = string.IsNullOrWhiteSpace(copy.Comments) ? null : copy.Comments;
        if (fields.HasFlag(MirroredFields.Status)) patch["participant"] = ParticipantsOf(there, copy.IsCancelled ? Cancelled : Booked, copy.IsCancelled, address);
        return patch;
    }

    private static string TimeOf(NodaTime.Instant instant, DateTimeZone zone) => OffsetDateTimePattern.ExtendedIso.Format(instant.InZone(zone).ToOffsetDateTime());

    private static JsonArray ParticipantsOf(Appointment there, string status, bool cancels, Uri address)
    {
        var sent = (Appointment)there.DeepCopy();
        foreach (var patient in sent.Participant.Where(one => HalaxyAppointment.IsPatient(one) && (!cancels || !HalaxyAppointment.StatusOf(one).StartsWith("cancelled", StringComparison.OrdinalIgnoreCase))))
        {
            patient.ModifierExtension.RemoveAll(one => one.Url == HalaxyAppointment.StatusExtension);
            patient.Extension.RemoveAll(one => one.Url == HalaxyAppointment.StatusExtension);
            var coding = new Coding(new Uri(address, "/presets/CodeSystem/appointment-participant-status").AbsoluteUri, status);
            patient.ModifierExtension.Add(new Extension(HalaxyAppointment.StatusExtension, new CodeableConcept { Coding = [coding] }));
        }

        return (JsonArray)JsonNode.Parse(new FhirJsonSerializer().SerializeToString(sent))!["participant"]!.DeepClone();
    }
}
