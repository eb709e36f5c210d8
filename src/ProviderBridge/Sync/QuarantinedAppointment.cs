using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>An appointment that one of the sides of a link did not take.</summary>
/// <param name="Uid">Its UID; that of an event that the practice never took is nobody else's.</param>
/// <param name="Reason">Why, in a sentence without content.</param>
/// <param name="Since">Since when.</param>
/// <param name="IsRejected">Whether it is an event outside that the practice has never taken.</param>
/// <param name="Content">What there is of it; null when it cannot be read.</param>
public sealed record QuarantinedAppointment(string Uid, string Reason, Instant Since, bool IsRejected, CalendarObject? Content)
{
    /// <summary>Those of a link, the one that waits longest first.</summary>
    public static async ValueTask<IReadOnlyList<QuarantinedAppointment>> ListAsync(IStoreSnapshot snapshot, Link link)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(link);
        List<QuarantinedAppointment> found = [];
        foreach (var uid in link.Quarantined)
        {
            if (await LinkItem.FindAsync(snapshot, link.Key, uid) is not { Quarantine: { } reason } item) continue;
            var text = item.IsRejected ? item.OutsideBase : item.HxBase;
            found.Add(new QuarantinedAppointment(uid, reason, item.HeldSince ?? item.HeldAt ?? Instant.MinValue, item.IsRejected, text is null ? null : LinkItem.Parse(text)));
        }

        return [.. found.OrderBy(one => one.Since)];
    }
}
