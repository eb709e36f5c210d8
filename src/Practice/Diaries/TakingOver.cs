using Practice.Appointments;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>What the diary can take over of what a device wrote.</summary>
public static class TakingOver
{
    /// <summary>What taking something over makes of it.</summary>
    public static TakeOver WayOf(RejectedField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Kind switch
        {
            RejectionKind.Title or RejectionKind.Comments or RejectionKind.People or RejectionKind.Contact => TakeOver.AddsToComments,
            RejectionKind.Location => TakeOver.ReplacesLocation,
            RejectionKind.Again => TakeOver.Restores,
            RejectionKind.Repeat when field.Occurrence is null && Repeating.TryRead(field.Sent) is not null => TakeOver.ReplacesRepeat,
            _ => TakeOver.Cannot,
        };
    }

    /// <summary>What taking something over makes of an appointment or occurrence as it is now.</summary>
    /// <param name="field">What a device wrote.</param>
    /// <param name="appointment">The appointment or occurrence; null when it is no longer there.</param>
    /// <param name="mirrorsHalaxy">Whether the diary mirrors that in Halaxy.</param>
    public static TakeOver WayOf(RejectedField field, Appointment? appointment, bool mirrorsHalaxy)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.Kind == RejectionKind.Again) return appointment is null ? TakeOver.Cannot : TakeOver.Restores;
        if (appointment is null or { Kept: not null } or { Status: AppointmentStatus.Cancelled or AppointmentStatus.Rejected }) return TakeOver.Cannot;
        var way = WayOf(field);
        return mirrorsHalaxy && appointment.HalaxyId is not null && way != TakeOver.AddsToComments ? TakeOver.DoneInHalaxy : way;
    }

    /// <summary>Whether the diary has what a device wrote.</summary>
    public static bool Has(RejectedField field, Appointment? appointment)
    {
        ArgumentNullException.ThrowIfNull(field);
        return appointment is not null && field.Kind switch
        {
            RejectionKind.Title => appointment.Title == field.Sent,
            RejectionKind.Status => (field.Sent, appointment.Status) is ("confirmed", AppointmentStatus.Confirmed) or ("cancelled", AppointmentStatus.Cancelled),
            RejectionKind.Comments => appointment.Comments?.Contains(field.Sent, StringComparison.Ordinal) == true,
            RejectionKind.Location => appointment.Location == field.Sent,
            RejectionKind.Contact => string.Join(", ", appointment.Patients.Select(patient => patient.Phone).OfType<string>()) == field.Sent,
            RejectionKind.Again => appointment.Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected),
            RejectionKind.Repeat => RuleMeaning.AreEqual(field.Sent, appointment.Rule ?? ""),
            _ => false,
        };
    }
}
