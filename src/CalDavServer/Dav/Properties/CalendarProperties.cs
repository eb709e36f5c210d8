using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>What a calendar is and takes: RFC 4791 §5.2.1, §5.2.3, §5.2.4, RFC 7529.</summary>
internal static class CalendarProperties
{
    private const int LongestDescription = 16_384;

    /// <summary>Component types that a calendar may be made for.</summary>
    public static IReadOnlyList<string> Components { get; } = ["VEVENT", "VTODO", "VJOURNAL"];

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(C("calendar-description"), ResourceKinds.Calendar, LiveProperty.Nothing)
        {
            SettableOn = ResourceKinds.Calendar,
            AtCreation = true,
            Check = CheckDescription,
        },
        new(C("supported-calendar-component-set"), ResourceKinds.Calendar | ResourceKinds.Inbox | ResourceKinds.Outbox, ComponentSet),
        new(C("supported-calendar-component-sets"), ResourceKinds.Home, ComponentSets),
        new(C("supported-calendar-data"), ResourceKinds.Calendar | ResourceKinds.Inbox | ResourceKinds.Outbox, SupportedData),
        new(C("supported-rscale-set"), ResourceKinds.Calendar | ResourceKinds.Home | ResourceKinds.Inbox | ResourceKinds.Outbox, Scales),
        new(C("supported-collation-set"), ResourceKinds.Calendar | ResourceKinds.Home | ResourceKinds.Object | ResourceKinds.Inbox, Collations),
    ];

    /// <summary>Reads the component types asked for when a calendar is made (RFC 4791 §5.2.3).</summary>
    public static DavError? TryReadComponents(XElement? value, out IReadOnlyList<string> components)
    {
        components = Components;
        if (value is null) return null;
        var named = value.Elements(XName.Get("comp", CalDav)).Select(comp => (comp.Attribute("name")?.Value ?? "").ToUpperInvariant()).Distinct().ToList();
        components = named;
        return named.Count > 0 && named.TrueForAll(Components.Contains)
            ? null
            : DavError.Forbidden(C("supported-calendar-component"), "A calendar accepts VEVENT, VTODO and VJOURNAL.");
    }

    private static bool ComponentSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        foreach (var component in resource is CalendarResource calendar ? calendar.Collection.Components : Components) WriteComponent(xml, component);
        return true;
    }

    // RFC 6638's draft names for the home: which sets MKCALENDAR takes; none is listed when any will do, so each is
    private static bool ComponentSets(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        foreach (var component in Components)
        {
            xml.Raw("<C:supported-calendar-component-set>"u8);
            WriteComponent(xml, component);
            xml.Raw("</C:supported-calendar-component-set>"u8);
        }

        xml.Raw("<C:supported-calendar-component-set>"u8);
        foreach (var component in Components) WriteComponent(xml, component);
        xml.Raw("</C:supported-calendar-component-set>"u8);
        return true;
    }

    private static void WriteComponent(XmlUtf8Writer xml, string component)
    {
        xml.Raw("<C:comp name=\""u8);
        xml.Text(component);
        xml.Raw("\"/>"u8);
    }

    private static bool SupportedData(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>"u8);
        return true;
    }

    // RFC 7529: the calendar scales that RSCALE may name
    private static bool Scales(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("<C:supported-rscale>GREGORIAN</C:supported-rscale>"u8);
        return true;
    }

    private static bool Collations(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("<C:supported-collation>i;ascii-casemap</C:supported-collation><C:supported-collation>i;octet</C:supported-collation>"u8);
        xml.Raw("<C:supported-collation>i;unicode-casemap</C:supported-collation>"u8);
        return true;
    }

    private static DavError? CheckDescription(XElement value) =>
        value.HasElements || value.Value.Length > LongestDescription
            ? new DavError(409, null, $"A description is text of at most {LongestDescription} characters.")
            : null;
}
