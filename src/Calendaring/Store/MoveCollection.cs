namespace Calendaring.Store;

/// <summary>
/// Gives a collection another name in its home. It is a new collection, with a key and an incarnation of its own, and its members keep their names, bytes and ETags: who synced the one of before
/// is told that it is gone, and of each member of the new one. Properties go with it that are seen at <paramref name="Level"/>. Fails with NotFound, or with Exists when the home has one of that name.
/// </summary>
public sealed record MoveCollection(long CollectionId, string Name, int Level = StoreLevels.Highest) : StoreOperation;
