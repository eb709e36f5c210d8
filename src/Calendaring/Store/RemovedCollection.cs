namespace Calendaring.Store;

/// <summary>A collection that has been removed from a home, and whose name has not been used again.</summary>
/// <param name="Name">Its path segment.</param>
/// <param name="Change">The change number of the removal.</param>
public readonly record struct RemovedCollection(string Name, long Change);
