using Calendaring.Store;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>Both sides of a link beside each other, in numbers: what a link knows is looked at on both sides, and nothing is changed.</summary>
public sealed record LinkComparison
{
    /// <summary>Appointments that both sides have alike.</summary>
    public int Same { get; private set; }

    /// <summary>Appointments that the sides have otherwise.</summary>
    public int Different { get; private set; }

    /// <summary>Appointments that should be outside and are not.</summary>
    public int OnlyHere { get; private set; }

    /// <summary>Events outside that are not in the practice.</summary>
    public int OnlyOutside { get; private set; }

    /// <summary>Appointments that one of the sides did not take.</summary>
    public int Quarantined { get; private set; }

    /// <summary>Whether there is nothing that the sides do not have alike.</summary>
    public bool IsAgreed => Different + OnlyHere + OnlyOutside + Quarantined == 0;

    /// <summary>Compares.</summary>
    /// <param name="store">Where the HX_ calendar and the state of the link are kept.</param>
    /// <param name="outside">The calendar outside.</param>
    /// <param name="link">The link.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<LinkComparison> MakeAsync(ICalendarStore store, IOutsideCalendar outside, Link link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(outside);
        ArgumentNullException.ThrowIfNull(link);
        var there = (await outside.ListChangesAsync(null, cancellationToken)).Ids.ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<LinkItem> items;
        HashSet<string> due;
        using (var snapshot = await store.OpenSnapshotAsync(cancellationToken)) (items, due) = (await LinkItem.ListAsync(snapshot, link.Key), await DueAsync(snapshot, link, cancellationToken));
        var made = new LinkComparison();
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            due.Remove(item.Uid);
            if (item.OutsideId is { } id) there.Remove(id);
            there.ExceptWith(item.OutsideParts?.Keys ?? []);
            HxSide? hx;
            using (var snapshot = await store.OpenSnapshotAsync(cancellationToken)) hx = await HxSide.ReadAsync(snapshot, link, item.Uid);
            made.Add(item, hx is { IsEmpty: false } ? hx : null, item.Remembered() is { } known ? await outside.ReadAsync(known, cancellationToken) : null, outside);
        }

        (made.OnlyHere, made.OnlyOutside) = (made.OnlyHere + due.Count, made.OnlyOutside + there.Count);
        return made;
    }

    /// <summary>What the link should mirror.</summary>
    private static async Task<HashSet<string>> DueAsync(IStoreSnapshot snapshot, Link link, CancellationToken cancelled)
    {
        HashSet<string> due = new(StringComparer.Ordinal);
        if (await HxSide.FindCalendarAsync(snapshot, link) is not { } hx) return due;
        List<string> names = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id).WithCancellation(cancelled))
        {
            if (row.Published && row.Change > link.From) names.Add(row.Index.Uid);
        }

        foreach (var uid in names)
        {
            if (await HxSide.ReadAsync(snapshot, link, uid) is { IsEmpty: false }) due.Add(uid);
        }

        return due;
    }

    private void Add(LinkItem item, HxSide? hx, OutsideSeries? found, IOutsideCalendar outside)
    {
        if (item.Quarantine is not null) Quarantined++;
        else if (hx is null && found is not null) OnlyOutside++;
        else if (hx is not null && found is null) OnlyHere++;
        else if (hx is not null && ExternalPatch.Differences(outside.Render(hx.Content), found!.Content).Count > 0) Different++;
        else if (hx is not null) Same++;
    }
}
