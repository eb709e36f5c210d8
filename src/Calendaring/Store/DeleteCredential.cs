namespace Calendaring.Store;

/// <summary>Revokes an app password; from the commit on it opens nothing. Fails with NotFound.</summary>
public sealed record DeleteCredential(string PrincipalId, string CredentialId) : StoreOperation;
