namespace ProviderBridge.Sync;

/// <summary>
/// Names an outside account (<see cref="Accounts.OutsideAccount"/>). Its id alone does not: practitioners who connect the same account have the same id, each with access of their own.
/// </summary>
/// <param name="PractitionerId">Whose.</param>
/// <param name="AccountId">Its id: the same whenever the same account is connected.</param>
public readonly record struct AccountKey(string PractitionerId, string AccountId);
