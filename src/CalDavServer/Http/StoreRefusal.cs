using Calendaring.Store;

namespace CalDavServer.Http;

/// <summary>
/// The store can do nothing at the moment (503): the disk fails or is full, or too many ask. What was to be changed together is not changed. In <c>HttpContext.Features</c> of the request of a page that says so.
/// </summary>
/// <param name="Kind">Why.</param>
/// <param name="Code">The database's own result code, or null.</param>
internal sealed record StoreRefusal(StoreFailureKind Kind, int? Code)
{
    /// <summary>What a person is told.</summary>
    public string Sentence => Kind switch
    {
        StoreFailureKind.NoSpace => "The server's disk is full, so nothing was changed. Ask whoever runs the server to make room.",
        StoreFailureKind.Unavailable => "The server's disk cannot be used at the moment, so nothing was changed. Try again later.",
        _ => "The server is busy, so nothing was changed. Try again in a moment.",
    };

    /// <summary>What a failure is; null where the program is at fault.</summary>
    public static StoreRefusal? Of(Exception failure) => failure is StoreException { Kind: StoreFailureKind.NoSpace or StoreFailureKind.Unavailable or StoreFailureKind.Busy } store
        ? new StoreRefusal(store.Kind, store.Code)
        : null;

    /// <summary>Tells the operator of a disk that fails.</summary>
    public void Log(ILogger logger, string method)
    {
        if (Kind != StoreFailureKind.Busy) StoreLog.Unavailable(logger, method, Kind, Code);
    }
}
