using Calendaring.Store;
using Practice.Diaries;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Halaxy;

// What is left to people, and what Halaxy failed at.
internal sealed partial class HalaxyReconciler
{
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

    private async Task NoteUnreadableAsync(string id, bool isListed = false)
    {
        HalaxyItem? item;
        using (var snapshot = await store.OpenSnapshotAsync()) item = await HalaxyItem.FindAsync(snapshot, connection.GroupId, id);
        // of what is out of the diaries nothing is to be done, unless Halaxy has it again
        if (item is { IsGone: true } && !isListed) return;
        if (item is { IsGone: false, Copies: [var place, ..] }) await NoteAsync(new HalaxyOutgoing(place, null, MirroredFields.None).ToTask(item, HalaxyTaskReason.Unreadable, clock.GetCurrentInstant()));
        else _unreadable.Add(id);
    }

    /// <summary>Notes that Halaxy fails at an appointment; false when that is not known here, or not any more.</summary>
    private async Task<bool> NoteFailingAsync(string id)
    {
        HalaxyItem? item;
        IReadOnlyList<HalaxyTask> before;
        using (var snapshot = await store.OpenSnapshotAsync()) (item, before) = (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id), await HalaxyTask.ListOfAsync(snapshot, connection.GroupId, id));
        if (item is not { IsGone: false, Copies: [var place, ..] }) return false;
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
