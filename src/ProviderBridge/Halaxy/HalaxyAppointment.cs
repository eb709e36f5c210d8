using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;
using Instant = NodaTime.Instant;

namespace ProviderBridge.Halaxy;

/// <summary>What counts of an appointment in Halaxy.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">When it starts.</param>
/// <param name="End">When it ends.</param>
/// <param name="Comments">The comments; empty when there are none. They are for full-name links only.</param>
/// <param name="Changed">When Halaxy last changed it, in whole seconds; null when it does not say.</param>
/// <param name="ServiceId">The id of its type (HealthcareService); null when it has none.</param>
/// <param name="RoleIds">The practitioners at their clinics (PractitionerRole), by id.</param>
/// <param name="Patients">The patients. None: it is a meeting, which is a personal appointment.</param>
public sealed record HalaxyAppointment(
    string Id, Instant Start, Instant End, string Comments, Instant? Changed, string? ServiceId, IReadOnlyList<string> RoleIds, IReadOnlyList<HalaxyAppointment.Participation> Patients)
{
    /// <summary>The extension of a patient's participation that says its status.</summary>
    public const string StatusExtension = "https://terminology.halaxy.com/StructureDefinition/appointment-participant-status";

    /// <summary>The extension of a patient's participation that names its invoice.</summary>
    public const string InvoiceExtension = "https://terminology.halaxy.com/StructureDefinition/appointment-participant-invoice";

    /// <summary>A patient's part in an appointment.</summary>
    /// <param name="PatientId">The patient's id.</param>
    /// <param name="Status">What Halaxy calls its status, such as <c>booked</c> or <c>cancelled (no charge)</c>; empty when it does not say.</param>
    /// <param name="HasInvoice">Whether an invoice is linked (R6).</param>
    public readonly record struct Participation(string PatientId, string Status, bool HasInvoice)
    {
        /// <summary>Whether this patient does not come.</summary>
        public bool IsCancelled => Status.StartsWith("cancelled", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether it says of itself that it was cancelled. That counts for a meeting: of a patient appointment each patient's part says it.</summary>
    public bool IsWithdrawn { get; init; }

    /// <summary>Whether it takes place: a meeting that was not cancelled does, and an appointment as long as one of its patients is to come.</summary>
    public bool TakesPlace => Patients.Count == 0 ? !IsWithdrawn : Patients.Any(patient => !patient.IsCancelled);

    /// <summary>Reads an appointment.</summary>
    /// <exception cref="HalaxyException">It has no id or no times, or somebody takes part of whom it does not say who: nothing can be made of it.</exception>
    public static HalaxyAppointment Of(Appointment appointment)
    {
        ArgumentNullException.ThrowIfNull(appointment);
        try
        {
            return Read(appointment);
        }
        catch (CodedValidationException)
        {
            throw Unreadable();
        }
    }

    /// <summary>The ids of the patients of an appointment, as far as they can be read.</summary>
    internal static IEnumerable<string> PatientIdsOf(Appointment appointment) => IdsOf(appointment, "Patient");

    /// <summary>The ids of those of a type who take part in an appointment, as far as they can be read.</summary>
    internal static IEnumerable<string> IdsOf(Appointment appointment, string type)
    {
        try
        {
            return [.. appointment.Participant.Where(one => one is not null).Select(one => Target(one.Actor?.Reference)).Where(actor => actor.Type == type).Select(actor => actor.Id)];
        }
        catch (CodedValidationException)
        {
            return [];
        }
    }

    /// <summary>Whether a practitioner's role is at another practice: somebody who refers patients to this one.</summary>
    internal static bool IsOfAnotherPractice(string roleId) => roleId.StartsWith("EP-", StringComparison.Ordinal);

    /// <summary>When an appointment starts; null when that cannot be read.</summary>
    internal static Instant? StartOf(Appointment appointment) => TimeOf(appointment.StartElement);

    /// <summary>Which one it is, and nothing of what it says.</summary>
    public override string ToString() => $"appointment {Id} in Halaxy";

    /// <summary>The type and id at the end of a reference, which may be absolute, or of one version; empty when it is none.</summary>
    public static (string Type, string Id) Target(string? reference) => (reference ?? "").TrimEnd('/').Split('/') switch
    {
        [.., var type, var id, "_history", _] => (type, id),
        [.., var type, var id] => (type, id),
        _ => ("", ""),
    };

    private static HalaxyAppointment Read(Appointment appointment)
    {
        if (appointment.Id is not { Length: > 0 } id || TimeOf(appointment.StartElement) is not { } start || TimeOf(appointment.EndElement) is not { } end || end < start) throw Unreadable();
        var actors = appointment.Participant.Where(one => one is not null).Select(one => (Participant: one, Actor: ActorOf(one))).ToList();
        return new HalaxyAppointment(
            id,
            start,
            end,
            appointment.Description ?? "",
            TimeOf(appointment.Meta?.LastUpdatedElement),
            appointment.SupportingInformation.Select(one => Target(one.Reference)).Where(one => one.Type == "HealthcareService").Select(one => one.Id).FirstOrDefault(),
            [.. actors.Where(one => one.Actor.Type == "PractitionerRole" && !IsOfAnotherPractice(one.Actor.Id)).Select(one => one.Actor.Id)],
            [.. actors.Where(one => one.Actor.Type == "Patient").Select(one => new Participation(one.Actor.Id, StatusOf(one.Participant), HasInvoice(one.Participant)))])
        {
            IsWithdrawn = SaysCancelled(appointment),
        };
    }

    // FHIR has one l in its name, and Halaxy was seen with two
    private static bool SaysCancelled(Appointment appointment) =>
        appointment.CancelationReason is not null || appointment.TryGetValue("cancellationReason", out _) || appointment.StatusElement?.JsonValue is "cancelled";

    private static HalaxyException Unreadable() => new(HalaxyFault.Unreadable, "Halaxy has an appointment without an id, times, or those who take part.");

    /// <summary>Whether somebody who takes part is a patient, named or not.</summary>
    internal static bool IsPatient(Appointment.ParticipantComponent participant) =>
        Target(participant.Actor?.Reference).Type == "Patient" || participant.Actor?.Type == "Patient" || participant.ModifierExtension.Concat(participant.Extension).Any(one => one.Url is StatusExtension or InvoiceExtension);

    // a patient who may not be named is a patient still: without one it would be a personal appointment
    private static (string Type, string Id) ActorOf(Appointment.ParticipantComponent participant)
    {
        if (Target(participant.Actor?.Reference) is { Type.Length: > 0 } actor) return actor;
        return IsPatient(participant) ? ("Patient", participant.Actor?.Identifier?.Value ?? "") : throw Unreadable();
    }

    private static Instant? TimeOf(Hl7.Fhir.Model.Instant? element)
    {
        try
        {
            // a calendar knows whole seconds: with parts of one it would seem to have been changed here
            return element?.Value is { } time ? Instant.FromUnixTimeSeconds(time.ToUnixTimeSeconds()) : null;
        }
        catch (CodedValidationException)
        {
            return null;
        }
    }

    /// <summary>What Halaxy calls the status of somebody who takes part: written as a modifier, and read wherever it stands, as a coding or as a concept.</summary>
    internal static string StatusOf(Appointment.ParticipantComponent participant)
    {
        var value = participant.ModifierExtension.Concat(participant.Extension).FirstOrDefault(one => one.Url == StatusExtension)?.Value;
        return value switch
        {
            CodeableConcept concept => concept.Coding.FirstOrDefault()?.Code ?? concept.Text ?? "",
            Coding coding => coding.Code ?? "",
            _ => "",
        };
    }

    private static bool HasInvoice(Appointment.ParticipantComponent participant) =>
        participant.Extension.Concat(participant.ModifierExtension).Any(one => one.Url == InvoiceExtension);
}
