using System.Text;
using Calendaring.Store;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>A channel that a service wants to be seen to at once is seen to until that has been done.</summary>
public sealed class A_channel_in_a_hurry
{
    [Fact]
    public async Task Is_seen_to_again_when_the_first_time_has_failed()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken));
        Assert.Equal((1, 0), (channels.Opened, channels.Renewed));
        channels.Hurry(channels.Last!);
        channels.Fails = true;
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken));
        channels.Fails = false;
        // not with each pass
        await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(0, channels.Renewed);
        link.Clock.Now += Duration.FromMinutes(11);
        await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(1, channels.Renewed);
        await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (channels.Opened, channels.Renewed));
    }
}

/// <summary>What is known of the channels of a link may be wrong: then the service is asked for another.</summary>
public sealed class What_is_known_of_a_channel
{
    [Fact]
    public async Task Is_asked_for_anew_where_it_cannot_be_read()
    {
        await using var link = await LinkFixture.StartAsync();
        foreach (var (id, text) in ((string, string)[])[("c1", "{"), ("c2", "null")])
            await link.Store.ApplyAsync(StoreBatch.Of(new PutRecord("link-channel", link.Key.LinkId, id, Encoding.UTF8.GetBytes(text))), TestContext.Current.CancellationToken);
        var channels = new Channels(link);
        using (var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) await channels.LoadAsync(snapshot, link.Key);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken));
        Assert.Equal(1, channels.Opened);
        using var after = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(channels.Last!.Id, Assert.Single(await after.ListRecordsAsync("link-channel", link.Key.LinkId)).Id);
    }

    [Fact]
    public async Task Is_asked_for_again_though_the_clock_was_wrong_when_it_failed()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link) { Fails = true };
        link.Clock.Now += Duration.FromDays(400);
        Assert.False(await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken));
        channels.Fails = false;
        link.Clock.Now -= Duration.FromDays(400);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken));
    }
}
