namespace Calendaring.Store;

/// <summary>Changes nothing. Fails with Precondition unless the home is still at this change number.</summary>
public sealed record ExpectHome(string PrincipalId, long Change) : StoreOperation;
