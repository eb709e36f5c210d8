namespace Calendaring.Store;

/// <summary>Removes a collection with all its members. Fails with NotFound.</summary>
public sealed record DeleteCollection(long CollectionId) : StoreOperation;
