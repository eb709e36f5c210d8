using NodaTime;

namespace Calendaring.FreeBusy;

/// <summary>How somebody is busy: the FBTYPE parameter (RFC 5545 §3.2.9), without FREE.</summary>
public enum BusyType
{
    /// <summary>BUSY.</summary>
    Busy,

    /// <summary>BUSY-TENTATIVE.</summary>
    Tentative,

    /// <summary>BUSY-UNAVAILABLE.</summary>
    Unavailable,
}

/// <summary>A time when somebody is busy.</summary>
/// <param name="Start">The start.</param>
/// <param name="End">The end (exclusive), later than the start.</param>
/// <param name="Type">How.</param>
public readonly record struct BusyPeriod(Instant Start, Instant End, BusyType Type);
