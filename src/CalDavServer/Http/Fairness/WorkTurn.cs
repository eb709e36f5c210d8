using Calendaring;

namespace CalDavServer.Http.Fairness;

/// <summary>The turn of a request that may be long: in the features of its request, where it is given back while the request waits for its client.</summary>
internal sealed class WorkTurn : IDisposable
{
    private readonly Load _load;
    private bool _has = true;

    private WorkTurn(Load load) => _load = load;

    /// <summary>Waits for a turn of the person who asks; null when nobody has signed in.</summary>
    public static async ValueTask<WorkTurn?> TakeAsync(HttpContext context)
    {
        if (context.Features.Get<Load>() is not { } load) return null;
        await load.TakeAsync(isBegun: false, context.RequestAborted);
        var turn = new WorkTurn(load);
        context.Features.Set(turn);
        LongWork.Begin();
        return turn;
    }

    /// <summary>Lets another go on.</summary>
    public void Pause()
    {
        if (!_has) return;
        _has = false;
        _load.Give();
    }

    /// <summary>Waits for a turn once more.</summary>
    public async ValueTask ResumeAsync(CancellationToken cancelled)
    {
        if (_has) return;
        await _load.TakeAsync(isBegun: true, cancelled);
        _has = true;
    }

    /// <summary>The work is done.</summary>
    public void Dispose() => Pause();
}
