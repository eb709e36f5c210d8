using System.Security.Cryptography;
using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>A removal that is still to be made: many at once are not made before a person has said that they are meant.</summary>
/// <param name="Item">What.</param>
/// <param name="Outside">What there is outside, where it is to be removed there; null where it is to be removed in the practice.</param>
internal sealed record PlannedRemoval(LinkItem Item, OutsideSeries? Outside);

/// <summary>
/// Brings one appointment to agreement: each side is compared with what that side had when they last agreed, never one with the other. A whole series with its overrides is one thing. What one side
/// changed goes to the other; what both changed is decided field group by field group, and both versions are kept.
/// </summary>
internal sealed class Reconciler(ICalendarStore store, IClock clock, IOutsideCalendar outside, Link link, StoreOperation fence)
{
    private const int Attempts = 5;
    private readonly ExternalChanges _changes = new(store, clock);
    private readonly ExternalOrigin _origin = new(link.Id, link.Label, link.Level) { Actor = new AuditActor(link.Label, ActorVia.Link, link.PractitionerId, link.Id, link.Label) };

    /// <summary>How many more appointments the link mirrors than before.</summary>
    public int Added { get; private set; }

    /// <summary>Whether something was written outside.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Whether something of the outside calendar was taken into the practice.</summary>
    public bool HasTakenIn { get; private set; }

    /// <summary>Brings an appointment to agreement; what is to be removed is returned and not removed.</summary>
    /// <param name="uid">Its UID.</param>
    /// <param name="mayHaveChangedOutside">Whether it may be another outside than it was.</param>
    /// <param name="cancelled">Stops it.</param>
    public async Task<PlannedRemoval?> ReconcileAsync(string uid, bool mayHaveChangedOutside, CancellationToken cancelled)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(uid, mayHaveChangedOutside, cancelled);
            }
            catch (Exception poison) when (poison is FormatException or ArgumentException or ArithmeticException or InvalidOperationException or KeyNotFoundException)
            {
                // one that cannot be mirrored stops no other
                await QuarantineAsync(uid, $"It could not be mirrored ({poison.GetType().Name}).");
                return null;
            }
            catch (OutsideException changed) when (changed.Fault == OutsideFault.Changed && attempt < Attempts)
            {
                mayHaveChangedOutside = true;
            }
        }
    }

    private async Task QuarantineAsync(string uid, string reason)
    {
        var (item, hx) = await ReadAsync(uid);
        if (item is null && hx is null) return;
        var kept = item ?? new LinkItem(uid, hx!.Name, null, 0, LinkItem.Text(hx.Content), null) { IsPatient = hx.IsPatient };
        await SaveAsync(item, kept with { Quarantine = reason, IsOwed = true });
    }

    /// <summary>Takes in what the link does not know: a new event, or one of ours whose answer was lost. The UID that it has then; null when there is nothing to take in.</summary>
    public async Task<string?> TakeInAsync(string outsideId, CancellationToken cancelled)
    {
        OutsideSeries? found;
        try
        {
            found = await outside.ReadAsync(outsideId, cancelled);
        }
        catch (OutsideException unreadable) when (unreadable.Fault == OutsideFault.Rejected)
        {
            return null;
        }

        if (found is null) return null;
        if (found.Tag is { } tag)
        {
            var (item, hx) = await ReadAsync(tag);
            // ours, and the answer was lost, or the link was made anew; or a copy, and the one that it is of is gone
            if (hx is not null && (item?.OutsideId is not { } other || await outside.ReadAsync(other, cancelled) is null))
            {
                await AdoptAsync(item, tag, item?.Generation ?? 0, hx, found, cancelled);
                return tag;
            }
        }

        // new; or a copy that somebody made of one of ours, which has its tag
        return await ImportAsync(found, UidOf(found.Id), cancelled) ? UidOf(found.Id) : null;
    }

    /// <summary>Removes what was planned to be removed.</summary>
    public async Task RemoveAsync(PlannedRemoval removal, CancellationToken cancelled)
    {
        (HasWritten, HasTakenIn) = (HasWritten || removal.Outside is not null, HasTakenIn || removal.Outside is null);
        if (removal.Outside is { } gone) await outside.DeleteAsync(gone, cancelled);
        else if (await _changes.RemoveAsync(link.PractitionerId, _origin, ExternalChanges.WithUid(removal.Item.Uid), [fence], cancellationToken: cancelled) is ExternalUnavailable or ExternalRefused)
            throw new OutsideException(OutsideFault.Unavailable, "An appointment could not be removed in the practice.");
        await SaveAsync(removal.Item, null);
    }

    private async Task<PlannedRemoval?> TryAsync(string uid, bool mayHaveChangedOutside, CancellationToken cancelled)
    {
        var (item, hx) = await ReadAsync(uid);
        if (item is null)
        {
            if (hx is not null) await CreateAsync(uid, hx, null, cancelled);
            return null;
        }

        // our own writes come back as changes
        if (!mayHaveChangedOutside && hx is not null && item is { Quarantine: null, IsOwed: false } && LinkItem.Text(hx.Content) == item.HxBase) return null;
        OutsideSeries? found;
        try
        {
            found = item.OutsideId is { } id ? await outside.ReadAsync(id, cancelled) : null;
        }
        catch (OutsideException unreadable) when (unreadable.Fault == OutsideFault.Rejected)
        {
            // one that cannot be read stops no other
            await SaveAsync(item, item with { Quarantine = unreadable.Message });
            return null;
        }

        switch (hx, found)
        {
            case (null, null):
                await SaveAsync(item, null);
                return null;
            case (null, not null):
                return await GoneInPracticeAsync(item, found, cancelled);
            case (not null, null):
                return await GoneOutsideAsync(item, hx, cancelled);
            default:
                return await MergeAsync(item, hx, found, cancelled);
        }
    }

    private async Task<PlannedRemoval?> GoneInPracticeAsync(LinkItem item, OutsideSeries found, CancellationToken cancelled)
    {
        // what somebody changes is not removed by somebody who did not know; but what the practice cancels is cancelled
        if (item.IsPatient || ExternalPatch.Differences(LinkItem.Parse(item.OutsideBase!), found.Content).Count == 0) return new PlannedRemoval(item, found);
        await ImportAsync(found, item.Uid, cancelled);
        return null;
    }

    private async Task<PlannedRemoval?> GoneOutsideAsync(LinkItem item, HxSide hx, CancellationToken cancelled)
    {
        var isUnchanged = item is { OutsideId: not null, Asked: null } && ExternalPatch.Differences(LinkItem.Parse(item.HxBase), hx.Content).Count == 0;
        if (isUnchanged) return new PlannedRemoval(item, null);
        await CreateAsync(item.Uid, hx, item, cancelled);
        return null;
    }

    private async Task<PlannedRemoval?> MergeAsync(LinkItem item, HxSide hx, OutsideSeries found, CancellationToken cancelled)
    {
        var (hxBase, outsideBase) = (LinkItem.Parse(item.HxBase), LinkItem.Parse(item.OutsideBase!));
        var (there, here) = (OutsideEdit.Of(outsideBase, item.Asked, found), ExternalPatch.Differences(hxBase, hx.Content));
        List<StoreOperation> alongside = [];
        var (shown, isWhole) = (hx, item is { IsOwed: false, Asked: null });
        if (there.Count > 0)
        {
            var both = there.Intersect(here).ToList();
            var lost = both.Where(one => Conflict.PracticeWinsOver(one.Group, hx, found)).ToHashSet();
            if (both.Count > 0) alongside.Add(new Conflict(clock.GetCurrentInstant(), link.Id, item.Uid, lost.Count > 0, LinkItem.Text(hx.Content), LinkItem.Text(found.Content)).Put(link.PractitionerId));
            bool Takes(LocalDateTime? key, FieldGroup group) => !lost.Contains((key, group)) && (item.Asked is null || there.Contains((key, group)));
            var outcome = await _changes.PatchAsync(link.PractitionerId, item.Uid, _origin, outsideBase, found.Content, Takes, [fence], cancelled);
            if (outcome is not (ExternalApplied or ExternalRefused)) throw new OutsideException(OutsideFault.Changed, "The appointment was changed in the practice meanwhile.");
            HasTakenIn |= outcome is ExternalApplied;
            if ((await ReadAsync(item.Uid)).Hx is not { } now) return new PlannedRemoval(item, found);
            shown = now;
            // refused, taken in part, or taken in another way: a session that is over stays where it was
            var asked = ExternalPatch.Apply(outsideBase, found.Content, hx.Content, clock.GetCurrentInstant(), Takes)!;
            isWhole &= lost.Count == 0 && ExternalPatch.Differences(asked, shown.Content).Count == 0;
        }

        // what was not taken is put back as the practice has it
        var wanted = isWhole
            ? ExternalPatch.Apply(hxBase, shown.Content, found.Content, clock.GetCurrentInstant())!
            : ExternalPatch.Apply(found.Content, shown.Content, found.Content, clock.GetCurrentInstant())!;
        var answer = found;
        var after = item with { HxName = shown.Name, IsPatient = shown.IsPatient, HxBase = LinkItem.Text(shown.Content), IsOwed = false, Asked = null, Quarantine = null };
        if (ExternalPatch.Differences(found.Content, wanted).Count > 0)
        {
            // what the practice itself changes often is no quarrel
            if (there.Count > 0 && item.Oscillates(clock.GetCurrentInstant()))
            {
                await SaveAsync(item, after with { IsOwed = true, OutsideBase = LinkItem.Text(found.Content), OutsideVersion = found.Version, Quarantine = "It is changed back again and again by another application." }, alongside);
                return null;
            }

            if (there.Count > 0) after = after.Written(clock.GetCurrentInstant());
            if (OutsideEdit.TakesSteps(found.Content) || OutsideEdit.TakesSteps(wanted))
            {
                await SaveAsync(item, item with { Asked = LinkItem.Text(outside.Render(wanted)) }, alongside);
                (item, alongside) = ((await ReadAsync(item.Uid)).Item!, []);
            }

            try
            {
                answer = await outside.UpdateAsync(found, item.Uid, wanted, cancelled);
                HasWritten = true;
            }
            catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
            {
                after = after with { Quarantine = refused.Message, IsOwed = true };
            }
        }

        await SaveAsync(item, after with { OutsideId = answer.Id, OutsideBase = LinkItem.Text(answer.Content), OutsideVersion = answer.Version }, alongside);
        return null;
    }

    private async Task CreateAsync(string uid, HxSide hx, LinkItem? before, CancellationToken cancelled)
    {
        var generation = before is null ? 0 : before.OutsideId is null ? before.Generation : before.Generation + 1;
        OutsideSeries made;
        try
        {
            made = await outside.CreateAsync(uid, generation, hx.Content, cancelled);
            HasWritten = true;
        }
        catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
        {
            await SaveAsync(before, new LinkItem(uid, hx.Name, null, generation, LinkItem.Text(hx.Content), null) { IsPatient = hx.IsPatient, Quarantine = refused.Message });
            return;
        }

        await AdoptAsync(before, uid, generation, hx, made, cancelled);
    }

    /// <summary>
    /// Notes an event of ours. It was made just now; or it was made before and the answer was lost, and somebody may have changed it since: then the newer of the two counts, and the other is kept as a
    /// conflict.
    /// </summary>
    private async Task AdoptAsync(LinkItem? before, string uid, int generation, HxSide hx, OutsideSeries found, CancellationToken cancelled)
    {
        var asked = outside.Render(hx.Content);
        var item = new LinkItem(uid, hx.Name, found.Id, generation, LinkItem.Text(hx.Content), LinkItem.Text(found.Content)) { IsPatient = hx.IsPatient, OutsideVersion = found.Version, Writes = before?.Writes ?? [] };
        item = item.Written(clock.GetCurrentInstant());
        if (ExternalPatch.Differences(asked, found.Content).Count == 0)
        {
            await SaveAsync(before, item);
            return;
        }

        // of a patient's appointment the practice may have changed the time since, which counts
        if (found.Updated > hx.Modified && !hx.IsPatient)
        {
            await SaveAsync(before, item with { OutsideBase = LinkItem.Text(asked), OutsideVersion = null, Asked = LinkItem.Text(asked) });
            if ((await ReadAsync(uid)).Item is { } saved) await MergeAsync(saved, hx, found, cancelled);
            return;
        }

        var isTheirs = OutsideEdit.Of(asked, LinkItem.Text(asked), found).Count > 0;
        var conflict = new Conflict(clock.GetCurrentInstant(), link.Id, uid, true, LinkItem.Text(hx.Content), LinkItem.Text(found.Content));
        await SaveAsync(before, item with { IsOwed = true }, isTheirs ? [conflict.Put(link.PractitionerId)] : []);
        if ((await ReadAsync(uid)).Item is { } owed) await MergeAsync(owed, hx, found, cancelled);
    }

    /// <summary>Adds what there is outside to the practice, as a personal appointment. False when it cannot be one.</summary>
    private async Task<bool> ImportAsync(OutsideSeries found, string uid, CancellationToken cancelled)
    {
        var content = found.Content.Clone();
        foreach (var component in content.Calendar.Components.Where(component => component.Name == "VEVENT")) component.Set(ContentLine.CreateText("UID", uid));
        if (CalendarObjectRules.Check(content, ["VEVENT"]) is not null) return false;
        var sending = new ExternalSending(content.ToText(), content, uid) { Knows = true, Expected = [fence] };
        var outcome = await _changes.PutAsync(link.PractitionerId, $"{uid}.ics", _origin, (_, _) => ValueTask.FromResult<ExternalSending?>(sending), cancellationToken: cancelled);
        if (outcome is ExternalRefused) return false;
        if (outcome is not ExternalApplied) throw new OutsideException(OutsideFault.Unavailable, "An event could not be added to the practice.");
        var (item, hx) = await ReadAsync(uid);
        if (hx is null) return false;
        HasTakenIn = true;
        await SaveAsync(item, new LinkItem(uid, hx.Name, found.Id, item?.Generation ?? 0, LinkItem.Text(hx.Content), LinkItem.Text(found.Content)) { IsPatient = hx.IsPatient, OutsideVersion = found.Version });
        return true;
    }

    private async Task<(LinkItem? Item, HxSide? Hx)> ReadAsync(string uid)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return (await LinkItem.FindAsync(snapshot, link.Id, uid), await HxSide.ReadAsync(snapshot, link, uid));
    }

    private async Task SaveAsync(LinkItem? before, LinkItem? after, IReadOnlyList<StoreOperation>? alongside = null)
    {
        if (after is not null) after = after with { HeldAt = after.Quarantine is null ? null : clock.GetCurrentInstant() };
        var steps = after is not null ? after.Put(link.Id, before) : before!.Remove(link.Id);
        var outcome = await store.ApplyAsync(new StoreBatch([fence, .. steps, .. alongside ?? []]));
        if (!outcome.Succeeded) throw new OutsideException(OutsideFault.Unavailable, "The state of the link could not be written, or another worker has it.");
        Added += (after is null ? 0 : 1) - (before is null ? 0 : 1);
    }

    /// <summary>The UID of an event that was made outside: the same each time it is asked for.</summary>
    private string UidOf(string outsideId) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{link.Id}|{outsideId}")).AsSpan(0, 16)).ToString();
}
