namespace Calendaring.Store;

/// <summary>Changes nothing. Fails with Precondition unless the collection is there and still at this change number, its members and properties as they were read.</summary>
public sealed record ExpectCollection(long CollectionId, long Change) : StoreOperation;
