using System.Net;
using CalDavServer.Links;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Devices;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What somebody is told before they pay or set up a device: what works with which service, what the device is called, whether it can reach the server.</summary>
public sealed class BeforePurchaseTests : PageTest
{
    private const string Iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

    private protected override bool Billing => true;

    private Providers Registered => (Providers)Server.Services.GetService(typeof(Providers))!;

    [Fact]
    public async Task R10_The_dialog_and_the_tiles_say_what_works_with_each_service()
    {
        using var browser = await SignedInAsync("maya");
        var section = WebUtility.HtmlDecode((await browser.GetAsync("/settings/integrations")).Text);
        var terms = WebUtility.HtmlDecode((await browser.GetAsync("/settings/integrations/buy")).Text);
        foreach (var page in new[] { section, terms })
        {
            Assert.All(Services.All(Registered), service => Assert.Contains($"<dt>{service.Name}</dt><dd>{service.Works}</dd>", page, StringComparison.Ordinal));
            Assert.True(page.IndexOf("What works with which service", StringComparison.Ordinal) < page.IndexOf(">Purchase<", StringComparison.Ordinal));
        }

        await browser.PostAsync("/settings/integrations/buy", ("state", "None"));
        var tiles = WebUtility.HtmlDecode((await browser.GetAsync("/settings/integrations/add")).Text);
        Assert.All(Services.All(Registered), service => Assert.Matches($"<b>{service.Name}</b>.*{System.Text.RegularExpressions.Regex.Escape(service.Works)}", tiles));
    }

    [Fact]
    public async Task An_address_that_no_phone_reaches_is_said_to_be_so_wherever_it_is_shown()
    {
        using var browser = await SignedInAsync("maya");
        await browser.PostAsync("/settings/integrations/buy", ("state", "None"));
        const string Said = "127.0.0.1 is this computer itself";
        Assert.Contains(Said, (await browser.GetAsync("/settings/integrations/add/apple")).Text, StringComparison.Ordinal);
        var added = await browser.PostAsync("/settings/integrations/add/app", ("form", "1"), ("label", "My phone"), ("level", "Busy"));
        Assert.Contains(Said, added.Text, StringComparison.Ordinal);
        Assert.Contains("publicaddress", added.Text, StringComparison.Ordinal);
        Assert.Contains(Said, (await browser.PostAsync("/settings/integrations/feed?handler=On", ("Level", "Type"))).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "this computer itself")]
    [InlineData("127.8.9.1", "this computer itself")]
    [InlineData("localhost", "this computer itself")]
    [InlineData("LOCALHOST.", "this computer itself")]
    [InlineData("calendar.localhost", "this computer itself")]
    [InlineData("[::1]", "this computer itself")]
    [InlineData("::ffff:127.0.0.1", "this computer itself")]
    [InlineData("0.0.0.0", "this computer itself")]
    [InlineData("[::]", "this computer itself")]
    [InlineData("192.168.1.10", "on the same network")]
    [InlineData("10.1.2.3", "on the same network")]
    [InlineData("172.31.0.1", "on the same network")]
    [InlineData("169.254.1.1", "on the same network")]
    [InlineData("100.64.0.1", "on the same network")]
    [InlineData("[fe80::1]", "on the same network")]
    [InlineData("[fd12::1]", "on the same network")]
    [InlineData("server", "on the same network")]
    [InlineData("practice.local", "on the same network")]
    [InlineData("calendar.example.com", null)]
    [InlineData("mylocalhost.example", null)]
    [InlineData("172.32.0.1", null)]
    [InlineData("203.0.113.9", null)]
    [InlineData("[2001:db8::1]", null)]
    public void Each_kind_of_address_gets_its_sentence(string host, string? sentence)
    {
        if (sentence is null) Assert.Null(Reach.Warning(host));
        else Assert.Contains(sentence, Reach.Warning(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, Iphone, "My iPhone")]
    [InlineData(false, "Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/140.0 Mobile Safari/537.36", "My Android phone")]
    [InlineData(false, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0", "My Windows computer")]
    [InlineData(false, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", "My Mac")]
    [InlineData(true, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "My Apple device")]
    [InlineData(false, "", "My calendar app")]
    [InlineData(false, null, "My calendar app")]
    public void A_device_has_a_name_to_begin_with(bool isApple, string? userAgent, string name)
    {
        Assert.Equal(name, DeviceName.Suggest(isApple, userAgent, []));
        Assert.Equal($"{name} 2", DeviceName.Suggest(isApple, userAgent, [name.ToUpperInvariant()]));
        Assert.Equal($"{name} 3", DeviceName.Suggest(isApple, userAgent, [name, $"{name} 2"]));
    }

    [Fact]
    public async Task The_name_is_in_the_form_and_what_was_typed_stays_in_it()
    {
        using var browser = await SignedInAsync("maya");
        await browser.PostAsync("/settings/integrations/buy", ("state", "None"));
        Assert.Contains("name=\"label\" value=\"My calendar app\"", (await browser.GetAsync("/settings/integrations/add/app")).Text, StringComparison.Ordinal);
        await browser.PostAsync("/settings/integrations/add/app", ("form", "1"), ("label", "My calendar app"), ("level", "Busy"));
        Assert.Contains("name=\"label\" value=\"My calendar app 2\"", (await browser.GetAsync("/settings/integrations/add/app")).Text, StringComparison.Ordinal);
        Assert.Contains("Give the device a name", (await browser.PostAsync("/settings/integrations/add/app", ("form", "2"), ("label", " "))).Text, StringComparison.Ordinal);
    }
}
