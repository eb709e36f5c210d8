namespace Calendaring.Store.Sqlite;

/// <summary>
/// Keeps the log short. Most of it is copied to the file beside the writer, by a connection of its own, which hinders neither commits nor readers; only the small rest, written in the meantime, is copied
/// by the writer itself, which alone can then begin the log again. Called by the writer only.
/// </summary>
internal sealed class LogCopier(string path, ReaderPool readers)
{
    /// <summary>8 MB: few enough to be copied in some milliseconds, and enough that a page changed again and again is copied once.</summary>
    private const int CopiedAtOnce = 2048;

    /// <summary>What the writer may copy itself without being missed.</summary>
    private const int SmallRest = 256;

    /// <summary>When commits come so fast that the rest never gets small: 64 MB, as long as the file of the log is kept.</summary>
    private const int LongLog = 16384;

    private const int ShortWait = 10;
    private const int LongWait = 100;

    private Task _copying = Task.CompletedTask;
    private bool _copied;
    private int _rest;
    private int _log;

    /// <summary>To be called after each group, outside a transaction.</summary>
    public void Follow(Connection connection)
    {
        var written = connection.TakePagesWritten();
        _rest += written;
        _log += written;
        if (!_copying.IsCompleted) return;
        if (_copied && (_rest <= SmallRest || _log >= LongLog)) RestartLog(connection);
        else if (_copied || _rest >= CopiedAtOnce) Copy();
    }

    /// <summary>Waits until nothing is being copied.</summary>
    public void Stop() => _copying.Wait();

    private void Copy()
    {
        _rest = 0;
        _copied = true;
        _copying = Task.Factory.StartNew(CopyBeside, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What cannot be copied stays in the log, where it is as safe: a disk that fails is for the next commit to tell.</summary>
    private void CopyBeside()
    {
        readers.ReleaseIdle();
        try
        {
            using var connection = Connection.Open(path, writable: true);
            connection.Checkpoint();
        }
        catch (StoreException)
        {
            // as said
        }
    }

    /// <summary>
    /// Readers that stand at a moment in the log keep it from being begun again: idle ones let go, and one at work is waited for shortly; a longer one makes the log go on for another round.
    /// </summary>
    private void RestartLog(Connection connection)
    {
        _copied = false;
        _rest = 0;
        readers.LetGo = true;
        readers.ReleaseIdle();
        if (connection.TryBeginLogAnew(_log >= LongLog ? LongWait : ShortWait)) _log = 0;
        readers.LetGo = false;
    }
}
