using System.Text;
using System.Xml.Linq;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Hx;

namespace CalDavServer.Dav.Reports;

/// <summary>The zone in which a report takes floating and all-day times: the request's (RFC 4791 §9.8, RFC 7809 §4.3), else the calendar's, else UTC.</summary>
internal static class FloatingZone
{
    private static readonly XNamespace C = DavNames.CalDav;
    private static readonly DateTimeZone Unknown = DateTimeZone.ForOffset(Offset.FromSeconds(1));

    /// <summary>The properties of a calendar that say its zone.</summary>
    public static IReadOnlyList<PropertyName> Properties { get; } = [DavNames.C("calendar-timezone"), DavNames.C("calendar-timezone-id")];

    /// <summary>Whether a report says its zone itself.</summary>
    public static bool IsSaid(XElement report) => report.Element(C + "timezone") is not null || report.Element(C + "timezone-id") is not null;

    /// <summary>Finds it; the error is the precondition that the request's element fails.</summary>
    /// <param name="report">The report.</param>
    /// <param name="collection">The calendar.</param>
    /// <param name="properties">Of its properties at least <see cref="Properties"/>.</param>
    /// <param name="practice">The zone of its owner's practice group, or null.</param>
    /// <param name="zone">The zone.</param>
    public static DavError? TryFind(XElement report, Collection collection, PropertyBag properties, DateTimeZone? practice, out DateTimeZone zone)
    {
        zone = DateTimeZone.Utc;
        if (report.Element(C + "timezone") is { } element)
        {
            var found = Read(element.Value);
            zone = found ?? zone;
            return found is null ? DavError.Forbidden(DavNames.C("valid-calendar-data"), "The time zone of a report is an iCalendar object with one VTIMEZONE.") : null;
        }

        if (report.Element(C + "timezone-id") is { } id)
        {
            var found = TimeZoneCatalog.Find(id.Value.Trim());
            zone = found ?? zone;
            return found is null ? DavError.Forbidden(DavNames.C("valid-timezone"), "The time zone is not known.") : null;
        }

        zone = Of(collection, properties, practice) ?? zone;
        return null;
    }

    /// <summary>
    /// The zone of a calendar, or null: an HX_ calendar has that of the practice group, as the diary does; another has the one that was set, and as long as none was, the practice group's.
    /// </summary>
    public static DateTimeZone? Of(Collection collection, PropertyBag properties, DateTimeZone? practice) =>
        collection.IsHx ? practice ?? OfProperties(properties) : OfProperties(properties) ?? practice;

    /// <summary>The same as the caller may know it.</summary>
    public static async ValueTask<DateTimeZone?> OfAsync(DavRequest request, Collection collection)
    {
        var properties = await request.Snapshot.ReadPropertiesAsync(PropertyTarget.Of(collection), (int)request.Caller.Level, Properties);
        return Of(collection, properties, await request.ReadPracticeZoneAsync());
    }

    private static DateTimeZone? OfProperties(PropertyBag properties)
    {
        if (Stored(properties, "calendar-timezone-id") is { } id && TimeZoneCatalog.Find(id.Trim()) is { } named) return named;
        return Stored(properties, "calendar-timezone") is { } text ? Read(text) : null;
    }

    private static string? Stored(PropertyBag properties, string name) =>
        properties.TryGet(DavNames.C(name), out var element) ? DavNames.ParseStored(element).Value : null;

    /// <summary>The zone of an iCalendar object with one VTIMEZONE; null when it is none, or a VTIMEZONE that says no offsets under a name that nobody knows.</summary>
    public static DateTimeZone? Read(string text)
    {
        if (!CalendarObject.TryParse(Encoding.UTF8.GetBytes(text.Trim() + "\r\n"), out var parsed, out _)) return null;
        if (parsed.Calendar.Components is not [{ Name: "VTIMEZONE" } component] || component.Find("TZID")?.Text is not { Length: > 0 } id) return null;
        var zone = new ZoneResolver(parsed.Calendar, Unknown).ZoneOf(new CalendarTime(default, CalendarTimeKind.Zoned, id));
        return ReferenceEquals(zone, Unknown) ? null : zone;
    }
}
