using NodaTime;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// The time index. A B-tree orders by one bound only, so objects are put into classes by their length: within a class of greatest length L, those that meet [from, until]
/// start in [from − L, until], which is one range of (span, starts). Five ranges and the open-ended objects answer any window, whatever the length of the calendar.
/// </summary>
internal static class Spans
{
    /// <summary>The class of objects without a known start or end.</summary>
    public const int Open = 5;

    private const long Day = NodaConstants.TicksPerDay;
    private static readonly long[] Lengths = [Day, 8 * Day, 64 * Day, 512 * Day, long.MaxValue];

    /// <summary>The class of an object.</summary>
    public static int Of(long? starts, long? ends)
    {
        if (starts is not { } start || ends is not { } end) return Open;
        var length = end - start;
        var span = 0;
        while (length > Lengths[span]) span++;
        return span;
    }

    /// <summary>The earliest start that an object of a class may have when it ends at <paramref name="from"/> or later.</summary>
    public static long EarliestStart(int span, long from) => from < long.MinValue + Lengths[span] ? long.MinValue : from - Lengths[span];
}
