namespace Practice.Appointments;

/// <summary>The two kinds of appointment (docs/rules.md A1, A2).</summary>
public enum AppointmentKind
{
    /// <summary>Blocks time; no patient and no fee.</summary>
    Personal,

    /// <summary>Has one or more patients.</summary>
    Patient,
}
