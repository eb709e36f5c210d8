using NodaTime;
using ProviderBridge.Halaxy;
using ProviderBridge.Tests.Sync;

namespace ProviderBridge.Tests.Halaxy;

/// <summary>What Halaxy's lists did not have is not looked for in them for an hour.</summary>
public sealed class UnlistedTests
{
    [Fact]
    public void What_is_not_listed_is_looked_for_again_after_an_hour_or_when_the_clock_was_set_back()
    {
        var clock = new HandClock();
        var unlisted = new HalaxyUnlisted(clock);
        Assert.False(unlisted.Contains("7"));
        unlisted.Add(["7", "8"]);
        clock.Now += Duration.FromMinutes(59);
        Assert.Equal((true, true, false), (unlisted.Contains("7"), unlisted.Contains("8"), unlisted.Contains("9")));
        clock.Now += Duration.FromMinutes(1);
        Assert.False(unlisted.Contains("7"));
        clock.Now -= Duration.FromHours(3);
        Assert.False(unlisted.Contains("7"));
    }
}
