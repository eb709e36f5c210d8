using System.Net;
using System.Text;
using System.Xml.Linq;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>The twenty faults that users of other servers report most: one test for each. This part: signing in, finding calendars, and what is whose.</summary>
public sealed partial class CompatibilityTests : ServerTest
{
    private static readonly string[] StartPaths = ["/", "/.well-known/caldav", "/dav", "/dav/", "/dav/principals/", "/dav/calendars/"];

    private string Home => Client.Calendar("home");

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("alice%40example.com")]
    [InlineData("Alice%40Example.com")]
    public async Task B6_01_A_login_whose_at_sign_is_percent_encoded_signs_in_on_every_path(string login)
    {
        using var phone = new DavClient(Server.Address, Basic(login, Alice.Secret), Alice.Principal.Id);
        foreach (var path in (string[])[.. StartPaths, phone.Principal, phone.Home, phone.Calendar("hx")])
            Assert.Contains((await phone.PropFindAsync(path, "0", D + "current-user-principal")).Status, (int[])[207, 301]);
        using var guesser = new DavClient(Server.Address, Basic(login, "wrong"), Alice.Principal.Id);
        Assert.Equal(401, (await guesser.PropFindAsync("/dav/", "0", D + "current-user-principal")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B6_02_Behind_a_proxy_no_answer_leads_to_plain_http(bool believed)
    {
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { Proxies = believed ? [IPNetwork.Parse("127.0.0.0/8")] : [], AllowedHosts = ["calendar.example"] });
        var person = await server.AddPersonAsync("alice@example.com");
        using var client = server.Client(person);
        (string, string)[] forwarded = [("Host", "calendar.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "calendar.example"), ("X-Forwarded-For", "203.0.113.5"), ("Depth", "1")];
        (string Method, string Path, string? Body)[] requests =
        [
            ("PROPFIND", "/.well-known/caldav", null), ("GET", "/.well-known/caldav", null), ("PROPFIND", "/", null), ("PROPFIND", "/dav", null), ("PROPFIND", client.Home.TrimEnd('/'), null),
            ("PROPFIND", client.Principal, PropFind(C + "calendar-home-set", C + "schedule-inbox-URL", D + "principal-URL", D + "owner")), ("MKCALENDAR", client.Calendar("new"), null),
            ("PUT", client.Calendar("home") + "a.ics", Events.Event("a")), ("GET", client.Calendar("home") + "a.ics", null), ("PROPFIND", client.Calendar("home"), null),
        ];
        foreach (var (method, path, body) in requests)
        {
            var answer = await client.SendAsync(method, path, body, forwarded);
            Assert.InRange(answer.Status, 200, 399);
            foreach (var header in new[] { "Location", "Content-Location" }) Assert.StartsWith("/", answer.Header(header) ?? "/", StringComparison.Ordinal);
            Assert.DoesNotContain("http://calendar.example", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("http://127.0.0.1", answer.Text, StringComparison.Ordinal);
            Assert.Equal(believed, answer.Header("Strict-Transport-Security") is not null);
        }
    }

    [Theory]
    [InlineData(PrincipalRole.Practitioner, "hx,home,tasks")]
    [InlineData(PrincipalRole.Administrator, "home,tasks")]
    [InlineData(PrincipalRole.User, "home,tasks")]
    public async Task B6_03_From_whatever_address_a_person_types_their_calendars_are_found(PrincipalRole role, string calendars)
    {
        using var client = Server.Client(await Server.AddPersonAsync("bob@example.com", role));
        foreach (var path in (string[])[.. StartPaths, client.Principal, client.Home, client.Home.TrimEnd('/'), client.Calendar("home")])
            Assert.Equal(calendars.Split(',').Select(client.Calendar).Order(), (await DiscoverAsync(client, path)).Order());
    }

    [Fact]
    public async Task B6_04_A_list_of_reminders_is_there_and_one_that_is_made_is_made_once()
    {
        var components = C + "supported-calendar-component-set";
        var body = MkCalendar(new XElement(D + "displayname", "Reminders"), new XElement(components, new XElement(C + "comp", new XAttribute("name", "VTODO"))));
        Assert.Contains(Client.Calendar("tasks"), await TaskListsAsync());
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("8B0C"), body)).Status);
        for (var refresh = 0; refresh < 3; refresh++)
        {
            Assert.Equal([Client.Calendar("8B0C"), Client.Calendar("tasks")], await TaskListsAsync());
            Assert.True((await Client.SendAsync("MKCALENDAR", Client.Calendar("8B0C"), body)).HasCondition(D + "resource-must-be-null"));
        }

        var refused = await Client.PutAsync(Client.Calendar("hx") + "t.ics", Events.Task("t"));
        Assert.True(refused.HasCondition(C + "supported-calendar-component"));
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("8B0C") + "t.ics", Events.Task("t"))).Status);

        async Task<IReadOnlyList<string>> TaskListsAsync()
        {
            var listed = await Client.PropFindAsync(Client.Home, "1", components);
            return [.. listed.Hrefs.Where(href => IsTaskList(listed.Property(components, href))).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData("home")]
    [InlineData("hx")]
    public async Task B6_05_Every_answer_about_an_object_has_the_same_strong_ETag(string calendar)
    {
        var path = Client.Calendar(calendar) + "a.ics";
        var made = await Client.PutAsync(path, Events.Event("a"));
        var changed = await Client.PutAsync(path, Events.Event("a", "Two"));
        Assert.Equal((201, 204), (made.Status, changed.Status));
        var etag = changed.Header("ETag")!;
        Assert.Matches("^\"[^\"]+\"$", etag);
        Assert.NotEqual(made.Header("ETag"), etag);
        Assert.Equal(etag, (await Client.GetAsync(path)).Header("ETag"));
        Assert.Equal(etag, (await Client.GetAsync(path, ("Accept-Encoding", "gzip"))).Header("ETag"));
        Assert.Equal(etag, (await Client.SendAsync("HEAD", path)).Header("ETag"));
        Assert.Equal(etag, (await Client.GetAsync(path, ("If-None-Match", etag))).Header("ETag"));
        var about = new[]
        {
            await Client.PropFindAsync(path, "0", D + "getetag"),
            await Client.PropFindAsync(Client.Calendar(calendar), "1", D + "getetag"),
            await ReportAsync(Client.Calendar(calendar), Multiget(path)),
            await ReportAsync(Client.Calendar(calendar), Query("VEVENT", "20260601T000000Z", "20260602T000000Z")),
            await ReportAsync(Client.Calendar(calendar), Sync("")),
        };
        Assert.All(about, answer => Assert.Equal(etag, answer.Property(D + "getetag", path)!.Value));
    }

    // Nobody can share a calendar here or act for another: what a client then needs is one home, all calendars in it, and no trace of other people's.
    [Fact]
    public async Task B6_06_All_calendars_that_a_person_may_use_are_in_the_one_home()
    {
        using var bob = Server.Client(await Server.AddPersonAsync("bob@example.com"));
        var own = await Client.PropFindAsync(
            Client.Principal, "0", C + "calendar-home-set", D + "group-membership", CS + "calendar-proxy-read-for", CS + "calendar-proxy-write-for");
        Assert.Equal([Client.Home], own.Property(C + "calendar-home-set")!.Elements(D + "href").Select(href => href.Value));
        Assert.Empty(own.Property(D + "group-membership")!.Elements());
        Assert.Equal((404, 404), (own.PropertyStatus(CS + "calendar-proxy-read-for"), own.PropertyStatus(CS + "calendar-proxy-write-for")));
        Assert.DoesNotContain("calendar-proxy", (await Client.SendAsync("OPTIONS", Client.Principal)).Header("DAV"), StringComparison.Ordinal);
        Assert.Equal(404, (await Client.PropFindAsync(bob.Principal, "0", C + "calendar-home-set")).PropertyStatus(C + "calendar-home-set"));
        Assert.Equal(404, (await Client.PropFindAsync(bob.Home, "1", D + "resourcetype")).Status);
        Assert.DoesNotContain((await Client.PropFindAsync(Client.Home, "1", D + "owner")).Root.Descendants(D + "owner"), owner => owner.Value != Client.Principal);
    }

    [Theory]
    [InlineData("home")]
    [InlineData("hx")]
    public async Task B6_07_What_was_removed_can_be_made_again_with_the_same_UID(string calendar)
    {
        var path = Client.Calendar(calendar) + "a.ics";
        var other = Client.Calendar(calendar) + "b.ics";
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(201, (await Client.PutAsync(path, Events.Event("a", $"Round {round}"), ("If-None-Match", "*"))).Status);
            Assert.Equal(204, (await Client.DeleteAsync(path)).Status);
            Assert.Equal(201, (await Client.PutAsync(other, Events.Event("a", $"Other {round}"), ("If-None-Match", "*"))).Status);
            Assert.Equal(204, (await Client.DeleteAsync(other)).Status);
        }

        Assert.Equal(201, (await Client.PutAsync(path, Events.Event("a"))).Status);
        Assert.True((await Client.PutAsync(other, Events.Event("a"))).HasCondition(C + "no-uid-conflict"));
        Assert.Equal([Client.Calendar(calendar), path], (await Client.PropFindAsync(Client.Calendar(calendar), "1", D + "getetag")).Hrefs);
    }

    [Fact]
    public async Task B6_08_What_may_be_seen_and_not_done_is_403_with_a_reason_and_what_may_not_be_seen_is_404()
    {
        await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        using var reader = Server.Client(await Server.AddPasswordAsync(Alice.Principal, readOnly: true));
        using var bob = Server.Client(await Server.AddPersonAsync("bob@example.com"));
        foreach (var (method, body) in new[] { ("PUT", Events.Event("a")), ("DELETE", null), ("PROPPATCH", Set(new XElement(D + "displayname", "x"))) })
        {
            Assert.True((await reader.SendAsync(method, Home + "a.ics", body)).HasCondition(D + "need-privileges"));
            Assert.Equal(404, (await bob.SendAsync(method, Home + "a.ics", body)).Status);
        }

        Assert.Equal(403, (await Client.DeleteAsync(Client.Calendar("hx"))).Status);
        Assert.Equal(403, (await Client.PutAsync(Client.Calendar("inbox") + "a.ics", Events.Event("a"))).Status);
        Assert.Equal(404, (await Client.DeleteAsync(Home + "never.ics")).Status);
    }

    [Theory]
    [InlineData("home")]
    [InlineData("hx")]
    public async Task B6_09_A_removal_shows_in_each_way_in_which_clients_look_for_it(string calendar)
    {
        var collection = Client.Calendar(calendar);
        var path = collection + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        var token = await TokenAsync(collection);
        var ctag = await CtagAsync(collection);
        var homeTag = await CtagAsync(Client.Home);
        Assert.Equal(204, (await Client.DeleteAsync(path)).Status);

        Assert.Contains("404", (await ReportAsync(collection, Sync(token))).Response(path).Element(D + "status")!.Value, StringComparison.Ordinal);
        Assert.NotEqual(token, await TokenAsync(collection));
        Assert.NotEqual(ctag, await CtagAsync(collection));
        Assert.NotEqual(homeTag, await CtagAsync(Client.Home));
        Assert.Equal([collection], (await Client.PropFindAsync(collection, "1", D + "getetag")).Hrefs);
        Assert.Empty((await ReportAsync(collection, Query("VEVENT", "20260101T000000Z", null))).Hrefs);
        Assert.Contains("404", (await ReportAsync(collection, Multiget(path))).Response(path).Element(D + "status")!.Value, StringComparison.Ordinal);
        Assert.Equal(404, (await Client.GetAsync(path)).Status);
    }

    private static bool IsTaskList(XElement? components) => components?.Elements().Select(component => (string)component.Attribute("name")!).SequenceEqual(["VTODO"]) == true;

    // What a client does: follows redirects, asks who it is, for the home, and which members are calendars.
    private static async Task<IReadOnlyList<string>> DiscoverAsync(DavClient client, string start)
    {
        var answer = await client.PropFindAsync(start, "0", D + "current-user-principal");
        for (var hops = 0; answer.Status == 301 && hops < 3; hops++) answer = await client.PropFindAsync(answer.Header("Location")!, "0", D + "current-user-principal");
        var principal = answer.Property(D + "current-user-principal")!.Element(D + "href")!.Value;
        var home = (await client.PropFindAsync(principal, "0", C + "calendar-home-set")).Property(C + "calendar-home-set")!.Element(D + "href")!.Value;
        var listed = await client.PropFindAsync(home, "1", D + "resourcetype");
        return [.. listed.Hrefs.Where(href => listed.Property(D + "resourcetype", href)!.Element(C + "calendar") is not null)];
    }

    private static string Basic(string login, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{secret}"));

    private Task<DavAnswer> ReportAsync(string path, XElement body) => Client.SendAsync("REPORT", path, body.ToString(), ("Depth", "1"));

    private async Task<string> TokenAsync(string path) => (await Client.PropFindAsync(path, "0", D + "sync-token")).Property(D + "sync-token")!.Value;

    private async Task<string> CtagAsync(string path) => (await Client.PropFindAsync(path, "0", CS + "getctag")).Property(CS + "getctag")!.Value;

    private static XElement Multiget(params string[] paths) => new(
        C + "calendar-multiget",
        new XElement(D + "prop", new XElement(D + "getetag"), new XElement(C + "calendar-data")),
        paths.Select(path => new XElement(D + "href", path)));

    private static XElement Sync(string token) => new(
        D + "sync-collection", new XElement(D + "sync-token", token), new XElement(D + "sync-level", "1"), new XElement(D + "prop", new XElement(D + "getetag")));

    private static XElement Query(string component, string start, string? end, bool expand = false, params XElement[] parts) => new(
        C + "calendar-query",
        new XElement(D + "prop", new XElement(D + "getetag"), new XElement(C + "calendar-data", expand ? [new XElement(C + "expand", Range(start, end))] : (object[])[])),
        new XElement(
            C + "filter",
            new XElement(
                C + "comp-filter",
                new XAttribute("name", "VCALENDAR"),
                new XElement(C + "comp-filter", new XAttribute("name", component), new XElement(C + "time-range", Range(start, end))))),
        parts);

    private static XAttribute[] Range(string start, string? end) => end is null ? [new("start", start)] : [new("start", start), new("end", end)];
}
