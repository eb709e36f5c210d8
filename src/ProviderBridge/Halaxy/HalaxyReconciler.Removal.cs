using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Appointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Halaxy;

// What is gone, there or here.
internal sealed partial class HalaxyReconciler
{
    /// <summary>Takes what was deleted in Halaxy out of the diaries of those who are matched; false when it is out already, or was in none of these. What somebody changed in it while they were not matched is kept to be looked at.</summary>
    public async Task<bool> RemoveAsync(HalaxyItem gone)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            if (await HalaxyItem.FindAsync(snapshot, gone.GroupId, gone.Id) is not { } item || (item.IsGone && !IsLeftBehind(item))) return new Decision<bool>(null, false);
            var now = clock.GetCurrentInstant();
            List<StoreOperation> steps = [.. permit.Expected];
            List<HalaxyCopy> copies = [];
            foreach (var place in item.Copies)
            {
                if (!connection.HasMatch(place.PractitionerId)) copies.Add(Aside(place, item));
                else if (!await TakeOutAsync(snapshot, item, place, now, steps)) copies.Add(place with { IsAside = false, Left = null });
            }

            steps.AddRange(copies.Count == 0 ? item.Remove() : (item with { IsGone = true, Copies = copies }).Put(item));
            steps.AddRange((await HalaxyTask.ListOfAsync(snapshot, item.GroupId, item.Id)).Select(task => task.Remove()));
            return new Decision<bool>(steps, item.IsMirrored);
        });
        await permit.RequireAsync(changed.Failure);
        return changed.Result;
    }

    /// <summary>Takes a copy out of a diary, unless it was out already; true when it is the practice's own instead.</summary>
    private async Task<bool> TakeOutAsync(IStoreSnapshot snapshot, HalaxyItem item, HalaxyCopy place, Instant now, List<StoreOperation> steps)
    {
        if (!place.IsAside && item.IsGone) return false;
        var copy = await ReadAsync(snapshot, place, now);
        if (copy is not null && HalaxyMadeOwn.Is(place.Left ?? item.Shown, copy))
        {
            steps.AddRange(await HalaxyMadeOwn.KeepAsync(snapshot, now, item, place, copy));
            return true;
        }

        if (copy is not null && place.Left is { } left && HalaxyComparison.MissedOf(item, place, left, copy, now, HalaxyLeft.Deleted) is { } missed) steps.Add(await views.Secrets.Hide(missed).PutAsync(snapshot));
        steps.AddRange(await Mirroring.RemoveAsync(snapshot, now, connection.Actor, place.Appointment));
        return false;
    }

    /// <summary>Takes an appointment out of the diaries of those who were taken for somebody else; false when it is in none any more, or stays as it cannot be read.</summary>
    public async Task<bool> LeaveAsync(string id)
    {
        try
        {
            return await TryLeaveAsync(id);
        }
        catch (Exception poison) when (IsPoison(poison))
        {
            await NoteUnreadableAsync(id);
            return false;
        }
    }

    private async Task<bool> TryLeaveAsync(string id)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            if (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id) is not { IsGone: false } item || item.Copies.Where(IsLeaving).ToList() is not { Count: > 0 } leaving) return new Decision<bool>(null, false);
            var now = clock.GetCurrentInstant();
            List<StoreOperation> steps = [.. permit.Expected];
            var colleague = item.Copies.FirstOrDefault(place => !place.IsAside)?.PractitionerId;
            foreach (var place in leaving)
            {
                if (await ReadAsync(snapshot, place, now) is { } copy && place.Left is { } left && HalaxyComparison.MissedOf(item, place, left, copy, now, HalaxyLeft.ToOthers) is { } missed) steps.Add(await views.Secrets.Hide(missed).PutAsync(snapshot));
                steps.AddRange(await Mirroring.LeaveAsync(snapshot, now, AuditActor.Server, place.Appointment, (place.Left ?? item.Shown).Invoice, colleague));
            }

            List<HalaxyCopy> copies = [.. item.Copies.Except(leaving)];
            steps.AddRange(copies.Count == 0 ? item.Remove() : (item with { Copies = copies }).Put(item));
            steps.AddRange((await HalaxyTask.ListOfAsync(snapshot, item.GroupId, item.Id)).Where(task => copies.All(place => place.PractitionerId != task.PractitionerId)).Select(task => task.Remove()));
            return new Decision<bool>(steps, true);
        });
        await permit.RequireAsync(changed.Failure);
        return changed.Result;
    }

    /// <summary>What is in a diary again after it left there, such as by an undo, is the practice's own, unless Halaxy has it for that practitioner still.</summary>
    public async Task ReleaseLeftAsync(string id, AppointmentKey appointment, CancellationToken cancelled)
    {
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            if (await IsMirroredAsync(snapshot, id, appointment)) return;
        }

        await ReconcileAsync(id, null, cancelled);
        try
        {
            var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
            {
                var now = clock.GetCurrentInstant();
                if (await IsMirroredAsync(snapshot, id, appointment) || (await Mirroring.ReadAsync(snapshot, appointment, now))?.HalaxyId != id) return new Decision<bool>(null, false);
                return new Decision<bool>([.. permit.Expected, .. await Mirroring.ReleaseAsync(snapshot, now, AuditActor.Server, appointment)], true);
            }, cancellationToken: cancelled);
            await permit.RequireAsync(changed.Failure);
        }
        catch (Exception poison) when (IsPoison(poison))
        {
            // it is damaged: its own page says so
        }
    }

    private async ValueTask<bool> IsMirroredAsync(IStoreSnapshot snapshot, string id, AppointmentKey appointment) =>
        await HalaxyItem.FindAsync(snapshot, connection.GroupId, id) is { IsGone: false } item && item.Copies.Any(copy => copy.Appointment == appointment);

    private bool IsLeaving(HalaxyCopy place) => place.IsAside && connection.HasMatch(place.PractitionerId) && connection.WasRematched(place.PractitionerId);

    // of what cannot be read nobody can say what was changed
    private static async ValueTask<MirroredCopy?> ReadAsync(IStoreSnapshot snapshot, HalaxyCopy place, Instant now)
    {
        try
        {
            return await Mirroring.ReadAsync(snapshot, place.Appointment, now);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether somebody was not matched when it was deleted in Halaxy, and is now: it is in their diary still.</summary>
    public bool IsLeftBehind(HalaxyItem item) => item.IsGone && item.Copies.Any(place => place.IsAside && connection.HasMatch(place.PractitionerId));

    // what was taken out of a diary before may be the practice's own by now
    private static HalaxyCopy Aside(HalaxyCopy place, HalaxyItem item) => place.IsAside || item.IsGone ? place : place with { IsAside = true, Left = item.Shown };

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

    /// <summary>Whether a personal appointment may be deleted in Halaxy: it can be, and nobody has it who has not deleted it, there or here.</summary>
    private bool MayDelete(HalaxyComparison taken) =>
        connection.CanDelete && taken is { Item: { Shown.PatientIds.Count: 0 } item, HasOthers: false } && taken.Outgoing.Count == item.Copies.Count && taken.Outgoing.All(one => one.IsDeletion);

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

    private async Task NoteGoneAsync(string id)
    {
        HalaxyItem? item;
        IReadOnlyList<HalaxyTask> left;
        using (var snapshot = await store.OpenSnapshotAsync()) (item, left) = (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id), await HalaxyTask.ListOfAsync(snapshot, connection.GroupId, id));
        if (item is { IsGone: false }) Removals.Add(item);
        // nobody has anything to do with what is gone on both sides
        else if (left.Count > 0) await permit.ApplyAsync([.. left.Select(task => task.Remove())]);
    }
}
