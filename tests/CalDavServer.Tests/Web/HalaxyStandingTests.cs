using System.Globalization;
using System.Net;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>How the connection to Halaxy stands is said as it is: while it waits, while a look that was asked for is not done, when a box is not ticked, and when very many deletions wait for a word.</summary>
public sealed class HalaxyStandingTests : HalaxyPageTest
{
    [Fact]
    public async Task While_the_connection_waits_nobody_is_told_that_all_is_well()
    {
        using var ruth = await SignedInAsync("ruth");
        using var maya = await SignedInAsync("maya");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        Assert.Contains("Nothing: all is well.", (await maya.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await ruth.GetAsync("/settings/integrations")).Text.Contains("\"badge good\">Working<", StringComparison.Ordinal), "Integrations says that it works");
        await There.DoAsync("revoke-key", new() { ["client"] = There.Client });
        await UntilAsync(async () => (await ruth.GetAsync("/settings/integrations")).Text.Contains("\"badge bad\">New key needed<", StringComparison.Ordinal), "Integrations says so");
        var health = WebUtility.HtmlDecode((await maya.GetAsync("/settings/sync")).Text);
        Assert.Contains("Nothing needs your attention, but nothing goes to Halaxy or comes from it at the moment", health, StringComparison.Ordinal);
        Assert.Contains("The connection to Halaxy waits for an administrator of the practice", health, StringComparison.Ordinal);
        Assert.DoesNotContain("all is well", health, StringComparison.Ordinal);
        Assert.DoesNotContain("is in Halaxy too", health, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_open_is_filled_again_until_a_look_that_was_asked_for_is_done()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "latency", ["milliseconds"] = 3000, ["times"] = 1000 });
        var asked = await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        Assert.Contains("Being compared", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("data-settled", asked.Text, StringComparison.Ordinal);
        await There.ClearFaultsAsync();
        await UntilAsync(async () => (await ruth.GetAsync(Page + "/state")).Text.Contains("data-settled", StringComparison.Ordinal), "it is done");
        await UntilAsync(async () => (await ruth.GetAsync(Page + "/facts")).Text.Contains("data-settled", StringComparison.Ordinal), "so is what was done last");
        Assert.Matches("Last full comparison</dt><dd>[^<]*[0-9]{2}:[0-9]{2}</dd>", (await ruth.GetAsync(Page + "/facts")).Text);
    }

    [Fact]
    public async Task While_a_look_that_was_asked_for_is_not_done_nobody_is_told_that_it_works()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        foreach (var page in new[] { Page, "/settings/sync", "/settings/integrations" }) await UntilAsync(async () => (await ruth.GetAsync(page)).Text.Contains(">Working<", StringComparison.Ordinal), $"it works, says {page}");
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "latency", ["milliseconds"] = 3000, ["times"] = 1000 });
        await ruth.PostAsync(Page + "/look", await ruth.GetAsync(Page));
        foreach (var page in new[] { Page, "/settings/sync", "/settings/integrations" }) Assert.Contains(">Being tried<", (await ruth.GetAsync(page)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("data-settled", (await ruth.GetAsync(Page + "/state")).Text, StringComparison.Ordinal);
        await There.ClearFaultsAsync();
        await UntilAsync(async () => (await ruth.GetAsync("/settings/sync")).Text.Contains(">Working<", StringComparison.Ordinal), "it is done");
    }

    [Fact]
    public async Task The_page_says_which_box_is_not_ticked()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        await There.DoAsync("untick", new() { ["client"] = There.Client, ["scope"] = "Appointment" });
        await UntilAsync(async () => WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text).Contains("in Halaxy, tick Appointments for the key, and press “Look now”", StringComparison.Ordinal), "the page says so");
        Assert.Contains("Until Appointments is ticked again, no appointment comes from Halaxy", WebUtility.HtmlDecode((await ruth.GetAsync("/calendar")).Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_box_that_is_unticked_or_ticked_later_is_seen_when_everything_is_compared()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        Assert.True((await ConnectionAsync())!.SeesPatients);
        await There.DoAsync("untick", new() { ["client"] = There.Client, ["scope"] = "Patient" });
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await ruth.GetAsync(Page)).Text.Contains("The key cannot see patients", StringComparison.Ordinal), "the page says so");
        await There.DoAsync("tick", new() { ["client"] = There.Client, ["scope"] = "Patient" });
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await ConnectionAsync())!.SeesPatients, "it is seen");
    }

    [Fact]
    public async Task Very_many_deletions_wait_on_the_page_for_a_word()
    {
        List<string> ids = [];
        for (var n = 0; n < 12; n++) ids.Add(await There.BookAsync(Now, n + 1));
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 12, "all are here");
        foreach (var id in ids) await There.DoAsync("delete", new() { ["appointment"] = id });
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await ruth.GetAsync(Page)).Text.Contains("Deletions waiting", StringComparison.Ordinal), "the page says so");
        Assert.Equal(12, (await HereAsync()).Count(one => one.TakesPlace));
        Assert.Contains("None, until that is settled", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        // another key is no answer to the question
        await KeyAsync(ruth);
        Assert.Equal((HalaxyState.DeletionsHeld, 12), await ConnectionAsync() is { } held ? (held.State, held.HeldDeletions) : default);
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await ConnectionAsync())!.State == HalaxyState.DeletionsHeld, "looked at again, it is still so");
        Assert.Contains("They are removed from the diaries too.", (await ruth.PostAsync(Page + "/remove", await ruth.GetAsync(Page))).Text, StringComparison.Ordinal);
        await UntilAsync(async () => !(await HereAsync()).Any(one => one.TakesPlace), "they are removed");
    }

    [Theory]
    [InlineData("look")]
    [InlineData("compare")]
    public async Task A_box_that_was_unticked_is_ticked_and_looked_at_again(string button)
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        await There.DoAsync("untick", new() { ["client"] = There.Client, ["scope"] = "Appointment" });
        await UntilAsync(async () => (await ruth.GetAsync(Page)).Text.Contains("A box is not ticked", StringComparison.Ordinal), "the page says so");
        await There.DoAsync("tick", new() { ["client"] = There.Client, ["scope"] = "Appointment" });
        await There.BookAsync(Now);
        await ruth.PostAsync($"{Page}/{button}", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await HereAsync()).Count == 1, "it goes on");
    }
}
