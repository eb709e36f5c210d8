using CalDavServer.Http;

namespace CalDavServer.Access;

/// <summary>
/// Slow hashes take turns, on half of the processors: guesses must not take the machine from those who are signed in. Whoever comes from an address that signed in before is first, and of each kind
/// addresses take turns: who floods it waits behind oneself. One for devices and one for the pages.
/// </summary>
internal sealed class SlowHashes
{
    private const int MostOfPlace = 8;
    private const int MostOfAll = 256;
    private static readonly int Processors = Math.Max(1, Environment.ProcessorCount / 2);
    private static readonly SemaphoreSlim Turns = new(Processors);
    private readonly Lock _lock = new();
    private readonly FairLine<Turn> _known = new(MostOfPlace, MostOfAll);
    private readonly FairLine<Turn> _unknown = new(MostOfPlace, MostOfAll);
    private int _workers;

    /// <summary>Runs what hashes when its turn comes. Not at all when too many wait: then the caller is told to come again.</summary>
    /// <param name="hash">What hashes.</param>
    /// <param name="place">Where it is asked for (<see cref="Origin.Place"/>).</param>
    /// <param name="isKnown">Whether somebody signed in from there before.</param>
    /// <param name="cancelled">Ends the wait.</param>
    public async ValueTask<(bool Ran, T? Result)> TakeTurnAsync<T>(Func<T> hash, string place, bool isKnown, CancellationToken cancelled)
    {
        var turn = new Turn<T>(hash);
        var line = isKnown ? _known : _unknown;
        if (!TryJoin(line, place, turn)) return (false, default);
        await using var leaving = cancelled.UnsafeRegister(
            _ =>
            {
                lock (_lock)
                {
                    if (!line.Leave(place, turn)) return;
                }

                turn.Cancel(cancelled);
            },
            null);
        return await turn.Ended;
    }

    private bool TryJoin(FairLine<Turn> line, string place, Turn turn)
    {
        Turn? displaced;
        lock (_lock)
        {
            if (!line.TryJoin(place, turn, out displaced)) return false;
            if (_workers < Processors)
            {
                _workers++;
                new Thread(Work) { IsBackground = true, Name = "slow hashes" }.Start();
            }
        }

        displaced?.Refuse();
        return true;
    }

    private void Work()
    {
        while (true)
        {
            Turns.Wait();
            try
            {
                if (Next() is not { } turn) return;
                turn.Run();
            }
            finally
            {
                Turns.Release();
            }
        }
    }

    private Turn? Next()
    {
        lock (_lock)
        {
            if (_known.TryTake(out var turn) || _unknown.TryTake(out turn)) return turn;
            _workers--;
            return null;
        }
    }

    private abstract class Turn
    {
        public abstract void Run();

        public abstract void Refuse();

        public abstract void Cancel(CancellationToken cancelled);
    }

    private sealed class Turn<T>(Func<T> hash) : Turn
    {
        private readonly TaskCompletionSource<(bool Ran, T? Result)> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<(bool Ran, T? Result)> Ended => _end.Task;

        public override void Run()
        {
            try
            {
                _end.SetResult((true, BackgroundThread.Run("slow hash", hash)));
            }
            catch (Exception failure)
            {
                _end.SetException(failure);
            }
        }

        public override void Refuse() => _end.SetResult((false, default));

        public override void Cancel(CancellationToken cancelled) => _end.SetCanceled(cancelled);
    }
}
