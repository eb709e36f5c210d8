using Practice.Audit;

namespace Practice.Diaries;

/// <summary>Something that a device did to an appointment, or was refused, as it stands now.</summary>
/// <param name="Number">Its line in the diary's audit log.</param>
/// <param name="Entry">The line.</param>
/// <param name="Standing">Whether it can be undone, or done after all.</param>
/// <param name="Appointment">The appointment or occurrence as it is now; null when it is no longer in the diary.</param>
public sealed record OutsideChange(long Number, AuditEntry Entry, OutsideStanding Standing, Appointment? Appointment)
{
    /// <summary>The title of what is no longer in the diary and can be put back; null for anything else.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the device was refused.</summary>
    public bool IsRefusal => Entry.Action == AuditAction.Refused;
}

/// <summary>How something that a device did stands now.</summary>
public enum OutsideStanding
{
    /// <summary>It is so: one button makes it otherwise.</summary>
    Open,

    /// <summary>It is as the button would make it.</summary>
    Done,

    /// <summary>Something else was changed since.</summary>
    Changed,

    /// <summary>The appointment is no longer in the diary.</summary>
    Gone,

    /// <summary>The diary has no button for it: nothing is kept of what was sent.</summary>
    NoButton,
}
