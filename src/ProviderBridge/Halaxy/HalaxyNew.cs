using Hl7.Fhir.Model;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using Appointment = Hl7.Fhir.Model.Appointment;
using Duration = NodaTime.Duration;
using Instant = NodaTime.Instant;

namespace ProviderBridge.Halaxy;

/// <summary>Appointments that are made in Halaxy, and found again there when the answer was lost.</summary>
internal static class HalaxyNew
{
    /// <summary>An appointment of the diary as Halaxy is sent it.</summary>
    /// <param name="copy">What the diary has.</param>
    /// <param name="comments">Its comments there, or null.</param>
    /// <param name="roleId">The practitioner at a clinic.</param>
    /// <param name="zone">The practice's zone, for the offset of times.</param>
    /// <param name="address">The base of the API.</param>
    public static Appointment Of(MirroredCopy copy, string? comments, string roleId, DateTimeZone zone, Uri address) => new()
    {
        Status = Appointment.AppointmentStatus.Booked,
        Start = copy.Start.InZone(zone).ToDateTimeOffset(),
        End = copy.End.InZone(zone).ToDateTimeOffset(),
        MinutesDuration = (int)(copy.End - copy.Start).TotalMinutes,
        Description = comments,
        Participant = [new Appointment.ParticipantComponent { Actor = new ResourceReference(new Uri(address, $"PractitionerRole/{roleId}").AbsoluteUri), Status = ParticipationStatus.Accepted }],
    };

    /// <summary>What Halaxy has of what was noted; null when it has nothing.</summary>
    /// <exception cref="HalaxyException">It cannot be asked.</exception>
    public static async Task<string?> FindAsync(HalaxyClient client, HalaxyIntent.Note note, string roleId, CancellationToken cancelled)
    {
        if (note.Id is { } id) return await client.FindAsync<Appointment>(id, cancelled) is { } there && HalaxyAppointment.Of(there).TakesPlace ? id : null;
        var (from, until) = (note.Start - Duration.FromDays(1), note.Start + Duration.FromDays(1));
        await foreach (var found in client.SearchAsync<Appointment>($"actor=PractitionerRole/{Uri.EscapeDataString(roleId)}&date=ge{TextOf(from)}&date=le{TextOf(until)}&_count=100", cancelled))
        {
            if (IsWith(found, note.Patient) && HalaxyAppointment.Of(found) is { TakesPlace: true } read && read.Start == note.Start) return read.Id;
        }

        return null;
    }

    private static bool IsWith(Appointment found, string patient) => patient.Length > 0 ? HalaxyAppointment.PatientIdsOf(found).Contains(patient) : !HalaxyAppointment.PatientIdsOf(found).Any();

    private static string TextOf(Instant instant) => InstantPattern.General.Format(instant);
}
