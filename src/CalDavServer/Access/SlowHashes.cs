namespace CalDavServer.Access;

/// <summary>
/// Slow hashes take turns, on half of the processors: guesses must not take the machine from those who are signed in. One for devices and
/// one for the pages, so that who floods one does not fill the queue of the other.
/// </summary>
internal sealed class SlowHashes
{
    private const int MaxWaiting = 64;
    private static readonly SemaphoreSlim Turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    /// <summary>Runs what hashes when its turn comes. Not at all when too many wait: then the caller is told to come again.</summary>
    public async ValueTask<(bool Ran, T? Result)> TakeTurnAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return (false, default);
        }

        try
        {
            await Turns.WaitAsync(cancellationToken);
            try
            {
                return (true, hash());
            }
            finally
            {
                Turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
