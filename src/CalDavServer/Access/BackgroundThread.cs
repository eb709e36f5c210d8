using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CalDavServer.Access;

/// <summary>
/// A thread for work that holds a processor for tens of milliseconds and cannot let others go first: whatever else wants the processor goes first.
/// </summary>
internal static class BackgroundThread
{
    private const int OfThread = 0;
    private const int Niceness = 5;
    private const int IdlePolicy = 5;

    /// <summary>How long work may wait for a processor that nobody wants.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>For how long the machine is taken to be busy after that: it also bounds how much is left running.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(10);

    private static long _lastBusy = long.MinValue;

    /// <summary>
    /// Runs the work on such a thread, and waits for it: what is queued from there, the answer of a task too, could start threads of the pool, which would be behind for ever. First on a thread that gets
    /// only what nobody else wants, which everybody else takes the processor from at once (SCHED_IDLE, sched(7)). On a machine whose processors are all in use that could last for seconds: what has not
    /// ended after a while is begun once more on a thread of a higher priority, and the first result counts. The work must have no effects.
    /// </summary>
    public static T Run<T>(string name, Func<T> work)
    {
        var lastBusy = Volatile.Read(ref _lastBusy);
        if (lastBusy != long.MinValue && Stopwatch.GetElapsedTime(lastBusy) < Busy) return Start(name, work, isIdle: false).GetAwaiter().GetResult();
        var idle = Start(name, work, isIdle: true);
        if (((IAsyncResult)idle).AsyncWaitHandle.WaitOne(Patience)) return idle.GetAwaiter().GetResult();
        Volatile.Write(ref _lastBusy, Stopwatch.GetTimestamp());
        Task<T>[] both = [idle, Start(name, work, isIdle: false)];
        return both[Task.WaitAny(both)].GetAwaiter().GetResult();
    }

    private static Task<T> Start<T>(string name, Func<T> work, bool isIdle)
    {
        var end = new TaskCompletionSource<T>();
        new Thread(() =>
        {
            if (OperatingSystem.IsLinux()) StepBack(isIdle);
            try
            {
                end.SetResult(work());
            }
            catch (Exception thrown)
            {
                end.SetException(thrown);
            }
        })
        { IsBackground = true, Name = name, Priority = ThreadPriority.Lowest }.Start();
        return end.Task;
    }

    // of the calling thread alone: Linux keeps a niceness and a policy for each, and the runtime leaves Thread.Priority to others. Some C libraries refuse the policy.
    private static void StepBack(bool isIdle)
    {
        var none = 0;
        if (!isIdle || SetScheduler(OfThread, IdlePolicy, ref none) != 0) _ = SetPriority(OfThread, 0, Niceness);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);

    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, ref int priority);
}
