namespace Calendaring.Store;

/// <summary>The store cannot be opened or read: the disk is failing or full, the file is another program's, another process has it, or too many read at once. Never thrown for one damaged object.</summary>
public sealed class StoreException : Exception
{
    /// <summary>A failure with its cause.</summary>
    public StoreException(StoreFailureKind kind, string message, Exception? cause = null, int? code = null)
        : base(message, cause) => (Kind, Code) = (kind, code);

    /// <summary><see cref="StoreFailureKind.NoSpace"/>, <see cref="StoreFailureKind.Unavailable"/> or <see cref="StoreFailureKind.Busy"/>.</summary>
    public StoreFailureKind Kind { get; }

    /// <summary>The database's own result code, or null when it was not the database that failed.</summary>
    public int? Code { get; }
}
