using CalDavServer.Dav.Resources;
using Calendaring.Store;
using Practice.Hx;

namespace CalDavServer.Dav.Methods;

/// <summary>
/// What COPY and MOVE share. Out of an HX_ calendar goes what the caller is shown, and the diary sees a removal; into one, the diary sees an addition; inside one, a MOVE is a new
/// name for the same appointment: each of these is a change for <see cref="ExternalChanges"/>. Between ordinary calendars a MOVE leaves an object as it is, with what each level wrote of it; a
/// COPY is of what the caller is shown.
/// </summary>
internal sealed class Transfer
{
    private readonly DavRequest _request;
    private readonly Destination _destination;
    private readonly bool _moves;
    private CalendarMember? _source;
    private CalendarMember? _target;
    private DavError? _problem;

    private Transfer(DavRequest request, Destination destination, bool moves) => (_request, _destination, _moves) = (request, destination, moves);

    public static async ValueTask<DavError?> InvokeAsync(DavRequest request, bool removeSource)
    {
        if (Destination.TryParse(request.Http.Request, out var destination) is { } refused) return refused;
        if (destination.Path == request.Path) return new DavError(403, null, "Source and destination are the same.");
        if (await Privileges.CheckAsync(request, destination.Path, ResourceKinds.Home, Privilege.Bind) is { } forbidden) return forbidden;
        return await new Transfer(request, destination, removeSource).InvokeAsync();
    }

    private async ValueTask<DavError?> InvokeAsync()
    {
        if (!await FindAsync()) return _problem;
        var error = (_source!.IsHx, _target!.IsHx) switch
        {
            (true, true) when _moves => await RenameAsync(),
            (true, false) when _moves => await MoveOutAsync(),
            (_, true) => await MoveInAsync(),
            _ => (await WriteLoop.ApplyAsync(_request, _destination.Path, PlanAsync)).Error,
        };
        if (error is not null) return error;
        _request.Http.Response.StatusCode = _target.Shown is null ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
        return null;
    }

    private bool IsSameCalendar => _source!.Collection.Id == _target!.Collection.Id;

    /// <summary>Looks up both ends on the request's snapshot, and checks the request's conditions.</summary>
    private async ValueTask<bool> FindAsync()
    {
        _request.Expected.Clear();
        (_source, var missing) = await CalendarMember.FindAsync(_request, _request.Path);
        if (missing is not null || _source!.Shown is null) return Refuse(DavError.NotFound);
        if (await Preconditions.CheckAsync(_request, _source.Shown) is { } failed) return Refuse(failed);
        (_target, var problem) = await CalendarMember.FindAsync(_request, _destination.Path);
        if (problem is not null) return Refuse(problem);
        return _target!.Shown is null || _destination.Overwrite || Refuse(DavError.PreconditionFailed("Overwrite: the destination is there."));
    }

    private bool Refuse(DavError problem)
    {
        _problem = problem;
        return false;
    }

    private async ValueTask<DavError?> RenameAsync()
    {
        var outcome = await HxAnswer.Changes(_request).RenameAsync(
            new HxObjectKey(_request.Path.Id!, _request.Path.Object!),
            _destination.Path.Object!,
            HxAnswer.Origin(_request),
            async _ => await FindAsync() ? [.. await CarriedProperties.PlanAsync(_request, _source!, _target!), HxAnswer.Quota(_request)] : null,
            _request.Expected,
            _request,
            _request.Cancelled);
        return ErrorOf(outcome);
    }

    private async ValueTask<DavError?> MoveOutAsync()
    {
        var outcome = await HxAnswer.Changes(_request).RemoveAsync(
            _request.Path.Id!,
            HxAnswer.Origin(_request),
            async (_, _) => await FindAsync() ? _request.Path.Object : null,
            _request.Expected,
            async removed =>
            {
                var plan = await PlanPutAsync(removed, HxCalendar.Represent(removed, _request.Caller.Level));
                _problem = plan.Error;
                return plan.Operations is { } operations ? [.. operations, HxAnswer.Quota(_request)] : null;
            },
            _request,
            _request.Cancelled);
        return ErrorOf(outcome);
    }

    private async ValueTask<DavError?> MoveInAsync()
    {
        var outcome = await HxAnswer.Changes(_request).PutAsync(
            _destination.Path.Id!,
            _destination.Path.Object!,
            HxAnswer.Origin(_request),
            async (_, _) =>
            {
                if (!await FindAsync()) return null;
                (var incoming, _problem) = await ReadForHxAsync();
                if (incoming is null) return null;
                return _moves ? HxAnswer.Sending(_request, incoming, _source!.Removal) : HxAnswer.Sending(_request, incoming);
            },
            _request,
            _request.Cancelled);
        return ErrorOf(outcome);
    }

    private DavError? ErrorOf(ExternalOutcome outcome) => HxAnswer.ErrorOf(_request, outcome, _destination.Path, _problem, DavError.NotFound);

    private async ValueTask<(IncomingObject? Incoming, DavError? Problem)> ReadForHxAsync()
    {
        if (_target!.Shown is not null || (IsSameCalendar && _target.Current is not null)) return (null, new DavError(403, null, ExternalChanges.NothingIsReplaced));
        if (await _source!.ReadAsync(_request) is not { } read) return (null, DavError.NotFound);
        return IsSameCalendar ? (null, WriteLoop.UidConflict(_source.Path)) : IncomingObject.Read(read.Shown, _target.Collection);
    }

    /// <summary>The steps of what does not change an HX_ calendar.</summary>
    private async ValueTask<WritePlan> PlanAsync()
    {
        if (!await FindAsync()) return WritePlan.Refused(_problem!);
        if (await _source!.ReadAsync(_request) is not { } read) return WritePlan.Refused(DavError.NotFound);
        if (IsSameCalendar && !_moves) return WritePlan.Refused(WriteLoop.UidConflict(_source.Path));
        var put = await PlanPutAsync(read.Stored, read.Shown);
        // the removal first: it frees the UID
        return put.Error is not null || !_moves ? put : WritePlan.Of([_source.Removal, .. put.Operations!]);
    }

    /// <summary>The steps that put the object into the ordinary calendar that it goes to, with its properties.</summary>
    private async ValueTask<WritePlan> PlanPutAsync(StoredObject stored, ReadOnlyMemory<byte> shown)
    {
        var (incoming, problem) = IncomingObject.Read(shown, _target!.Collection);
        if (problem is not null) return WritePlan.Refused(problem);
        var (put, _) = _moves && !_source!.IsHx ? _target.PlanMove(incoming!, stored) : await _target.PlanPutAsync(_request, incoming!);
        return put.Error is not null ? put : WritePlan.Of([.. put.Operations!, .. await CarriedProperties.PlanAsync(_request, _source!, _target)]);
    }
}
