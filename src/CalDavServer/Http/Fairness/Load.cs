namespace CalDavServer.Http.Fairness;

/// <summary>What one person's devices and pages ask for at the moment.</summary>
internal sealed class Load(Loads all)
{
    /// <summary>Requests at once; one more is refused.</summary>
    public const int MostOpen = 128;

    private const int StuckMilliseconds = 5_000;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
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
        var place = new LinkedListNode<TaskCompletionSource>(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (_atWork < MostAtWork)
            {
                Begin();
                return ValueTask.CompletedTask;
            }

            if (isBegun) _waiting.AddFirst(place);
            else _waiting.AddLast(place);
        }

        return new ValueTask(WaitAsync(place, cancelled));
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

    // what is at work may be stuck with a client that sends or reads nothing: then one more works
    private async Task WaitAsync(LinkedListNode<TaskCompletionSource> place, CancellationToken cancelled)
    {
        try
        {
            while (!await IsCalledAsync(place.Value.Task, cancelled))
            {
                lock (_lock)
                {
                    if (Environment.TickCount64 - _lastTurn > StuckMilliseconds) BeginNext();
                }
            }
        }
        catch (OperationCanceledException)
        {
            Leave(place);
            throw;
        }
    }

    private static async Task<bool> IsCalledAsync(Task turn, CancellationToken cancelled)
    {
        try
        {
            await turn.WaitAsync(Look, cancelled);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Leave(LinkedListNode<TaskCompletionSource> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                return;
            }
        }

        Give();
    }

    private void BeginNext()
    {
        if (_waiting.First is not { } next) return;
        _waiting.RemoveFirst();
        Begin();
        next.Value.SetResult();
    }

    private void Begin()
    {
        _atWork++;
        _lastTurn = Environment.TickCount64;
    }
}
