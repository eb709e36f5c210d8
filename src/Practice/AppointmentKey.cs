namespace Practice;

/// <summary>Names an appointment: UIDs are unique in a diary, and not among diaries.</summary>
/// <param name="PractitionerId">In whose diary.</param>
/// <param name="Uid">Its UID there.</param>
public readonly record struct AppointmentKey(string PractitionerId, string Uid);
