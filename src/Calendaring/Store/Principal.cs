using NodaTime;

namespace Calendaring.Store;

/// <summary>Somebody who can sign in and own collections (RFC 3744 §2).</summary>
/// <param name="Id">Opaque path segment, unique, never an e-mail address unless it was given so at import.</param>
/// <param name="Login">Normalised login name: Unicode NFC, lower case; unique.</param>
/// <param name="DisplayName">What others see.</param>
/// <param name="Email">Calendar user address without <c>mailto:</c>, or null.</param>
/// <param name="Kind">What the principal may be: a number of the layer above, opaque to the store.</param>
/// <param name="GroupId">The group it belongs to, or null. Principals of a group are listed together, and their usage is summed up.</param>
public sealed record Principal(
    string Id,
    string Login,
    string DisplayName,
    string? Email,
    int Kind,
    string? GroupId)
{
    /// <summary>When the principal's access was taken away; null while they may come in. What they own stays.</summary>
    public Instant? Deactivated { get; init; }
}
