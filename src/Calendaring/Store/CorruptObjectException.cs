namespace Calendaring.Store;

/// <summary>The bytes of one object do not match their hash: the disk or the file is damaged. Only that object is concerned.</summary>
public sealed class CorruptObjectException(long collectionId, string name)
    : Exception($"The stored bytes of an object in collection {collectionId} do not match their hash.")
{
    /// <summary>The collection.</summary>
    public long CollectionId { get; } = collectionId;

    /// <summary>The object's path segment.</summary>
    public string ObjectName { get; } = name;
}
