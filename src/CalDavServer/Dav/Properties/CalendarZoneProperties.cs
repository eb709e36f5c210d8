using System.Collections.Concurrent;
using System.Text;
using System.Xml.Linq;
using CalDavServer.Dav.Reports;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>
/// The time zone of a calendar by its definition (RFC 4791 §5.2.2) and by its name (RFC 7809 §5.2). At most one of the two is stored, the one set last; the other is derived from it, and
/// both from the practice group's zone while none is set. An HX_ calendar's is the practice group's, as in the diary: Apple's clients set their own on every calendar, and one that travels
/// must not move the practitioner's days.
/// </summary>
internal static class CalendarZoneProperties
{
    private const int LongestZoneName = 256;

    private static readonly LocalDateTime DefinedFrom = new(1970, 1, 1, 0, 0);
    private static readonly PropertyName Definition = C("calendar-timezone");
    private static readonly PropertyName Id = C("calendar-timezone-id");
    private static readonly ConcurrentDictionary<string, string> Definitions = new(StringComparer.Ordinal);

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(Definition, ResourceKinds.Calendar, WriteDefinition)
        {
            SettableOn = ResourceKinds.Calendar,
            IsOverruled = IsOfPractice,
            Check = CheckDefinition,
            NeedsPracticeZone = true,
        },
        new(Id, ResourceKinds.Calendar, WriteId)
        {
            SettableOn = ResourceKinds.Calendar,
            IsOverruled = IsOfPractice,
            Check = CheckId,
            NeedsPracticeZone = true,
        },
    ];

    /// <summary>The other of the two properties, which goes when one is set or removed; null for any other property.</summary>
    public static PropertyName? OtherOf(PropertyName changed) => changed == Definition ? Id : changed == Id ? Definition : null;

    private static bool WriteDefinition(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if (ZoneOf(resource, request) is not { } zone) return false;
        xml.Text(IsNamed(zone) ? Definitions.GetOrAdd(zone.Id, static (_, zone) => Define(zone), zone) : Define(zone));
        return true;
    }

    // a zone that nobody but its definition knows has no name
    private static bool WriteId(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if (ZoneOf(resource, request) is not { } zone || !IsNamed(zone)) return false;
        xml.Text(zone.Id);
        return true;
    }

    private static bool IsOfPractice(DavResource resource, DavRequest request) => resource.Kind == ResourceKinds.HxCalendar && request.PracticeZone is not null;

    private static DateTimeZone? ZoneOf(DavResource resource, DavRequest request) =>
        resource is CalendarResource calendar ? FloatingZone.Of(calendar.Collection, calendar.Stored, request.PracticeZone) : null;

    private static bool IsNamed(DateTimeZone zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone.Id)?.Equals(zone) == true;

    private static string Define(DateTimeZone zone)
    {
        var calendar = new Component("VCALENDAR");
        calendar.Add(ContentLine.Create("VERSION", "2.0"));
        calendar.Add(ContentLine.Create("PRODID", "-//CalendarSync//EN"));
        calendar.Add(ZoneDefinition.Of(zone, DefinedFrom));
        return Encoding.UTF8.GetString(new CalendarObject(calendar).ToBytes());
    }

    // RFC 4791 §5.2.2: an iCalendar object with exactly one VTIMEZONE
    private static DavError? CheckDefinition(XElement value) =>
        !value.HasElements && FloatingZone.Read(value.Value) is not null
            ? null
            : DavError.Forbidden(C("valid-calendar-data"), "A calendar's time zone is an iCalendar object with one VTIMEZONE.");

    private static DavError? CheckId(XElement value) =>
        !value.HasElements && value.Value.Length <= LongestZoneName && TimeZoneCatalog.Find(value.Value.Trim()) is not null
            ? null
            : DavError.Forbidden(C("valid-timezone"), "The time zone is not known.");
}
