using System.Diagnostics;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;
using Appointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Halaxy;

/// <summary>Brings one appointment of Halaxy to agreement with the diaries in which it is.</summary>
internal sealed partial class HalaxyReconciler(ICalendarStore store, IClock clock, HalaxyClient client, HalaxyConnection connection, HalaxyPermit permit, DateTimeZone zone, HalaxyViews views)
{
    /// <summary>How often Halaxy is told something of one appointment in one pass.</summary>
    private const int MostTold = 3;

    /// <summary>For how many practitioners who take part it is looked whether Halaxy is to be told something.</summary>
    private const int MostTakePart = 50;

    /// <summary>How long what was read of Halaxy may be told something.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>At how many appointments Halaxy may fail in one pass before it is taken for one that does not answer.</summary>
    private const int MostFailing = 20;
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Appointments of which Halaxy refused several parts at once: it is told them one by one, and takes what it takes.</summary>
    private readonly HashSet<string> _partByPart = new(StringComparer.Ordinal);
    private HashSet<string>? _paused;
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);

    /// <summary>Whether Halaxy failed at an appointment at which it did not before: it is tried again soon.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>Whether an appointment that was listed and is not known here could not be taken in: the list is asked for again.</summary>
    public bool HasMissed { get; private set; }

    /// <summary>What was done.</summary>
    public PassCounts Counts { get; } = new();

    /// <summary>How many more appointments are mirrored than when it began; fewer, when it is negative. What was deleted in Halaxy is not among them.</summary>
    public int Added { get; private set; }

    /// <summary>How many of Halaxy's could not be read, and are in no diary.</summary>
    public int Unreadable => _unreadable.Count;

    /// <summary>What was deleted in Halaxy, and is in diaries still.</summary>
    public List<HalaxyItem> Removals { get; } = [];

    /// <summary>What is in the diaries of people who were taken for somebody else, by Halaxy's ids.</summary>
    public HashSet<string> Leaving { get; } = new(StringComparer.Ordinal);

    /// <summary>Brings an appointment to agreement.</summary>
    /// <param name="id">What Halaxy calls it.</param>
    /// <param name="found">What Halaxy has, when it was just read; null to ask.</param>
    /// <param name="cancelled">Stops it.</param>
    /// <param name="wasListed">Whether a list had it just before: where it cannot be read by itself, that counts.</param>
    public async Task ReconcileAsync(string id, Appointment? found, CancellationToken cancelled, bool wasListed = false)
    {
        if (await IsPausedAsync(id, cancelled)) return;
        try
        {
            await TryAsync(id, found, cancelled);
        }
        catch (Exception poison) when (IsPoison(poison))
        {
            // one that cannot be mirrored stops no other
            if (!wasListed) await NoteUnreadableAsync(id, isListed: found is not null);
        }
        catch (HalaxyException failed) when (failed.Fault == HalaxyFault.Unavailable && _failing.Count < MostFailing)
        {
            _failing.Add(id);
            // nor does one at which Halaxy fails, as long as it answers otherwise
            if (await HalaxyScopes.RefusalOfAsync(client, cancelled) is not null) throw;
            // what is not known here yet is in the list of what changed, without being asked for by itself; and in the next one, when it was from there
            if (!await NoteFailingAsync(id)) HasMissed |= found is not null;
        }
    }

    /// <summary>Whether a diary has anything of it otherwise than Halaxy had, or it is tried again: without asking Halaxy, for what was written here by a pass comes back as a change.</summary>
    public async Task<bool> HasNewsAsync(string id, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        if (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id) is not { IsGone: false } item) return false;
        foreach (var place in item.Copies.Where(place => connection.HasMatch(place.PractitionerId)))
        {
            try
            {
                if (place.IsAside || await Mirroring.ReadAsync(snapshot, place.Appointment, clock.GetCurrentInstant()) is not { } copy || item.Told is not null || (item.Shown.DifferencesTo(copy) | item.Shown.HalaxysIn(copy)) != MirroredFields.None || copy.Repeats) return true;
            }
            catch (Exception poison) when (IsPoison(poison))
            {
                return true;
            }
        }

        return (await HalaxyTask.ListOfAsync(snapshot, connection.GroupId, id)).Count > 0;
    }

    /// <summary>Shows the patients of an appointment as they are to be shown now.</summary>
    public async Task RenameAsync(HalaxyItem item, CancellationToken cancelled)
    {
        var view = await views.OfAsync(item, cancelled);
        try
        {
            var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
            {
                var now = clock.GetCurrentInstant();
                if (await HalaxyItem.FindAsync(snapshot, item.GroupId, item.Id) is not { } current || current.Version != item.Version) return new Decision<bool>(null, false);
                List<StoreOperation> steps = [];
                // whoever is not matched keeps their diary as it is; and a name that could not be asked for is no reason to take away the one that is there
                foreach (var place in current.Copies.Where(place => connection.HasMatch(place.PractitionerId) && !views.Lacks(place.PractitionerId, item.Shown.PatientIds)))
                {
                    var patients = view.PatientsFor(place.PractitionerId, item.Shown.PatientIds);
                    // what was deleted in Halaxy and is put back here is the practice's own
                    if (await Mirroring.ReadAsync(snapshot, place.Appointment, now) is { } copy && (!current.IsGone || copy.IsCancelled) && copy.IsOfOtherNames(patients) && views.ShowsNames(place.PractitionerId, copy))
                        steps.AddRange(await Mirroring.RenameAsync(snapshot, now, place.Appointment, patients));
                }

                return new Decision<bool>(steps.Count > 0 ? [.. permit.Expected, current.Expect(), .. steps] : null, true);
            }, cancellationToken: cancelled);
            await permit.RequireAsync(changed.Failure);
        }
        catch (Exception poison) when (IsPoison(poison))
        {
            await NoteUnreadableAsync(item.Id);
        }
    }

    /// <summary>Whether a failure is of one appointment, and holds up no other.</summary>
    public static bool IsPoison(Exception failure) =>
        failure is FormatException or ArgumentException or ArithmeticException or InvalidOperationException or KeyNotFoundException or CorruptObjectException or DiaryException or HalaxyException { Fault: HalaxyFault.Unreadable };

    private async Task TryAsync(string id, Appointment? found, CancellationToken cancelled)
    {
        // a patch has no version: Halaxy is told something only when it was read at that moment, and not when other things had to be asked for since
        var (isFresh, read) = (false, 0L);
        var (told, restored, reread, noted) = (0, 0, 0, 0);
        while (true)
        {
            if (found is null) (found, isFresh, read) = (await FindAsync(id, cancelled), true, Stopwatch.GetTimestamp());
            if (found is null)
            {
                await NoteGoneAsync(id);
                return;
            }

            if (await LostRolesAsync(found) is { Count: > 0 } roles)
            {
                if (restored++ == MostTold) throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy does not keep the practitioner of an appointment.");
                // a list may be of some time ago
                found = isFresh ? await RestoreAsync(found, roles, cancelled) : null;
                continue;
            }

            var taken = await TakeInAsync(found, cancelled);
            if (await NextAsync(id, taken) is not { } next) return;
            var item = taken.Item!;
            if (next.IsDeletion ? !MayDelete(taken) : told == (_partByPart.Contains(id) ? MostTold + 1 : MostTold))
            {
                await NoteAsync(next.ToTask(item, next.IsDeletion ? HalaxyTaskReason.CannotDelete : HalaxyTaskReason.NotTaken, clock.GetCurrentInstant()));
                // a colleague may have changed it too
                if (taken.Outgoing.Count == 1 || noted++ == MostTakePart) return;
                told = 0;
                continue;
            }

            if (!isFresh || (Stopwatch.GetElapsedTime(read) > Fresh && reread++ < MostTold))
            {
                found = null;
                continue;
            }

            if (next.IsDeletion)
            {
                await DeleteAsync(item, next, cancelled);
                return;
            }

            told++;
            (var goesOn, found) = await TellAsync(item, next, found, cancelled);
            if (goesOn) continue;
            if (taken.Outgoing.Count == 1 || noted++ == MostTakePart) return;
            (found, told) = (null, 0);
        }
    }

    /// <summary>What Halaxy has of an appointment. That it may not be seen, where others may, is of that one alone.</summary>
    private async Task<Appointment?> FindAsync(string id, CancellationToken cancelled)
    {
        try
        {
            return await client.FindAsync<Appointment>(id, cancelled);
        }
        catch (HalaxyException refused) when (refused.Fault == HalaxyFault.MissingScope)
        {
            await foreach (var _ in client.SearchAsync<Appointment>("_count=1", cancelled)) break;
            throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy has an appointment that the key may not see.", refused);
        }
    }

    /// <summary>Writes what Halaxy changed into the diaries.</summary>
    private async Task<HalaxyComparison> TakeInAsync(Appointment found, CancellationToken cancelled)
    {
        var read = HalaxyAppointment.Of(found);
        // without a patient it would be a meeting, and nobody can say that of one in which nobody takes part
        if (read is { RoleIds.Count: 0, Patients.Count: 0 }) throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy has an appointment and does not say who takes part.");
        var view = await views.OfAsync(read, cancelled);
        var (there, practitioners) = (view.Of(read), view.PractitionersOf(read));
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            var item = await HalaxyItem.FindAsync(snapshot, connection.GroupId, read.Id);
            var comparison = new HalaxyComparison(snapshot, clock.GetCurrentInstant(), connection, item, there)
            {
                HasOthers = view.HasOthers(read),
                FormerPersonOf = one => view.FormerPersonOf(read, one),
                For = one => view.For(one, there),
                ShowsNames = views.ShowsNames,
                Secrets = views.Secrets,
                LacksNames = one => views.Lacks(one, read.Patients.Select(patient => patient.PatientId)),
            };
            await comparison.RunAsync(practitioners, stays: one => !view.KnowsWhose(read) || view.IsOfArchived(read, one), connection.HasMatch);
            return new Decision<HalaxyComparison>(comparison.Steps.Count > 0 ? [.. permit.Expected, .. comparison.Steps] : null, comparison);
        }, cancellationToken: cancelled);
        await permit.RequireAsync(changed.Failure);
        Added += changed.Result.Added;
        if (changed.Result.IsLeaving) Leaving.Add(read.Id);
        if (changed.Result.IsTaken) Counts.In++;
        if (changed.Result.IsBooked) Counts.Out++;
        Counts.Conflicts += changed.Result.Overruled;
        return changed.Result;
    }

    private async Task<MirroredAppointment> ViewedAsync(Appointment appointment, CancellationToken cancelled)
    {
        var read = HalaxyAppointment.Of(appointment);
        return (await views.OfAsync(read, cancelled)).Of(read);
    }
}
