namespace Sandbox.Halaxy;

public static class HalaxyNames
{
    public const string Root = "/main";
    public const string ParticipantStatus = "https://terminology.halaxy.com/StructureDefinition/appointment-participant-status";
    public const string ParticipantInvoice = "https://terminology.halaxy.com/StructureDefinition/appointment-participant-invoice";
    public const string PatientStatus = "https://terminology.halaxy.com/StructureDefinition/patient-status";
    public const string Cancelled = "cancelled (no charge)";

    /// <summary>What a key may be given access to, each by itself.</summary>
    public static readonly IReadOnlyList<string> Scopes = ["Appointment", "Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Schedule", "Slot", "Patient"];
}
