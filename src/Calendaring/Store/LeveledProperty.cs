namespace Calendaring.Store;

/// <summary>A property that a client set.</summary>
/// <param name="Level">The level at which it was set.</param>
/// <param name="Name">Its name.</param>
/// <param name="Element">The whole element; null where the level removed what a lower one has.</param>
public readonly record struct LeveledProperty(int Level, PropertyName Name, string? Element);
