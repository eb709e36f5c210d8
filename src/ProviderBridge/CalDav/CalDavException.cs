using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>Why a CalDAV server did not do what it was asked, by what a person can do about it.</summary>
public enum CalDavProblem
{
    /// <summary>What was typed is not an address.</summary>
    NoAddress,

    /// <summary>The address is one of this server's own network, and its operator has not allowed it.</summary>
    Internal,

    /// <summary>It cannot be reached, or does not answer.</summary>
    Unreachable,

    /// <summary>Its certificate is not to be trusted.</summary>
    Certificate,

    /// <summary>It sends elsewhere, where the password must not go.</summary>
    Elsewhere,

    /// <summary>It sends to an address without encryption, where the password must not go.</summary>
    Unprotected,

    /// <summary>It does not take the login and the password.</summary>
    Refused,

    /// <summary>It asks to be left alone for a while.</summary>
    Busy,

    /// <summary>It answers, and what it answers is not CalDAV.</summary>
    NotCalDav,

    /// <summary>It does not let calendars be made.</summary>
    MakesNone,

    /// <summary>The calendar can be read only, takes no events, or is not there.</summary>
    NotForEvents,

    /// <summary>What it answers is more than is read.</summary>
    TooLarge,
}

/// <summary>A CalDAV server did not do what it was asked. The message is for the operator: no content, names or passwords.</summary>
public sealed class CalDavException(CalDavProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public CalDavProblem Problem { get; } = problem;

    /// <summary>How long to wait at least; null when that is not known.</summary>
    public Duration? RetryAfter { get; init; }

    /// <summary>What the server answered; null when that is not why.</summary>
    public int? Status { get; init; }

    /// <summary>Whether the server failed at what it was asked, and says of itself nothing.</summary>
    internal bool IsServerError => Status == 500 && RetryAfter is null;

    /// <summary>The same to a link.</summary>
    internal OutsideException ToOutside()
    {
        var fault = Problem switch
        {
            CalDavProblem.Refused => OutsideFault.NeedsReconnecting,
            CalDavProblem.Busy => OutsideFault.TooMany,
            CalDavProblem.TooLarge => OutsideFault.Rejected,
            CalDavProblem.Certificate => OutsideFault.NotTrusted,
            _ => OutsideFault.Unavailable,
        };
        return new OutsideException(fault, Message, this) { RetryAfter = RetryAfter };
    }
}
