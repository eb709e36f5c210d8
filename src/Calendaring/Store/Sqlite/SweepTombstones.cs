using NodaTime;

namespace Calendaring.Store.Sqlite;

/// <summary>Forgets removals that happened before an instant.</summary>
internal sealed record SweepTombstones(Instant Before) : StoreOperation;
