using System.Globalization;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>The most memory that a process has had since it was last asked to forget it (proc(5): VmHWM).</summary>
internal static class PeakMemory
{
    public static Task ForgetAsync(RunningServer server) => File.WriteAllTextAsync($"/proc/{server.Process.Id}/clear_refs", "5", TestContext.Current.CancellationToken);

    /// <summary>In MB.</summary>
    public static async Task<int> OfAsync(RunningServer server)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{server.Process.Id}/status", TestContext.Current.CancellationToken);
        var peak = lines.Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return int.Parse(peak, CultureInfo.InvariantCulture) / 1024;
    }
}
