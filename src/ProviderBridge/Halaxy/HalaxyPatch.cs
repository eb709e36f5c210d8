using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;
using Appointment = Hl7.Fhir.Model.Appointment;

namespace ProviderBridge.Halaxy;

/// <summary>Writes what the diary changed as a merge patch (RFC 7396) of an appointment in Halaxy.</summary>
internal static class HalaxyPatch
{
    /// <summary>The participation status of a patient whose appointment was cancelled here.</summary>
    public const string Cancelled = "cancelled (no charge)";

    private const string Booked = "booked";

    /// <summary>
    /// What is sent. Of those who take part, only the patients whose status changes: Halaxy merges them by who they are, and says nothing of the others by it.
    /// </summary>
    /// <param name="there">What there is.</param>
    /// <param name="item">What is known of it.</param>
    /// <param name="copy">What the diary has.</param>
    /// <param name="fields">What of it is new.</param>
    /// <param name="zone">The practice's zone, for the offset of times.</param>
    /// <param name="address">The base of the API.</param>
    public static JsonObject Of(Appointment there, HalaxyItem item, MirroredCopy copy, MirroredFields fields, DateTimeZone zone, Uri address)
    {
        var patch = new JsonObject();
        if (fields.HasFlag(MirroredFields.Times)) (patch["start"], patch["end"]) = (TimeOf(copy.Start, zone), TimeOf(copy.End, zone));
        if (fields.HasFlag(MirroredFields.Comments)) patch["description"] = string.IsNullOrWhiteSpace(copy.Comments) ? null : copy.Comments;
        if (fields.HasFlag(MirroredFields.Status)) patch["participant"] = Written(Changing(there, item, copy).Select(patient => new Appointment.ParticipantComponent { Actor = patient.Actor, ModifierExtension = [StatusOf(copy, address)] }));
        return patch;
    }

    /// <summary>All who take part, with all that Halaxy says of them, and the practitioners who did: Halaxy replaced the array as a whole (RFC 7396 §2) by what was sent.</summary>
    public static JsonObject Whole(Appointment there, IEnumerable<string> roles, Uri address) => new()
    {
        ["participant"] = Written([.. roles.Select(role => new Appointment.ParticipantComponent { Actor = HalaxyNew.ReferenceOf("PractitionerRole", role, address) }), .. there.Participant]),
    };

    /// <summary>What there was, with the patients as they are to be now.</summary>
    public static Appointment Changed(Appointment there, HalaxyItem item, MirroredCopy copy, Uri address)
    {
        var changed = (Appointment)there.DeepCopy();
        foreach (var patient in Changing(changed, item, copy).ToList())
        {
            patient.ModifierExtension.RemoveAll(one => one.Url == HalaxyAppointment.StatusExtension);
            patient.Extension.RemoveAll(one => one.Url == HalaxyAppointment.StatusExtension);
            patient.ModifierExtension.Add(StatusOf(copy, address));
        }

        return changed;
    }

    /// <summary>Whether nobody is left of those whom a cancellation is about.</summary>
    public static bool IsCancelled(Appointment there) => !there.Participant.Where(HalaxyAppointment.IsPatient).Any(IsToCome);

    // who had cancelled before the whole was cancelled does not come when it is put back, and who attended or missed it did so whatever becomes of the others
    private static IEnumerable<Appointment.ParticipantComponent> Changing(Appointment there, HalaxyItem item, MirroredCopy copy)
    {
        var patients = there.Participant.Where(HalaxyAppointment.IsPatient).ToList();
        if (copy.IsCancelled) return patients.Where(IsToCome);
        var gone = patients.Where(IsOut).ToList();
        var coming = gone.Where(one => !item.Absent.Contains(HalaxyAppointment.Target(one.Actor?.Reference).Id)).ToList();
        return coming.Count > 0 ? coming : gone;
    }

    private static bool IsOut(Appointment.ParticipantComponent patient) => HalaxyView.StatusOf(HalaxyAppointment.StatusOf(patient)) is AppointmentStatus.Cancelled or AppointmentStatus.Rejected;

    private static bool IsToCome(Appointment.ParticipantComponent patient) => HalaxyView.StatusOf(HalaxyAppointment.StatusOf(patient)) is AppointmentStatus.Booked or AppointmentStatus.Confirmed;

    private static Extension StatusOf(MirroredCopy copy, Uri address)
    {
        var status = copy.IsCancelled ? Cancelled : Booked;
        return new Extension(HalaxyAppointment.StatusExtension, new Coding(new Uri(address, "/presets/CodeSystem/appointment-participant-status").AbsoluteUri, status, status));
    }

    private static JsonArray Written(IEnumerable<Appointment.ParticipantComponent> participants) =>
        JsonNode.Parse(new FhirJsonSerializer().SerializeToString(new Appointment { Participant = [.. participants] }))!["participant"]?.DeepClone() as JsonArray ?? [];

    private static string TimeOf(NodaTime.Instant instant, DateTimeZone zone) => OffsetDateTimePattern.ExtendedIso.Format(instant.InZone(zone).ToOffsetDateTime());
}
