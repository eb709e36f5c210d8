using System.Buffers;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using CalDavServer.Http;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.TimeZones;
using Microsoft.Net.Http.Headers;
using NodaTime;
using Practice;
using Practice.Hx;

namespace CalDavServer.Dav.Methods;

/// <summary>
/// GET of a calendar: all its objects, as the caller is shown them, in one iCalendar object; or a page that lists them, for a browser that asks for HTML. Sent piece by piece. An object that is
/// damaged is left out, and told to the log without content.
/// </summary>
internal static class CalendarDownload
{
    /// <summary>The media type of the iCalendar object.</summary>
    public const string ContentType = "text/calendar; charset=utf-8";

    public static async ValueTask<DavError?> InvokeAsync(DavRequest request, CalendarResource calendar)
    {
        var (http, response) = (request.Http.Request, request.Http.Response);
        var html = PrefersHtml(http);
        var etag = $"{SyncToken.ScopeOf(calendar.Collection, request.Caller.Level).Replace('/', '-')}-{calendar.Collection.Change:x}{(html ? "-html" : "")}";
        response.Headers.ETag = ETag.Quote(etag);

        // what changes again within the second of its date could not be told from what was read (RFC 9110 §8.8.2.2)
        var modified = calendar.Collection.Modified;
        if (request.Clock.GetCurrentInstant().ToUnixTimeSeconds() > modified.ToUnixTimeSeconds()) response.Headers.LastModified = ResourceProperties.HttpDateOf(modified);
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = HeaderNames.Accept;
        response.Headers.XContentTypeOptions = "nosniff";
        if (Preconditions.CheckMatch(http, etag, null) is { } failed) return failed;
        if (Preconditions.IsNotModified(http, etag, modified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        response.ContentType = html ? CalendarListing.ContentType : ContentType;
        if (html) response.Headers.ContentSecurityPolicy = "default-src 'none'";
        if (HttpMethods.IsHead(http.Method)) return null;
        using var sender = new PieceSender(request.Http, compressed: false);
        if (html) await CalendarListing.WriteAsync(request, calendar, sender);
        else await WriteAsync(request, calendar, sender);
        request.ReleaseSnapshot();
        await sender.EndAsync();
        return null;
    }

    /// <summary>The objects of a calendar as the caller is shown them.</summary>
    public static async IAsyncEnumerable<(ObjectRow Row, CalendarObject Shown)> ListAsync(DavRequest request, CalendarResource calendar)
    {
        await foreach (var row in request.Snapshot.ListRowsAsync(calendar.Collection.Id))
        {
            request.Cancelled.ThrowIfCancellationRequested();
            if (!row.Published || await Candidates.ReadAsync(request.Snapshot, row, Damaged) is not { } stored) continue;
            if (TryShow(stored, request.Caller.Level) is { } shown) yield return (row, shown);
            else Damaged(row);
        }

        void Damaged(ObjectRow row) => StoreLog.Damaged(request.Log, request.Http.Request.Method, row.CollectionId);
    }

    private static CalendarObject? TryShow(StoredObject stored, PrivacyLevel level)
    {
        try
        {
            return CalendarObject.Parse(HxCalendar.Represent(stored, level));
        }
        catch (Exception damage) when (damage is FormatException or CorruptObjectException)
        {
            return null;
        }
    }

    private static async ValueTask WriteAsync(DavRequest request, CalendarResource calendar, PieceSender sender)
    {
        var name = await calendar.ReadNameAsync(request);
        Write("BEGIN:VCALENDAR\r\n"u8);
        foreach (var line in (ContentLine[])[
            ContentLine.Create("VERSION", "2.0"), ContentLine.Create("PRODID", "-//CalendarSync//CalDAV//EN"), ContentLine.CreateText("NAME", name), ContentLine.CreateText("X-WR-CALNAME", name)])
        {
            Write(line.Bytes.Span);
        }

        var zones = new ZoneMerge(await FirstAsync(request.Snapshot, calendar.Collection));
        await foreach (var (_, shown) in ListAsync(request, calendar))
        {
            zones.Write(shown.Calendar, [.. shown.Calendar.Components.Where(component => component.Name != "VTIMEZONE")], sender.Buffer);
            await sender.DrainAsync();
        }

        Write("END:VCALENDAR\r\n"u8);

        void Write(ReadOnlySpan<byte> bytes) => sender.Buffer.Write(bytes);
    }

    private static async ValueTask<LocalDateTime> FirstAsync(IStoreSnapshot snapshot, Collection collection)
    {
        var first = Instant.FromUtc(2000, 1, 1, 0, 0);
        await foreach (var row in snapshot.ListRowsAsync(collection.Id))
        {
            if (row.Index.Start is { } start && start < first) first = start;
        }

        return first.InUtc().LocalDateTime;
    }

    // a calendar client that sends */* or nothing wants the calendar; a browser names text/html
    private static bool PrefersHtml(HttpRequest request)
    {
        double html = 0, calendar = 0;
        foreach (var range in request.GetTypedHeaders().Accept)
        {
            if (range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)) html = Math.Max(html, range.Quality ?? 1);
            if (range.MediaType.Equals("text/calendar", StringComparison.OrdinalIgnoreCase)) calendar = Math.Max(calendar, range.Quality ?? 1);
        }

        return html > calendar;
    }
}
