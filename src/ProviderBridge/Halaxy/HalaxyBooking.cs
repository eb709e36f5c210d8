using System.Collections.Concurrent;
using System.Globalization;
using Calendaring.Store;
using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Groups;
using Instant = NodaTime.Instant;

namespace ProviderBridge.Halaxy;

/// <summary>What a personal appointment is to be in Halaxy, from Halaxy's own lists.</summary>
/// <param name="PatientId">The patient.</param>
/// <param name="ServiceId">The type of appointment.</param>
/// <param name="RoleId">The practitioner at a clinic.</param>
public sealed record HalaxyWish(string PatientId, string ServiceId, string RoleId);

/// <summary>Books patient appointments in Halaxy, with their invoice, note and reminders: the only way there is to turn a personal appointment of a connected practice into one (docs/rules.md R4).</summary>
public sealed class HalaxyBooking(ICalendarStore store, IClock clock, HalaxyClients clients)
{
    /// <summary>How many patients are shown at once.</summary>
    public const int MostShown = 20;

    /// <summary>Two pages: each costs one of the practice's requests.</summary>
    private const int MostSeen = 2 * (MostShown + 1);
    private const int MostTimes = 5;
    private static readonly HashSet<string> NotBooked = new(["blocked", "deceased"], StringComparer.OrdinalIgnoreCase);
    private const string NotConnected = "The practice is not connected to Halaxy at the moment. Nothing was booked.";
    private const string IsMeeting = "It is in Halaxy already as a personal appointment: book the patient there, in its place. Nothing was booked.";
    private const string BeingAdded = "It is being added to Halaxy at this moment as a personal appointment: check it again in a few minutes. Nothing was booked.";
    private readonly ConcurrentDictionary<AppointmentKey, bool> _underWay = new();

    /// <summary>Patients of whose names each word that is given begins a part, by id and name: at most <see cref="MostShown"/> and one more, which says that there are more.</summary>
    /// <exception cref="HalaxyException">Halaxy cannot be asked, or the key may not see patients.</exception>
    public async Task<IReadOnlyList<(string Id, string Name)>> FindPatientsAsync(string groupId, string text, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (_, client) = await OpenAsync(groupId, cancelled);
        await clients.TakeSearchAsync(groupId, cancelled);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(clients.Patience);
        try
        {
            return await FindPatientsAsync(client, text, patience.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new HalaxyException(HalaxyFault.TooMany, "Halaxy takes too long to find patients.");
        }
    }

    private static async Task<IReadOnlyList<(string Id, string Name)>> FindPatientsAsync(HalaxyClient client, string text, CancellationToken cancelled)
    {
        List<(string, string)> found = [];
        var seen = 0;
        await foreach (var patient in client.SearchAsync<Patient>($"{SearchOf(text)}&_count={MostShown + 1}", cancelled))
        {
            if (patient.Id is { Length: > 0 } id && IsSeen(patient) && IsNamed(patient, text)) found.Add((id, NameOf(patient)));
            // a search that leaves out of account what it is asked would go through all patients
            if (found.Count > MostShown || ++seen == MostSeen) break;
        }

        return found;
    }

    /// <summary>Why a personal appointment cannot be booked as it is, in a sentence; null when it can.</summary>
    public static string? ObstacleOf(bool repeats, bool hasNoTime) => (repeats, hasNoTime) switch
    {
        (true, _) => "It repeats, and Halaxy only accepts single appointments from other programs. Book the series in Halaxy, and delete this one here.",
        (_, true) => "It lasts whole days: give it a time of day first.",
        _ => null,
    };

    /// <summary>When a practitioner can be booked at a clinic on a day, as Halaxy offers it online; at most a few, and none when it cannot be asked.</summary>
    /// <param name="groupId">The practice group.</param>
    /// <param name="roleId">The practitioner at a clinic.</param>
    /// <param name="day">The day, from its begin to its end.</param>
    /// <param name="length">How long the appointment is.</param>
    /// <param name="suits">Whether a time comes into question here.</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task<IReadOnlyList<Instant>> FindTimesAsync(string groupId, string roleId, Interval day, NodaTime.Duration length, Func<Instant, bool> suits, CancellationToken cancelled = default)
    {
        try
        {
            var (_, client) = await OpenAsync(groupId, cancelled);
            var from = Instant.Max(day.Start, clock.GetCurrentInstant());
            return from >= day.End ? [] : [.. (await client.FindTimesAsync(roleId, from, day.End, (int)length.TotalMinutes, cancelled)).Where(suits).Take(MostTimes)];
        }
        catch (Exception failed) when (failed is HalaxyException or DiaryException)
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
    /// <returns>Halaxy's id of it; null when it cannot be said whether it was booked: the next pass will know, and asked again nothing is booked twice.</returns>
    /// <exception cref="DiaryException">It cannot be booked as it is; a sentence for the person.</exception>
    /// <exception cref="HalaxyException">Halaxy did not book it.</exception>
    /// <exception cref="StoreException">The disk cannot be written: nothing was booked.</exception>
    public async Task<string?> BookAsync(string groupId, AppointmentKey appointment, HalaxyWish wish, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var (connection, client) = await OpenAsync(groupId, cancelled);
        Check(connection, appointment.PractitionerId, wish);
        if (!_underWay.TryAdd(appointment, true)) throw new DiaryException(DiaryFault.Conflict, "It is being booked in Halaxy at this moment: check again in a minute.");
        try
        {
            // a browser that is not there any more ends nothing: Halaxy may be booking it still when it is asked for again
            var id = await BookAsync(client, connection, appointment, wish, await ReadAsync(groupId, appointment));
            // where that cannot be written, it is found by its time and patient still
            if (id is not null) await store.ApplyAsync(StoreBatch.Of(HalaxyIntent.PutId(groupId, id, appointment.Uid, clock.GetCurrentInstant())), CancellationToken.None);
            return id;
        }
        finally
        {
            _underWay.TryRemove(appointment, out _);
        }
    }

    /// <summary>Checks that all was chosen from Halaxy's lists.</summary>
    /// <exception cref="DiaryException">It was not; a sentence for the person.</exception>
    public static void Check(HalaxyConnection connection, string practitionerId, HalaxyWish wish)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(wish);
        if (connection.PractitionerOf(wish.RoleId) != practitionerId) throw new DiaryException(DiaryFault.Invalid, "Choose a clinic of this practitioner.");
        if (!connection.Services.Any(service => service.Id == wish.ServiceId && !service.IsArchived)) throw new DiaryException(DiaryFault.Invalid, "Choose a type of appointment from Halaxy’s list.");
        if (!HalaxyClient.IsId(wish.PatientId)) throw new DiaryException(DiaryFault.Invalid, "Choose a patient from Halaxy’s list.");
    }

    /// <summary>Whether Halaxy got a personal appointment within the last hour, and it has not come from there yet.</summary>
    public async Task<bool> IsBookedAsync(string groupId, string uid, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await HalaxyIntent.IsKnownAsync(snapshot, groupId, uid, clock.GetCurrentInstant() - NodaTime.Duration.FromHours(1));
    }

    private async Task<string?> BookAsync(HalaxyClient client, HalaxyConnection connection, AppointmentKey appointment, HalaxyWish wish, (MirroredCopy Copy, string Title, DateTimeZone Zone) held)
    {
        var (groupId, start) = (connection.GroupId, held.Copy.Start);
        // it may have been booked at another clinic than the one that is chosen now; and the practitioner is at one of them at a time
        List<string> roles = [wish.RoleId, .. connection.Roles.Select(role => role.Id).Where(role => role != wish.RoleId && connection.PractitionerOf(role) == appointment.PractitionerId)];
        if (await FindBookedAsync(client, connection, appointment, roles) is { } booked) return booked;
        foreach (var role in roles)
        {
            if (await HalaxyNew.IsTakenAsync(client, role, start, held.Copy.End, CancellationToken.None)) throw new HalaxyException(HalaxyFault.Conflict, "Halaxy has another appointment at this time.");
        }

        var note = new HalaxyIntent.Note(appointment.Uid, null, start, wish.PatientId);
        var before = (await HalaxyIntent.TakeAsync(store, clock, connection, appointment.PractitionerId, note)).Written() ?? throw new DiaryException(DiaryFault.Conflict, BeingAdded);
        var isAgain = before.Contains(note);
        try
        {
            return (await client.BookAsync(ParametersOf(held.Copy, held.Title, wish, held.Zone, connection.Address), CancellationToken.None)).Id;
        }
        catch (HalaxyException failed) when (failed.Fault == HalaxyFault.Unavailable)
        {
            return await AskBookedAsync(client, note, wish.RoleId);
        }
        catch (HalaxyException) when (isAgain)
        {
            // what takes its time may be the first try, of which no answer came
            if (await AskBookedAsync(client, note, wish.RoleId) is { } earlier) return earlier;
            throw;
        }
        catch (HalaxyException)
        {
            await store.ApplyAsync(StoreBatch.Of(HalaxyIntent.Refused(groupId, appointment.PractitionerId, note)), CancellationToken.None);
            throw;
        }
    }

    /// <summary>As what it was booked before; null when it was not.</summary>
    /// <exception cref="DiaryException">It is there without a patient.</exception>
    private async Task<string?> FindBookedAsync(HalaxyClient client, HalaxyConnection connection, AppointmentKey appointment, IReadOnlyList<string> roles)
    {
        IReadOnlyList<HalaxyIntent.Note> notes;
        using (var snapshot = await store.OpenSnapshotAsync(CancellationToken.None)) notes = await HalaxyIntent.ListAsync(snapshot, connection, appointment.Uid, clock.GetCurrentInstant());
        foreach (var note in notes)
        {
            foreach (var role in note.Id is null ? roles : roles.Take(1))
            {
                if (await HalaxyNew.FindAsync(client, note, role, CancellationToken.None) is not { } made) continue;
                if (made.Patients.Count > 0) return made.Id;
                // added there as it is, and the answer did not come; or somebody else's at the same time
                if (note.Id is not null || await HalaxyNew.IsFreeAsync(store, connection.GroupId, made.Id)) throw new DiaryException(DiaryFault.Conflict, IsMeeting);
            }
        }

        return null;
    }

    /// <summary>After an answer that was lost: what Halaxy has; null when it has nothing, or cannot be asked.</summary>
    private static async Task<string?> AskBookedAsync(HalaxyClient client, HalaxyIntent.Note note, string roleId)
    {
        try
        {
            return (await HalaxyNew.FindAsync(client, note, roleId, CancellationToken.None))?.Id;
        }
        catch (HalaxyException)
        {
            return null;
        }
    }

    // who is blocked or has died is in the list, and is booked for nothing
    private static bool IsSeen(Patient patient) => !patient.Extension.Any(one => one.Url?.EndsWith("/patient-status", StringComparison.Ordinal) == true && NotBooked.Contains(one.Value switch
    {
        Coding coding => coding.Code ?? "",
        CodeableConcept concept => concept.Coding.FirstOrDefault()?.Code ?? concept.Text ?? "",
        var value => value?.ToString() ?? "",
    }));

    private static string[] WordsOf(string text) => text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // each is what a part of a name begins with (FHIR R4 §3.1.1.4.8), and all have to (§3.1.1.4.17); a server that takes only one takes the last
    private static string SearchOf(string text) => string.Join('&', WordsOf(text).OrderBy(word => word.Length).Select(word => $"name={Uri.EscapeDataString(word)}").DefaultIfEmpty("name="));

    // a search may leave out of account what it is asked
    private static bool IsNamed(Patient patient, string text)
    {
        try
        {
            var words = WordsOf(text);
            List<string> parts = [.. patient.Name.OfType<HumanName>().SelectMany(name => HalaxyNames.GivenOf(name).Append(name.Family).Append(name.Text)).OfType<string>().SelectMany(part => part.Split(' ').Append(part))];
            return words.All(word => parts.Any(part => CultureInfo.InvariantCulture.CompareInfo.IsPrefix(part, word, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace)));
        }
        catch (CodedValidationException)
        {
            return false;
        }
    }

    private static string NameOf(Patient patient)
    {
        try
        {
            var name = HalaxyNames.OfficialOf(patient);
            var words = string.Join(' ', (name is null ? [] : HalaxyNames.GivenOf(name)).Append(name?.Family).Where(part => !string.IsNullOrWhiteSpace(part)));
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

    /// <summary>The comments of what was a personal appointment: one with a patient has no title of its own.</summary>
    internal static string? CommentsOf(string title, string? comments)
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
        if (ObstacleOf(copy.Repeats, copy.IsAllDay || copy.End <= copy.Start) is { } obstacle) throw new DiaryException(DiaryFault.Conflict, obstacle);
        return (copy, copy.Title ?? "", zone);
    }
}
