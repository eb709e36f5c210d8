using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;

namespace Practice.Diaries;

/// <summary>Parts of an appointment that Halaxy and the diary may have differently.</summary>
[Flags]
public enum MirroredFields
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Start and end.</summary>
    Times = 1,

    /// <summary>The comments.</summary>
    Comments = 2,

    /// <summary>The status, cancelled or not included.</summary>
    Status = 4,

    /// <summary>Patients and type.</summary>
    Patients = 8,

    /// <summary>The location.</summary>
    Location = 16,

    /// <summary>Whether there is an invoice.</summary>
    Invoice = 32,

    /// <summary>All of it.</summary>
    All = Times | Comments | Status | Patients | Location | Invoice,
}

/// <summary>An appointment as Halaxy has it, in the diary's own words.</summary>
/// <param name="HalaxyId">What Halaxy calls it.</param>
/// <param name="Start">When it starts.</param>
/// <param name="End">When it ends.</param>
public sealed record MirroredAppointment(string HalaxyId, Instant Start, Instant End)
{
    /// <summary>The patients; none: it is a personal appointment.</summary>
    public IReadOnlyList<Patient> Patients { get; init => field = value ?? []; } = [];

    /// <summary>The appointment type; null in a personal one.</summary>
    public string? Type { get; init; }

    /// <summary>Where it stands.</summary>
    public AppointmentStatus Status { get; init; }

    /// <summary>Where it is, or null.</summary>
    public string? Location { get; init; }

    /// <summary>The comments, or null.</summary>
    public string? Comments { get; init; }

    /// <summary>What names its invoice, or null.</summary>
    public string? Invoice { get; init; }

    /// <summary>Whether it does not take place.</summary>
    public bool IsCancelled => Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected;

    /// <summary>What another version of it has otherwise.</summary>
    public MirroredFields DifferencesTo(MirroredAppointment other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var fields = MirroredFields.None;
        if (Start != other.Start || End != other.End) fields |= MirroredFields.Times;
        if (!AreSame(Comments, other.Comments)) fields |= MirroredFields.Comments;
        if (Status != other.Status) fields |= MirroredFields.Status;
        if (Type != other.Type || !Patients.SequenceEqual(other.Patients)) fields |= MirroredFields.Patients;
        if (!AreSame(Location, other.Location)) fields |= MirroredFields.Location;
        if (Invoice != other.Invoice) fields |= MirroredFields.Invoice;
        return fields;
    }

    /// <summary>Whether two texts say the same: a text field may be written with other line ends, or trimmed, and a calendar holds no control characters.</summary>
    public static bool AreSame(string? one, string? other) => Plain(one) == Plain(other);

    /// <summary>A text as all those have it that say the same (<see cref="AreSame"/>); empty for none.</summary>
    public static string Plain(string? text) => TextValue.Unescape(TextValue.Escape(text ?? "")).ReplaceLineEndings("\n").Trim();
}

/// <summary>What the diary has of an appointment that Halaxy has too.</summary>
/// <param name="Name">Its path segment.</param>
/// <param name="Start">When it starts.</param>
/// <param name="End">When it ends.</param>
/// <param name="Modified">When it last changed.</param>
public sealed record MirroredCopy(string Name, Instant Start, Instant End, Instant Modified)
{
    /// <summary>What Halaxy calls it; null when the diary does not know that it is there.</summary>
    public string? HalaxyId { get; init; }

    /// <summary>The title, or null.</summary>
    public string? Title { get; init; }

    /// <summary>The comments, or null.</summary>
    public string? Comments { get; init; }

    /// <summary>Whether it is for its owner's eyes.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Whether it takes no time: something else may be at the same time.</summary>
    public bool IsFree { get; init; }

    /// <summary>Whether it takes whole days.</summary>
    public bool IsAllDay { get; init; }

    /// <summary>Whether it does not take place.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Its status.</summary>
    public AppointmentStatus Status { get; init; }

    /// <summary>Whether it does not take place because somebody removed it in another calendar.</summary>
    public bool IsRemovedOutside { get; init; }

    /// <summary>Whether it is with a patient.</summary>
    public bool IsPatient { get; init; }

    /// <summary>Whether it repeats, which Halaxy cannot be told.</summary>
    public bool Repeats { get; init; }

    /// <summary>Whether it is served to devices.</summary>
    public bool IsPublished { get; init; }

    /// <summary>The change of the HX_ calendar with which it was last written.</summary>
    public long Change { get; init; }

    /// <summary>Its patients.</summary>
    public IReadOnlyList<Patient> Patients { get; init; } = [];

    /// <summary>Its type; null in a personal one.</summary>
    public string? Type { get; init; }

    /// <summary>Where it is, or null.</summary>
    public string? Location { get; init; }

    /// <summary>What names its invoice, or null.</summary>
    public string? Invoice { get; init; }

    /// <summary>What this has otherwise of what is Halaxy's alone to say of a patient appointment: which of the statuses it is that means the same for whether it takes place, the clinic, and the invoice.</summary>
    public MirroredFields HalaxysDifferencesTo(AppointmentStatus status, string? location, string? invoice)
    {
        var fields = MirroredFields.None;
        if (!IsPatient) return fields;
        if (Status != status && IsCancelled == (status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected)) fields |= MirroredFields.Status;
        if (!MirroredAppointment.AreSame(Location, location)) fields |= MirroredFields.Location;
        if (Invoice != invoice) fields |= MirroredFields.Invoice;
        return fields;
    }

    /// <summary>Whether its patients and type are not those that are given, whatever the patients are called.</summary>
    public bool HasOtherPatients(MirroredAppointment other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Type != other.Type || !Patients.Select(patient => patient.Reference).SequenceEqual(other.Patients.Select(patient => patient.Reference));
    }

    /// <summary>Whether its patients are those that are given, and are called otherwise here.</summary>
    public bool IsOfOtherNames(IReadOnlyList<Patient> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return Patients.Select(patient => patient.Reference).SequenceEqual(others.Select(patient => patient.Reference)) && !Patients.SequenceEqual(others);
    }

    /// <summary>Whether its comments are for its owner's eyes, and nobody else is told them. Of one with a patient they are the practice's.</summary>
    public bool KeepsComments => IsPrivate && !IsPatient && !string.IsNullOrWhiteSpace(Comments);

    /// <summary>What the diary has otherwise than what it was shown. Of a status it counts only whether it takes place, and where it is nobody compares: that is not Halaxy's to say of what was written here.</summary>
    public MirroredFields DifferencesTo(MirroredAppointment shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        var fields = MirroredFields.None;
        if (!Repeats && (Start != shown.Start || End != shown.End)) fields |= MirroredFields.Times;
        if (!MirroredAppointment.AreSame(Comments, shown.Comments)) fields |= MirroredFields.Comments;
        if (IsCancelled != shown.IsCancelled) fields |= MirroredFields.Status;
        if (Type != shown.Type || !Patients.SequenceEqual(shown.Patients)) fields |= MirroredFields.Patients;
        return fields;
    }
}
