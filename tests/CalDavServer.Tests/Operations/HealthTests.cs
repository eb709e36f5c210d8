using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed class HealthTests
{
    [Fact]
    public async Task A_server_that_makes_its_demonstration_lives_and_is_not_ready()
    {
        var opened = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { Opened = opened.Task });
        using var client = server.Anonymous();

        Assert.Equal(200, (await client.GetAsync("/health/live")).Status);
        Assert.Equal(503, (await client.GetAsync("/health/ready")).Status);

        opened.SetResult();
        Assert.Equal((200, "ready\n"), (await client.GetAsync("/health/ready")) is var answer ? (answer.Status, answer.Text) : default);
    }

    [Fact]
    public async Task A_server_that_was_asked_to_stop_lives_and_is_not_ready()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Anonymous();
        Assert.Equal(200, (await client.GetAsync("/health/ready")).Status);

        server.AskToStop();

        Assert.Equal(200, (await client.GetAsync("/health/live")).Status);
        Assert.Equal((503, "not ready\n"), (await client.GetAsync("/health/ready")) is var answer ? (answer.Status, answer.Text) : default);
    }
}
