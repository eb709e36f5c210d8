using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>One value of the BYDAY rule part.</summary>
/// <param name="Ordinal">Which one in the month or year: 1 is the first, -1 the last, 0 is every one.</param>
/// <param name="Day">The day of the week.</param>
public readonly record struct ByDay(int Ordinal, IsoDayOfWeek Day);
