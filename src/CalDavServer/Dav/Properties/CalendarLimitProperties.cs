using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>How much a calendar takes: RFC 4791 §5.2.5-§5.2.9.</summary>
internal static class CalendarLimitProperties
{
    private const ResourceKinds Kinds = ResourceKinds.Calendar | ResourceKinds.Inbox | ResourceKinds.Outbox;

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(C("max-resource-size"), Kinds, static (xml, _, _) => Number(xml, DavLimits.ObjectOctets)),
        new(C("min-date-time"), Kinds, static (xml, _, _) => Text(xml, DavLimits.MinDateTime)),
        new(C("max-date-time"), Kinds, static (xml, _, _) => Text(xml, DavLimits.MaxDateTime)),
        new(C("max-instances"), Kinds, static (xml, _, _) => Number(xml, DavLimits.MaxInstances)),
        new(C("max-attendees-per-instance"), Kinds, static (xml, _, _) => Number(xml, DavLimits.MaxAttendeesPerInstance)),
    ];

    private static bool Number(XmlUtf8Writer xml, int value)
    {
        xml.Number(value);
        return true;
    }

    private static bool Text(XmlUtf8Writer xml, string value)
    {
        xml.Text(value);
        return true;
    }
}
