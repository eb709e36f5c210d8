using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>
/// Brings one appointment to agreement: each side is compared with what that side had when they last agreed, never one with the other. A whole series with its overrides is one thing. What one side
/// changed goes to the other; what both changed is decided field group by field group, and both versions are kept.
/// </summary>
internal sealed partial class Reconciler(ICalendarStore store, IClock clock, IOutsideCalendar outside, Link link, PassPermit permit, int count)
{
    private const int Attempts = 5;
    private const string Unkept = "It is stored there differently from how it was written.";

    /// <summary>What the outside calendar answered instead of what it was asked for, until it is known whether somebody changed it in between; null where nobody can have.</summary>
    private readonly Dictionary<string, OutsideSeries?> _unkept = new(StringComparer.Ordinal);

    /// <summary>The UID of what has been found to be a part of something in this pass, by its id.</summary>
    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal);

    /// <summary>How many dates may be removed in the practice, by the UID of their series.</summary>
    private readonly Dictionary<string, int> _dates = new(StringComparer.Ordinal);
    private readonly ExternalChanges _changes = new(store, clock);
    private readonly ExternalOrigin _origin = new(link.Id, link.Label, link.Level) { Actor = new AuditActor(link.Label, ActorVia.Link, link.PractitionerId, link.Id, link.Label) };

    /// <summary>How many appointments the link mirrors.</summary>
    public int Count { get; private set; } = count;

    /// <summary>What the listing of this pass says is gone outside, by UID.</summary>
    public IReadOnlySet<string> Gone { get; init; } = new HashSet<string>();

    /// <summary>What was done.</summary>
    public PassCounts Counts { get; } = new();

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
            catch (Exception poison) when (IsPoison(poison))
            {
                // one that cannot be mirrored stops no other
                await QuarantineAsync(uid, $"It could not be mirrored ({poison.GetType().Name}).", cancelled);
                return null;
            }
            catch (OutsideException changed) when (changed.Fault == OutsideFault.Changed)
            {
                mayHaveChangedOutside = true;
                if (attempt < Attempts) continue;
                // one that changes all the time stops no other
                await QuarantineAsync(uid, "It was changed there each time that this server tried to write it.", cancelled);
                return null;
            }
        }
    }

    private async Task QuarantineAsync(string uid, string reason, CancellationToken cancelled)
    {
        // what is in the practice may be what cannot be read
        var item = await ReadItemAsync(uid, cancelled);
        if ((item ?? await TryMakeItemAsync(uid, cancelled)) is { } kept) await SaveAsync(item, kept with { Quarantine = reason, IsOwed = true });
    }

    private async Task<LinkItem?> TryMakeItemAsync(string uid, CancellationToken cancelled)
    {
        try
        {
            return (await ReadAsync(uid, cancelled)).Hx is { } hx ? new LinkItem(uid, hx.Name, null, 0, LinkItem.Text(hx.Content), null) { IsPatient = hx.IsPatient } : null;
        }
        catch (Exception poison) when (IsPoison(poison))
        {
            return null;
        }
    }

    private async Task<PlannedRemoval?> TryAsync(string uid, bool mayHaveChangedOutside, CancellationToken cancelled)
    {
        await permit.CheckAsync(cancelled);
        var (item, hx) = await ReadAsync(uid, cancelled);
        if (item is null)
        {
            if (hx is { IsEmpty: false }) await CreateAsync(uid, hx, null, cancelled);
            return null;
        }

        // our own writes come back as changes
        if (!mayHaveChangedOutside && hx is not null && item is { Quarantine: null, IsOwed: false, Asked: null, IsLeaving: false } && item.HxName == hx.Name && LinkItem.Text(hx.Content) == item.HxBase) return null;
        OutsideSeries? found, made;
        try
        {
            found = await ReadOutsideAsync(item, cancelled);
            made = found is null && item is { IsRejected: false, Asked: not null } ? await outside.FindPartsAsync(item.Remembered(store, link.Key, "", cancelled), cancelled) : null;
        }
        catch (OutsideException unreadable) when (unreadable.Fault == OutsideFault.Rejected)
        {
            // one that cannot be read stops no other
            var isToldGone = mayHaveChangedOutside ? Gone.Contains(uid) : item.IsToldGone;
            await SaveAsync(item, item with { Quarantine = unreadable.Message, IsOwed = item.IsOwed || link.RewritingSince is not null, IsToldGone = isToldGone });
            return null;
        }

        if (made is not null) return await TakePartsAsync(item, hx, made, cancelled);
        if (item.IsRejected)
        {
            if (found is null)
            {
                await SaveAsync(item, null);
                // cancelled before it was known to be there, and restored since
                if (hx is { IsEmpty: false }) await CreateAsync(uid, hx, null, cancelled);
            }
            else if (item.OutsideVersion != found.Version || IsAskedAgain(item))
            {
                return await TakeInRejectedAsync(item, found, cancelled);
            }

            return null;
        }

        switch (hx, found)
        {
            case (null or { IsEmpty: true }, null):
                // it may have been made, and the answer was lost
                await SaveAsync(item, item is { OutsideId: null, Asked: not null } ? item with { HxBase = "", Quarantine = null } : null);
                return null;
            case (null or { IsEmpty: true }, not null):
                return await GoneInPracticeAsync(item, hx, found, cancelled);
            case (not null, null) when item is { Quarantine: not null, OutsideId: not null, IsToldGone: false } && !mayHaveChangedOutside:
                // nothing told that it is gone: a service that does not give what it lists has it still
                await SaveAsync(item, item);
                return null;
            case (not null, null):
                return await GoneOutsideAsync(item, hx, cancelled);
            default:
                return await MergeAsync(item, hx, found, cancelled);
        }
    }

    /// <summary>Whether what is in quarantine is tried again though nobody changed it.</summary>
    private bool IsAskedAgain(LinkItem item) => item.IsDue(clock.GetCurrentInstant()) || link.AskedAgain.Contains(item.Uid);

    private async Task<PlannedRemoval?> GoneInPracticeAsync(LinkItem item, HxSide? hx, OutsideSeries found, CancellationToken cancelled)
    {
        // what somebody changes is not removed by somebody who did not know; but what the practice cancels is cancelled
        if (item.IsPatient || item.IsLeaving || OutsideEdit.Of(LinkItem.Parse(item.OutsideBase!), item.Asked, found).Count == 0) return new PlannedRemoval(item, found);
        if (hx is not null) return await MergeAsync(item, hx, found, cancelled);
        await ImportAsync(found, item.Uid, cancelled);
        return null;
    }

    private async Task<PlannedRemoval?> GoneOutsideAsync(LinkItem item, HxSide hx, CancellationToken cancelled)
    {
        var isUnchanged = item.OutsideId is not null && IsUnchangedHere(item, hx.Content);
        if (isUnchanged && !link.PutsBack) return new PlannedRemoval(item, null);
        await CreateAsync(item.Uid, hx, item, cancelled);
        return null;
    }

    private async Task<PlannedRemoval?> MergeAsync(LinkItem item, HxSide hx, OutsideSeries found, CancellationToken cancelled)
    {
        if (found.Removed.Count > _dates.GetValueOrDefault(item.Uid) && !link.PutsBack) return new PlannedRemoval(item, null) { Dates = found.Removed.Count };
        var (hxBase, outsideBase) = (LinkItem.Parse(item.HxBase), LinkItem.Parse(item.OutsideBase!));
        // in the middle of a write it is what was asked for with which what somebody has changed is compared
        var compared = found.Made is not null && item.Asked is { } begun ? LinkItem.Parse(begun) : outsideBase;
        var (there, here) = (OutsideEdit.Of(outsideBase, item.Asked, found), ExternalPatch.Differences(hxBase, hx.Content, isOurs: true));
        List<StoreOperation> alongside = [];
        var (shown, isWhole) = (hx, item is { IsOwed: false, Asked: null } && link.RewritingSince is null && !IsToBeKept(item));
        if (there.Count > 0)
        {
            // where both say the same now, as after an answer that was lost, there is nothing to decide
            var both = ExternalPatch.Differences(found.Content, outside.Render(hx.Content), isOurs: true).Count == 0 ? [] : there.Intersect(here).ToList();
            var lost = both.Where(one => Conflict.PracticeWinsOver(one.Group, hx, found)).Union(link.PutsBack ? there.Where(one => IsRemoval(one, found)) : []).ToHashSet();
            if (both.Count > 0) alongside.Add(ConflictOf(item.Uid, [.. lost.Select(one => one.Group).Distinct()], hx, found));
            bool Takes(LocalDateTime? key, FieldGroup group) => !lost.Contains((key, group)) && (item.Asked is null || there.Contains((key, group)));
            // what is taken in and what is known of it then are written together: were the bases moved after the write back only, one that fails would have it look like an edit of the practice
            var before = item;
            IEnumerable<StoreOperation> NoteTaken(CalendarObject was, CalendarObject? now) => TakenFrom(before, found, was, now).Put(link.Key, before);
            var outcome = await _changes.PatchAsync(new AppointmentKey(link.PractitionerId, item.Uid), _origin, compared, found.Content, Takes, [.. permit.Expected, .. alongside], NoteTaken, cancelled);
            if (outcome is not (ExternalApplied or ExternalRefused)) throw new OutsideException(OutsideFault.Changed, "The appointment was changed in the practice in the meantime.");
            if (outcome is ExternalApplied) (Counts.In, Counts.DatesRemovedIn) = (Counts.In + 1, Counts.DatesRemovedIn + there.Count(one => IsRemoval(one, found) && !lost.Contains(one)));
            var (noted, now) = await ReadAsync(item.Uid, cancelled);
            if (noted is not null && noted.Version != item.Version) (item, alongside) = (noted, []);
            if (now is not { IsEmpty: false }) return new PlannedRemoval(item, found);
            shown = now;
            // refused, taken in part, or taken in another way: a session that is over stays where it was
            var asked = ExternalPatch.Apply(compared, found.Content, hx.Content, clock.GetCurrentInstant(), Takes)!;
            isWhole &= lost.Count == 0 && ExternalPatch.Differences(asked, shown.Content).Count == 0;
        }

        var wanted = WantedOf(hxBase, outsideBase, shown, found, isWhole);
        var after = item with { HxName = shown.Name, IsPatient = shown.IsPatient, HxBase = LinkItem.Text(shown.Content), IsOwed = false, IsOwedBack = false, Asked = null, Quarantine = null, IsToldGone = false, IsLeaving = false };
        if (!found.IsIncomplete && ExternalPatch.Differences(found.Content, wanted).Count == 0)
        {
            _unkept.Remove(item.Uid);
            var isUnkept = item.Quarantine == Unkept && ExternalPatch.Differences(outside.Render(shown.Content), found.Content, isOurs: true).Count > 0;
            await SaveAsync(item, Answered(after, found) with { Quarantine = isUnkept ? Unkept : null }, alongside);
            return null;
        }

        // what the practice itself changes often is no quarrel
        if (there.Count > 0 && item.Oscillates(clock.GetCurrentInstant()))
        {
            await SaveAsync(item, Answered(after, found) with { IsOwed = true, Quarantine = "Another application keeps changing it back." }, alongside);
            return null;
        }

        if (there.Count > 0) after = after.Written(clock.GetCurrentInstant());
        // when the answer is lost, or it is written in several steps, what is there then is nobody's edit
        // the parts that there are now are what the next pass begins with
        await SaveAsync(item, (found.Parts is null ? item : Answered(item, found)) with { Asked = LinkItem.Text(outside.Render(wanted)) }, alongside);
        await WriteAsync((await ReadItemAsync(item.Uid, cancelled))!, after, shown, found, wanted, [], cancelled);
        return null;
    }

    private static bool IsRemoval((LocalDateTime? Occurrence, FieldGroup Group) edit, OutsideSeries found) => edit is { Occurrence: { } own, Group: FieldGroup.Times } && found.Removed.Contains(own);

    /// <summary>Whether nobody in the practice has changed it since both sides agreed, but for what is owed because of what was changed outside.</summary>
    private static bool IsUnchangedHere(LinkItem item, CalendarObject shown) =>
        item is { Asked: null, IsOwed: false, IsLeaving: false } or { IsOwedBack: true } && ExternalPatch.Differences(LinkItem.Parse(item.HxBase), shown, isOurs: true).Count == 0;

    /// <summary>What is known of an appointment when the practice takes in what was changed outside: its base moves by what it took, and not by what it was asked to take. What differs from that then is an edit of the practice.</summary>
    private LinkItem TakenFrom(LinkItem item, OutsideSeries found, CalendarObject was, CalendarObject? now)
    {
        var hxBase = LinkItem.Parse(item.HxBase);
        var moved = now is null ? hxBase : ExternalPatch.Apply(was, now, hxBase, clock.GetCurrentInstant(), isOurs: true) ?? hxBase;
        return Answered(item, found) with { HxBase = LinkItem.Text(moved), OutsideVersion = null, IsOwed = true, IsOwedBack = IsUnchangedHere(item, was), Asked = null };
    }

    /// <summary>
    /// What the outside calendar should have: what the practice changed since, laid over what there is. As a whole where something of the outside was not taken, and where that does not come to what the
    /// practice has: what the outside cannot say, as it answered before, is no reason.
    /// </summary>
    private CalendarObject WantedOf(CalendarObject hxBase, CalendarObject outsideBase, HxSide shown, OutsideSeries found, bool isWhole)
    {
        var (now, rendered) = (clock.GetCurrentInstant(), outside.Render(shown.Content));
        if (isWhole)
        {
            var wanted = ExternalPatch.Apply(hxBase, shown.Content, found.Content, now, isOurs: true)!;
            var known = ExternalPatch.Differences(outsideBase, outside.Render(hxBase), isOurs: true);
            if (ExternalPatch.Differences(wanted, rendered, isOurs: true).IsSubsetOf(known)) return wanted;
        }

        return ExternalPatch.Apply(found.Content, rendered, found.Content, now, isOurs: true)!;
    }

    /// <summary>Whether somebody wants what is kept there otherwise to be written once more.</summary>
    private bool IsToBeKept(LinkItem item) => item.Quarantine == Unkept && link.AskedAgain.Contains(item.Uid);

    private static LinkItem Answered(LinkItem item, OutsideSeries answer) =>
        item with { OutsideId = answer.Id, OutsideBase = LinkItem.Text(answer.Content), OutsideVersion = answer.Version, OutsideAddress = answer.Address, OutsideParts = answer.Parts };

    private StoreOperation ConflictOf(string uid, IReadOnlyList<FieldGroup> practice, HxSide hx, OutsideSeries found)
    {
        Counts.Conflicts++;
        return new Conflict(clock.GetCurrentInstant(), link.Id, uid, practice, LinkItem.Text(hx.Content), LinkItem.Text(found.Content)) { Level = link.Level }.Put(link.PractitionerId);
    }

    private static bool IsPoison(Exception failure) => failure is FormatException or ArgumentException or ArithmeticException or InvalidOperationException or KeyNotFoundException or CorruptObjectException;

    private async Task<(LinkItem? Item, HxSide? Hx)> ReadAsync(string uid, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await LinkItem.FindAsync(snapshot, link.Key, uid), await HxSide.ReadAsync(snapshot, link, uid));
    }

    private async Task<OutsideSeries?> ReadOutsideAsync(LinkItem item, CancellationToken cancelled) =>
        item.Remembered(store, link.Key, cancelled) is { } known ? await outside.ReadAsync(known, cancelled) : null;

    private async Task<LinkItem?> ReadItemAsync(string uid, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await LinkItem.FindAsync(snapshot, link.Key, uid);
    }

    /// <summary>Which generation comes next of an appointment that the link does not know, and may have known once.</summary>
    private async Task<int> NextGenerationAsync(string uid, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await LinkItem.NextGenerationAsync(snapshot, link.Key, uid);
    }

    /// <summary>What a link of before has left at an id outside; null when it has left nothing, or that is not known.</summary>
    private async Task<LeftObject?> FindLeftAsync(string outsideId, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await LeftObject.FindAsync(snapshot, link.Key, outsideId);
    }

    /// <summary>Notes how an appointment stands. What was done outside is noted even when the pass is being stopped: this takes no token.</summary>
    private async Task SaveAsync(LinkItem? before, LinkItem? after, IReadOnlyList<StoreOperation>? alongside = null)
    {
        if (after is not null)
        {
            var now = clock.GetCurrentInstant();
            after = after.Quarantine is null ? after with { HeldAt = null, HeldSince = null } : after with { HeldAt = now, HeldSince = before?.HeldSince ?? now };
        }

        var steps = await LinkItem.LeaveOthersAsync(store, (after ?? before)!.Uid, [.. after is not null ? after.Put(link.Key, before) : before!.MarkGone(link.Key)]);
        var counted = Count + (after is { IsRejected: false } ? 1 : 0) - (before is { IsRejected: false } ? 1 : 0);
        if (counted != Count) steps = [.. steps, LinkItem.PutCount(link.Key, counted)];
        await ApplyAsync([.. steps, .. alongside ?? []]);
        Count = counted;
    }

    private async Task ApplyAsync(IReadOnlyList<StoreOperation> steps)
    {
        if ((await store.ApplyAsync(new StoreBatch([.. permit.Expected, .. steps]))).Succeeded) return;
        await permit.CheckAsync(CancellationToken.None);
        throw new OutsideException(OutsideFault.Unavailable, "The state of the link could not be written, or another worker has it.");
    }
}
