using System.Collections.Frozen;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Scheduling;
using static CalDavServer.Dav.Resources.ResourceKinds;

namespace CalDavServer.Dav.Methods;

/// <summary>All methods. What <c>Allow</c> says follows from here, and so does who may use them.</summary>
internal static class MethodTable
{
    // PUT, MKCALENDAR and MKCOL also make what is not there
    private static readonly MethodRow[] Rows =
    [
        new(new OptionsMethod(), Any, Privilege.Read, true),
        new(new GetMethod("GET"), Any, Privilege.Read),
        new(new GetMethod("HEAD"), Any, Privilege.Read),
        new(new PropFindMethod(), Any, Privilege.Read),
        new(new ReportMethod(), Any, Privilege.Read),
        new(new PropPatchMethod(), Owned, Privilege.WriteProperties),
        new(new PutMethod(), ResourceKinds.Object, Privilege.WriteContent, true),
        new(new DeleteMethod(), ResourceKinds.Object | OrdinaryCalendar, Privilege.Unbind),
        new(new CopyMethod(), ResourceKinds.Object, Privilege.Read),
        new(new MoveMethod(), ResourceKinds.Object | OrdinaryCalendar, Privilege.Unbind),
        new(new MkCalendarMethod(), None, Privilege.Bind, true),
        new(new MkColMethod(), None, Privilege.Bind, true),
        new(new AddMemberMethod(), Calendar, Privilege.Bind),
        new(new OutboxPostMethod(), Outbox, Privilege.Read),
    ];

    // registered methods that are not offered: 405 and not 501
    private static readonly FrozenSet<string> KnownElsewhere = FrozenSet.Create(
        StringComparer.Ordinal,
        "POST", "PATCH", "TRACE", "CONNECT", "LOCK", "UNLOCK", "ACL", "SEARCH", "BIND", "UNBIND", "REBIND", "ORDERPATCH", "VERSION-CONTROL", "CHECKOUT", "CHECKIN",
        "UNCHECKOUT", "MKWORKSPACE", "UPDATE", "LABEL", "MERGE", "BASELINE-CONTROL", "MKACTIVITY", "MKREDIRECTREF", "UPDATEREDIRECTREF", "LINK", "UNLINK", "QUERY");

    // POST means one thing on a calendar and another on the outbox
    private static readonly FrozenDictionary<string, MethodRow[]> ByName =
        Rows.GroupBy(row => row.Method.Name).ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray(), StringComparer.Ordinal);

    private static readonly FrozenDictionary<ResourceKinds, string> Allowed = Enum.GetValues<ResourceKinds>()
        .Where(kind => int.PopCount((int)kind) == 1)
        .ToFrozenDictionary(kind => kind, kind => string.Join(", ", Rows.Where(row => (row.On & kind) != 0).Select(row => row.Method.Name)));

    /// <summary>The Allow header of the server as a whole: what works somewhere.</summary>
    public static string All { get; } = string.Join(", ", Rows.Select(row => row.Method.Name).Distinct());

    /// <summary>The row of a method for a kind of resource, or any row of it where it is not offered; null for a method that works nowhere.</summary>
    public static MethodRow? Find(string method, ResourceKinds kind = Any)
    {
        if (!ByName.TryGetValue(method, out var rows)) return null;
        foreach (var row in rows)
        {
            if ((row.On & kind) != 0) return row;
        }

        return rows[0];
    }

    /// <summary>The name of a method that is known, here or elsewhere; "other" for a word that a client made up.</summary>
    public static string NameOf(string method) =>
        ByName.TryGetValue(method, out var rows) ? rows[0].Method.Name : KnownElsewhere.TryGetValue(method, out var name) ? name : "other";

    /// <summary>Whether a method that is not in the table is one that other servers have (405), and not an unknown word (501).</summary>
    public static bool IsKnown(string method) => KnownElsewhere.Contains(method);

    /// <summary>The Allow header of a resource, or of a path where there is none yet.</summary>
    public static string Allow(DavResource? resource, DavPath path) => resource is not null ? Allowed[resource.Kind]
        : path.Kind == DavPathKind.Object ? "OPTIONS, PUT"
        : path.Kind == DavPathKind.Collection ? "OPTIONS, MKCALENDAR, MKCOL"
        : "OPTIONS";
}

/// <summary>A method and where it works.</summary>
/// <param name="Method">The method.</param>
/// <param name="On">The resources that have it.</param>
/// <param name="Privilege">What the caller needs.</param>
/// <param name="OnMissing">Whether it may be asked of a path where nothing is.</param>
internal sealed record MethodRow(IMethod Method, ResourceKinds On, Privilege Privilege, bool OnMissing = false);
