namespace Calendaring.Store.Sqlite;

/// <summary>A batch of its own: the writer rewrites the file between two groups.</summary>
internal sealed record DeletedPurge : StoreOperation
{
    /// <summary>How long readers are waited for, in milliseconds.</summary>
    private const int Patience = 15_000;

    public static StoreBatch Batch { get; } = StoreBatch.Of(new DeletedPurge());

    /// <summary>What was removed is in free pages, between the rows of others, and in the log.</summary>
    public static StoreFailure? Run(Connection connection, ReaderPool readers)
    {
        // the file's copy would be as large in memory
        connection.Execute("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY");
        readers.LetGo = true;
        try
        {
            readers.ReleaseIdle();
            return connection.TryEmptyLog(Patience) ? null : new StoreFailure(StoreFailureKind.Busy, 0);
        }
        finally
        {
            readers.LetGo = false;
        }
    }
}
