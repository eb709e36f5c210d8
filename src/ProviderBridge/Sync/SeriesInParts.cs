using Calendaring.ICalendar;
using Calendaring.Store;

namespace ProviderBridge.Sync;

/// <summary>A series that is in the outside calendar as single events, because the service has no repeat like its own.</summary>
/// <param name="Uid">Its UID.</param>
/// <param name="Content">What the link is shown of it.</param>
public sealed record SeriesInParts(string Uid, CalendarObject Content)
{
    /// <summary>Those of a link.</summary>
    public static async ValueTask<IReadOnlyList<SeriesInParts>> ListAsync(IStoreSnapshot snapshot, Link link)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(link);
        List<SeriesInParts> found = [];
        foreach (var uid in link.InParts)
        {
            if (await LinkItem.FindAsync(snapshot, link.Key, uid) is { OutsideParts: not null, IsRejected: false } item) found.Add(new SeriesInParts(uid, LinkItem.Parse(item.HxBase)));
        }

        return found;
    }
}
