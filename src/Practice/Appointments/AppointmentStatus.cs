namespace Practice.Appointments;

/// <summary>Where a patient appointment stands.</summary>
public enum AppointmentStatus
{
    /// <summary>Made.</summary>
    Booked,

    /// <summary>The patient has confirmed.</summary>
    Confirmed,

    /// <summary>It took place.</summary>
    Attended,

    /// <summary>It will not take place; the record stays.</summary>
    Cancelled,

    /// <summary>The patient did not come.</summary>
    DidNotAttend,

    /// <summary>An online booking that was not taken.</summary>
    Rejected,
}
