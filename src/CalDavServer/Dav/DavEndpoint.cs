using CalDavServer.Access;
using CalDavServer.Dav.Methods;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using CalDavServer.Http;
using CalDavServer.Http.Fairness;
using CalDavServer.Metrics;
using CalDavServer.Options;
using Calendaring.Store;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;

namespace CalDavServer.Dav;

/// <summary>
/// The one way into the DAV tree: <c>/dav/…</c>, <c>/.well-known/caldav</c>, and what is WebDAV on <c>/</c>. It makes of a request a path, a resource on one snapshot and a row of the
/// method table, checks the privilege, and answers refusals. The caller has been authenticated before.
/// </summary>
internal sealed class DavEndpoint(RequestDelegate next, ICalendarStore store, IClock clock, SyncLag lag, Quotas quotas, ILogger<DavEndpoint> log)
{
    /// <summary>What the server does, each of it tested: no class 2 (no LOCK), no access-control (no ACL), no scheduling.</summary>
    public const string Classes = "1, 3, calendar-access, extended-mkcol, calendar-query-extended, calendarserver-home-sync";

    private const string WellKnown = "/.well-known/caldav";

    public Task InvokeAsync(HttpContext http)
    {
        var target = RequestTarget.PathOf(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target == "/")
        {
            // pages are shown there
            if (http.GetEndpoint() is not null) return next(http);
        }
        else if (target == "*")
        {
            return AnswerForAllAsync(http.Response);
        }
        else if (target.StartsWith(WellKnown, StringComparison.Ordinal) && target.AsSpan(WellKnown.Length) is "" or "/")
        {
            return RedirectAsync(http.Response);
        }
        else if (target != "/dav" && !target.StartsWith("/dav/", StringComparison.Ordinal))
        {
            return next(http);
        }

        http.Response.Headers["DAV"] = Classes;
        return AnswerAsync(http, target);
    }

    // OPTIONS of the server as a whole, the only method that may be asked of "*" (RFC 9110 §9.3.7, RFC 9112 §3.2.4)
    private static Task AnswerForAllAsync(HttpResponse response)
    {
        response.Headers["DAV"] = Classes;
        response.Headers.Allow = MethodTable.All;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    // relative: behind a proxy the server doesn't know its own scheme for sure, and Apple sends no password to http (RFC 6764 §5)
    private static Task RedirectAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status301MovedPermanently;
        response.Headers["DAV"] = Classes;
        response.Headers.Location = "/dav/";
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(HttpContext http, string target)
    {
        try
        {
            if (await InvokeAsync(http, target) is { } error) await ErrorWriter.WriteAsync(http.Response, error);
        }
        catch (StoreException failure) when (!http.Response.HasStarted)
        {
            if (failure.Kind == StoreFailureKind.Unavailable) StoreLog.Unavailable(log, http.Request.Method, failure.Kind, failure.Code);
            await ErrorWriter.WriteAsync(http.Response, StoreFailures.Of(new StoreFailure(failure.Kind, 0)));
        }
        catch (CorruptObjectException damaged) when (!http.Response.HasStarted)
        {
            StoreLog.Damaged(log, http.Request.Method, damaged.CollectionId);
            await ErrorWriter.WriteAsync(http.Response, new DavError(500, null, "The stored object is damaged. It can be restored from a backup."));
        }
        catch (AnswerLimitException) when (!http.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(http.Response, DavError.Forbidden(DavNames.D("number-of-matches-within-limits"), "The answer would be larger than the server allows: ask for less at once."));
        }
        catch (BadHttpRequestException problem) when (!http.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(http.Response, new DavError(problem.StatusCode, null, "The request is not complete, or too large."));
        }
    }

    private async ValueTask<DavError?> InvokeAsync(HttpContext http, string target)
    {
        var caller = http.Features.GetRequiredFeature<Caller>();
        var method = MethodTable.Find(http.Request.Method);
        if (method is null && !MethodTable.IsKnown(http.Request.Method)) return new DavError(501, null, "The method is not known.");
        if (!DavPath.TryParse(target, out var path))
            return RefuseTarget(target);
        if (!TryReadDepth(http.Request, out var depth)) return DavError.BadRequest("Depth is 0, 1 or infinity.");

        var (body, error) = method is null ? (ReadOnlyMemory<byte>.Empty, null) : await RequestBody.ReadAsync(http, DavLimits.ObjectBytes);
        if (error is not null) return error;
        // RFC 4918 §8.4: what would be ignored is refused
        if (method is { Method.TakesBody: false } && body is not { Length: 0 }) return new DavError(415, null, $"{method.Method.Name} has no request body.");
        using var turn = MayBeLong(http.Request, target, depth) ? await WorkTurn.TakeAsync(http) : null;
        var snapshot = await store.OpenSnapshotAsync(http.RequestAborted);
        Place place;
        try
        {
            place = await ResourceResolver.FindAsync(path, caller, snapshot);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }

        using var request = new DavRequest(http, caller, store, snapshot, path, place, clock)
        {
            Depth = depth,
            Body = body,
            Preferences = Preferences.Of(http.Request),
            Log = log,
            Lag = lag,
            Quotas = quotas,
        };
        var resource = request.Resource;
        if (resource is not null) method = MethodTable.Find(http.Request.Method, resource.Kind);
        var refusal = await RefuseAsync(request, method);
        if (refusal is null && resource is { IsCollection: true } && !target.EndsWith('/')) http.Response.Headers.ContentLocation = resource.Href;
        refusal ??= await method!.Method.InvokeAsync(request);
        if (refusal is { RefusesChange: true }) await RefusedWrite.NoteAsync(request, refusal);
        return refusal;
    }

    private static DavError RefuseTarget(string target) =>
        !RequestTarget.IsWellFormed(target) ? DavError.BadRequest("The address has a percent sign that does not begin a byte of UTF-8.")
        : DavPath.HasLongName(target) ? new DavError(414, null, DavPath.LongNameReason)
        : DavError.NotFound;

    // absent, then not offered here, then not allowed
    private static async ValueTask<DavError?> RefuseAsync(DavRequest request, MethodRow? method)
    {
        var resource = request.Resource;
        if (resource is null && (method is not { OnMissing: true } || !ResourceResolver.IsOwn(request.Path, request.Caller))) return DavError.NotFound;
        var offered = method is not null && (resource is null ? method.OnMissing : (method.On & resource.Kind) != 0);
        if (!offered && !(method is { On: ResourceKinds.None })) return NotOffered(request, resource);
        return await Privileges.CheckAsync(request, request.Path, resource?.Kind ?? ResourceKinds.Home, method!.Privilege);
    }

    private static DavError NotOffered(DavRequest request, DavResource? resource)
    {
        var method = request.Http.Request.Method;
        if (resource?.Kind == ResourceKinds.HxCalendar && method is "DELETE" or "MOVE" or "COPY")
            return new DavError(403, null, "The practice's calendar belongs to the diary: a calendar client cannot remove, rename or copy it.");
        if (resource?.Kind == ResourceKinds.OrdinaryCalendar && method == "COPY")
            return new DavError(403, null, "A calendar cannot be copied: its objects would have the same UIDs twice in one home.");
        request.Http.Response.Headers.Allow = MethodTable.Allow(resource, request.Path);
        return new DavError(405, null, "The method is not offered here.");
    }

    // what lists, and what may carry much into the one writer: it takes turns with what else the person asks for
    private static bool MayBeLong(HttpRequest request, string target, Depth? depth) => request.Method switch
    {
        "REPORT" or "PROPPATCH" => true,
        "PROPFIND" => depth != Depth.Zero,
        "GET" or "HEAD" => target.EndsWith('/'),
        _ => false,
    };

    private static bool TryReadDepth(HttpRequest request, out Depth? depth)
    {
        depth = null;
        if (!request.Headers.TryGetValue("Depth", out var values)) return true;
        depth = values.Count != 1 ? null
            : values[0] == "0" ? Depth.Zero
            : values[0] == "1" ? Depth.One
            : string.Equals(values[0], "infinity", StringComparison.OrdinalIgnoreCase) ? Depth.Infinity
            : null;
        return depth is not null;
    }
}
