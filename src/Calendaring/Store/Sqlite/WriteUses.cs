namespace Calendaring.Store.Sqlite;

/// <summary>Writes the uses of app passwords that were noted in memory.</summary>
internal sealed record WriteUses(IReadOnlyCollection<CredentialUse> Uses) : StoreOperation;
