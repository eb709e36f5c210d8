namespace CalDavServer.Mail;

/// <summary>How many e-mails of a kind may be under way, and how many are handed to the mail server at a time: those of another kind take none of it.</summary>
internal sealed class MailRoom(int most, int connections) : IDisposable
{
    private int _underWay;

    public SemaphoreSlim Connections { get; } = new(connections);

    /// <summary>Whether none is under way.</summary>
    public bool IsEmpty => Volatile.Read(ref _underWay) == 0;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _underWay) <= most) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _underWay);

    public void Dispose() => Connections.Dispose();
}
