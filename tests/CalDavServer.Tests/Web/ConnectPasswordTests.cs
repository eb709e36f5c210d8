using System.Net;
using System.Xml;
using System.Xml.Linq;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A new device's password: who is shown it, how often, and in which form.</summary>
public sealed class ConnectPasswordTests : ConnectTest
{
    [Fact]
    public async Task The_password_is_shown_once()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser);
        var password = TextOf(page, "password");
        var again = await browser.GetAsync(page.Path);
        Assert.DoesNotContain(password, again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg viewBox", again.Text, StringComparison.Ordinal);
        Assert.Contains("cannot be shown again", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_browser_of_the_same_person_is_not_shown_the_password()
    {
        using var browser = await SignedInAsync("maya");
        using var other = await SignedInAsync("maya");
        var form = await FormOfAsync(browser);
        var path = $"/settings/integrations/devices/{(await DevicesOfAsync(Maya)).Count}";
        await browser.PostAsync(AddApp, Fields(form));
        path = $"/settings/integrations/devices/{Assert.Single(await DevicesOfAsync(Maya)).Id}";
        Assert.Contains("cannot be shown again", (await other.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_can_be_made_and_the_old_one_opens_nothing()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser);
        using var old = DeviceOf(page);
        var id = Assert.Single(await DevicesOfAsync(Maya)).Id;
        var renewed = await browser.PostAsync($"/settings/integrations/devices/{id}", $"/settings/integrations/devices/{id}/password");
        using var device = DeviceOf(renewed);
        Assert.Equal(207, (await device.PropFindAsync(device.Home, "0", Xml.D + "displayname")).Status);
        Assert.Equal(401, (await old.PropFindAsync(old.Home, "0", Xml.D + "displayname")).Status);
        Assert.Single(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task A_profile_for_Apple_devices_names_the_host_behind_a_proxy_and_is_given_once()
    {
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { Proxies = [System.Net.IPNetwork.Parse("127.0.0.0/8")] });
        var directory = new PracticeDirectory(server.Store, server.Clock);
        var practice = await directory.CreatePracticeAsync("Näher & Ümlaut", "Europe/Berlin");
        var person = await directory.CreatePersonAsync("ida@näher.example", "Ida", null, PrincipalRole.Practitioner, practice.Id);
        await PageClient.GivePasswordAsync(server, person.Id, Password);
        using var browser = new PageClient(server);
        await browser.SignInAsync(person.Login, Password);
        var page = await browser.PostAsync("/settings/integrations/add/apple", Fields(await FormOfAsync(browser)));
        var password = TextOf(page, "password");
        var path = page.Path.Split('?')[0] + "/profile";

        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = browser.Cookies, AllowAutoRedirect = false }) { BaseAddress = server.Address };
        async Task<HttpResponseMessage> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = "calendar.example.org";
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "127.0.0.1");
            return await http.SendAsync(request, TestContext.Current.CancellationToken);
        }

        using var answer = await AskAsync();
        Assert.Equal("application/x-apple-aspen-config", answer.Content.Headers.ContentType!.ToString());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var payload = PayloadOf(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("com.apple.caldav.account", payload["PayloadType"].Value);
        Assert.Equal("calendar.example.org", payload["CalDAVHostName"].Value);
        Assert.Equal("443", payload["CalDAVPort"].Value);
        Assert.Equal("true", payload["CalDAVUseSSL"].Name.LocalName);
        Assert.Equal($"/dav/principals/{person.Id}/", payload["CalDAVPrincipalURL"].Value);
        Assert.Equal("ida@näher.example", payload["CalDAVUsername"].Value);
        Assert.Equal(password, payload["CalDAVPassword"].Value);
        Assert.Equal("HX_Näher & Ümlaut", payload["CalDAVAccountDescription"].Value);
        Assert.True(Guid.TryParse(payload["PayloadUUID"].Value, out _));
        using var again = await AskAsync();
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    private static Dictionary<string, XElement> PayloadOf(string plist)
    {
        using var reader = XmlReader.Create(new StringReader(plist), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        var profile = Dictionary(XDocument.Load(reader).Root!.Element("dict")!);
        Assert.Equal("Configuration", profile["PayloadType"].Value);
        return Dictionary(profile["PayloadContent"].Element("dict")!);
    }

    private static Dictionary<string, XElement> Dictionary(XElement dict) =>
        dict.Elements("key").ToDictionary(key => key.Value, key => key.ElementsAfterSelf().First());
}
