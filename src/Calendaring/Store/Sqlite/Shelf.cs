namespace Calendaring.Store.Sqlite;

/// <summary>A collection with the change number up to which its tombstones have been swept.</summary>
internal sealed record Shelf(Collection Collection, long Swept);
