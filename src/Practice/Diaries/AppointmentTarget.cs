using NodaTime;

namespace Practice.Diaries;

/// <summary>Which appointment is meant, and optionally which version of it.</summary>
/// <param name="Id">The UID.</param>
/// <param name="Occurrence">The occurrence of a series, as <see cref="Appointment.Occurrence"/> has it; null for the whole.</param>
/// <param name="Version">The version that must be current, or null for any.</param>
public sealed record AppointmentTarget(string Id, LocalDateTime? Occurrence = null, string? Version = null);
