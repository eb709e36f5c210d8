using System.Globalization;
using CalDavServer.Access;
using CalDavServer.Dav;
using CalDavServer.Http;
using Calendaring.Store;
using Microsoft.Net.Http.Headers;
using NodaTime;
using Practice.Feeds;
using Practice.Groups;
using Practice.Hx;

namespace CalDavServer.Feeds;

/// <summary>
/// <c>/feeds/{secret}.ics</c>: a practitioner's one-way calendar feed (R12). The secret is the key: nobody signs in, and the address is in no log.
/// Wrong secrets are slowed down as failed logins are; a right one never waits.
/// </summary>
internal sealed class FeedEndpoint(ICalendarStore store, IClock clock, LoginThrottle throttle, ILogger<FeedEndpoint> logger)
{
    /// <summary>Another form of the feed must have another number: it is in every ETag.</summary>
    private const int Form = 1;

    public async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            await PlainAnswer.WriteAsync(response, StatusCodes.Status405MethodNotAllowed, "A calendar feed can only be read.");
            return;
        }

        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex";
        using var snapshot = await store.OpenSnapshotAsync(context.RequestAborted);
        if (await FindAddressAsync(snapshot, request.Path) is not { } address)
        {
            await RefuseAsync(context);
            return;
        }

        if (address.Ended is not null)
        {
            await PlainAnswer.WriteAsync(
                response,
                StatusCodes.Status410Gone,
                "This calendar address has been replaced or switched off. Remove it from your app, and copy the new one from Settings > Integrations.");
            return;
        }

        // whose access was taken away may have it back: the address stays theirs
        if (await OpenAsync(snapshot, address.PractitionerId) is var (feed, hx, practice)) await AnswerAsync(context, snapshot, feed, hx, practice);
        else await PlainAnswer.WriteAsync(response, StatusCodes.Status404NotFound, "This calendar feed is closed at the moment.");
    }

    private static async ValueTask<FeedAddress?> FindAddressAsync(IStoreSnapshot snapshot, PathString path) =>
        FeedSecret.Of(path) is { } secret ? await FeedAddress.FindAsync(snapshot, FeedSecret.Hash(secret)) : null;

    private async Task RefuseAsync(HttpContext context)
    {
        var wait = throttle.BeginAt(Origin.Of(context.Connection.RemoteIpAddress)).Wait;
        if (wait > 0)
        {
            context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            await PlainAnswer.WriteAsync(context.Response, StatusCodes.Status429TooManyRequests, "Too many wrong addresses: try again later.");
            return;
        }

        await PlainAnswer.WriteAsync(context.Response, StatusCodes.Status404NotFound, "There is no such calendar feed.");
    }

    private static async ValueTask<(Feed Feed, Collection Hx, PracticeGroup Practice)?> OpenAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        if (await Feed.FindAsync(snapshot, practitionerId) is not var (feed, _)) return null;
        if (await snapshot.FindPrincipalAsync(practitionerId) is not { Deactivated: null } practitioner) return null;
        if (await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is not { } hx) return null;
        return await PracticeGroup.FindAsync(snapshot, practitioner.GroupId) is { } practice ? (feed, hx, practice) : null;
    }

    private async Task AnswerAsync(HttpContext context, IStoreSnapshot snapshot, Feed feed, Collection hx, PracticeGroup practice)
    {
        var (request, response) = (context.Request, context.Response);
        var compressed = TakesGzip(request);
        var etag = $"{Form}-{hx.Incarnation}-{hx.Change:x}-{feed.Changed.ToUnixTimeTicks():x}-{(int)feed.Level}{(compressed ? "-gzip" : "")}";
        var modified = Instant.Max(hx.Modified, feed.Changed);
        response.Headers.ETag = ETag.Quote(etag);
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = HeaderNames.AcceptEncoding;

        // what changes again within the second of its date could not be told from what was read (RFC 9110 §8.8.2.2)
        if (clock.GetCurrentInstant().ToUnixTimeSeconds() > modified.ToUnixTimeSeconds())
            response.Headers.LastModified = modified.ToDateTimeOffset().ToString("r", CultureInfo.InvariantCulture);
        if (Preconditions.IsNotModified(request, etag, modified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "text/calendar; charset=utf-8";
        // without this a browser would name the file by the secret
        response.Headers.ContentDisposition = "attachment; filename=\"calendar.ics\"";
        if (compressed) response.Headers.ContentEncoding = "gzip";
        if (HttpMethods.IsHead(request.Method)) return;
        using var answer = new FeedAnswer(context, snapshot, compressed, logger);
        await answer.WriteAsync(hx, practice.Zone(), feed.Level);
    }

    private static bool TakesGzip(HttpRequest request)
    {
        var taken = false;
        foreach (var coding in request.GetTypedHeaders().AcceptEncoding)
        {
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase)) return coding.Quality is not 0;
            if (coding.Value == "*") taken = coding.Quality is not 0;
        }

        return taken;
    }
}
