using System.Globalization;
using System.Runtime.InteropServices;
using CalDavServer.Access;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>Work that cannot let others go first has a thread of its own, behind all others.</summary>
public sealed class BackgroundThreadTests
{
    [Fact]
    public void It_is_behind_the_others_and_they_stay_where_they_are()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "Niceness is read from /proc.");
        var (before, there) = (Niceness(), 0);
        BackgroundThread.Run("test", () => there = Niceness());
        Assert.Equal(5, there);
        Assert.Equal(before, Niceness());
        Assert.True(before < 5, "the tests themselves are behind");
    }

    // of the thread that asks (proc(5): stat, field 19)
    private static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ')[16], CultureInfo.InvariantCulture);
}
