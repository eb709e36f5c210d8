using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Hx;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// DAV:sync-collection on a calendar home (RFC 6578 §3.3). At level 1 a calendar is told when its properties or anything in it changed, so that one request says which calendars to look at
/// (§3.5.1 leaves that open). At level infinite it is told when it is new or its properties changed, and its members each for themselves; those of a calendar that is gone are gone with it
/// (§3.5.2). The order is that of the change numbers, so that an answer cut short goes on exactly where it ended.
/// </summary>
internal sealed class HomeSync
{
    /// <summary>The inbox and the outbox are there before any change.</summary>
    private const long InboxAt = -1;
    private const long OutboxAt = 0;
    private const long BeforeAll = -2;

    private readonly DavRequest _request;
    private readonly HomeResource _home;
    private readonly RequestedProperties _requested;
    private readonly MultistatusWriter _output;
    private readonly Dictionary<long, (ObjectAnswer Answer, DateTimeZone Zone)> _answers = [];

    private HomeSync(DavRequest request, HomeResource home, RequestedProperties requested, MultistatusWriter output)
    {
        _request = request;
        _home = home;
        _requested = requested;
        _output = output;
    }

    public static async ValueTask<DavError?> InvokeAsync(DavRequest request, HomeResource home, RequestedProperties requested, SyncRequest sync)
    {
        var scope = SyncToken.ScopeOf(home.State, request.Caller.Level);
        var collections = (await request.Snapshot.ListCollectionsAsync(home.Principal.Id)).Where(collection => !HxCalendar.IsHidden(collection)).ToList();
        var token = new SyncToken(BeforeAll, home.State.Change);
        if (sync.Token is { } text && (!SyncToken.TryParse(text, scope, out token) || !await IsKnownAsync(request, home, collections, token, sync.Infinite))) return SyncRequest.BadToken;
        if (CalendarDataRequest.Compile(requested.CalendarData, DateTimeZone.Utc, new ExpansionAllowance(request.Cancelled)) is { } badData) return badData;

        await request.ReadPracticeZoneAsync();
        using var output = new MultistatusWriter(request);
        output.Start();
        var last = await new HomeSync(request, home, requested, output).WriteAsync(collections, token, sync);
        if (last is not null) output.Status(home.Href, StatusCodes.Status507InsufficientStorage, new DavError(507, DavNames.D("number-of-matches-within-limits")));
        await output.EndAsync(last is { } change ? (token with { Change = change }).ToUri(scope) : new SyncToken(home.State.Change).ToUri(scope));
        return null;
    }

    /// <summary>
    /// Whether all that went since the token is known. The members of a calendar that was removed are not, so when its name is used again a client that knew them must begin again: it may be
    /// told of the calendar as changed only, and not as removed (RFC 6578 §3.5.1).
    /// </summary>
    private static async ValueTask<bool> IsKnownAsync(DavRequest request, HomeResource home, IReadOnlyList<Collection> collections, SyncToken token, bool infinite)
    {
        if (token.Change <= BeforeAll || token.Needs > home.State.Change || token.Needs < home.State.OldestSync) return false;
        if (!infinite) return true;
        foreach (var collection in collections)
        {
            if (token.Needs < collection.ReplacedAt || token.Needs < await request.Snapshot.OldestSyncAsync(collection.Id)) return false;
        }

        return true;
    }

    // The change number of the last entry when there are more; null when these were all.
    private async ValueTask<long?> WriteAsync(IReadOnlyList<Collection> collections, SyncToken token, SyncRequest sync)
    {
        var written = 0;
        var last = token.Change;
        await foreach (var entry in ListAsync(collections, token.Change, sync.Infinite))
        {
            // what was not to be seen when a first sync began has never been there for its client
            if (!entry.IsVisible && entry.Change <= token.Began)
            {
                last = entry.Change;
                continue;
            }

            if (written == sync.Limit) return last;
            await WriteAsync(entry, sync.Infinite);
            await _output.DrainAsync();
            written++;
            last = entry.Change;
        }

        return null;
    }

    private ValueTask WriteAsync(Entry entry, bool infinite)
    {
        if (entry.Member is { } member) return WriteMemberAsync(entry.Calendar!, member);
        if (entry.Resource is not { } resource)
        {
            _output.Status(new DavPath(DavPathKind.Collection, _home.Principal.Id, entry.Name).ToHref(), StatusCodes.Status404NotFound);
            return default;
        }

        // RFC 6578 §3.3: a child that cannot be synced is said to be so, once
        if (infinite && resource is ScheduleBoxResource)
        {
            _output.Status(resource.Href, StatusCodes.Status403Forbidden, DavError.Forbidden(DavNames.D("supported-report")));
            return default;
        }

        return PropertyWriter.WriteResponseAsync(_request, _output, resource, _requested with { CalendarData = null });
    }

    private async ValueTask WriteMemberAsync(Collection collection, ChangeEntry member)
    {
        if (!_answers.TryGetValue(collection.Id, out var found))
        {
            var zone = _requested.CalendarData is null ? null : await FloatingZone.OfAsync(_request, collection);
            found = (new ObjectAnswer(_request, _output, ResourceResolver.OfCalendar(_home.Principal, collection), _requested), zone ?? DateTimeZone.Utc);
            _answers.Add(collection.Id, found);
        }

        CalendarDataRequest.UseZone(_requested.CalendarData, found.Zone);
        if (member.Row is { Published: true } row) await found.Answer.WriteAsync(row);
        else found.Answer.WriteAbsent(member.Name);
    }

    private async IAsyncEnumerable<Entry> ListAsync(IReadOnlyList<Collection> collections, long after, bool infinite)
    {
        var children = await ListChildrenAsync(collections, after, infinite);
        var next = 0;
        if (infinite)
        {
            var byId = collections.ToDictionary(collection => collection.Id);
            await foreach (var member in _request.Snapshot.ListHomeChangesAsync(_home.Principal.Id, Math.Max(after, 0)))
            {
                if (!byId.TryGetValue(member.CollectionId, out var calendar)) continue;
                while (next < children.Count && children[next].Change < member.Change) yield return children[next++];
                yield return new Entry(member.Change, member.Name) { Calendar = calendar, Member = member };
            }
        }

        while (next < children.Count) yield return children[next++];
    }

    // what is directly in the home
    private async ValueTask<List<Entry>> ListChildrenAsync(IReadOnlyList<Collection> collections, long after, bool infinite)
    {
        var principal = _home.Principal;
        var children = new List<Entry>
        {
            new(InboxAt, ResourceResolver.InboxName) { Resource = ResourceResolver.OfBox(principal, inbox: true) },
            new(OutboxAt, ResourceResolver.OutboxName) { Resource = ResourceResolver.OfBox(principal, inbox: false) },
        };
        foreach (var collection in collections)
            children.Add(new(infinite ? collection.DescribedAt : collection.Change, collection.Name) { Resource = ResourceResolver.OfCalendar(principal, collection) });
        foreach (var removed in await _request.Snapshot.ListRemovedCollectionsAsync(principal.Id, Math.Max(after, 0)))
            children.Add(new(removed.Change, removed.Name));
        children.RemoveAll(child => child.Change <= after);
        children.Sort((one, other) => one.Change.CompareTo(other.Change));
        return children;
    }

    /// <summary>One thing to tell: a child of the home, or a member of one of its calendars.</summary>
    private readonly record struct Entry(long Change, string Name)
    {
        /// <summary>The child; null for one that is gone, and for a member.</summary>
        public DavResource? Resource { get; init; }

        /// <summary>The calendar of a member.</summary>
        public Collection? Calendar { get; init; }

        /// <summary>The member; null for a child.</summary>
        public ChangeEntry? Member { get; init; }

        /// <summary>Whether it is there for the caller.</summary>
        public bool IsVisible => Resource is not null || Member is { Row.Published: true };
    }
}
