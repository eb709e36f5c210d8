using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// DAV:sync-collection (RFC 6578) on a calendar. Entries come in the order of their change numbers, so that an answer cut short carries the number of its last entry as token and the
/// next begins exactly there. Token and entries are of one snapshot.
/// </summary>
internal sealed class SyncCollectionReport : IReport
{
    /// <summary>Entries in one answer, whatever the client's limit.</summary>
    private const int MaxEntries = 20_000;
    private static readonly XNamespace D = DavNames.Dav;

    public PropertyName Name => DavNames.D("sync-collection");

    public bool AppliesTo(DavResource resource) => resource is CalendarResource;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        var calendar = (CalendarResource)resource;
        var collection = calendar.Collection;
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        if (CheckLevel(body, depth) is { } badLevel) return badLevel;
        if (TryReadLimit(body, out var limit) is { } badLimit) return badLimit;
        if (body.Element(D + "sync-token") is not { } element) return DavError.BadRequest("A sync-collection has a sync-token, empty the first time.");
        var token = new SyncToken(0, collection.Change);
        if (element.Value.Trim() is { Length: > 0 } text
            && (!SyncToken.TryParse(text, collection.Incarnation, out token) || token.Needs > collection.Change || token.Needs < await request.Snapshot.OldestSyncAsync(collection.Id)))
            return DavError.Forbidden(DavNames.D("valid-sync-token"), "The sync token is not of this calendar, or too old: begin again with an empty one.");
        if (CalendarDataRequest.Compile(requested.CalendarData, DateTimeZone.Utc, new ExpansionAllowance(request.Cancelled)) is { } badData) return badData;

        using var output = new MultistatusWriter(request);
        output.Start();
        var answer = new ObjectAnswer(request, output, calendar, requested);
        var last = await WriteEntriesAsync(request, calendar, answer, token, limit);
        if (last is not null) output.Status(calendar.Href, StatusCodes.Status507InsufficientStorage, new DavError(507, DavNames.D("number-of-matches-within-limits")));
        await output.EndAsync(last is { } change ? (token with { Change = change }).ToUri(collection.Incarnation) : SyncToken.Of(collection));
        return null;
    }

    // The change number of the last entry when there are more; null when these were all.
    private static async ValueTask<long?> WriteEntriesAsync(DavRequest request, CalendarResource calendar, ObjectAnswer answer, SyncToken token, int limit)
    {
        var written = 0;
        var last = token.Change;
        await foreach (var entry in request.Snapshot.ListChangesAsync(calendar.Collection.Id, token.Change, int.MaxValue))
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

    // The Depth header is 0 (RFC 6578 §3.2); clients send 1 too. The level says how deep to look: a calendar has no collections in it, so both levels are one.
    private static DavError? CheckLevel(XElement body, Depth depth)
    {
        if (depth == Depth.Infinity) return DavError.BadRequest("A sync-collection has Depth 0.");
        return body.Element(D + "sync-level")?.Value.Trim() is null or "1" or "infinite" or "infinity" ? null : DavError.BadRequest("A sync-level is 1 or infinite.");
    }

    private static DavError? TryReadLimit(XElement body, out int limit)
    {
        limit = MaxEntries;
        if (body.Element(D + "limit") is not { } element) return null;
        if (!int.TryParse(element.Element(D + "nresults")?.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
            return DavError.BadRequest("A limit holds nresults, a number.");
        if (asked == 0) return DavError.Forbidden(DavNames.D("number-of-matches-within-limits"), "A limit of no results leads nowhere.");
        limit = Math.Min(asked, MaxEntries);
        return null;
    }
}
