namespace CalDavServer.Http.Fairness;

/// <summary>What one person's devices and pages ask for at the moment.</summary>
internal sealed class Load(Loads all)
{
    /// <summary>Requests at once; one more is refused.</summary>
    public const int MostOpen = 128;

    private const int StuckMilliseconds = 5_000;
    private const int LookMilliseconds = 1_000;
    private readonly Lock _lock = new();
    private readonly LinkedList<Place> _waiting = [];
    private bool _isWatched;
    private long _lastTurn;
    private int _open;
    private int _atWork;

    // long requests at once; alone on the machine a person may have all of it
    private int MostAtWork => Math.Max(1, all.AreShared ? Environment.ProcessorCount / 2 : Environment.ProcessorCount);

    /// <summary>Begins a request. False when there are too many.</summary>
    public bool TryOpen()
    {
        all.Note(this);
        if (Interlocked.Increment(ref _open) <= MostOpen) return true;
        Close();
        return false;
    }

    /// <summary>Ends a request.</summary>
    public void Close() => Interlocked.Decrement(ref _open);

    /// <summary>Waits for a turn to work.</summary>
    /// <param name="isBegun">Whether it had a turn before: what is begun comes to its end before anything else begins.</param>
    /// <param name="cancelled">Ends the wait.</param>
    public ValueTask TakeAsync(bool isBegun, CancellationToken cancelled)
    {
        lock (_lock)
        {
            if (_atWork >= MostAtWork) return new ValueTask(WaitAsync(isBegun, cancelled));
            Begin();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Gives a turn to who is next.</summary>
    public void Give()
    {
        lock (_lock)
        {
            _atWork--;
            if (_atWork < MostAtWork) BeginNext();
        }
    }

    // many requests wait for less than a millisecond: none of them has a timer of its own
    private Task WaitAsync(bool isBegun, CancellationToken cancelled)
    {
        var place = new Place(this);
        if (isBegun) _waiting.AddFirst(place);
        else _waiting.AddLast(place);
        place.LeaveWhen(cancelled);
        if (!_isWatched) _ = WatchAsync();
        return place.Called;
    }

    private bool TryLeave(Place place)
    {
        lock (_lock) return _waiting.Remove(place);
    }

    // what is at work may be stuck with a client that sends or reads nothing: then one more works
    private async Task WatchAsync()
    {
        _isWatched = true;
        bool goesOn;
        do
        {
            await Task.Delay(LookMilliseconds);
            lock (_lock)
            {
                if (Environment.TickCount64 - _lastTurn > StuckMilliseconds) BeginNext();
                // what is read again outside the lock may be another watch's word
                _isWatched = goesOn = _waiting.Count > 0;
            }
        }
        while (goesOn);
    }

    private void BeginNext()
    {
        if (_waiting.First is not { } next) return;
        _waiting.RemoveFirst();
        Begin();
        next.Value.Call();
    }

    private void Begin()
    {
        _atWork++;
        _lastTurn = Environment.TickCount64;
    }

    /// <summary>A place in the line.</summary>
    private sealed class Place(Load load)
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationTokenRegistration _leaving;

        public Task Called => _called.Task;

        public void LeaveWhen(CancellationToken cancelled) => _leaving = cancelled.UnsafeRegister(static (place, token) => ((Place)place!).Leave(token), this);

        public void Call()
        {
            _leaving.Unregister();
            _called.SetResult();
        }

        // whoever takes it out of the line says how its wait ends
        private void Leave(CancellationToken cancelled)
        {
            if (load.TryLeave(this)) _called.SetCanceled(cancelled);
        }
    }
}
