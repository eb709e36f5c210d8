using System.Globalization;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Validation;
using NodaTime;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>How much a calendar takes: RFC 4791 §5.2.5-§5.2.9. Not max-instances: it would forbid endless rules.</summary>
internal static class CalendarLimitProperties
{
    private const ResourceKinds Kinds = ResourceKinds.Calendar | ResourceKinds.Inbox | ResourceKinds.Outbox;

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(C("max-resource-size"), Kinds, static (xml, _, _) => Number(xml, DavLimits.ObjectBytes)),
        new(C("min-date-time"), Kinds, static (xml, _, _) => Time(xml, CalendarObjectLimits.Default.MinDateTime)),
        new(C("max-date-time"), Kinds, static (xml, _, _) => Time(xml, CalendarObjectLimits.Default.MaxDateTime)),
        new(C("max-instances"), Kinds, LiveProperty.Nothing),
        new(C("max-attendees-per-instance"), Kinds, static (xml, _, _) => Number(xml, CalendarObjectLimits.Default.MaxAttendeesPerInstance)),
    ];

    private static bool Number(XmlUtf8Writer xml, int value)
    {
        xml.Number(value);
        return true;
    }

    private static bool Time(XmlUtf8Writer xml, Instant value)
    {
        xml.Text(value.ToString("uuuuMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        return true;
    }
}
