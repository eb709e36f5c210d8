using NodaTime;

namespace Calendaring.Store;

/// <summary>Takes a principal's access away, or gives it back (null), and changes nothing else of its row. Fails with NotFound.</summary>
public sealed record SetDeactivated(string PrincipalId, Instant? Deactivated) : StoreOperation;
