using NodaTime;

namespace Calendaring.Store;

/// <summary>When and from where an app password was last used. Kept in memory and written within a minute: losing one loses nothing.</summary>
public readonly record struct CredentialUse(string PrincipalId, string CredentialId, Instant At, string? Address, string? UserAgent);
