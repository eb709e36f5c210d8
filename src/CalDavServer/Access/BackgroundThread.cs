using System.Runtime.InteropServices;

namespace CalDavServer.Access;

/// <summary>
/// A thread for work that holds a processor for tens of milliseconds and cannot let others go first: whatever else wants the processor goes first.
/// </summary>
internal static class BackgroundThread
{
    private const int OfThread = 0;
    private const int Niceness = 5;

    /// <summary>
    /// Runs the work on such a thread, and waits for it: what is queued from there, the answer of a task too, could start threads of the pool, which would be behind for ever.
    /// </summary>
    public static void Run(string name, Action work)
    {
        var thread = new Thread(() =>
        {
            if (OperatingSystem.IsLinux()) _ = SetPriority(OfThread, 0, Niceness);
            work();
        })
        { IsBackground = true, Name = name, Priority = ThreadPriority.Lowest };
        thread.Start();
        thread.Join();
    }

    // of the calling thread alone: Linux keeps a niceness for each (setpriority(2)), and the runtime leaves Thread.Priority to others
    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
