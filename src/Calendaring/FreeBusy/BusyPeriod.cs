using NodaTime;

namespace Calendaring.FreeBusy;

/// <summary>A time when somebody is busy.</summary>
/// <param name="Start">The start.</param>
/// <param name="End">The end (exclusive), later than the start.</param>
/// <param name="Type">How.</param>
public readonly record struct BusyPeriod(Instant Start, Instant End, BusyType Type);
