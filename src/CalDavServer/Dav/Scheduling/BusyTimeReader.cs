using System.Xml.Linq;
using CalDavServer.Dav.Filters;
using CalDavServer.Dav.Reports;
using Calendaring.FreeBusy;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Groups;

namespace CalDavServer.Dav.Scheduling;

/// <summary>Reads the busy times of calendars. What is kept in the diary only is not busy; the times of the rest are told, and nothing else of them. A damaged object is busy from its first time to its last.</summary>
internal static class BusyTimeReader
{
    private static readonly PropertyName Transparency = DavNames.C("schedule-calendar-transp");

    /// <summary>Adds the busy times of one calendar.</summary>
    /// <param name="snapshot">The moment.</param>
    /// <param name="collection">The calendar.</param>
    /// <param name="practice">The zone of its owner's practice group, or null.</param>
    /// <param name="range">The range asked for.</param>
    /// <param name="times">Where to add them.</param>
    /// <param name="allowance">What expansions may cost.</param>
    /// <param name="exceptUid">An object that does not count, or null.</param>
    public static async ValueTask ReadAsync(
        IStoreSnapshot snapshot, Collection collection, DateTimeZone? practice, TimeRange range, BusyTimes times, ExpansionAllowance allowance, string? exceptUid = null)
    {
        var zone = FloatingZone.Of(collection, await ReadAsync(snapshot, collection), practice) ?? DateTimeZone.Utc;
        await foreach (var stored in Candidates.ListAsync(snapshot, collection.Id, null, range, AddDamaged))
        {
            allowance.ThrowIfCancelled();
            if (!Counts(stored.Row)) continue;
            if (CalendarObject.TryParse(stored.Bytes, out var parsed, out _)) times.Add(parsed, zone, allowance.Next());
            else AddDamaged(stored.Row);
        }

        bool Counts(ObjectRow row) => row.Index.Component is "VEVENT" or "VFREEBUSY" && row.Index.Uid != exceptUid;

        // it may take any time between its ends: to call it free would invite a double booking
        void AddDamaged(ObjectRow row)
        {
            if (Counts(row)) times.Add(row.Index.Start ?? range.Start, row.Index.End ?? range.End, BusyType.Busy);
        }
    }

    /// <summary>Adds the busy times of all calendars of a home that count for scheduling (RFC 6638 §9.1).</summary>
    public static async ValueTask ReadHomeAsync(
        IStoreSnapshot snapshot, Principal principal, TimeRange range, BusyTimes times, ExpansionAllowance allowance, string? exceptUid = null)
    {
        var practice = await PracticeGroup.FindZoneAsync(snapshot, principal.GroupId);
        foreach (var collection in await snapshot.ListCollectionsAsync(principal.Id))
        {
            if (!IsTransparent(await ReadAsync(snapshot, collection))) await ReadAsync(snapshot, collection, practice, range, times, allowance, exceptUid);
        }
    }

    // whoever set them: when somebody is busy every level may know
    private static ValueTask<PropertyBag> ReadAsync(IStoreSnapshot snapshot, Collection collection) =>
        snapshot.ReadPropertiesAsync(PropertyTarget.Of(collection), StoreLevels.Highest, [.. FloatingZone.Properties, Transparency]);

    private static bool IsTransparent(PropertyBag properties) =>
        properties.TryGet(Transparency, out var element)
        && DavNames.ParseStored(element).Descendants(XName.Get("transparent", DavNames.CalDav)).Any();
}
