using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>Who somebody is and where things of theirs are: RFC 3744 §4 and §5, RFC 5397, RFC 4791 §6.2, RFC 6638 §2.4.</summary>
internal static class PrincipalProperties
{
    private const ResourceKinds Principals = ResourceKinds.Principal | ResourceKinds.OtherPrincipal;

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        // on every resource: clients begin with whatever URL a person typed
        new(D("current-user-principal"), ResourceKinds.Any, CurrentUserPrincipal),
        new(D("principal-URL"), Principals, PrincipalUrl),
        new(D("principal-collection-set"), ResourceKinds.Any, PrincipalCollectionSet),
        new(D("alternate-URI-set"), Principals, Empty),
        new(D("group-membership"), ResourceKinds.Principal, Empty),
        new(D("group-member-set"), ResourceKinds.Principal, Empty),
        new(D("owner"), ResourceKinds.Owned, Owner),
        new(D("resource-id"), Principals | ResourceKinds.Calendar, ResourceIdentity),
        new(C("calendar-home-set"), ResourceKinds.Principal, CalendarHomeSet),
        new(C("calendar-user-address-set"), Principals, AddressSet),
        new(C("calendar-user-type"), Principals, UserType),
        new(CS("email-address-set"), Principals, EmailAddressSet),
    ];

    /// <summary>The path of a principal.</summary>
    public static string HrefOf(Principal principal) => new DavPath(DavPathKind.Principal, principal.Id).ToHref();

    /// <summary>The path of a principal's calendar home.</summary>
    public static string HomeOf(Principal principal) => new DavPath(DavPathKind.Home, principal.Id).ToHref();

    private static bool CurrentUserPrincipal(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Href(HrefOf(request.Caller.Principal));
        return true;
    }

    private static bool PrincipalUrl(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Href(resource.Href);
        return true;
    }

    private static bool PrincipalCollectionSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("<D:href>/dav/principals/</D:href>"u8);
        return true;
    }

    private static bool Empty(XmlUtf8Writer xml, DavResource resource, DavRequest request) => true;

    private static bool Owner(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if (resource.Owner is not { } owner) return false;
        xml.Href(HrefOf(owner));
        return true;
    }

    private static bool ResourceIdentity(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Href(resource is CalendarResource calendar ? ResourceId.Of(calendar.Collection) : ResourceId.Of(resource.Owner!));
        return true;
    }

    // one href only: Apple reads no other
    private static bool CalendarHomeSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Href(HomeOf(resource.Owner!));
        return true;
    }

    private static bool AddressSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        var principal = resource.Owner!;
        if (principal.Email is { } email) xml.Href("mailto:" + email);
        xml.Href(ResourceId.Of(principal));
        xml.Href(resource.Href);
        return true;
    }

    private static bool UserType(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("INDIVIDUAL"u8);
        return true;
    }

    private static bool EmailAddressSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if (resource.Owner!.Email is not { } email) return false;
        xml.Element(CS("email-address"), email);
        return true;
    }
}
