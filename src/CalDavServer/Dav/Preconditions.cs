using System.Globalization;
using CalDavServer.Dav.Resources;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Dav;

/// <summary>Conditional requests: RFC 9110 §13, RFC 6638 §8.3 (If-Schedule-Tag-Match), and the If header of RFC 4918.</summary>
internal static class Preconditions
{
    // of what is there without an ETag: only * matches it
    private const string NoETag = "\0";

    /// <summary>Checks every condition of a write against what is there now; null when it may go on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="resource">What is there, as the caller is shown it; null when nothing is.</param>
    public static async ValueTask<DavError?> CheckAsync(DavRequest request, DavResource? resource)
    {
        var member = resource as CalendarObjectResource;
        var etag = member?.ETag ?? (resource is null ? null : NoETag);
        var headers = request.Http.Request.Headers;
        // a condition that cannot be read is not one that holds: the write would go on unguarded
        if (!ETag.IsList(headers.IfNoneMatch)) return DavError.BadRequest("If-None-Match is neither * nor a list of entity tags.");
        if (CheckMatch(request.Http.Request, etag, member?.Row) is { } failed) return failed;
        if (headers.IfNoneMatch.Count > 0 && ETag.MatchesWeakly(headers.IfNoneMatch, etag))
            return DavError.PreconditionFailed("If-None-Match: the resource is there.");
        return headers.TryGetValue("If", out var header) ? await IfHeader.CheckAsync(header.ToString(), request, resource) : null;
    }

    /// <summary>If-Match, If-Schedule-Tag-Match and If-Unmodified-Since: those that reads have too.</summary>
    public static DavError? CheckMatch(HttpRequest request, string? etag, ObjectRow? row)
    {
        var headers = request.Headers;
        if (headers.IfMatch.Count > 0)
        {
            if (!ETag.IsList(headers.IfMatch)) return DavError.BadRequest("If-Match is neither * nor a list of entity tags.");
            if (!ETag.Matches(headers.IfMatch, etag)) return DavError.PreconditionFailed("If-Match: the resource has been changed or removed.");
        }
        else if (TryReadDate(headers.IfUnmodifiedSince, out var since) && row is not null && IsAfter(row.Modified, since))
        {
            return DavError.PreconditionFailed("If-Unmodified-Since: the resource has been changed.");
        }

        // an object without a schedule tag has lost the one that the client knows
        return headers.TryGetValue("If-Schedule-Tag-Match", out var tags) && !ETag.Matches(tags, row?.ScheduleTag)
            ? DavError.PreconditionFailed("If-Schedule-Tag-Match: the resource has been changed or removed.")
            : null;
    }

    /// <summary>Whether a GET is answered with 304.</summary>
    public static bool IsNotModified(HttpRequest request, string etag, Instant modified)
    {
        var headers = request.Headers;
        if (headers.IfNoneMatch.Count > 0) return ETag.MatchesWeakly(headers.IfNoneMatch, etag);
        return TryReadDate(headers.IfModifiedSince, out var since) && !IsAfter(modified, since);
    }

    // by whole seconds, as the dates of HTTP are; a date may be the last that there is
    private static bool IsAfter(Instant modified, Instant since) => modified - since >= Duration.FromSeconds(1);

    private static bool TryReadDate(string? header, out Instant instant)
    {
        var good = DateTimeOffset.TryParseExact(
            header, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date);
        instant = good ? Instant.FromDateTimeOffset(date) : default;
        return good;
    }
}
