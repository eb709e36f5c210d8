using CalDavServer.Dav.Filters;
using CalDavServer.Dav.Properties;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>The properties by which principals can be searched (RFC 3744 §9.5).</summary>
internal static class PrincipalSearch
{
    /// <summary>The properties, each with what it is to a person.</summary>
    public static IReadOnlyList<(PropertyName Name, string Description)> Properties { get; } =
    [
        (DavNames.D("displayname"), "Name"),
        (DavNames.CS("email-address-set"), "E-mail address"),
        (DavNames.C("calendar-user-address-set"), "Calendar address"),
    ];

    /// <summary>Whether a property of a principal matches; one that cannot be searched never does.</summary>
    public static bool Matches(Principal principal, PropertyName property, TextMatch text)
    {
        if (property == DavNames.D("displayname")) return text.Matches(principal.DisplayName);
        if (property == DavNames.CS("email-address-set")) return principal.Email is { } email && text.Matches(email);
        if (property != DavNames.C("calendar-user-address-set")) return false;
        return (principal.Email is { } address && text.Matches("mailto:" + address)) || text.Matches(ResourceId.Of(principal)) || text.Matches(PrincipalProperties.HrefOf(principal));
    }
}
