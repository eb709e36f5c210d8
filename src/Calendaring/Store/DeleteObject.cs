namespace Calendaring.Store;

/// <summary>Removes an object and leaves a tombstone. Fails with NotFound or Precondition.</summary>
public sealed record DeleteObject(long CollectionId, string Name, Expectation Expected = default) : StoreOperation;
