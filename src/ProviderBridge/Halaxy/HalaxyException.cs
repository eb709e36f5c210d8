using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>Why Halaxy did not do what it was asked, by what can be done about it.</summary>
public enum HalaxyFault
{
    /// <summary>It cannot be reached, or not now: asked again later.</summary>
    Unavailable,

    /// <summary>It was asked too often: asked again when it says so.</summary>
    TooMany,

    /// <summary>The key is not known, or not any more: an administrator has to connect again.</summary>
    KeyRefused,

    /// <summary>The key has no access to this kind of resource: an administrator has to tick it in Halaxy.</summary>
    MissingScope,

    /// <summary>It does not take this as it is: asked again only when that has changed.</summary>
    Rejected,

    /// <summary>Another appointment of the practitioner is at this time.</summary>
    Conflict,

    /// <summary>It answered with something else than what was asked for. That never means that there is nothing.</summary>
    Unreadable,
}

/// <summary>Halaxy did not do what it was asked. The message is for the operator: no content, names or tokens, and nothing of what was answered.</summary>
public sealed class HalaxyException(HalaxyFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public HalaxyFault Fault { get; } = fault;

    /// <summary>Whether the API does not do such a thing at all, whatever is sent.</summary>
    public bool IsUnsupported { get; init; }

    /// <summary>Whether the API says by its status that there is no such thing, and gives another reason than that.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>How long to wait at least; null when it does not say.</summary>
    public Duration? RetryAfter { get; init; }
}
