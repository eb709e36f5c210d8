namespace Calendaring.Store;

/// <summary>Gives a principal another display name and e-mail address, and changes nothing else of its row. Fails with NotFound.</summary>
public sealed record RenamePrincipal(string PrincipalId, string DisplayName, string? Email) : StoreOperation;
