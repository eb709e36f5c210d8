using System.Diagnostics.CodeAnalysis;
using CalDavServer.Access;
using Calendaring.Store;
using Practice;
using Practice.Hx;

namespace CalDavServer.Dav.Resources;

/// <summary>
/// Makes resources of paths and rows. Here is decided what a caller may know of: its own principal, home, calendars and objects; of the others in its practice group
/// the principal; nothing else. What it may not know of is absent.
/// </summary>
internal static class ResourceResolver
{
    public const string InboxName = "inbox";
    public const string OutboxName = "outbox";

    /// <summary>The resource at a path; null when there is none for this caller.</summary>
    public static async ValueTask<DavResource?> ResolveAsync(DavPath path, Caller caller, IStoreSnapshot snapshot) => (await FindAsync(path, caller, snapshot)).Resource;

    /// <summary>The same, with the calendar and the row that were found on the way.</summary>
    public static async ValueTask<Place> FindAsync(DavPath path, Caller caller, IStoreSnapshot snapshot)
    {
        switch (path.Kind)
        {
            case DavPathKind.Root or DavPathKind.DavRoot or DavPathKind.Principals or DavPathKind.Calendars:
                return new Place(new TreeResource(path));
            case DavPathKind.Principal:
                return new Place(await snapshot.FindPrincipalAsync(path.Id!) is { } found ? OfPrincipal(found, caller) : null);
        }

        if (!IsOwn(path, caller) || await snapshot.FindPrincipalAsync(path.Id!) is not { } principal) return default;
        if (path.Kind == DavPathKind.Home) return new Place(new HomeResource(path, principal, await snapshot.GetHomeAsync(principal.Id)));
        if (path.Kind == DavPathKind.Collection && path.Collection is InboxName or OutboxName)
            return new Place(new ScheduleBoxResource(path, principal, path.Collection == InboxName));
        if (await FindCollectionAsync(snapshot, path) is not { } collection) return default;
        var calendar = OfCalendar(principal, collection);
        return path.Kind == DavPathKind.Collection ? new Place(calendar, calendar) : await FindMemberAsync(calendar, path.Object!, caller, snapshot);
    }

    /// <summary>What is under a name in a calendar that has been found.</summary>
    public static async ValueTask<Place> FindMemberAsync(CalendarResource calendar, string name, Caller caller, IStoreSnapshot snapshot)
    {
        var row = await snapshot.FindRowAsync(calendar.Collection.Id, name);
        return new Place(row is null ? null : OfObject(calendar, row, caller.Level), calendar, row);
    }

    /// <summary>The calendar that a path is in or names; null when there is none, or none outside the diary yet.</summary>
    public static async ValueTask<Collection?> FindCollectionAsync(IStoreSnapshot snapshot, DavPath path) =>
        await snapshot.FindCollectionAsync(path.Id!, path.Collection!) is { } found && !HxCalendar.IsHidden(found) ? found : null;

    /// <summary>Whether a path is the caller's own: what is below another principal's home is absent.</summary>
    public static bool IsOwn(DavPath path, Caller caller) => path.Id == caller.Principal.Id;

    /// <summary>A principal, when the caller may know of it.</summary>
    public static PrincipalResource? OfPrincipal(Principal principal, Caller caller)
    {
        var isCaller = principal.Id == caller.Principal.Id;
        var isColleague = principal.GroupId is not null && principal.GroupId == caller.Principal.GroupId;
        return isCaller || isColleague ? new PrincipalResource(new DavPath(DavPathKind.Principal, principal.Id), principal, isCaller) : null;
    }

    /// <summary>The principals that a caller may know of, by id: those of its practice group, or itself alone.</summary>
    public static async ValueTask<IReadOnlyList<Principal>> ListKnownAsync(Caller caller, IStoreSnapshot snapshot)
    {
        if (caller.Principal.GroupId is { } practice) return await snapshot.ListPrincipalsAsync(practice);
        return await snapshot.FindPrincipalAsync(caller.Principal.Id) is { } self ? [self] : [];
    }

    /// <summary>A calendar of a home.</summary>
    public static CalendarResource OfCalendar(Principal principal, Collection collection) =>
        new(new DavPath(DavPathKind.Collection, principal.Id, collection.Name), principal, collection);

    /// <summary>The inbox or outbox of a home.</summary>
    public static ScheduleBoxResource OfBox(Principal principal, bool inbox) =>
        new(new DavPath(DavPathKind.Collection, principal.Id, inbox ? InboxName : OutboxName), principal, inbox);

    /// <summary>A member of a calendar as a level is shown it; null when it is kept in the diary only.</summary>
    public static CalendarObjectResource? OfObject(CalendarResource calendar, ObjectRow row, PrivacyLevel level) =>
        TryGetETag(row, level, out var etag) ? new CalendarObjectResource(calendar, row, etag) : null;

    /// <summary>The ETag of a member as a level is shown it; false when it is kept in the diary only.</summary>
    public static bool TryGetETag(ObjectRow row, PrivacyLevel level, [NotNullWhen(true)] out string? etag)
    {
        etag = row.Published ? HxCalendar.ETagOf(row, level) : null;
        return etag is not null;
    }
}
