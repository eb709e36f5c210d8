using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using Calendaring.Store;
using NodaTime;
using Practice.Hx;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// The calendars that a calendaring report looks at: the calendar it was asked of, the calendar of the object it was asked of, or every calendar of a home (RFC 4791 §7.1: a report on a
/// collection is on the calendars in it).
/// </summary>
internal static class CalendarScope
{
    /// <summary>Where the calendaring reports are offered.</summary>
    public static bool Contains(DavResource resource) => resource is CalendarResource or CalendarObjectResource or HomeResource;

    /// <summary>The calendars, by name.</summary>
    public static async ValueTask<IReadOnlyList<CalendarResource>> ListAsync(DavRequest request, DavResource resource) => resource switch
    {
        CalendarResource calendar => [calendar],
        CalendarObjectResource member => [member.Calendar],
        HomeResource home => await ListHomeAsync(request, home),
        _ => [],
    };

    /// <summary>The same with the zone in which each takes floating and all-day times; the error is the precondition that the request's own zone fails.</summary>
    public static async ValueTask<(IReadOnlyList<DateTimeZone> Zones, DavError? Error)> FindZonesAsync(DavRequest request, IReadOnlyList<CalendarResource> calendars, XElement report)
    {
        var practice = await request.ReadPracticeZoneAsync();
        var found = new DateTimeZone[calendars.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var collection = calendars[i].Collection;
            var properties = await request.Snapshot.ReadPropertiesAsync(PropertyTarget.Of(collection), (int)request.Caller.Level, FloatingZone.Properties);
            if (FloatingZone.TryFind(report, collection, properties, practice, out found[i]) is { } error) return (found, error);
        }

        return (found, null);
    }

    private static async ValueTask<IReadOnlyList<CalendarResource>> ListHomeAsync(DavRequest request, HomeResource home)
    {
        var calendars = new List<CalendarResource>();
        foreach (var collection in await request.Snapshot.ListCollectionsAsync(home.Principal.Id))
        {
            if (!HxCalendar.IsHidden(collection)) calendars.Add(ResourceResolver.OfCalendar(home.Principal, collection));
        }

        return calendars;
    }
}
