namespace Calendaring.Store;

/// <summary>
/// Changes an app password that is still as <paramref name="Earlier"/> was, its last use aside, which stays as it is stored: of two who change one at the same time neither undoes what the other did.
/// Fails with NotFound when it has been revoked (it is not revived), with Precondition when it was changed in the meantime.
/// </summary>
public sealed record ChangeCredential(Credential Earlier, Credential Credential) : StoreOperation;
