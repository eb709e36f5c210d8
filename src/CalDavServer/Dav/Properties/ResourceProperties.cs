using System.Collections.Frozen;
using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Dav.Methods;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using NodaTime;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>The properties of RFC 4918 §15, and where members are added (RFC 5995 §3.2).</summary>
internal static class ResourceProperties
{
    private const string HttpDate = "ddd, dd MMM yyyy HH:mm:ss 'GMT'";
    private const int LongestDisplayName = 1_024;

    private static readonly FrozenDictionary<string, string> ContentTypes = new[] { "VEVENT", "VTODO", "VJOURNAL" }
        .ToFrozenDictionary(component => component, component => $"text/calendar; charset=utf-8; component={component.ToLowerInvariant()}");

    /// <summary>The ETag of the representation that the caller is shown.</summary>
    public static LiveProperty GetETag { get; } = new(D("getetag"), ResourceKinds.Object, ETag) { InAllProp = true };

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(D("resourcetype"), ResourceKinds.Any, ResourceType) { InAllProp = true, SameOnObjects = true },
        new(D("displayname"), ResourceKinds.Owned | ResourceKinds.OtherPrincipal, DisplayName)
        {
            InAllProp = true,
            SettableOn = ResourceKinds.OrdinaryCalendar,
            AtCreation = true,
            Check = CheckDisplayName,
        },
        GetETag,
        new(D("getcontenttype"), ResourceKinds.Any, ContentType) { InAllProp = true },
        new(D("getcontentlength"), ResourceKinds.Any & ~ResourceKinds.Calendar, ContentLength) { InAllProp = true, NeedsBytes = true },
        new(D("getlastmodified"), ResourceKinds.Object, LastModified) { InAllProp = true },
        new(D("creationdate"), ResourceKinds.Object | ResourceKinds.Calendar, CreationDate) { InAllProp = true },

        new(D("add-member"), ResourceKinds.Calendar, AddMember),

        // never stored as dead ones: a client would take them for locking
        new(D("lockdiscovery"), ResourceKinds.Any, LiveProperty.Nothing) { SameOnObjects = true },
        new(D("supportedlock"), ResourceKinds.Any, LiveProperty.Nothing) { SameOnObjects = true },
    ];

    /// <summary>The media type of a calendar object whose component is known.</summary>
    public static string ContentTypeOf(string component) => ContentTypes.GetValueOrDefault(component, "text/calendar; charset=utf-8");

    /// <summary>A date as HTTP writes it (RFC 9110 §5.6.7).</summary>
    public static string HttpDateOf(Instant instant) => instant.ToDateTimeUtc().ToString(HttpDate, CultureInfo.InvariantCulture);

    private static bool ResourceType(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if (resource.IsCollection) xml.Raw("<D:collection/>"u8);
        if ((resource.Kind & (ResourceKinds.Principal | ResourceKinds.OtherPrincipal)) != 0) xml.Raw("<D:principal/>"u8);
        if ((resource.Kind & ResourceKinds.Calendar) != 0) xml.Raw("<C:calendar/>"u8);
        if (resource.Kind == ResourceKinds.Inbox) xml.Raw("<C:schedule-inbox/>"u8);
        if (resource.Kind == ResourceKinds.Outbox) xml.Raw("<C:schedule-outbox/>"u8);
        return true;
    }

    private static bool DisplayName(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        switch (resource)
        {
            case PrincipalResource principal: xml.Text(principal.Principal.DisplayName); return true;
            case HomeResource home: xml.Text(home.Principal.DisplayName); return true;
            case CalendarResource calendar: xml.Text(calendar.Collection.Name); return true;
            case ScheduleBoxResource box: xml.Text(box.IsInbox ? "Inbox" : "Outbox"); return true;
            default: return false;
        }
    }

    private static DavError? CheckDisplayName(XElement value) =>
        value.HasElements || value.Value.Length > LongestDisplayName
            ? new DavError(409, null, $"A display name is text of at most {LongestDisplayName} characters.")
            : null;

    private static bool AddMember(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Href(resource.Href);
        return true;
    }

    private static bool ETag(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("\""u8);
        xml.Raw(((CalendarObjectResource)resource).ETag);
        xml.Raw("\""u8);
        return true;
    }

    private static bool ContentType(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        var type = resource switch
        {
            CalendarObjectResource member => ContentTypeOf(member.Row.Index.Component),
            CalendarResource => CalendarDownload.ContentType,
            _ => CollectionLine.ContentType,
        };
        xml.Raw(type.AsSpan());
        return true;
    }

    private static bool ContentLength(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if (resource is not CalendarObjectResource member)
        {
            xml.Number(CollectionLine.Length);
            return true;
        }

        var length = member.IsShownAsStored ? member.Row.Size : request.ShownBytes;
        if (length is { } bytes) xml.Number(bytes);
        return length is not null;
    }

    private static bool LastModified(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw(HttpDateOf(((CalendarObjectResource)resource).Row.Modified).AsSpan());
        return true;
    }

    private static bool CreationDate(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        var created = resource is CalendarResource calendar ? calendar.Collection.Created : ((CalendarObjectResource)resource).Row.Created;
        xml.Raw(created.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture).AsSpan());
        return true;
    }
}
