namespace Calendaring.Store;

/// <summary>A calendar home as a sync sees it.</summary>
/// <param name="Incarnation">Random at creation: a sync token of another home, or of one in another store, is not valid.</param>
/// <param name="Change">Its change number: it goes up with each change to any of its collections or their members.</param>
/// <param name="OldestSync">The oldest change number from which the removals of its collections are all known.</param>
public readonly record struct HomeState(string Incarnation, long Change, long OldestSync);
