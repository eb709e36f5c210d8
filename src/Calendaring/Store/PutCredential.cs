namespace Calendaring.Store;

/// <summary>Makes or replaces an app password.</summary>
/// <param name="Credential">The app password.</param>
/// <param name="OnlyNew">Whether it is only made: fails with Exists when it is there.</param>
public sealed record PutCredential(Credential Credential, bool OnlyNew = false) : StoreOperation;
