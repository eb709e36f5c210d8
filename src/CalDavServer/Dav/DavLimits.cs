using Calendaring.ICalendar;

namespace CalDavServer.Dav;

/// <summary>Limits that are advertised or enforced by the protocol layer.</summary>
internal static class DavLimits
{
    /// <summary>Collections in one calendar home.</summary>
    public const int CollectionsPerHome = 200;

    /// <summary>Bytes of one dead property, as XML.</summary>
    public const int DeadPropertyBytes = 65_536;

    /// <summary>Names in one property request; further ones are refused, not dropped.</summary>
    public const int RequestedProperties = 1_000;

    /// <summary>Bytes of these names, namespaces included: what a resource does not have is named in the answer.</summary>
    public const int RequestedNameBytes = 65_536;

    /// <summary>Conditions in the filter of one report: each is tried on each object.</summary>
    public const int FilterConditions = 200;

    /// <summary>Bytes of one calendar object (RFC 4791 §5.2.5).</summary>
    public static int ObjectBytes { get; } = ICalendarLimits.Default.MaxBytes;
}
