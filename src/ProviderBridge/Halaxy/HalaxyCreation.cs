using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Halaxy;

/// <summary>
/// Adds the personal appointments of the diaries to Halaxy, where its API says that it takes them. It is noted before Halaxy is asked, since an answer may be lost: what was made then is looked for, and nothing is made twice.
/// What Halaxy refuses stays in the diary, and is a person's task.
/// </summary>
internal sealed class HalaxyCreation(ICalendarStore store, IClock clock, HalaxyClient client, HalaxyConnection connection, HalaxyPermit permit, DateTimeZone zone, HalaxyReconciler reconciler)
{
    /// <summary>Whether Halaxy takes none after all: what its API says of itself may mean bookings with a patient.</summary>
    public bool IsUnsupported { get; private set; }

    /// <summary>Whether Halaxy ever took one: what it refuses then is refused for what it is.</summary>
    public bool HasCreated { get; private set; } = connection.HasCreated;

    private bool CanCreate => connection.CanCreate && !IsUnsupported;

    /// <summary>Adds what may be missing.</summary>
    /// <param name="changed">What was changed in the diaries and Halaxy does not have.</param>
    /// <param name="compares">Whether all that the diaries have in the coming year is looked at.</param>
    /// <param name="cancelled">Stops it.</param>
    public async Task RunAsync(IEnumerable<AppointmentKey> changed, bool compares, CancellationToken cancelled)
    {
        var left = await LeftAsync(cancelled);
        HashSet<AppointmentKey> all = [.. left.Select(task => task.Appointment)];
        if (connection.CanCreate)
        {
            all.UnionWith(changed);
            foreach (var practitioner in compares ? connection.Matches.Select(match => match.PractitionerId).Distinct() : [])
                all.UnionWith(await HalaxyOnlyHere.ListSingleAsync(store, practitioner, clock.GetCurrentInstant(), cancelled));
        }

        foreach (var appointment in all) await AddAsync(appointment, left.FirstOrDefault(task => task.Appointment == appointment), cancelled);
    }

    private async Task<IReadOnlyList<HalaxyTask>> LeftAsync(CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return [.. (await HalaxyTask.ListAsync(snapshot, connection.GroupId)).Where(task => task.IsOnlyHere)];
    }

    private async Task AddAsync(AppointmentKey appointment, HalaxyTask? left, CancellationToken cancelled)
    {
        MirroredCopy? copy;
        try
        {
            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            copy = await Mirroring.ReadAsync(snapshot, appointment, clock.GetCurrentInstant());
        }
        catch (Exception poison) when (HalaxyReconciler.IsPoison(poison))
        {
            // it is damaged: its own page says so
            copy = null;
        }

        var now = clock.GetCurrentInstant();
        if (!CanCreate || copy is not { HalaxyId: null, IsPatient: false, IsCancelled: false, Repeats: false, IsAllDay: false, IsFree: false } || copy.End <= now || RoleOf(appointment.PractitionerId) is not { } role)
        {
            if (left is not null) await permit.ApplyAsync(left.Remove());
            return;
        }

        var task = HalaxyTask.OfOnlyHere(connection.GroupId, appointment, copy.Start, now);
        if (left is not null && left.Start == task.Start && !left.IsDue(now)) return;
        await permit.CheckAsync();
        try
        {
            // what is being booked comes from Halaxy with its patient; if it is not booked after all, the next comparison adds it
            if (await MakeAsync(appointment, copy, role, cancelled) is not var (id, isNew)) return;
            await reconciler.ReconcileAsync(id, null, cancelled);
            HasCreated = true;
            if (isNew) reconciler.Counts.Out++;
            if (left is not null) await permit.ApplyAsync(left.Remove());
        }
        catch (HalaxyException refused) when (refused.IsUnsupported || ((refused.Fault == HalaxyFault.Rejected || refused.IsNotFound) && !HasCreated))
        {
            IsUnsupported = true;
            if (left is not null) await permit.ApplyAsync(left.Remove());
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.Conflict or HalaxyFault.Rejected or HalaxyFault.MissingScope)
        {
            var reason = refused.Fault switch { HalaxyFault.Conflict => HalaxyTaskReason.TimeTaken, HalaxyFault.MissingScope => HalaxyTaskReason.MayNotAdd, _ => HalaxyTaskReason.NotAdded };
            await permit.ApplyAsync((task with { Reason = reason, Since = left?.Since ?? now }).Put());
        }
        catch (HalaxyException failed) when (failed.Fault is HalaxyFault.Unavailable or HalaxyFault.Unreadable)
        {
            // one at which Halaxy fails stops no other, as long as it answers otherwise: tried again by the next pass, and every hour from then on
            if (await HalaxyScopes.RefusalOfAsync(client, cancelled) is not null) throw;
            await permit.ApplyAsync((task with { Since = left?.Since ?? now, Tried = left is null ? now - Duration.FromDays(1) : now }).Put());
            reconciler.IsUnsettled |= left is null;
        }
    }

    private async Task<(string Id, bool IsNew)?> MakeAsync(AppointmentKey appointment, MirroredCopy copy, string role, CancellationToken cancelled)
    {
        var comments = copy.KeepsComments ? null : copy.Comments;
        var tried = HalaxyIntent.Note.OfPersonal(appointment.Uid, copy, comments);
        var notes = await HalaxyIntent.TakeAsync(store, clock, connection, appointment.PractitionerId, tried);
        await permit.RequireAsync(notes.Failure);
        if (notes.Result is not { } before) return null;
        foreach (var note in before)
        {
            if (await FindAsync(note, role, cancelled) is { } made) return (made, false);
        }

        var sent = HalaxyNew.Of(copy, comments, role, zone, connection.Address);
        sent.Status = Hl7.Fhir.Model.Appointment.AppointmentStatus.Booked;
        try
        {
            var id = (await client.CreateAsync(sent, cancelled)).Id ?? throw new HalaxyException(HalaxyFault.Unavailable, "Halaxy made an appointment, and did not say which.");
            await permit.ApplyAsync(HalaxyIntent.PutId(connection.GroupId, id, appointment.Uid, clock.GetCurrentInstant()));
            return (id, true);
        }
        catch (HalaxyException refused) when (refused.IsUnsupported || refused.Fault is HalaxyFault.Conflict or HalaxyFault.Rejected or HalaxyFault.MissingScope)
        {
            if (!before.Contains(tried)) await permit.ApplyAsync(HalaxyIntent.Refused(connection.GroupId, appointment.PractitionerId, tried));
            // what takes its time may be the first try, of which no answer came
            else if (await FindAsync(tried, role, cancelled) is { } made) return (made, false);
            throw;
        }
    }

    private async Task<string?> FindAsync(HalaxyIntent.Note note, string role, CancellationToken cancelled) =>
        await HalaxyNew.FindAsync(client, note, role, cancelled) is { } made && await HalaxyNew.IsFreeAsync(store, connection.GroupId, made.Id) ? made.Id : null;

    // of several clinics it is the same one each time: the time is the practitioner's at all of them
    private string? RoleOf(string practitionerId) =>
        connection.Roles.Where(role => !role.IsArchived && connection.PractitionerOf(role.Id) == practitionerId).Select(role => role.Id).Order(StringComparer.Ordinal).FirstOrDefault();
}
