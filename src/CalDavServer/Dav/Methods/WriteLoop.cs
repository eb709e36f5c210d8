using CalDavServer.Http;
using Calendaring.Store;

namespace CalDavServer.Dav.Methods;

/// <summary>What a write comes to: steps for the store, or why it is refused.</summary>
internal readonly record struct WritePlan(IReadOnlyList<StoreOperation>? Operations, DavError? Error)
{
    public static WritePlan Refused(DavError error) => new(null, error);

    public static WritePlan Of(params StoreOperation[] operations) => new(operations, null);
}

/// <summary>
/// Applies a plan. Each plan expects that nothing has changed since its snapshot; when something has, it is made again on a new snapshot, where the request's own conditions are looked
/// at again: a conditional write that lost a race gets its 412, an unconditional one goes through (<see cref="ChangeLoop"/>).
/// </summary>
internal static class WriteLoop
{
    /// <summary>The outcome, or the refusal.</summary>
    /// <param name="request">The request: its snapshot is released.</param>
    /// <param name="target">The calendar written to: for the href of a UID conflict.</param>
    /// <param name="plan">Makes the steps on the request's snapshot.</param>
    public static async ValueTask<(BatchOutcome? Outcome, DavError? Error)> ApplyAsync(
        DavRequest request, DavPath target, Func<ValueTask<WritePlan>> plan)
    {
        var changed = await request.Store.ChangeAsync(target.ToHref(), async _ => await DecideAsync(request, plan), request, request.Cancelled);
        if (changed.Result is { } refused) return (null, refused);
        return changed.Failure switch
        {
            null => (changed.Outcome, null),
            { Kind: StoreFailureKind.UidConflict } conflict => (null, await UidConflictAsync(request, target, conflict.ConflictingName)),
            { } failure => (null, ErrorOf(request, failure)),
        };
    }

    private static async ValueTask<Decision<DavError?>> DecideAsync(DavRequest request, Func<ValueTask<WritePlan>> plan)
    {
        request.Expected.Clear();
        var (operations, error) = await plan();
        if (error is not null) return new Decision<DavError?>(null, error);
        return new Decision<DavError?>([.. request.Expected, .. operations!, request.Quotas.Keep(request.Caller.Principal.Id, request.Caller.Level)], null);
    }

    /// <summary>What is told of a failure of the store.</summary>
    public static DavError ErrorOf(DavRequest request, StoreFailure failure)
    {
        if (failure.Kind == StoreFailureKind.Busy) return new DavError(503, null, "Too many others are writing to the same resource.");
        if (failure.Kind == StoreFailureKind.Unavailable) StoreLog.Unavailable(request.Log, request.Http.Request.Method, failure.Kind, failure.Code);
        return StoreFailures.Of(failure);
    }

    // RFC 4791 §5.3.2.1: with the href of the other object, unless the caller may not know of it
    private static async ValueTask<DavError> UidConflictAsync(DavRequest request, DavPath target, string? name)
    {
        await request.RenewSnapshotAsync();
        var collection = await request.Snapshot.FindCollectionAsync(target.Id!, target.Collection!);
        var row = name is null || collection is null ? null : await request.Snapshot.FindRowAsync(collection.Id, name);
        return UidConflict(row is { Published: true } ? target with { Kind = DavPathKind.Object, Object = name } : null);
    }

    /// <summary>The refusal of a second object with the same UID.</summary>
    public static DavError UidConflict(DavPath? holder) =>
        StoreFailures.Of(StoreFailureKind.UidConflict) with { Href = holder?.ToHref() };
}
