using System.Runtime.CompilerServices;
using Calendaring.Store;
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
    /// <summary>An appointment of the diary as Halaxy is sent it to book. It has no status: that is said beside it.</summary>
    /// <param name="copy">What the diary has.</param>
    /// <param name="comments">Its comments there, or null.</param>
    /// <param name="roleId">The practitioner at a clinic.</param>
    /// <param name="zone">The practice's zone, for the offset of times.</param>
    /// <param name="address">The base of the API.</param>
    public static Appointment Of(MirroredCopy copy, string? comments, string roleId, DateTimeZone zone, Uri address) => new()
    {
        Start = copy.Start.InZone(zone).ToDateTimeOffset(),
        End = copy.End.InZone(zone).ToDateTimeOffset(),
        MinutesDuration = (int)(copy.End - copy.Start).TotalMinutes,
        Description = comments,
        Participant = [new Appointment.ParticipantComponent { Actor = ReferenceOf("PractitionerRole", roleId, address) }],
    };

    /// <summary>A reference as Halaxy has them: absolute, with its type.</summary>
    public static ResourceReference ReferenceOf(string type, string id, Uri address) => new(new Uri(address, $"{type}/{id}").AbsoluteUri) { Type = type };

    /// <summary>What Halaxy has of what was noted; null when it has nothing.</summary>
    /// <exception cref="HalaxyException">It cannot be asked.</exception>
    public static async Task<HalaxyAppointment?> FindAsync(HalaxyClient client, HalaxyIntent.Note note, string roleId, CancellationToken cancelled)
    {
        if (note.Id is { } id) return await client.FindAsync<Appointment>(id, cancelled) is { } there && HalaxyAppointment.Of(there) is { TakesPlace: true } made ? made : null;
        await foreach (var found in ListAsync(client, roleId, note.Start, note.Start, cancelled))
        {
            if (IsWith(found, note.Patient) && Read(found) is { TakesPlace: true } read && read.Start == note.Start && note.Fits(read.End, read.Comments)) return read;
        }

        return null;
    }

    /// <summary>Whether it is none that is mirrored already: another one may be at the same time.</summary>
    public static async Task<bool> IsFreeAsync(ICalendarStore store, string groupId, string id)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return await HalaxyItem.FindAsync(snapshot, groupId, id) is null;
    }

    /// <summary>Whether a practitioner at a clinic has an appointment in a span of time. Halaxy may refuse two at once, and need not.</summary>
    /// <exception cref="HalaxyException">It cannot be asked.</exception>
    public static async Task<bool> IsTakenAsync(HalaxyClient client, string roleId, Instant start, Instant end, CancellationToken cancelled)
    {
        await foreach (var found in ListAsync(client, roleId, start, end, cancelled))
        {
            if (Read(found) is { TakesPlace: true } read && read.Start < end && read.End > start && !IsRejected(read)) return true;
        }

        return false;
    }

    /// <summary>Those of a practitioner at a clinic around a span of time. Whose they are is looked at here too: a search may leave out of account what it is asked.</summary>
    private static async IAsyncEnumerable<Appointment> ListAsync(HalaxyClient client, string roleId, Instant from, Instant until, [EnumeratorCancellation] CancellationToken cancelled)
    {
        var (since, to) = (InstantPattern.General.Format(from - Duration.FromDays(1)), InstantPattern.General.Format(until + Duration.FromDays(1)));
        await foreach (var found in client.SearchAsync<Appointment>($"practitioner-role={Uri.EscapeDataString(roleId)}&date=ge{since}&date=le{to}&_sort=date&_count=100", cancelled))
        {
            if (HalaxyAppointment.IdsOf(found, "PractitionerRole").Contains(roleId)) yield return found;
        }
    }

    private static bool IsRejected(HalaxyAppointment read) => read.Patients.Count > 0 && read.Patients.All(patient => patient.IsCancelled || patient.Status.Equals("rejected", StringComparison.OrdinalIgnoreCase));

    // one that cannot be read hides no other
    private static HalaxyAppointment? Read(Appointment found)
    {
        try
        {
            return HalaxyAppointment.Of(found);
        }
        catch (HalaxyException)
        {
            return null;
        }
    }

    private static bool IsWith(Appointment found, string patient) => patient.Length > 0 ? HalaxyAppointment.PatientIdsOf(found).Contains(patient) : !HalaxyAppointment.PatientIdsOf(found).Any();
}
