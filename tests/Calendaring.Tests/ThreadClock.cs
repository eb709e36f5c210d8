using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Calendaring.Tests;

/// <summary>Time that this thread has worked: other work on the machine does not count, so that a bound on it holds on a busy one. Elsewhere than on Linux, time on the wall.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Milliseconds
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return Stopwatch.GetTimestamp() * 1000.0 / Stopwatch.Frequency;
            if (GetTime(ThreadCpuTime, out var time) != 0) throw new InvalidOperationException("There is no thread clock.");
            return (time.Seconds * 1000.0) + (time.Nanoseconds / 1e6);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
