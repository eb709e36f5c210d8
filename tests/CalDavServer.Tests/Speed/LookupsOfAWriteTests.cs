using System.Text;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Speed;

/// <summary>A request looks nothing up twice on one snapshot: what is at its path, and the access to the calendar, are handed on to what decides the change.</summary>
public sealed class LookupsOfAWriteTests : ServerTest
{
    [Theory]
    [InlineData("PUT", "hx", false)]
    [InlineData("PUT", "hx", true)]
    [InlineData("PUT", "home", false)]
    [InlineData("PUT", "home", true)]
    [InlineData("DELETE", "hx", true)]
    [InlineData("DELETE", "home", true)]
    [InlineData("MOVE", "hx", true)]
    [InlineData("MOVE", "home", true)]
    public async Task Nothing_is_looked_up_twice(string method, string calendar, bool isThere)
    {
        var (store, questions) = CountingStore.Around(Server.Store);
        await using var app = ServerHost.Build(new ServerOptions { Urls = ["http://127.0.0.1:0"] }, store, Server.Clock);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new DavClient(new Uri(app.Urls.First()), "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Alice.Principal.Login}:{Alice.Secret}")), Alice.Principal.Id);
        var path = client.Calendar(calendar) + "a.ics";
        if (isThere) Assert.Equal(201, (await client.PutAsync(path, Events.Event("a"))).Status);
        questions.Clear();

        var answer = method == "PUT"
            ? await client.PutAsync(path, Events.Event("a", "Two"))
            : await client.SendAsync(method, path, null, method == "MOVE" ? [("Destination", client.Calendar(calendar) + "b.ics")] : []);

        Assert.InRange(answer.Status, 201, 204);
        Assert.Contains(questions.Keys, question => question.Contains("FindRowAsync", StringComparison.Ordinal));
        Assert.DoesNotContain(questions, question => question.Value > 1);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }
}
