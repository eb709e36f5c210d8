using System.Diagnostics;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Sync;
using Appointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Halaxy;

/// <summary>Brings one appointment of Halaxy to agreement with the diaries in which it is.</summary>
internal sealed class HalaxyReconciler(ICalendarStore store, IClock clock, HalaxyClient client, HalaxyConnection connection, HalaxyPermit permit, DateTimeZone zone, HalaxyViews views)
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

    private HashSet<string>? _paused;
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);

    /// <summary>Whether Halaxy failed at an appointment at which it did not before: it is tried again soon.</summary>
    public bool IsUnsettled { get; private set; }

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

    /// <summary>Brings an appointment to agreement.</summary>
    /// <param name="id">What Halaxy calls it.</param>
    /// <param name="found">What Halaxy has, when it was just read; null to ask.</param>
    /// <param name="cancelled">Stops it.</param>
    public async Task ReconcileAsync(string id, Appointment? found, CancellationToken cancelled)
    {
        if (await IsPausedAsync(id, cancelled)) return;
        try
        {
            await TryAsync(id, found, cancelled);
        }
        catch (Exception poison) when (IsPoison(poison))
        {
            // one that cannot be mirrored stops no other
            await NoteUnreadableAsync(id);
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
                if (place.IsAside || await Mirroring.ReadAsync(snapshot, place.Appointment, clock.GetCurrentInstant()) is not { } copy || item.Told is not null || item.Shown.DifferencesTo(copy) != MirroredFields.None || copy.Repeats) return true;
            }
            catch (Exception poison) when (IsPoison(poison))
            {
                return true;
            }
        }

        return (await HalaxyTask.ListOfAsync(snapshot, connection.GroupId, id)).Count > 0;
    }

    /// <summary>Takes what was deleted in Halaxy out of the diaries of those who are matched; false when it is out already, or was in none of these. What somebody changed in it while they were not matched is kept to be looked at.</summary>
    public async Task<bool> RemoveAsync(HalaxyItem gone)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            if (await HalaxyItem.FindAsync(snapshot, gone.GroupId, gone.Id) is not { } item || (item.IsGone && !IsLeftBehind(item))) return new Decision<bool>(null, false);
            var now = clock.GetCurrentInstant();
            List<StoreOperation> steps = [.. permit.Expected];
            foreach (var place in item.Copies.Where(place => connection.HasMatch(place.PractitionerId) && (place.IsAside || !item.IsGone)))
            {
                if (place.Left is { } left && await Mirroring.ReadAsync(snapshot, place.Appointment, now) is { } copy && (left.DifferencesTo(copy) & HalaxyComparison.Told) is not MirroredFields.None and var lost)
                    steps.Add(HalaxyComparison.OverruledOf(item, place, copy, lost, now).Put());
                steps.AddRange(await Mirroring.RemoveAsync(snapshot, now, connection.Actor, place.Appointment));
            }

            steps.AddRange((item with { IsGone = true, Copies = [.. item.Copies.Select(place => connection.HasMatch(place.PractitionerId) ? place with { IsAside = false, Left = null } : Aside(place, item))] }).Put(item));
            steps.AddRange((await HalaxyTask.ListOfAsync(snapshot, item.GroupId, item.Id)).Select(task => task.Remove()));
            return new Decision<bool>(steps, item.IsMirrored);
        });
        await permit.RequireAsync(changed.Failure);
        return changed.Result;
    }

    /// <summary>Whether somebody was not matched when it was deleted in Halaxy, and is now: it is in their diary still.</summary>
    public bool IsLeftBehind(HalaxyItem item) => item.IsGone && item.Copies.Any(place => place.IsAside && connection.HasMatch(place.PractitionerId));

    private static HalaxyCopy Aside(HalaxyCopy place, HalaxyItem item) => place.IsAside ? place : place with { IsAside = true, Left = item.Shown };

    /// <summary>Forgets an appointment that is in nobody's diary any more.</summary>
    public async Task ForgetAsync(HalaxyItem item)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            if (await HalaxyItem.FindAsync(snapshot, item.GroupId, item.Id) is not { } current) return new Decision<bool>(null, false);
            List<StoreOperation> steps = [.. permit.Expected];
            // what was kept for a practitioner went with them
            foreach (var step in current.Remove())
            {
                if (step is not DeleteRecord name || await snapshot.FindRecordAsync(name.Kind, name.Owner, name.Id) is not null) steps.Add(step);
            }

            steps.AddRange((await HalaxyTask.ListOfAsync(snapshot, item.GroupId, item.Id)).Select(task => task.Remove()));
            return new Decision<bool>(steps, true);
        });
        await permit.RequireAsync(changed.Failure);
    }

    /// <summary>Shows the patients of an appointment as they are to be shown now.</summary>
    public async Task RenameAsync(HalaxyItem item, CancellationToken cancelled)
    {
        var renamed = await views.RenamedAsync(item, cancelled);
        try
        {
            var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
            {
                var now = clock.GetCurrentInstant();
                if (await HalaxyItem.FindAsync(snapshot, item.GroupId, item.Id) is not { } current || current.Version != item.Version) return new Decision<bool>(null, false);
                List<StoreOperation> steps = [];
                foreach (var place in current.Copies)
                {
                    // what was deleted in Halaxy and is put back here is the practice's own
                    if (await Mirroring.ReadAsync(snapshot, place.Appointment, now) is { } copy && (!current.IsGone || copy.IsCancelled) && copy.IsOfOtherNames(renamed) && views.ShowsNames(place.PractitionerId, copy))
                        steps.AddRange(await Mirroring.RenameAsync(snapshot, now, place.Appointment, renamed.Patients));
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
            if (next.IsDeletion ? !MayDelete(taken) : told == MostTold)
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
            var comparison = new HalaxyComparison(snapshot, clock.GetCurrentInstant(), connection, item, there) { HasStrangers = view.HasStrangers(read), ShowsNames = views.ShowsNames, LacksNames = views.LacksNames };
            await comparison.RunAsync(practitioners, stays: !view.KnowsWhose(read), connection.HasMatch);
            return new Decision<HalaxyComparison>(comparison.Steps.Count > 0 ? [.. permit.Expected, .. comparison.Steps] : null, comparison);
        }, cancellationToken: cancelled);
        await permit.RequireAsync(changed.Failure);
        Added += changed.Result.Added;
        if (changed.Result.IsTaken) Counts.In++;
        if (changed.Result.IsBooked) Counts.Out++;
        Counts.Conflicts += changed.Result.Overruled;
        return changed.Result;
    }

    /// <summary>What Halaxy is to be told first; null when there is nothing, or all was told and not taken lately. What is left of tasks that are done goes.</summary>
    private async Task<HalaxyOutgoing?> NextAsync(string id, HalaxyComparison taken)
    {
        IReadOnlyList<HalaxyTask> tasks;
        using (var snapshot = await store.OpenSnapshotAsync()) tasks = await HalaxyTask.ListOfAsync(snapshot, connection.GroupId, id);
        var now = clock.GetCurrentInstant();
        HalaxyTask? Of(HalaxyOutgoing one) => tasks.FirstOrDefault(task => task.PractitionerId == one.Place.PractitionerId);
        foreach (var one in taken.Outgoing)
        {
            if (Of(one) is not { } task || task.IsDue(now) || !one.ToTask(taken.Item!, one.IsDeletion ? HalaxyTaskReason.CannotDelete : task.Reason, now).IsSameAs(task)) return one;
        }

        var left = taken.Outgoing.Select(one => one.Place.PractitionerId).ToHashSet(StringComparer.Ordinal);
        if (taken.Repeating is { } repeating && left.Add(repeating.Place.PractitionerId))
        {
            var repeats = repeating.ToTask(taken.Item!, HalaxyTaskReason.Repeats, now);
            if (Of(repeating) is not { } known || !repeats.IsSameAs(known) || known.IsDue(now))
            {
                await NoteAsync(repeats);
                tasks = [.. tasks.Where(task => task.PractitionerId != repeats.PractitionerId)];
            }
        }

        await TidyAsync([.. tasks.Where(task => !left.Contains(task.PractitionerId))], [.. tasks.Where(task => left.Contains(task.PractitionerId))], taken.Item);
        return null;
    }

    /// <summary>Forgets tasks that are done; those that are left name the time that the appointment has in Halaxy now, at which a person looks for it.</summary>
    private async Task TidyAsync(IReadOnlyList<HalaxyTask> done, IReadOnlyList<HalaxyTask> left, HalaxyItem? item)
    {
        List<StoreOperation> steps = [.. done.Select(task => task.Remove())];
        if (item is not null) steps.AddRange(left.Where(task => task.Start != item.Shown.Start).Select(task => (task with { Start = item.Shown.Start }).Put()));
        if (steps.Count > 0) await permit.ApplyAsync([.. steps]);
    }

    /// <summary>Tells Halaxy what the diary changed, and reads afterwards what it made of that: it says yes to what it does not do.</summary>
    /// <returns>Whether there may be more to be done, and what Halaxy has then; null when it is to be read.</returns>
    private async Task<(bool GoesOn, Appointment? Found)> TellAsync(HalaxyItem item, HalaxyOutgoing next, Appointment there, CancellationToken cancelled)
    {
        await permit.CheckAsync();
        try
        {
            item = await NoteToldAsync(item, next, HalaxyAppointment.Of(there));
            if (!await client.PatchAsync(item.Id, HalaxyPatch.Of(there, item, next.Copy!, next.Fields, zone, connection.Address), cancelled)) return (true, null);
            if (await client.FindAsync<Appointment>(item.Id, cancelled) is not { } after) return (true, null);
            if (await LostRolesAsync(after) is { Count: > 0 })
            {
                if (await RestoreAsync(HalaxyPatch.Changed(there, item, next.Copy!, connection.Address), [], cancelled) is not { } restored) return (true, null);
                after = restored;
            }

            var seen = await ViewedAsync(after, cancelled);
            var left = next.Fields & next.Copy!.DifferencesTo(seen);
            if (left != next.Fields) Counts.Out++;
            if (left == MirroredFields.None) return (true, after);
            await TakeInAsync(after, cancelled);
            await NoteAsync((next with { Fields = left }).ToTask(item, HalaxyTaskReason.NotTaken, clock.GetCurrentInstant()) with { Start = seen.Start });
            return (false, null);
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.Conflict or HalaxyFault.Rejected)
        {
            await PutBackAsync(item, next, await ViewedAsync(there, cancelled), refused.Fault == HalaxyFault.Conflict);
            return (false, null);
        }
        catch (HalaxyException refused) when (refused.Fault == HalaxyFault.MissingScope)
        {
            await NoteAsync(next.ToTask(item, HalaxyTaskReason.MayNotWrite, clock.GetCurrentInstant()));
            return (false, null);
        }
    }

    /// <summary>
    /// Notes what Halaxy is told before it is: wherever the pass is cut short, that is known again. Of the patients alone, who else takes part is noted too, and nobody is lost should Halaxy replace the array.
    /// </summary>
    private async Task<HalaxyItem> NoteToldAsync(HalaxyItem item, HalaxyOutgoing next, HalaxyAppointment there)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            if (await HalaxyItem.FindAsync(snapshot, item.GroupId, item.Id) is not { } before) return new Decision<HalaxyItem>(null, item);
            var noted = before with { Told = new HalaxyTold(next.Place.PractitionerId, before.Shown.With(next.Copy!, next.Fields)), Roles = next.Fields.HasFlag(MirroredFields.Status) ? there.RoleIds : before.Roles };
            return new Decision<HalaxyItem>([.. permit.Expected, .. noted.Put(before)], noted);
        });
        await permit.RequireAsync(changed.Failure);
        return changed.Result;
    }

    /// <summary>The practitioners whom an appointment has lost by what Halaxy was told; none when it has one.</summary>
    private async Task<IReadOnlyList<string>> LostRolesAsync(Appointment found)
    {
        if (HalaxyAppointment.IdsOf(found, "PractitionerRole").Any() || found.Id is not { Length: > 0 } id) return [];
        using var snapshot = await store.OpenSnapshotAsync();
        return (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id))?.Roles ?? [];
    }

    /// <summary>Gives an appointment its practitioners back, and reads it again.</summary>
    private async Task<Appointment?> RestoreAsync(Appointment found, IReadOnlyList<string> roles, CancellationToken cancelled)
    {
        try
        {
            if (!await client.PatchAsync(found.Id!, HalaxyPatch.Whole(found, roles, connection.Address), cancelled) || await FindAsync(found.Id!, cancelled) is not { } after) return null;
            return HalaxyAppointment.IdsOf(after, "PractitionerRole").Any() ? after : throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy has taken the practitioner out of an appointment.");
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.Conflict or HalaxyFault.Rejected or HalaxyFault.MissingScope)
        {
            // a person looks at it, and it is tried again as long as it is so
            throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy does not take the practitioner of an appointment back.", refused);
        }
    }

    /// <summary>Whether a personal appointment may be deleted in Halaxy: it can be, and nobody has it who has not deleted it, there or here.</summary>
    private bool MayDelete(HalaxyComparison taken) =>
        connection.CanDelete && taken is { Item: { Shown.PatientIds.Count: 0 } item, HasStrangers: false } && taken.Outgoing.Count == item.Copies.Count && taken.Outgoing.All(one => one.IsDeletion);

    private async Task DeleteAsync(HalaxyItem item, HalaxyOutgoing next, CancellationToken cancelled)
    {
        await permit.CheckAsync();
        try
        {
            await client.DeleteAsync(item.Id, cancelled);
            if (await client.FindAsync<Appointment>(item.Id, cancelled) is null)
            {
                if (await RemoveAsync(item)) Added--;
                Counts.Out++;
                return;
            }
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.Conflict or HalaxyFault.Rejected or HalaxyFault.MissingScope)
        {
            // a person does it
        }

        await NoteAsync(next.ToTask(item, HalaxyTaskReason.CannotDelete, clock.GetCurrentInstant()));
    }

    private async Task<MirroredAppointment> ViewedAsync(Appointment appointment, CancellationToken cancelled)
    {
        var read = HalaxyAppointment.Of(appointment);
        return (await views.OfAsync(read, cancelled)).Of(read);
    }

    /// <summary>What Halaxy refuses does not stay in the diary as if it were so: two people would be expected at one time, and nobody at another.</summary>
    private async Task PutBackAsync(HalaxyItem item, HalaxyOutgoing next, MirroredAppointment there, bool isDoubleBooking)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            var now = clock.GetCurrentInstant();
            if (await Mirroring.ReadAsync(snapshot, next.Place.Appointment, now) is not { } copy) return new Decision<bool>(null, false);
            var steps = await Mirroring.WriteAsync(snapshot, now, connection.Actor, next.Place.Appointment, there, next.Fields, AuditAction.SetBack);
            var overruled = HalaxyComparison.OverruledOf(item, next.Place, copy, next.Fields, now) with { IsRefused = true, IsDoubleBooking = isDoubleBooking };
            return new Decision<bool>([.. permit.Expected, .. steps, overruled.Put()], true);
        });
        await permit.RequireAsync(changed.Failure);
        if (changed.Result) Counts.Conflicts++;
    }

    private async Task NoteGoneAsync(string id)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        if (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id) is { IsGone: false } item) Removals.Add(item);
    }

    private async Task NoteUnreadableAsync(string id)
    {
        HalaxyItem? item;
        using (var snapshot = await store.OpenSnapshotAsync()) item = await HalaxyItem.FindAsync(snapshot, connection.GroupId, id);
        if (item is { Copies: [var place, ..] }) await NoteAsync(new HalaxyOutgoing(place, null, MirroredFields.None).ToTask(item, HalaxyTaskReason.Unreadable, clock.GetCurrentInstant()));
        else _unreadable.Add(id);
    }

    /// <summary>Notes that Halaxy fails at an appointment; false when that is not known here.</summary>
    private async Task<bool> NoteFailingAsync(string id)
    {
        HalaxyItem? item;
        IReadOnlyList<HalaxyTask> before;
        using (var snapshot = await store.OpenSnapshotAsync()) (item, before) = (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id), await HalaxyTask.ListOfAsync(snapshot, connection.GroupId, id));
        if (item is not { Copies: [var place, ..] }) return false;
        _paused!.Add(id);
        IsUnsettled |= before.All(task => task.Reason != HalaxyTaskReason.Failing);
        await NoteAsync(new HalaxyOutgoing(place, null, MirroredFields.None).ToTask(item, HalaxyTaskReason.Failing, clock.GetCurrentInstant()));
        return true;
    }

    /// <summary>Whether Halaxy failed at an appointment a short while ago, and is left alone with it for now.</summary>
    private async Task<bool> IsPausedAsync(string id, CancellationToken cancelled)
    {
        if (_paused is null)
        {
            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            _paused = [.. (await HalaxyTask.ListAsync(snapshot, connection.GroupId)).Where(task => task.Reason == HalaxyTaskReason.Failing && !task.IsDue(clock.GetCurrentInstant())).Select(task => task.Id)];
        }

        return _paused.Contains(id);
    }

    private async Task NoteAsync(HalaxyTask task)
    {
        HalaxyTask? before;
        using (var snapshot = await store.OpenSnapshotAsync()) before = await task.FindBeforeAsync(snapshot);
        await permit.ApplyAsync((task with { Since = task.IsSameAs(before) ? before!.Since : task.Since }).Put());
    }
}
