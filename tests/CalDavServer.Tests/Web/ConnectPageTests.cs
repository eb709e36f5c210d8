using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Add Calendar Synchronisation (R10): what can be chosen, and who is let in.</summary>
public sealed partial class ConnectPageTests : ConnectTest
{
    [Fact]
    public async Task R10_every_service_can_be_chosen_and_leads_to_a_page()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/integrations/add");
        foreach (var service in new[] { "iCloud / Apple Calendar", "Google", "Outlook.com", "Office 365", "Exchange" })
            Assert.Contains($"<b>{service}</b>", page.Text, StringComparison.Ordinal);
        var ways = WayOf().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(8, ways.Count);
        foreach (var way in ways) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(way)).Status);
    }

    [Fact]
    public async Task An_account_that_cannot_be_connected_yet_is_said_to_be_so_with_what_works()
    {
        using var browser = await SignedInAsync("maya");
        foreach (var service in new[] { "google", "outlook", "office365", "exchange" })
        {
            var page = await browser.GetAsync($"/settings/integrations/add/{service}");
            Assert.Contains("is not available on this server yet", page.Text, StringComparison.Ordinal);
            Assert.Contains("Nothing is charged for it", page.Text, StringComparison.Ordinal);
            Assert.Contains("What works today", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_subscription_one_is_sent_to_buy_it()
    {
        await AddSoloAsync(bought: false);
        using var browser = await SignedInAsync("sol");
        foreach (var path in new[] { "/settings/integrations/add", AddApp, "/settings/integrations/add/apple", "/settings/integrations/add/google" })
        {
            var page = await browser.GetAsync(path);
            Assert.Equal("/settings/integrations", page.Path);
        }
    }

    [Fact]
    public async Task R9_an_administrator_is_told_that_only_the_practitioner_sets_up()
    {
        using var browser = await SignedInAsync("ruth");
        var page = await browser.GetAsync(AddApp);
        Assert.Equal("/settings/integrations", page.Path);
    }

    [GeneratedRegex("href=\"(/settings/integrations/add/[^\"]+)\"")]
    private static partial Regex WayOf();
}
