namespace Calendaring.Store;

/// <summary>
/// Stores an object. Created is kept when it exists, and so are its properties as long as it is published. Fails with Precondition when <paramref name="Expected"/> does not hold, with
/// UidConflict when another object of the collection has the UID (RFC 4791 §5.3.2.1 no-uid-conflict), with NotFound when the collection is gone.
/// </summary>
public sealed record PutObject(
    long CollectionId,
    string Name,
    ReadOnlyMemory<byte> Bytes,
    ObjectIndex Index,
    Expectation Expected = default,
    bool Published = true,
    ObjectDetails? Details = null,
    int Level = StoreLevels.Highest,
    string? ScheduleTag = null) : StoreOperation;
