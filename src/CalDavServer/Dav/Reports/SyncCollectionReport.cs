using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// DAV:sync-collection (RFC 6578) on a calendar, or on a home (<see cref="HomeSync"/>). Entries come in the order of their change numbers, so that an answer cut short carries the number of its last entry as token and the
/// next begins exactly there. Token and entries are of one snapshot.
/// </summary>
internal sealed class SyncCollectionReport : IReport
{
    public PropertyName Name => DavNames.D("sync-collection");

    public bool AppliesTo(DavResource resource) => resource is CalendarResource or HomeResource;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        if (SyncRequest.TryParse(body, depth, out var sync) is { } bad) return bad;
        if (resource is HomeResource home) return await HomeSync.InvokeAsync(request, home, requested, sync);
        var calendar = (CalendarResource)resource;
        var collection = calendar.Collection;
        var scope = SyncToken.ScopeOf(collection, request.Caller.Level);
        var token = new SyncToken(0, collection.Change);
        if (sync.Token is { } text
            && (!SyncToken.TryParse(text, scope, out token) || token.Change < 0 || token.Needs > collection.Change || token.Needs < await request.Snapshot.OldestSyncAsync(collection.Id)))
            return SyncRequest.BadToken;
        // most clients ask for ETags, which have no zone
        var zone = requested.CalendarData is null ? null : await FloatingZone.OfAsync(request, collection);
        if (CalendarDataRequest.Compile(requested.CalendarData, zone ?? DateTimeZone.Utc, new ExpansionAllowance(request.Cancelled)) is { } badData) return badData;

        using var output = new MultistatusWriter(request);
        output.Start();
        var answer = new ObjectAnswer(request, output, calendar, requested);
        var last = await WriteEntriesAsync(request, calendar, answer, token, sync.Limit);
        if (last is null) request.Lag.Told(collection);
        else output.Status(calendar.Href, StatusCodes.Status507InsufficientStorage, new DavError(507, DavNames.D("number-of-matches-within-limits")));
        await output.EndAsync(last is { } change ? (token with { Change = change }).ToUri(scope) : new SyncToken(collection.Change).ToUri(scope));
        return null;
    }

    // The change number of the last entry when there are more; null when these were all.
    private static async ValueTask<long?> WriteEntriesAsync(DavRequest request, CalendarResource calendar, ObjectAnswer answer, SyncToken token, int limit)
    {
        var written = 0;
        var last = token.Change;
        await foreach (var entry in request.Snapshot.ListChangesAsync(calendar.Collection.Id, token.Change))
        {
            // what was not to be seen when a first sync began has never been there for its client
            var visible = entry.Row is { Published: true };
            if (!visible && entry.Change <= token.Began)
            {
                last = entry.Change;
                continue;
            }

            if (written == limit) return last;
            if (visible) await answer.WriteAsync(entry.Row!);
            else answer.WriteAbsent(entry.Name);
            await answer.Output.DrainAsync();
            written++;
            last = entry.Change;
        }

        return null;
    }
}
