using System.Net;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A device is added (R10): what it is named, what is refused, and what it then may do.</summary>
public sealed class ConnectDeviceTests : ConnectTest
{
    [Fact]
    public async Task R10_a_device_is_added_and_finds_the_HX_calendar_with_what_the_page_shows()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser, ("label", "My laptop"));
        Assert.Contains(Server.Address.AbsoluteUri, TextOf(page, "url"), StringComparison.Ordinal);
        Assert.Equal("maya", TextOf(page, "login"));
        using var device = DeviceOf(page);
        var home = await device.PropFindAsync(device.Home, "1", Xml.D + "displayname");
        Assert.Equal("HX_Riverbend (Maya Lindqvist)", home.Property(Xml.D + "displayname", device.Calendar("hx"))!.Value);
        Assert.Contains("HX_Riverbend (Maya Lindqvist)", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R2_a_practitioner_alone_in_the_practice_gets_the_practice_name()
    {
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        var solo = await directory.CreatePracticeAsync("Solo & Co", "Australia/Perth");
        var person = await directory.CreatePersonAsync("sol", "Sol Adeyemi", null, PrincipalRole.Practitioner, solo.Id);
        await PageClient.GivePasswordAsync(Server, person.Id, Password);
        using var browser = await SignedInAsync("sol");
        var page = await browser.GetAsync(AddApp);
        Assert.Contains("HX_Solo &amp; Co</b>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R3_two_practitioners_of_a_practice_get_names_that_tell_apart()
    {
        using var maya = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        Assert.Contains("HX_Riverbend (Maya Lindqvist)", (await AddAsync(maya)).Text, StringComparison.Ordinal);
        Assert.Contains("HX_Riverbend (Tom Okafor)", (await AddAsync(tom)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_makes_one_device()
    {
        using var browser = await SignedInAsync("maya");
        var form = await FormOfAsync(browser);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.PostAsync(AddApp, Fields(form))));
        Assert.Single(await DevicesOfAsync(Maya));
        Assert.All(answers, answer => Assert.StartsWith("/settings/integrations/devices/", answer.Path, StringComparison.Ordinal));
        Assert.Equal(1, answers.Count(answer => answer.Text.Contains("id=\"password\"", StringComparison.Ordinal)));
        Assert.Equal(3, answers.Count(answer => answer.Text.Contains("cannot be shown again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_device_without_a_name_is_refused_at_the_field_and_what_was_chosen_stays()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.PostAsync(AddApp, Fields(await FormOfAsync(browser), ("label", "  "), ("level", "Busy"), ("readOnly", "true")));
        Assert.Contains("Give the device a name", page.Text, StringComparison.Ordinal);
        Assert.Matches("value=\"Busy\" checked", page.Text);
        Assert.Empty(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task A_level_that_is_none_makes_no_device()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.PostAsync(AddApp, Fields(await FormOfAsync(browser), ("level", "77")));
        Assert.Equal(AddApp, page.Path);
        Assert.Empty(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task A_read_only_device_may_look_and_not_change()
    {
        using var browser = await SignedInAsync("maya");
        using var device = DeviceOf(await AddAsync(browser, ("readOnly", "true")));
        Assert.Equal(207, (await device.PropFindAsync(device.Calendar("hx"), "1", Xml.D + "getetag")).Status);
        Assert.Equal(403, (await device.PutAsync(device.Calendar("hx") + "new.ics", Events.Event("new"))).Status);
    }

    [Fact]
    public async Task The_device_of_somebody_else_is_not_there()
    {
        using var maya = await SignedInAsync("maya");
        await AddAsync(maya);
        var id = Assert.Single(await DevicesOfAsync(Maya)).Id;
        using var tom = await SignedInAsync("tom");
        foreach (var path in new[] { $"/settings/integrations/devices/{id}", $"/settings/integrations/devices/{id}/profile", $"/settings/integrations/devices/{id}/status", $"/settings/sync/devices/{id}" })
            Assert.Equal(HttpStatusCode.NotFound, (await tom.GetAsync(path)).Status);
        await tom.ForgeAsync("/settings", $"/settings/sync/devices/{id}/revoke", ("sure", "true"));
        await tom.ForgeAsync("/settings", $"/settings/integrations/devices/{id}/password");
        Assert.Single(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task The_page_waits_for_the_device_and_says_who_came()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser);
        Assert.Contains("Waiting for your device", page.Text, StringComparison.Ordinal);
        using var device = DeviceOf(page);
        await device.SendAsync("PROPFIND", device.Home, null, ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.1"), ("Depth", "0"));
        var id = Assert.Single(await DevicesOfAsync(Maya)).Id;
        var status = await browser.GetAsync($"/settings/integrations/devices/{id}/status");
        Assert.Contains("Connected</span> Thunderbird, ", status.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", status.Text, StringComparison.Ordinal);
    }
}
