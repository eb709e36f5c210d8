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

/// <summary>A channel is open though nobody was told: what it tells is believed, and no more than one stays open.</summary>
public sealed class A_channel_whose_answer_was_lost
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_kept_when_the_service_tells_on_it_after_a_start_too()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link) { LosesAnswers = true };
        Assert.False(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
        var id = Assert.Single(channels.Open).Key;
        var after = await StartedAsync(link, channels);
        Assert.False(await after.TellAsync(id, "forged"));
        Assert.True(await after.TellAsync(id));
        Assert.True(await after.KeepAsync(await link.LinkAsync(), Cancelled));
        Assert.Single(after.Open);
        Assert.Single(await RecordsAsync(link));
    }

    [Fact]
    public async Task Is_ended_once_it_tells_when_another_took_its_place()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link) { LosesAnswers = true };
        await channels.KeepAsync(await link.LinkAsync(), Cancelled);
        var lost = Assert.Single(channels.Open).Key;
        channels.LosesAnswers = false;
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
        Assert.Equal(2, channels.Open.Count);
        await channels.TellAsync(lost);
        channels.CannotEnd = true;
        for (var n = 0; n < 3; n++) Assert.True(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
        // not with each pass
        Assert.Equal(1, channels.Tries);
        channels.CannotEnd = false;
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
        Assert.Equal(channels.Last!.Id, Assert.Single(channels.Open).Key);
        Assert.Equal(channels.Last.Id, Assert.Single(await RecordsAsync(link)));
    }

    /// <summary>The service may have granted less than it was asked for: only what it has said counts.</summary>
    [Fact]
    public async Task Is_ended_and_not_the_one_that_took_its_place_though_it_may_last_longer()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link) { LosesAnswers = true, Grants = Duration.FromDays(3) };
        await channels.KeepAsync(await link.LinkAsync(), Cancelled);
        var lost = Assert.Single(channels.Open).Key;
        channels.LosesAnswers = false;
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
        await channels.TellAsync(lost);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
        Assert.NotEqual(lost, Assert.Single(channels.Open).Key);
        Assert.Equal(channels.Last!.Id, Assert.Single(await RecordsAsync(link)));
    }

    [Fact]
    public async Task Lasts_as_long_as_the_service_says_on_it_after_a_start_too()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link) { LosesAnswers = true };
        await channels.KeepAsync(await link.LinkAsync(), Cancelled);
        var (id, end) = (Assert.Single(channels.Open).Key, link.Clock.Now + Duration.FromDays(1));
        await channels.TellAsync(id);
        Assert.Equal((true, link.Clock.Now + Duration.FromDays(6)), await EndAsync(link));
        await channels.TellAsync(id, end: link.Clock.Now);
        await channels.TellAsync(id, end: end);
        Assert.Equal((false, end), await EndAsync(link));
        // what was told late says nothing new
        await channels.TellAsync(id, end: end - Duration.FromHours(1));
        Assert.Equal((false, end), await EndAsync(link));
        var after = await StartedAsync(link, channels);
        Assert.True(await after.KeepAsync(await link.LinkAsync(), Cancelled));
        Assert.Equal(1, after.Renewed);
    }

    /// <summary>Another has written what it knows of the channel while the service told.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_what_was_written_of_it_last(bool isEnded)
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link) { LosesAnswers = true };
        await channels.KeepAsync(await link.LinkAsync(), Cancelled);
        var (id, secret) = Assert.Single(channels.Open);
        var other = await StartedAsync(link, channels);
        await other.TellAsync(id, end: link.Clock.Now + Duration.FromDays(1));
        if (isEnded) await other.StopAsync(await link.LinkAsync(), Cancelled);
        else await other.KeepAsync(await link.LinkAsync(), Cancelled);
        Assert.Equal(isEnded ? 0 : 1, (await RecordsAsync(link)).Count);
        await channels.TellAsync(id, secret, link.Clock.Now + Duration.FromDays(2));
        Assert.Equal(isEnded ? 0 : 1, (await RecordsAsync(link)).Count);
        if (!isEnded) Assert.Equal((false, link.Clock.Now + Duration.FromDays(6)), await EndAsync(link));
    }

    [Fact]
    public async Task Is_remembered_until_it_ends_by_itself_and_so_are_no_more_than_a_few()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link) { LosesAnswers = true };
        for (var n = 0; n < 30; n++)
        {
            Assert.False(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
            link.Clock.Now += Duration.FromMinutes(61);
        }

        Assert.Equal(10, (await RecordsAsync(link)).Count);
        (channels.LosesAnswers, channels.Refuses) = (false, true);
        link.Clock.Now += Duration.FromDays(7);
        Assert.False(await channels.KeepAsync(await link.LinkAsync(), Cancelled));
        // one that was refused is not open
        Assert.Empty(await RecordsAsync(link));
    }

    private static async Task<Channels> StartedAsync(LinkFixture link, Channels before)
    {
        var after = new Channels(link) { Open = before.Open };
        using var snapshot = await link.Store.OpenSnapshotAsync(Cancelled);
        await after.LoadAsync(snapshot, link.Key);
        return after;
    }

    /// <summary>Whether the end of the only channel is assumed, and when it is, as it is kept.</summary>
    private static async Task<(bool IsAssumed, Instant End)> EndAsync(LinkFixture link)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(Cancelled);
        var kept = Assert.Single(await LinkChannel.ListAsync(snapshot, link.Key));
        return (kept.IsEndAssumed, kept.Expires);
    }

    private static async Task<IReadOnlyList<string>> RecordsAsync(LinkFixture link)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(Cancelled);
        return [.. (await snapshot.ListRecordsAsync("link-channel", link.Key.LinkId)).Select(record => record.Id)];
    }
}
