using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Calendaring.Store;
using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Groups;
using Appointment = Hl7.Fhir.Model.Appointment;
using Instant = NodaTime.Instant;

namespace ProviderBridge.Halaxy;

/// <summary>What a personal appointment is to be in Halaxy, from Halaxy's own lists.</summary>
/// <param name="PatientId">The patient.</param>
/// <param name="ServiceId">The type of appointment.</param>
/// <param name="RoleId">The practitioner at a clinic.</param>
public sealed record HalaxyWish(string PatientId, string ServiceId, string RoleId);

/// <summary>What was booked.</summary>
/// <param name="Id">Halaxy's id of it.</param>
/// <param name="HasComments">Whether its title and comments are there too.</param>
public sealed record HalaxyBooked(string Id, bool HasComments);

/// <summary>Books patient appointments in Halaxy, with their invoice, note and reminders: the only way there is to turn a personal appointment of a connected practice into one (docs/rules.md R4).</summary>
public sealed class HalaxyBooking(ICalendarStore store, IClock clock, HalaxyClients clients)
{
    private const int MostFound = 20;
    private const int MostTimes = 5;
    private static readonly HashSet<string> NotBooked = new(["blocked", "deceased"], StringComparer.OrdinalIgnoreCase);
    private const string NotConnected = "The practice is not connected to Halaxy at the moment. Nothing was changed.";
    private readonly ConcurrentDictionary<AppointmentKey, bool> _underWay = new();

    /// <summary>Patients whose names begin so, by id and name, at most 20.</summary>
    /// <exception cref="HalaxyException">Halaxy cannot be asked, or the key may not see patients.</exception>
    public async Task<IReadOnlyList<(string Id, string Name)>> FindPatientsAsync(string groupId, string text, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (_, client) = await OpenAsync(groupId, cancelled);
        List<(string, string)> found = [];
        await foreach (var patient in client.SearchAsync<Patient>($"name={Uri.EscapeDataString(text.Trim())}&_count={MostFound}", cancelled))
        {
            if (patient.Id is { Length: > 0 } id && IsSeen(patient)) found.Add((id, NameOf(patient)));
            if (found.Count == MostFound) break;
        }

        return found;
    }

    /// <summary>When a practitioner can be booked at a clinic on a day, as Halaxy offers it online; at most a few, and none when it cannot be asked.</summary>
    /// <param name="groupId">The practice group.</param>
    /// <param name="roleId">The practitioner at a clinic.</param>
    /// <param name="day">The day, from its begin to its end.</param>
    /// <param name="length">How long the appointment is.</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task<IReadOnlyList<Instant>> FindTimesAsync(string groupId, string roleId, Interval day, NodaTime.Duration length, CancellationToken cancelled = default)
    {
        try
        {
            var (_, client) = await OpenAsync(groupId, cancelled);
            var from = Instant.Max(day.Start, clock.GetCurrentInstant());
            return from >= day.End ? [] : [.. (await client.FindTimesAsync(roleId, from, day.End, (int)length.TotalMinutes, cancelled)).Take(MostTimes)];
        }
        catch (HalaxyException)
        {
            // a help beside a refusal, and nothing else depends on it
            return [];
        }
    }

    /// <summary>Books a personal appointment of a diary in Halaxy. What it becomes there comes into the diary in its place, by the next pass.</summary>
    /// <param name="groupId">The practice group.</param>
    /// <param name="appointment">The appointment.</param>
    /// <param name="wish">What it is to be.</param>
    /// <param name="cancelled">Ends it before Halaxy is asked; afterwards it is finished.</param>
    /// <returns>What it is there; null when it cannot be said whether it was booked: the next pass will know, and asked again nothing is booked twice.</returns>
    /// <exception cref="DiaryException">It cannot be booked as it is; a sentence for the person.</exception>
    /// <exception cref="HalaxyException">Halaxy did not book it.</exception>
    /// <exception cref="StoreException">The disk cannot be written: nothing was booked.</exception>
    public async Task<HalaxyBooked?> BookAsync(string groupId, AppointmentKey appointment, HalaxyWish wish, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var (connection, client) = await OpenAsync(groupId, cancelled);
        if (connection.PractitionerOf(wish.RoleId) != appointment.PractitionerId) throw new DiaryException(DiaryFault.Invalid, "Choose a clinic of this practitioner.");
        if (!connection.Services.Any(service => service.Id == wish.ServiceId && !service.IsArchived)) throw new DiaryException(DiaryFault.Invalid, "Choose a type of appointment from Halaxy’s list.");
        if (wish.PatientId.Length == 0) throw new DiaryException(DiaryFault.Invalid, "Choose a patient from Halaxy’s list.");
        if (!_underWay.TryAdd(appointment, true)) throw new DiaryException(DiaryFault.Conflict, "It is being booked in Halaxy at this moment: look at it again in a minute.");
        try
        {
            // a browser that is not there any more ends nothing: Halaxy may be booking it still when it is asked for again
            var held = await ReadAsync(groupId, appointment);
            if (await BookAsync(client, connection, appointment, wish, held) is not { } id) return null;
            // where that cannot be written, it is found by its time and patient still
            await store.ApplyAsync(StoreBatch.Of(HalaxyIntent.PutId(groupId, id, appointment.Uid, clock.GetCurrentInstant())), CancellationToken.None);
            return new HalaxyBooked(id, await HasCommentsAsync(client, id, CommentsOf(held.Title, held.Copy.Comments)));
        }
        finally
        {
            _underWay.TryRemove(appointment, out _);
        }
    }

    /// <summary>Whether Halaxy got a personal appointment, and it has not come from there yet.</summary>
    public async Task<bool> IsBookedAsync(string groupId, string uid, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await HalaxyIntent.ListAsync(snapshot, groupId, uid, clock.GetCurrentInstant())).Any(note => note.Id is not null);
    }

    private async Task<string?> BookAsync(HalaxyClient client, HalaxyConnection connection, AppointmentKey appointment, HalaxyWish wish, (MirroredCopy Copy, string Title, DateTimeZone Zone) held)
    {
        var (groupId, start) = (connection.GroupId, held.Copy.Start);
        // it may have been booked at another clinic than the one that is chosen now
        List<string> roles = [wish.RoleId, .. connection.Roles.Select(role => role.Id).Where(role => role != wish.RoleId && connection.PractitionerOf(role) == appointment.PractitionerId)];
        foreach (var note in (await HalaxyIntent.TakeAsync(store, clock, groupId, appointment, start, wish.PatientId)).Written())
        {
            foreach (var role in note.Id is null ? roles : [wish.RoleId])
            {
                if (await HalaxyNew.FindAsync(client, note, role, CancellationToken.None) is { } booked) return booked;
            }
        }

        if (await HalaxyNew.IsTakenAsync(client, wish.RoleId, start, held.Copy.End, CancellationToken.None)) throw new HalaxyException(HalaxyFault.Conflict, "Halaxy has another appointment at this time.");
        try
        {
            return (await client.BookAsync(ParametersOf(held.Copy, held.Title, wish, held.Zone, connection.Address), CancellationToken.None)).Id;
        }
        catch (HalaxyException failed) when (failed.Fault == HalaxyFault.Unavailable)
        {
            return await AskBookedAsync(client, new HalaxyIntent.Note(null, start, wish.PatientId), wish.RoleId);
        }
    }

    /// <summary>After an answer that was lost: what Halaxy has; null when it has nothing, or cannot be asked.</summary>
    private static async Task<string?> AskBookedAsync(HalaxyClient client, HalaxyIntent.Note note, string roleId)
    {
        try
        {
            return await HalaxyNew.FindAsync(client, note, roleId, CancellationToken.None);
        }
        catch (HalaxyException)
        {
            return null;
        }
    }

    /// <summary>Whether what was booked has its comments: a booking is not documented to take them, and a patch is. What a person wrote there meanwhile stays.</summary>
    private static async Task<bool> HasCommentsAsync(HalaxyClient client, string id, string? comments)
    {
        if (comments is null) return true;
        try
        {
            if (await client.FindAsync<Appointment>(id, CancellationToken.None) is not { } there || !string.IsNullOrWhiteSpace(there.Description)) return true;
            return await client.PatchAsync(id, new JsonObject { ["description"] = comments }, CancellationToken.None) is { } after && !string.IsNullOrWhiteSpace(after.Description);
        }
        catch (HalaxyException)
        {
            return false;
        }
    }

    // who is blocked or has died is in the list, and is booked for nothing
    private static bool IsSeen(Patient patient) =>
        !patient.Extension.Any(one => one.Url?.EndsWith("/patient-status", StringComparison.Ordinal) == true && one.Value?.ToString() is { } status && NotBooked.Contains(status));

    private static string NameOf(Patient patient)
    {
        try
        {
            var name = patient.Name.FirstOrDefault(one => one.Use == HumanName.NameUse.Official) ?? patient.Name.FirstOrDefault();
            var words = string.Join(' ', (name?.Given ?? []).Append(name?.Family).Where(part => !string.IsNullOrWhiteSpace(part)));
            var born = patient.BirthDate is { Length: > 0 } date ? $", born {date}" : "";
            return words.Length > 0 ? $"{words}{born}" : $"Client {patient.Id}";
        }
        catch (CodedValidationException)
        {
            return $"Client {patient.Id}";
        }
    }

    private static Parameters ParametersOf(MirroredCopy copy, string title, HalaxyWish wish, DateTimeZone zone, Uri address) => new()
    {
        Parameter =
        [
            new Parameters.ParameterComponent { Name = "appt-resource", Resource = HalaxyNew.Of(copy, CommentsOf(title, copy.Comments), wish.RoleId, zone, address) },
            new Parameters.ParameterComponent { Name = "patient-id", Value = HalaxyNew.ReferenceOf("Patient", wish.PatientId, address) },
            new Parameters.ParameterComponent { Name = "healthcare-service-id", Value = HalaxyNew.ReferenceOf("HealthcareService", wish.ServiceId, address) },
            new Parameters.ParameterComponent { Name = "location-type", Value = new Code("clinic") },
            new Parameters.ParameterComponent { Name = "status", Value = new Code("booked") },
        ],
    };

    // a patient appointment has no title of its own
    private static string? CommentsOf(string title, string? comments)
    {
        string[] parts = [.. new[] { title, comments ?? "" }.Where(part => part.Length > 0)];
        return parts.Length == 0 ? null : string.Join('\n', parts);
    }

    private async Task<(HalaxyConnection Connection, HalaxyClient Client)> OpenAsync(string groupId, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        if (await HalaxyConnection.FindAsync(snapshot, groupId) is not { IsConnected: true } connection || clients.Find(connection) is not { } client) throw new DiaryException(DiaryFault.Conflict, NotConnected);
        return (connection, client);
    }

    private async Task<(MirroredCopy Copy, string Title, DateTimeZone Zone)> ReadAsync(string groupId, AppointmentKey appointment)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        var zone = await PracticeGroup.FindZoneAsync(snapshot, groupId) ?? DateTimeZone.Utc;
        var copy = await Mirroring.ReadAsync(snapshot, appointment, clock.GetCurrentInstant()) ?? throw new DiaryException(DiaryFault.NotFound, "There is no such appointment.");
        if (copy.IsPatient || copy.HalaxyId is not null) throw new DiaryException(DiaryFault.Conflict, "It is in Halaxy already.");
        if (copy.Repeats) throw new DiaryException(DiaryFault.Conflict, "It repeats, and Halaxy takes single appointments only from a program. Book the series in Halaxy, and delete this one here.");
        if (copy.IsAllDay || copy.End <= copy.Start) throw new DiaryException(DiaryFault.Conflict, "It takes whole days: give it a time of day first.");
        return (copy, copy.Title ?? "", zone);
    }
}
