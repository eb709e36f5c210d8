namespace Calendaring.Store;

/// <summary>Why and where a batch failed.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Operation">Zero-based number of the step that failed.</param>
/// <param name="ConflictingName">For UidConflict: the path segment of the object that has the UID.</param>
/// <param name="Code">The database's own result code, or null when it was not the database that failed.</param>
/// <param name="Limit">For Quota: which limit.</param>
public sealed record StoreFailure(StoreFailureKind Kind, int Operation, string? ConflictingName = null, int? Code = null, StoreLimit Limit = StoreLimit.None);
