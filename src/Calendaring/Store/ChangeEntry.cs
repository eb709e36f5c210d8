namespace Calendaring.Store;

/// <summary>One entry of the changes to a home or collection, oldest first.</summary>
/// <param name="CollectionId">The collection.</param>
/// <param name="Name">The member's path segment.</param>
/// <param name="Change">The change number; a sync may be continued from it.</param>
/// <param name="Row">The member as it is now, or null when it has been removed.</param>
public readonly record struct ChangeEntry(long CollectionId, string Name, long Change, ObjectRow? Row);
