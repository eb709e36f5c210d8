using System.Xml.Linq;
using CalDavServer.Dav.Reports;
using CalDavServer.Dav.Resources;
using Calendaring.Store;

namespace CalDavServer.Dav.Properties;

/// <summary>Which properties a PROPFIND or report asks for (RFC 4918 §14.20).</summary>
/// <param name="Mode">All, names only, or the list.</param>
/// <param name="Names">The list, without <c>calendar-data</c>; for <see cref="RequestedMode.AllProp"/> what <c>include</c> adds.</param>
/// <param name="CalendarData">The <c>calendar-data</c> element when a report asks for it: it says which parts (RFC 4791 §9.6).</param>
internal sealed record RequestedProperties(RequestedMode Mode, IReadOnlyList<PropertyName> Names, XElement? CalendarData)
{
    private static readonly XName Prop = XName.Get("prop", DavNames.Dav);
    private static readonly XName AllPropName = XName.Get("allprop", DavNames.Dav);
    private static readonly XName PropNameName = XName.Get("propname", DavNames.Dav);
    private static readonly XName Include = XName.Get("include", DavNames.Dav);
    private static readonly XName CalendarDataName = XName.Get("calendar-data", DavNames.CalDav);

    /// <summary>What an empty PROPFIND asks for (RFC 4918 §9.1).</summary>
    public static RequestedProperties Everything { get; } = new(RequestedMode.AllProp, [], null);

    /// <summary>The table's rows for <see cref="Names"/>; null where a name is not a live property.</summary>
    public LiveProperty?[] Columns { get; } = PropertyTable.Find(Names);

    /// <summary>Whether something is asked for that a client may have stored on a resource of a kind.</summary>
    public bool MayBeStored(ResourceKinds kind) =>
        Mode != RequestedMode.Prop || Array.Exists(Columns, column => column is null || column.MayBeStoredOn(kind));

    /// <summary>The properties to read for it; null for all.</summary>
    public IReadOnlyCollection<PropertyName>? Stored =>
        Mode != RequestedMode.Prop ? null : Names.Any(name => CalendarZoneProperties.OtherOf(name) is not null) ? [.. Names, .. FloatingZone.Properties] : Names;

    /// <summary>Bytes, about, of all the names.</summary>
    public int NameBytes { get; } = Names.Sum(static name => name.Namespace.Length + name.Name.Length);

    /// <summary>Reads the request from the body of a PROPFIND: <c>calendar-data</c> is no property there (RFC 4791 §9.6).</summary>
    public static DavError? TryParse(XElement? propfind, out RequestedProperties requested)
    {
        requested = Everything;
        if (propfind is null) return null;
        if (propfind.Name != XName.Get("propfind", DavNames.Dav)) return DavError.BadRequest("The body of a PROPFIND is a DAV:propfind element.");
        return TryParse(propfind, false, out requested)
            ?? (propfind.Element(Prop) is null && propfind.Element(AllPropName) is null && propfind.Element(PropNameName) is null
                ? DavError.BadRequest("DAV:propfind asks for DAV:prop, DAV:allprop or DAV:propname.")
                : null);
    }

    /// <summary>Reads <c>prop</c>, <c>allprop</c> or <c>propname</c> among the children of a report's element; with none of them, nothing is asked for.</summary>
    public static DavError? TryParseReport(XElement report, out RequestedProperties requested) => TryParse(report, true, out requested);

    private static DavError? TryParse(XElement parent, bool report, out RequestedProperties requested)
    {
        requested = new RequestedProperties(RequestedMode.Prop, [], null);
        var list = parent.Element(Prop);
        var all = parent.Element(AllPropName);
        var names = parent.Element(PropNameName);
        // the second of two would be left out unsaid (RFC 3744 §9.2 forbids it in words)
        if (parent.Elements(Prop).Count() + parent.Elements(AllPropName).Count() + parent.Elements(PropNameName).Count() > 1)
            return DavError.BadRequest("Only one of DAV:prop, DAV:allprop and DAV:propname can be asked for, and once.");

        if (names is not null)
        {
            requested = new RequestedProperties(RequestedMode.PropName, [], null);
            return null;
        }

        var source = list ?? (all is null ? null : parent.Element(Include));
        var distinct = new List<PropertyName>();
        var seen = new HashSet<PropertyName>();
        XElement? calendarData = null;
        foreach (var element in source?.Elements() ?? [])
        {
            var name = new PropertyName(element.Name.NamespaceName, element.Name.LocalName);
            if (report && element.Name == CalendarDataName) calendarData ??= element;
            else if (name.Namespace == XNamespace.Xml.NamespaceName || name.Namespace == XNamespace.Xmlns.NamespaceName)
                return DavError.BadRequest("A property name is in a namespace that XML keeps for itself.");
            else if (seen.Add(name)) distinct.Add(name);
        }

        if (distinct.Sum(name => (long)name.Namespace.Length + name.Name.Length) > DavLimits.RequestedNameBytes)
            return DavError.BadRequest($"The names of the properties that are asked for take more than {DavLimits.RequestedNameBytes} bytes.");
        if (distinct.Count > DavLimits.RequestedProperties) return DavError.BadRequest($"More than {DavLimits.RequestedProperties} properties are asked for.");
        requested = new RequestedProperties(all is null ? RequestedMode.Prop : RequestedMode.AllProp, distinct, calendarData);
        return null;
    }
}

/// <summary>The three forms of a property request.</summary>
internal enum RequestedMode
{
    Prop,
    AllProp,
    PropName,
}
