using System.Xml.Linq;
using static ProviderBridge.CalDav.DavNames;

namespace ProviderBridge.CalDav;

/// <summary>What is sent to ask for something.</summary>
internal static class DavBodies
{
    private const string EventsOnly = "VEVENT";

    /// <summary>Asks for properties (RFC 4918 §9.1).</summary>
    public static XElement Propfind(params XName[] names) => new(Dav + "propfind", Prop(names));

    /// <summary>Asks what changed since a token; everything without one (RFC 6578 §3.2).</summary>
    public static XElement Sync(string? token) =>
        new(SyncCollection, new XElement(SyncToken, token ?? ""), new XElement(Dav + "sync-level", "1"), Prop(DavNames.Version, DavNames.ContentType));

    /// <summary>Asks for objects by their addresses (RFC 4791 §7.9).</summary>
    public static XElement MultigetOf(IEnumerable<string> hrefs) =>
        new(Multiget, Prop(DavNames.Version, LastModified, Data), hrefs.Select(href => new XElement(Href, href)));

    /// <summary>Asks for the event with a UID (RFC 4791 §7.8, §9.7.5).</summary>
    public static XElement WithUid(string uid) => new(
        Cal + "calendar-query",
        Prop(DavNames.Version),
        new XElement(Cal + "filter", Filter("VCALENDAR", Filter(EventsOnly, new XElement(Cal + "prop-filter", Named("UID"), new XElement(Cal + "text-match", new XAttribute("collation", "i;octet"), uid))))));

    /// <summary>Makes a calendar for events (RFC 4791 §5.3.1).</summary>
    public static XElement Make(string name) => new(
        Cal + "mkcalendar",
        new XElement(Dav + "set", new XElement(Dav + "prop", new XElement(DisplayName, name), new XElement(Components, new XElement(Component, Named(EventsOnly))))));

    private static XElement Prop(params XName[] names) => new(Dav + "prop", names.Select(name => new XElement(name)));

    private static XElement Filter(string component, params object[] content) => new(Cal + "comp-filter", Named(component), content);

    private static XAttribute Named(string name) => new("name", name);
}
