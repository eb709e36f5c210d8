using Calendaring.Store;
using Practice.Groups;
using Practice.Hx;

namespace CalDavServer.Dav.Methods;

/// <summary>What a change of an HX_ calendar came to, in HTTP: what it means there is decided, applied and audited by <see cref="ExternalChanges"/>.</summary>
internal static class HxAnswer
{
    /// <summary>The service, for a request.</summary>
    public static ExternalChanges Changes(DavRequest request) => new(request.Store, request.Clock, PracticeGroup.MirrorsHalaxyAsync);

    /// <summary>Who makes the change.</summary>
    public static ExternalOrigin Origin(DavRequest request) => RefusedWrite.OriginOf(request.Caller, request.Http);

    /// <summary>What is put, with what goes along in its batch.</summary>
    public static ExternalSending Sending(DavRequest request, IncomingObject incoming, params IReadOnlyList<StoreOperation> beside) => new(incoming.Bytes, incoming.Content, incoming.Index.Uid)
    {
        Index = incoming.Index,
        Knows = request.Http.Request.Headers.IfMatch.ToString() is not ("" or "*"),
        Expected = [.. request.Expected],
        Beside = [.. beside, Quota(request)],
    };

    /// <summary>The step that fails when the write makes too much.</summary>
    public static StoreOperation Quota(DavRequest request) => request.Quotas.Keep(request.Caller.Principal.Id, request.Caller.Level);

    /// <summary>Why it was not done; null when it was.</summary>
    /// <param name="request">The request.</param>
    /// <param name="outcome">What it came to.</param>
    /// <param name="target">The path written to.</param>
    /// <param name="problem">What the request itself was refused for, when it was.</param>
    /// <param name="gone">What is answered when there is no such appointment or calendar.</param>
    public static DavError? ErrorOf(DavRequest request, ExternalOutcome outcome, DavPath target, DavError? problem, DavError gone) => outcome switch
    {
        ExternalApplied => null,
        ExternalRefused refused => new DavError(403, null, refused.Reason),
        ExternalUidConflict { Name: { } name } => WriteLoop.UidConflict(target with { Kind = DavPathKind.Object, Object = name }),
        ExternalUidConflict => WriteLoop.UidConflict(null),
        ExternalUnavailable unavailable => WriteLoop.ErrorOf(request, unavailable.Failure),
        _ => problem ?? gone,
    };
}
