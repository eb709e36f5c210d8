using Calendaring.Store;
using Microsoft.Net.Http.Headers;
using Practice.Hx;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>Puts what a request carries into a calendar (RFC 4791 §5.3.2): conditions, then the object's own rules, then the calendar's. PUT and POST share it.</summary>
internal static class ObjectPut
{
    /// <summary>Puts the object under a path and answers, or says why it is refused. A path that the client did not name itself is told as the Location.</summary>
    public static async ValueTask<DavError?> InvokeAsync(DavRequest request, DavPath path)
    {
        // RFC 9110 §14.5: a part would be taken for the whole
        if (request.Http.Request.Headers.ContentRange.Count > 0) return DavError.BadRequest("A calendar object is put as a whole, without Content-Range.");
        var (member, error) = await CalendarMember.FindAsync(request, path);
        var put = default(Put);
        if (error is null) (put, error) = member!.IsHx ? await ApplyToHxAsync(request, path) : await ApplyAsync(request, path);
        var representation = request.Preferences.ReturnRepresentation;
        if (error is not null)
            return representation && error.Status == StatusCodes.Status412PreconditionFailed && await TryAnswerWithRepresentationAsync(request, path, error.Status) ? null : error;

        request.Http.Response.StatusCode = put.IsNew ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
        if (path != request.Path) request.Http.Response.Headers.Location = path.ToHref();
        if (representation && await TryAnswerWithRepresentationAsync(request, path, put.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)) return null;
        NameETag(request, put.AsSent);
        return null;
    }

    /// <summary>What was put.</summary>
    /// <param name="IsNew">Whether there was nothing that the caller was shown.</param>
    /// <param name="AsSent">Its row, when it is stored as it was sent.</param>
    private readonly record struct Put(bool IsNew, ObjectRow? AsSent);

    private static async ValueTask<(Put Put, DavError? Error)> ApplyAsync(DavRequest request, DavPath path)
    {
        IncomingObject? incoming = null;
        CalendarMember? member = null;
        var storedAsSent = false;
        var (outcome, error) = await WriteLoop.ApplyAsync(request, path, async () =>
        {
            (member, incoming, var problem) = await CheckAsync(request, path, incoming);
            if (problem is not null) return WritePlan.Refused(problem);
            (var plan, storedAsSent) = await member!.PlanPutAsync(request, incoming!);
            return plan;
        });
        return error is null ? (new Put(member!.Shown is null, storedAsSent ? PutOf(outcome!, path.Object!) : null), null) : (default, error);
    }

    private static async ValueTask<(Put Put, DavError? Error)> ApplyToHxAsync(DavRequest request, DavPath path)
    {
        IncomingObject? incoming = null;
        CalendarMember? member = null;
        DavError? problem = null;
        var outcome = await HxAnswer.Changes(request).PutAsync(
            path.Id!,
            path.Object!,
            HxAnswer.Origin(request),
            async (_, _) =>
            {
                request.Expected.Clear();
                (member, incoming, problem) = await CheckAsync(request, path, incoming);
                return problem is null ? HxAnswer.Sending(request, incoming!) : null;
            },
            request,
            request.Cancelled);
        if (HxAnswer.ErrorOf(request, outcome, path, problem, CalendarMember.NoCalendar) is { } error) return (default, error);
        return (new Put(member!.Shown is null, outcome is ExternalApplied { IsAsSent: true, Stored: { } stored } ? stored.Row : null), null);
    }

    /// <summary>The place and what is put there, which is read once; or the condition, or the rule of an object, that does not hold.</summary>
    private static async ValueTask<(CalendarMember? Member, IncomingObject? Incoming, DavError? Problem)> CheckAsync(DavRequest request, DavPath path, IncomingObject? incoming)
    {
        var (member, problem) = await CalendarMember.FindAsync(request, path);
        problem ??= await Preconditions.CheckAsync(request, member!.Shown);
        if (problem is null && incoming is null) (incoming, problem) = Read(request, member!.Collection);
        return (member, incoming, problem ?? member!.CheckUid(incoming!));
    }

    private static (IncomingObject? Incoming, DavError? Error) Read(DavRequest request, Collection collection)
    {
        if (!IsCalendarData(request.Http.Request.ContentType))
            return (null, DavError.Forbidden(C("supported-calendar-data"), "A calendar object is text/calendar in UTF-8."));
        if (request.Body is not { } bytes)
            return (null, DavError.Forbidden(C("max-resource-size"), $"A calendar object has at most {DavLimits.ObjectBytes} bytes."));
        return IncomingObject.Read(bytes, collection);
    }

    // a missing type is taken for the only one there is
    private static bool IsCalendarData(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return false;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return type.MediaType.Equals("text/calendar", StringComparison.OrdinalIgnoreCase)
            && (charset.Length == 0
                || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase));
    }

    private static ObjectRow? PutOf(BatchOutcome outcome, string name)
    {
        foreach (var put in outcome.Puts)
        {
            if (put.Row.Name == name) return put.Row;
        }

        return null;
    }

    // an ETag goes back only when the bytes are stored as sent: without one the client reads the object again
    private static void NameETag(DavRequest request, ObjectRow? row)
    {
        if (row is null) return;
        request.Http.Response.Headers.ETag = ETag.Quote(HxCalendar.ETagOf(row, request.Caller.Level));
    }

    // RFC 8144 §3: the client is spared the second request, and after a 412 the one that it would merge with (§3.2)
    private static async ValueTask<bool> TryAnswerWithRepresentationAsync(DavRequest request, DavPath path, int status)
    {
        await request.RenewSnapshotAsync();
        var (member, _) = await CalendarMember.FindAsync(request, path);
        if (member?.Shown is not { } shown || await member.ReadAsync(request) is not { } read) return false;
        request.ReleaseSnapshot();
        var response = request.Http.Response;
        response.StatusCode = status;
        GetMethod.Describe(response, shown);
        response.Headers.ContentLocation = shown.Href;
        Preferences.Applied(response, "return=representation");
        response.ContentLength = read.Shown.Length;
        await response.Body.WriteAsync(read.Shown, request.Cancelled);
        return true;
    }
}
