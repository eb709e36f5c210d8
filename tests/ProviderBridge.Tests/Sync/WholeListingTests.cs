using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>A service forgets to tell of a change. Once a week all is listed, so that it is noticed in the end.</summary>
public sealed class What_a_service_does_not_tell
{
    private static readonly LocalDateTime At = new(2026, 3, 4, 12, 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Is_taken_in_within_a_week(bool isRemoved)
    {
        await using var link = await LinkFixture.StartAsync();
        var (kept, changed) = (await AddAsync(link, "Lunch"), await AddAsync(link, "Gym"));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        link.Outside.Untold = $"ours-{changed}-0";
        if (isRemoved) link.Outside.UserDeletes(link.Outside.Untold);
        else link.Outside.UserMoves(link.Outside.Untold, At.PlusHours(3));

        link.Clock.Now += Duration.FromDays(7) - Duration.FromMinutes(1);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(2, (await link.ShownAsync()).Count);
        Assert.Equal(1, link.Outside.WholeListings);

        link.Clock.Now += Duration.FromMinutes(1);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(isRemoved ? [kept] : [kept, changed], (await link.ShownAsync()).Keys.Order(StringComparer.Ordinal).ToHashSet());
        await link.AssertAgreeAsync("");
        Assert.Equal(2, link.Outside.WholeListings);

        // and then not before another week has gone by
        link.Clock.Now += Duration.FromDays(6);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(2, link.Outside.WholeListings);
    }

    [Fact]
    public async Task A_listing_that_fails_is_due_still()
    {
        await using var link = await LinkFixture.StartAsync();
        await AddAsync(link, "Lunch");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        link.Clock.Now += Duration.FromDays(7);
        link.Outside.AfterListing = () => throw new OutsideException(OutsideFault.Unavailable, "away");
        Assert.Equal(PassResult.Later, await link.PassAsync());
        link.Outside.AfterListing = null;
        link.Clock.Now += Duration.FromMinutes(6);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(3, link.Outside.WholeListings);
    }

    [Fact]
    public async Task Is_listed_though_the_clock_was_wrong_the_last_time()
    {
        await using var link = await LinkFixture.StartAsync();
        link.Clock.Now += Duration.FromDays(400);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        link.Clock.Now -= Duration.FromDays(400);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(2, link.Outside.WholeListings);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(2, link.Outside.WholeListings);
    }

    private static Task<string> AddAsync(LinkFixture link, string title) => link.Diary.AddPersonalAsync(new PersonalEntry(title, At, Duration.FromHours(1)));
}
