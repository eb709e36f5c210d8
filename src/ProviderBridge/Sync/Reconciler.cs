using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>
/// Brings one appointment to agreement: each side is compared with what that side had when they last agreed, never one with the other. A whole series with its overrides is one thing. What one side
/// changed goes to the other; what both changed is decided field group by field group, and both versions are kept.
/// </summary>
internal sealed partial class Reconciler(ICalendarStore store, IClock clock, IOutsideCalendar outside, Link link, PassPermit permit, int count)
{
    // somebody who edits an event saves it a few times in a row, each time while it is written; what changes more often than that is another program's doing, and each try is a few requests of a pass that others wait for
    private const int Attempts = 5;
    private const string Unkept = "It is stored there differently from how it was written.";

    /// <summary>What the outside calendar answered instead of what it was asked for, until it is known whether somebody changed it in between; null where nobody can have.</summary>
    private readonly Dictionary<string, OutsideSeries?> _unkept = new(StringComparer.Ordinal);

    /// <summary>The UID of what has been found to be a part of something in this pass, by its id.</summary>
    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal);

    /// <summary>How many dates may be removed in the practice, by the UID of their series.</summary>
    private readonly Dictionary<string, int> _dates = new(StringComparer.Ordinal);
    private readonly ExternalChanges _changes = new(store, clock, PracticeGroup.MirrorsHalaxyAsync);
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
            return (await ReadAsync(uid, cancelled)).Hx is { } hx ? new LinkItem(uid, hx.Name, null, 0, LinkItem.Text(hx.Content), null) { IsPatient = hx.IsPatient, IsHidden = hx.IsHidden } : null;
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
        if (!mayHaveChangedOutside && hx is { IsWithheld: false } && item is { Quarantine: null, IsOwed: false, Asked: null, IsLeaving: false } && item.HxName == hx.Name && LinkItem.Text(hx.Content) == item.HxBase) return null;
        OutsideSeries? found, made;
        try
        {
            found = await ReadOutsideAsync(item, cancelled);
            made = found is null && item is { IsRejected: false, Asked: not null } ? await outside.FindPartsAsync(item.Remembered(""), cancelled) : null;
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
        if (item.IsLeaving || OutsideEdit.Of(LinkItem.Parse(item.OutsideBase!), item.Asked, found) is not { Count: > 0 } edits) return new PlannedRemoval(item, found);
        // what somebody changes is not removed by somebody who did not know; but what the practice cancels is cancelled
        if (item.IsPatient) return new PlannedRemoval(await NoteLostAsync(item, hx, found, edits, cancelled), found);
        if (hx is not null) return await MergeAsync(item, hx, found, cancelled);
        // a copy that says nothing but times is no appointment without the words that are gone
        if (item.IsHidden && !edits.Any(static one => IsOfWords(one.Group))) return new PlannedRemoval(item, found);
        await ImportAsync(found, item.Uid, cancelled);
        return null;
    }

    /// <summary>Keeps as a conflict what was changed outside of what the practice has cancelled: once, as the base moves on with it. Should the practice take it back, the outside is owed the whole of it.</summary>
    private async Task<LinkItem> NoteLostAsync(LinkItem item, HxSide? hx, OutsideSeries found, IReadOnlySet<(LocalDateTime? Occurrence, FieldGroup Group)> edits, CancellationToken cancelled)
    {
        var here = hx?.Content ?? Cancelled(LinkItem.Parse(item.HxBase));
        var conflict = ConflictOf(item.Uid, [.. edits.Select(one => one.Group).Append(FieldGroup.Status).Distinct()], here, found);
        await SaveAsync(item, Answered(item, found) with { IsOwed = true, Asked = null }, [conflict]);
        return (await ReadItemAsync(item.Uid, cancelled))!;
    }

    private static CalendarObject Cancelled(CalendarObject content)
    {
        foreach (var component in content.Calendar.Components.Where(component => component.Name == "VEVENT")) component.Set(ContentLine.Create("STATUS", "CANCELLED"));
        return content;
    }

    private async Task<PlannedRemoval?> GoneOutsideAsync(LinkItem item, HxSide hx, CancellationToken cancelled)
    {
        var isUnchanged = item.OutsideId is not null && IsUnchangedHere(item, hx.Content);
        if (isUnchanged && !link.PutsBack) return new PlannedRemoval(item, null);
        await CreateAsync(item.Uid, hx, item, cancelled);
        return null;
    }

    /// <summary>Whether nobody in the practice has changed it since both sides agreed, but for what is owed because of what was changed outside.</summary>
    private static bool IsUnchangedHere(LinkItem item, CalendarObject shown, bool knowsWords = true) =>
        item is { Asked: null, IsOwed: false, IsLeaving: false } or { IsOwedBack: true } && ExternalPatch.Differences(LinkItem.Parse(item.HxBase), shown, isOurs: true).All(one => !knowsWords && IsOfWords(one.Group));

    private static LinkItem Answered(LinkItem item, OutsideSeries answer) =>
        item with { OutsideId = answer.Id, OutsideBase = LinkItem.Text(answer.Content), OutsideVersion = answer.Version, OutsideAddress = answer.Address, OutsideParts = answer.Parts };

    private static bool IsPoison(Exception failure) => failure is FormatException or ArgumentException or ArithmeticException or InvalidOperationException or KeyNotFoundException or CorruptObjectException;

    private async Task<(LinkItem? Item, HxSide? Hx)> ReadAsync(string uid, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await LinkItem.FindAsync(snapshot, link.Key, uid), await HxSide.ReadAsync(snapshot, link, uid));
    }

    private async Task<OutsideSeries?> ReadOutsideAsync(LinkItem item, CancellationToken cancelled) =>
        item.Remembered() is { } known ? await outside.ReadAsync(known, cancelled) : null;

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
