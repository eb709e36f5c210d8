using System.Diagnostics;

namespace Calendaring;

/// <summary>
/// Work that takes long lets those who wait for its processor go first, again and again: the operating system takes a processor from a thread only after milliseconds, and most requests take less than one.
/// </summary>
public static class LongWork
{
    private static readonly long Slice = Stopwatch.Frequency / 4_000;

    [ThreadStatic]
    private static long _since;

    /// <summary>Work begins on this thread that may come to be long.</summary>
    public static void Begin() => _since = Stopwatch.GetTimestamp();

    /// <summary>To be called every few microseconds: lets others go first when this thread has not done so for a quarter of a millisecond. It costs next to nothing when nobody waits.</summary>
    public static void LetOthersGoFirst()
    {
        if (Stopwatch.GetTimestamp() - _since < Slice) return;
        Thread.Yield();
        Begin();
    }
}
