using System.Net;
using CalDavServer.Tests.Hosting;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Somebody is matched with another person in Halaxy: the page says first what leaves their diary.</summary>
public sealed class HalaxyRematchTests : HalaxyPageTest
{
    [Fact]
    public async Task The_page_says_how_many_appointments_leave_a_diary_before_it_saves_another_match()
    {
        await There.BookAsync(Now, 2);
        await There.BookAsync(Now, 3);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 2, "both are here");

        var asked = await MatchAsync(ruth, There.Thomas);
        Assert.Contains($"2 appointments in the diary of {Maya.DisplayName} came from the person in Halaxy who was chosen before.", WebUtility.HtmlDecode(asked.Text), StringComparison.Ordinal);
        Assert.Equal([new HalaxyMatch(Maya.Id, There.Maya)], (await ConnectionAsync())!.Matches);

        var saved = await MatchAsync(ruth, There.Thomas, asked);
        Assert.Contains("Appointments of the person who was matched before are being removed from the diary.", WebUtility.HtmlDecode(saved.Text), StringComparison.Ordinal);
        await UntilAsync(async () => !(await HereAsync()).Any(one => one.TakesPlace), "they left");
    }

    [Fact]
    public async Task Very_many_that_leave_wait_on_the_page_for_a_word()
    {
        for (var n = 0; n < 12; n++) await There.BookAsync(Now, n + 1);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 12, "all are here");
        var asked = await MatchAsync(ruth, There.Thomas);
        await MatchAsync(ruth, There.Thomas, asked);
        await UntilAsync(async () => WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text).Contains("12 appointments in the diaries are somebody else’s in Halaxy", StringComparison.Ordinal), "the page says so");
        Assert.Equal(12, (await HereAsync()).Count(one => one.TakesPlace));
        // matched as before, all stays, and nobody is asked
        var back = await MatchAsync(ruth, There.Maya);
        Assert.Contains("Saved.", back.Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await ConnectionAsync()) is { State: HalaxyState.Active, LastCompare: not null, Count: 12 }, "it works again");
        Assert.Equal(12, (await HereAsync()).Count(one => one.TakesPlace));
    }

    /// <summary>Matches Maya, and says once more that it is meant where a page asked.</summary>
    private async Task<PageAnswer> MatchAsync(PageClient ruth, string there, PageAnswer? asked = null)
    {
        var page = asked ?? await ruth.GetAsync(Page);
        var sure = PageForm.ListOf(page).First(form => form.PostsTo(Page + "/match")).Hidden("sure");
        return await ruth.PostAsync(Page + "/match", page, ($"match-{Maya.Id}", there), ($"match-{Tom.Id}", ""), ("sure", sure ?? ""));
    }
}
