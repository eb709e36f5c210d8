using NodaTime;

namespace Practice.Appointments;

/// <summary>Why an appointment that was removed outside stayed in the diary (R6).</summary>
/// <param name="Reason">A sentence for the practitioner, without content.</param>
/// <param name="At">When it was removed outside.</param>
/// <param name="By">Who removed it: the device's or link's label.</param>
public sealed record KeptInDiary(string Reason, Instant At, string By);
