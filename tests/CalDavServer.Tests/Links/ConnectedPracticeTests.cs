using CalDavServer.Links.Halaxy;
using NodaTime;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Links;

/// <summary>What is known of a practice that is connected to Halaxy.</summary>
public sealed class ConnectedPracticeTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 1, 5, 12, 0);

    [Fact]
    public void So_many_are_asked_for_in_vain_in_a_minute_whatever_the_number_of_passes()
    {
        var practice = new ConnectedPractice("one");
        Assert.Equal(HalaxyPass.MostAskedInVain, practice.MayAskInVain(Now));
        practice.AskedInVain(HalaxyPass.MostAskedInVain - 5);
        Assert.Equal(5, practice.MayAskInVain(Now + Duration.FromSeconds(30)));
        practice.AskedInVain(5);
        Assert.Equal(0, practice.MayAskInVain(Now + Duration.FromSeconds(59)));
        Assert.Equal(HalaxyPass.MostAskedInVain, practice.MayAskInVain(Now + Duration.FromMinutes(1)));
        practice.AskedInVain(5);
        // a clock that was set back holds nothing up for longer
        Assert.Equal(HalaxyPass.MostAskedInVain, practice.MayAskInVain(Now - Duration.FromHours(1)));
    }
}
