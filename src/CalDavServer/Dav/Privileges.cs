using CalDavServer.Dav.Resources;
using Calendaring.Store;
using Practice.Hx;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav;

/// <summary>A privilege (RFC 3744 §3, RFC 4791 §6.1).</summary>
internal enum Privilege
{
    All,
    Read,
    ReadCurrentUserPrivilegeSet,
    ReadAcl,
    ReadFreeBusy,
    Write,
    WriteContent,
    WriteProperties,
    Bind,
    Unbind,
}

/// <summary>
/// The one table of who may do what. The owner may do everything unless the app password is read-only; of another principal of the practice group the name and addresses may be
/// read; anything else of others is not there at all, which is decided where a path becomes a resource. An HX_ calendar whose subscription has ended can be read.
/// </summary>
internal static class Privileges
{
    private const ResourceKinds ReadOnlyKinds = ResourceKinds.Tree | ResourceKinds.OtherPrincipal;

    /// <summary>The privileges; the first contains all others.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new(Privilege.All, D("all"), Privilege.All, true, "Everything"),
        new(Privilege.Read, D("read"), Privilege.All, false, "Read"),
        new(Privilege.ReadFreeBusy, C("read-free-busy"), Privilege.Read, false, "Read busy times"),
        new(Privilege.ReadAcl, D("read-acl"), Privilege.All, false, "Read who may do what"),
        new(Privilege.ReadCurrentUserPrivilegeSet, D("read-current-user-privilege-set"), Privilege.All, false, "Read one's own privileges"),
        new(Privilege.Write, D("write"), Privilege.All, true, "Write"),
        new(Privilege.WriteContent, D("write-content"), Privilege.Write, true, "Change content"),
        new(Privilege.WriteProperties, D("write-properties"), Privilege.Write, true, "Change properties"),
        new(Privilege.Bind, D("bind"), Privilege.Write, true, "Add members"),
        new(Privilege.Unbind, D("unbind"), Privilege.Write, true, "Remove members"),
    ];

    /// <summary>Whether the caller has a privilege on a resource that it may know of; <see cref="DavRequest.ReadHxAccessAsync"/> comes before.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The resource, or where it will be.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="privilege">The privilege.</param>
    public static bool Has(DavRequest request, DavPath path, ResourceKinds kind, Privilege privilege) =>
        !Rows[IndexOf(privilege)].Writes || (!request.Caller.Credential.ReadOnly && (kind & ReadOnlyKinds) == 0 && !IsLapsed(request, path));

    /// <summary>The refusal (RFC 3744 §7.1.1), or null when the caller has the privilege.</summary>
    public static async ValueTask<DavError?> CheckAsync(DavRequest request, DavPath path, ResourceKinds kind, Privilege privilege)
    {
        if (!Rows[IndexOf(privilege)].Writes) return null;
        if (IsHx(path)) await request.ReadHxAccessAsync();
        if (Has(request, path, kind, privilege)) return null;
        var reason = request.Caller.Credential.ReadOnly ? "This app password may read, and not write." : HxAccess.LapsedReason;
        return new(403, D("need-privileges"), reason, path.ToHref())
        {
            Privilege = Rows[IndexOf(privilege)].Name,
            RefusesChange = IsHx(path) && privilege is Privilege.WriteContent or Privilege.Bind or Privilege.Unbind,
        };
    }

    /// <summary>Whether a path is in the HX_ calendar, or is it: no other calendar can have its name.</summary>
    private static bool IsHx(DavPath path) => path.Collection == HxCalendar.CollectionName;

    /// <summary>Whether a path is in an HX_ calendar whose subscription has ended; <see cref="DavRequest.ReadHxAccessAsync"/> comes before.</summary>
    public static bool IsLapsed(DavRequest request, DavPath path) => IsHx(path) && request.HxAccess is { State: HxState.Lapsed };

    private static int IndexOf(Privilege privilege)
    {
        for (var i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].Privilege == privilege) return i;
        }

        throw new ArgumentOutOfRangeException(nameof(privilege));
    }

    /// <summary>One privilege.</summary>
    /// <param name="Privilege">Which.</param>
    /// <param name="Name">Its element.</param>
    /// <param name="PartOf">The aggregate it is directly in.</param>
    /// <param name="Writes">Whether a read-only app password lacks it.</param>
    /// <param name="Description">What it allows, for people.</param>
    internal sealed record Row(Privilege Privilege, PropertyName Name, Privilege PartOf, bool Writes, string Description);
}
