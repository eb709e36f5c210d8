using Calendaring.ICalendar;

namespace ProviderBridge.Sync;

/// <summary>What a link remembers of an appointment outside when it asks for it.</summary>
/// <param name="Uid">The appointment's UID.</param>
/// <param name="Id">Its id there.</param>
/// <param name="Address">Its address as the service writes it, where that does not follow from its id; else null.</param>
public sealed record OutsideMemory(string Uid, string Id, string? Address)
{
    /// <summary>What was last answered of it; null when nothing was.</summary>
    public CalendarObject? Had { get; init; }

    /// <summary>What was being asked for when a pass was cut short; null when nothing was. What differs from <see cref="Had"/> by that is nobody's edit.</summary>
    public CalendarObject? Asked { get; init; }

    /// <summary>Whether it was being removed when a pass was cut short.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The events that it was there in (<see cref="OutsideSeries.Parts"/>); null where it is one event or series.</summary>
    public IReadOnlyDictionary<string, string>? Parts { get; init; }
}
