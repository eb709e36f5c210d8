namespace Calendaring.Store;

/// <summary>Replaces a principal's row (same id). Fails with NotFound, or Exists when the login is another's.</summary>
public sealed record UpdatePrincipal(Principal Principal) : StoreOperation;
