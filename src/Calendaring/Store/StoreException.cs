namespace Calendaring.Store;

/// <summary>The store cannot be opened, read or written: the disk is failing or full, the file is another program's, another process has it, or too many ask at once. Never thrown for one damaged object.</summary>
public sealed class StoreException : Exception
{
    /// <summary>A failure with its cause.</summary>
    public StoreException(StoreFailureKind kind, string message, Exception? cause = null, int? code = null)
        : base(message, cause) => (Kind, Code) = (kind, code);

    /// <summary>A batch was not applied.</summary>
    public StoreException(StoreFailure failure)
        : this(failure.Kind, MessageOf(failure.Kind), code: failure.Code)
    {
    }

    /// <summary><see cref="StoreFailureKind.NoSpace"/>, <see cref="StoreFailureKind.Unavailable"/> or <see cref="StoreFailureKind.Busy"/>; of a batch, why it was not applied.</summary>
    public StoreFailureKind Kind { get; }

    /// <summary>The database's own result code, or null when it was not the database that failed.</summary>
    public int? Code { get; }

    private static string MessageOf(StoreFailureKind kind) => kind switch
    {
        StoreFailureKind.NoSpace => "The disk is full: nothing was changed.",
        StoreFailureKind.Unavailable => "The disk cannot be written to: nothing was changed.",
        StoreFailureKind.Busy => "Too many changes to the same thing at once: nothing was changed.",
        _ => $"Nothing was changed ({kind}).",
    };
}
