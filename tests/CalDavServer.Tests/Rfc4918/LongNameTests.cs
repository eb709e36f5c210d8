using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>What is said of a name that cannot be, or of one that has another object.</summary>
public sealed class LongNameTests : ServerTest
{
    [Theory]
    [InlineData("PUT", "home/{0}.ics", 'a', 252)]
    [InlineData("PUT", "home/{0}.ics", 'é', 126)]
    [InlineData("GET", "home/{0}.ics", 'a', 252)]
    [InlineData("PROPFIND", "{0}/", 'a', 256)]
    [InlineData("MKCALENDAR", "{0}/", 'a', 256)]
    [InlineData("MKCOL", "{0}/", 'é', 128)]
    public async Task A_name_over_255_bytes_is_refused_with_the_reason(string method, string form, char email, int count)
    {
        var path = Client.Home + string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Uri.EscapeDataString(new string(email, count)));
        var answer = await Client.SendAsync(method, path, method == "PUT" ? Events.Event("a") : null);
        Assert.Equal(414, answer.Status);
        Assert.Contains("255 bytes", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('a', 251)]
    [InlineData('é', 125)]
    public async Task A_name_of_255_bytes_is_taken(char email, int count)
    {
        var path = Client.Calendar("home") + Uri.EscapeDataString(new string(email, count)) + ".ics";
        Assert.Equal(201, (await Client.PutAsync(path, Events.Event("a"))).Status);
        Assert.Equal(200, (await Client.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("COPY")]
    [InlineData("MOVE")]
    public async Task A_destination_with_a_longer_name_is_refused_with_the_reason(string method)
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        var answer = await Client.SendAsync(method, Client.Calendar("home") + "a.ics", null, ("Destination", Client.Calendar("home") + new string('a', 252) + ".ics"));
        Assert.Equal(403, answer.Status);
        Assert.Contains("255 bytes", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("home")]
    [InlineData("hx")]
    public async Task An_object_with_another_UID_on_a_name_that_is_taken_is_told_what_is_so(string calendar)
    {
        var path = Client.Calendar(calendar) + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        var answer = await Client.PutAsync(path, Events.Event("b"));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + "no-uid-conflict"));
        Assert.Contains("The object under this name has another UID", answer.Text, StringComparison.Ordinal);
        Assert.Contains(path, answer.Text, StringComparison.Ordinal);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(path)).Text);
    }
}
