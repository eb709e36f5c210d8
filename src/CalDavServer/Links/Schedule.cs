using System.Diagnostics;
using CalDavServer.Options;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>When a link, or the mirror of a practice, is due. Measured by a clock that nobody can set.</summary>
internal class Schedule
{
    /// <summary>How often one whose service did not answer is tried because the service tells of changes.</summary>
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private TimeSpan _due = Now;
    private TimeSpan _leftAloneUntil;
    private bool _isRunning;
    private bool _isTouched;
    private int _failures;
    private TimeSpan? _since;
    private TimeSpan? _taken;
    private TimeSpan? _retried;
    private int _done;
    private int _of;
    private volatile bool _isTold;
    private OutsideFault? _fault;

    /// <summary>How often in a row its service did not answer.</summary>
    public int Failures
    {
        get
        {
            lock (_lock) return _failures;
        }
    }

    /// <summary>How many appointments of how many the pass that runs has looked at; null while none runs.</summary>
    public (int Done, int Of)? Progress
    {
        get
        {
            lock (_lock) return _isRunning && _of > 0 ? (_done, _of) : null;
        }
    }

    /// <summary>How long it is known to have changed and is not settled; null when it is.</summary>
    public TimeSpan? Waiting
    {
        get
        {
            lock (_lock) return Now - (_taken ?? _since);
        }
    }

    /// <summary>Why it could not be finished when it last ran; null when neither the service nor this server's own disk was why.</summary>
    public OutsideFault? Fault
    {
        get
        {
            lock (_lock) return _fault;
        }
    }

    /// <summary>Whether its service tells of changes.</summary>
    public bool IsTold => _isTold;

    /// <summary>How long until it is due; null while it runs.</summary>
    public TimeSpan? Wait
    {
        get
        {
            lock (_lock) return _isRunning ? null : _due - Now is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>When it is due, by <see cref="Now"/>.</summary>
    public TimeSpan Due
    {
        get
        {
            lock (_lock) return _due;
        }
    }

    /// <summary>The time of the clock that nobody can set.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Makes it due now.</summary>
    public void Ask()
    {
        lock (_lock) (_due, _failures, _isTouched, _since) = (Now, 0, _isRunning, _since ?? Now);
    }

    /// <summary>Makes it due soon, unless its service does not answer.</summary>
    /// <returns>Whether it is due sooner than it was.</returns>
    public bool Touch(TimeSpan gather)
    {
        lock (_lock)
        {
            _isTouched |= _isRunning;
            _since ??= Now;
            if (_failures > 0 || Now + gather >= _due) return false;
            _due = Now + gather;
            return true;
        }
    }

    /// <summary>Makes it due now, though its service did not answer lately: that it does again is not known yet. As long as it asked to be left alone, it is.</summary>
    public void Retry()
    {
        lock (_lock)
        {
            _isTouched |= _isRunning;
            _since ??= Now;
            var soonest = _leftAloneUntil < Now ? Now : _leftAloneUntil;
            if (_due > soonest) _due = soonest;
        }
    }

    /// <summary>The same when its service tells of changes, once a minute; false when the service answers, or that was done a moment ago.</summary>
    public bool RetryIfFailing()
    {
        lock (_lock)
        {
            if (_failures == 0 || _retried > Now - RetryEvery) return false;
            _retried = Now;
        }

        Retry();
        return true;
    }

    /// <summary>Makes it due after a while.</summary>
    public void Delay(TimeSpan wait)
    {
        lock (_lock) _due = Now + wait;
    }

    /// <summary>The pass that runs has come so far.</summary>
    public void Tell(int done, int of)
    {
        lock (_lock) (_done, _of) = (done, of);
    }

    /// <summary>Begins a pass; false when one runs.</summary>
    public bool Begin()
    {
        lock (_lock)
        {
            if (_isRunning || _due > Now) return false;
            (_isRunning, _isTouched, _of) = (true, false, 0);
            (_taken, _since) = (_taken ?? _since, null);
            return true;
        }
    }

    /// <summary>Ends a pass. What was touched in the meantime is due again soon.</summary>
    /// <returns>How long what the pass has settled had waited for it; null when nothing was known to have changed, or it is not settled.</returns>
    public TimeSpan? End(PassEnd end, LinkTimes times)
    {
        lock (_lock)
        {
            var waited = end.Result == PassResult.Done ? Now - _taken : null;
            if (end.Result is PassResult.Done or PassResult.Stopped) _taken = null;
            _failures = end.Result == PassResult.Later ? _failures + 1 : 0;
            (_isTold, _fault) = (end.IsTold, end.Fault);
            _leftAloneUntil = end is { Result: PassResult.Later, RetryAfter: { } alone } ? Now + alone : Now;
            var wait = times.After(end, _failures);
            _due = Now + (_isTouched && _failures == 0 && times.Gather < wait ? times.Gather : wait);
            _isRunning = false;
            return waited;
        }
    }
}
