using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Rfc8144;

/// <summary>A write whose condition fails is answered with what is there, for a client that prefers the representation (RFC 8144 §3.2).</summary>
public sealed class FailedConditionTests : ServerTest
{
    private static readonly (string, string) Prefer = ("Prefer", "return=representation");

    private string Path => Client.Calendar("home") + "a.ics";

    [Theory]
    [InlineData("If-Match", "\"other\"")]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Schedule-Tag-Match", "\"other\"")]
    [InlineData("If", "([\"other\"])")]
    public async Task The_current_representation_comes_with_the_412(string condition, string value)
    {
        var put = await Client.PutAsync(Path, Events.Event("a"));
        var answer = await Client.PutAsync(Path, Events.Event("a", "mine"), Prefer, (condition, value));
        Assert.Equal(412, answer.Status);
        Assert.Equal(Events.Event("a"), answer.Text);
        Assert.Equal(put.Header("ETag"), answer.Header("ETag"));
        Assert.Equal(Path, answer.Header("Content-Location"));
        Assert.Equal("return=representation", answer.Header("Preference-Applied"));
        Assert.StartsWith("text/calendar", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Path)).Text);
    }

    [Fact]
    public async Task Without_the_preference_or_without_anything_there_it_is_a_plain_412()
    {
        var absent = await Client.PutAsync(Path, Events.Event("a"), Prefer, ("If-Match", "\"other\""));
        Assert.Equal(412, absent.Status);
        Assert.Null(absent.Header("Preference-Applied"));
        await Client.PutAsync(Path, Events.Event("a"));
        var plain = await Client.PutAsync(Path, Events.Event("a", "mine"), ("If-Match", "\"other\""));
        Assert.Equal(412, plain.Status);
        Assert.DoesNotContain("BEGIN:VCALENDAR", plain.Text, StringComparison.Ordinal);
    }
}
