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
