namespace Calendaring.Store;

/// <summary>Changes nothing. Fails with Precondition unless a record is at this version (0: does not exist): what was decided on it still holds.</summary>
public sealed record ExpectRecord(string Kind, string Owner, string Id, long Version) : StoreOperation;
