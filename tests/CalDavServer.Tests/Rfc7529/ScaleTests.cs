using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc7529;

/// <summary>Calendar scales other than the Gregorian (RFC 7529).</summary>
public sealed class ScaleTests : ServerTest
{
    private string Path => Client.Calendar("home") + "a.ics";

    [Fact]
    public async Task A_calendar_and_its_home_name_the_scales_they_take()
    {
        var name = C + "supported-rscale-set";
        foreach (var path in new[] { Client.Calendar("home"), Client.Calendar("hx"), Client.Calendar("tasks"), Client.Home })
        {
            var scales = (await Client.PropFindAsync(path, "0", name)).Property(name)!.Elements(C + "supported-rscale");
            Assert.Equal("GREGORIAN", Assert.Single(scales).Value);
        }

        Assert.Equal(403, (await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new System.Xml.Linq.XElement(name, "HEBREW")))).PropertyStatus(name));
    }

    [Theory]
    [InlineData("RSCALE=CHINESE;FREQ=YEARLY")]
    [InlineData("RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD")]
    [InlineData("FREQ=MONTHLY;RSCALE=ETHIOPIC;BYMONTH=13")]
    public async Task Another_scale_is_refused_with_supported_rscale(string rule)
    {
        var answer = await Client.PutAsync(Path, Events.Event("a", "x", $"RRULE:{rule}"));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + "supported-rscale"), answer.Text);
        Assert.Equal(404, (await Client.GetAsync(Path)).Status);
    }

    [Theory]
    [InlineData("RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD", 201)]
    [InlineData("FREQ=YEARLY;SKIP=FORWARD;RSCALE=gregorian", 201)]
    [InlineData("FREQ=MONTHLY;SKIP=BACKWARD", 403)]
    public async Task The_Gregorian_scale_is_taken_and_SKIP_needs_it(string rule, int status)
    {
        var answer = await Client.PutAsync(Path, Events.Event("a", "x", $"RRULE:{rule}"));
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 403, answer.HasCondition(C + "valid-calendar-data"));
    }
}
