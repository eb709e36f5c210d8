using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>What the caller may do (RFC 3744 §5). The answers follow from <see cref="Privileges"/>, as refusals do.</summary>
internal static class PrivilegeProperties
{
    // what Privileges lists without those that write
    private static ReadOnlySpan<byte> ReadingGrants =>
        "<D:privilege><D:read/></D:privilege><D:privilege><D:read-acl/></D:privilege><D:privilege><D:read-current-user-privilege-set/></D:privilege>"u8;

    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(D("current-user-privilege-set"), ResourceKinds.Any, CurrentUserPrivilegeSet) { NeedsHxAccess = true },
        new(D("supported-privilege-set"), ResourceKinds.Any, SupportedPrivilegeSet),
        new(D("acl"), ResourceKinds.Owned, Acl) { NeedsHxAccess = true },
        new(D("acl-restrictions"), ResourceKinds.Owned, AclRestrictions),
        new(D("inherited-acl-set"), ResourceKinds.Owned, static (_, _, _) => true),
    ];

    private static bool CurrentUserPrivilegeSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        foreach (var row in Privileges.Rows)
        {
            if (!Privileges.Has(request, resource.Path, resource.Kind, row.Privilege)) continue;
            xml.Raw("<D:privilege>"u8);
            xml.Empty(row.Name);
            xml.Raw("</D:privilege>"u8);
        }

        return true;
    }

    private static bool SupportedPrivilegeSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        WriteSupported(xml, Privileges.Rows[0]);
        return true;
    }

    private static void WriteSupported(XmlUtf8Writer xml, Privileges.Row row)
    {
        xml.Raw("<D:supported-privilege><D:privilege>"u8);
        xml.Empty(row.Name);
        xml.Raw("</D:privilege><D:description xml:lang=\"en\">"u8);
        xml.Text(row.Description);
        xml.Raw("</D:description>"u8);
        foreach (var part in Privileges.Rows)
        {
            if (part.PartOf == row.Privilege && part.Privilege != row.Privilege) WriteSupported(xml, part);
        }

        xml.Raw("</D:supported-privilege>"u8);
    }

    // the owner may do everything, or read when a subscription has ended; nobody else may do anything; no client can change that
    private static bool Acl(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("<D:ace><D:principal><D:href>"u8);
        xml.Text(PrincipalProperties.HrefOf(resource.Owner!));
        xml.Raw("</D:href></D:principal><D:grant>"u8);
        xml.Raw(Privileges.IsLapsed(request, resource.Path) ? ReadingGrants : "<D:privilege><D:all/></D:privilege>"u8);
        xml.Raw("</D:grant><D:protected/></D:ace>"u8);
        return true;
    }

    private static bool AclRestrictions(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Raw("<D:grant-only/><D:no-invert/>"u8);
        return true;
    }
}
