using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Practice;
using Practice.Hx;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>Without inbox and outbox Apple hides invitees and free-busy (RFC 6638 §2, §9).</summary>
internal static class SchedulingProperties
{
    private static readonly XName Opaque = XName.Get("opaque", CalDav);
    private static readonly XName Transparent = XName.Get("transparent", CalDav);

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(C("schedule-inbox-URL"), ResourceKinds.Principal, static (xml, resource, _) => Box(xml, resource, "inbox")),
        new(C("schedule-outbox-URL"), ResourceKinds.Principal, static (xml, resource, _) => Box(xml, resource, "outbox")),
        new(C("schedule-calendar-transp"), ResourceKinds.Calendar, TransparencyDefault)
        {
            SettableOn = ResourceKinds.Calendar,
            AtCreation = true,
            Check = CheckTransparency,
        },
        new(C("schedule-default-calendar-URL"), ResourceKinds.Inbox, DefaultCalendar) { NeedsHxAccess = true },
    ];

    private static bool Box(XmlUtf8Writer xml, DavResource resource, string name)
    {
        xml.Href(new DavPath(DavPathKind.Collection, resource.Owner!.Id, name).ToHref());
        return true;
    }

    private static bool TransparencyDefault(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("<C:opaque/>"u8);
        return true;
    }

    private static DavError? CheckTransparency(XElement value)
    {
        var children = value.Elements().ToList();
        return children is [var only] && (only.Name == Opaque || only.Name == Transparent)
            ? null
            : new DavError(409, null, "schedule-calendar-transp holds opaque or transparent.");
    }

    // only practitioners have a calendar that cannot be removed, once it is set up
    private static bool DefaultCalendar(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if (resource.Owner is not { Role: PrincipalRole.Practitioner } owner || request.HxAccess is { State: HxState.NotStarted }) return false;
        xml.Href(new DavPath(DavPathKind.Collection, owner.Id, HxCalendar.CollectionName).ToHref());
        return true;
    }
}
