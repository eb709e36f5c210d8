using Calendaring.Store;

namespace CalDavServer.Http;

/// <summary>Lines that tell the operator of a failing disk. They name neither content nor path nor person.</summary>
internal static partial class StoreLog
{
    /// <summary>The store could not be read or written; the code is the database's, or nothing.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method}: the store failed: {Kind}, SQLite result {Code}")]
    public static partial void Unavailable(ILogger logger, string method, StoreFailureKind kind, int? code);

    /// <summary>One object cannot be read; <c>check</c> names it.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method}: a stored object is damaged, in collection {CollectionId}; the command check names it")]
    public static partial void Damaged(ILogger logger, string method, long collectionId);
}
