namespace Calendaring.Store;

/// <summary>The store cannot be opened or read: the disk is failing or full, the file is another program's, or another process has it. Never thrown for one damaged object.</summary>
public sealed class StoreException : Exception
{
    /// <summary>A failure with its cause.</summary>
    public StoreException(StoreFailureKind kind, string message, Exception? cause = null)
        : base(message, cause) => Kind = kind;

    /// <summary><see cref="StoreFailureKind.NoSpace"/> or <see cref="StoreFailureKind.Unavailable"/>.</summary>
    public StoreFailureKind Kind { get; }
}
