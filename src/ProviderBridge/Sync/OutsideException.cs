using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>Why an outside calendar did not do what it was asked, by what can be done about it.</summary>
public enum OutsideFault
{
    /// <summary>It cannot be reached, or not now: asked again later.</summary>
    Unavailable,

    /// <summary>It was asked too often: asked again when it says so.</summary>
    TooMany,

    /// <summary>The account no longer lets us in: a person has to connect it again.</summary>
    NeedsReconnecting,

    /// <summary>The calendar no longer exists.</summary>
    CalendarGone,

    /// <summary>The event is at another version than was named.</summary>
    Changed,

    /// <summary>The provider does not know this server as it is set up, as when its client secret has ended or the API is switched off for it: only its operator can do something. Asked again later.</summary>
    NotRegistered,

    /// <summary>Its certificate cannot be trusted, so that it is sent nothing: only whoever runs it can do something. Asked again later.</summary>
    NotTrusted,

    /// <summary>This server's own disk takes nothing, so that nothing can be noted of what is done: only its operator can do something. Asked again later.</summary>
    NotWritten,

    /// <summary>It does not take this event as it is: asked again only when the event has changed.</summary>
    Rejected,
}

/// <summary>An outside calendar did not do what it was asked. The message is for the operator: no content, names or tokens.</summary>
public sealed class OutsideException(OutsideFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public OutsideFault Fault { get; } = fault;

    /// <summary>How long to wait at least; null when it does not say.</summary>
    public Duration? RetryAfter { get; init; }

    /// <summary>Whether the service has answered, and it may be the one event that was asked about at which it fails: whether the calendar itself answers tells.</summary>
    public bool MayBeOfOne { get; init; }

    /// <summary>Whether what was asked for may have been done all the same.</summary>
    internal bool MayBeDone { get; init; }
}
