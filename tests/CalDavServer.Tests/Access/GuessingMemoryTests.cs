using System.Globalization;
using System.Net;
using CalDavServer.Access;
using CalDavServer.Http;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>What guesses cost in memory: measured while no other test runs, whose objects come and go meanwhile.</summary>
[Collection(Alone.Name)]
public sealed class GuessingMemoryTests
{
    [Fact]
    public void An_attacker_with_a_whole_IPv6_prefix_fills_no_memory()
    {
        var throttle = new LoginThrottle(new ManualClock());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 200_000; i++) throttle.Begin(i.ToString(CultureInfo.InvariantCulture) + new string('x', 300), Origin.Of(IPAddress.Parse($"2001:db8:{i >> 8:x}:{i & 0xff:x}::1")));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, 48_000_000);
        GC.KeepAlive(throttle);
    }
}
