using NodaTime;

namespace Calendaring.Store;

/// <summary>An app password of one device. The secret itself is never stored.</summary>
/// <param name="Id">Opaque and unique.</param>
/// <param name="PrincipalId">Whose it is.</param>
/// <param name="Label">What the person called the device.</param>
/// <param name="SecretKind">How <paramref name="SecretHash"/> was made.</param>
/// <param name="SecretHash">The hash.</param>
/// <param name="ReadOnly">Whether writes are refused.</param>
/// <param name="LevelName">The level at which it reads and writes (<see cref="StoreLevels"/>), by the name that the layer above gives it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">Last successful use, or null; may lag by a minute.</param>
/// <param name="LastAddress">Remote address of the last use, or null.</param>
/// <param name="LastUserAgent">User agent of the last use, or null.</param>
public sealed record Credential(
    string Id,
    string PrincipalId,
    string Label,
    SecretKind SecretKind,
    string SecretHash,
    bool ReadOnly,
    string LevelName,
    Instant Created,
    Instant? LastUsed = null,
    string? LastAddress = null,
    string? LastUserAgent = null);
