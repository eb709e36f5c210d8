namespace Calendaring.Store;

/// <summary>Makes a principal. Fails with <see cref="StoreFailureKind.Exists"/> when its id or login is taken.</summary>
public sealed record CreatePrincipal(Principal Principal) : StoreOperation;
