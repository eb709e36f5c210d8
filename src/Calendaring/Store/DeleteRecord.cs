namespace Calendaring.Store;

/// <summary>Removes a record. Fails with NotFound, or Precondition when it is at another version.</summary>
public sealed record DeleteRecord(string Kind, string Owner, string Id, long? ExpectedVersion = null) : StoreOperation;
