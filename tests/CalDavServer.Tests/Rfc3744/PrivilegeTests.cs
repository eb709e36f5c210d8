using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc3744;

/// <summary>Who may know of what and do what (RFC 3744).</summary>
public sealed class PrivilegeTests : ServerTest
{
    [Fact]
    public async Task The_owner_may_do_everything()
    {
        var set = (await Client.PropFindAsync(Client.Calendar("hx"), "0", D + "current-user-privilege-set")).Property(D + "current-user-privilege-set")!;
        var names = set.Elements(D + "privilege").Select(privilege => privilege.Elements().Single().Name).ToList();
        foreach (var name in new[] { "all", "read", "write", "write-content", "write-properties", "bind", "unbind" }) Assert.Contains(D + name, names);
        Assert.Contains(C + "read-free-busy", names);
    }

    [Fact]
    public async Task A_read_only_app_password_reads_and_writes_nothing()
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        using var reader = Server.Client(await Server.AddPasswordAsync(Alice.Principal, readOnly: true));
        Assert.Equal(200, (await reader.GetAsync(Client.Calendar("home") + "a.ics")).Status);
        var set = (await reader.PropFindAsync(Client.Calendar("home"), "0", D + "current-user-privilege-set")).Property(D + "current-user-privilege-set")!;
        Assert.DoesNotContain(set.Descendants(), element => element.Name == D + "all" || element.Name == D + "write" || element.Name == D + "bind");

        var note = Set(new XElement(XName.Get("note", "urn:example"), "x"));
        (string Method, string Path, string? Body, XName Privilege)[] writes =
        [
            ("PUT", Client.Calendar("home") + "a.ics", Events.Event("a"), D + "write-content"),
            ("DELETE", Client.Calendar("home") + "a.ics", null, D + "unbind"),
            ("MOVE", Client.Calendar("home") + "a.ics", null, D + "unbind"),
            ("COPY", Client.Calendar("home") + "a.ics", null, D + "bind"),
            ("PROPPATCH", Client.Calendar("home"), note, D + "write-properties"),
            ("MKCALENDAR", Client.Calendar("new"), null, D + "bind"),
            ("MKCOL", Client.Calendar("new"), null, D + "bind"),
        ];
        foreach (var (method, path, body, privilege) in writes)
        {
            var answer = await reader.SendAsync(method, path, body, ("Destination", Client.Calendar("home") + "b.ics"));
            Assert.Equal(403, answer.Status);
            var resource = answer.Root.Element(D + "need-privileges")!.Element(D + "resource")!;
            Assert.Equal(privilege, resource.Element(D + "privilege")!.Elements().Single().Name);
            Assert.NotEqual("", resource.Element(D + "href")!.Value);
        }

        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Client.Calendar("home") + "a.ics")).Text);
    }

    [Theory]
    [InlineData("practice-1")]
    [InlineData("practice-2")]
    [InlineData(null)]
    public async Task What_is_in_another_principals_home_is_not_there(string? practiceId)
    {
        using var bob = Server.Client(await Server.AddPersonAsync("bob@example.com", practiceId: practiceId));
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        string[] paths = [Client.Home, Client.Calendar("home"), Client.Calendar("hx"), Client.Calendar("inbox"), Client.Calendar("none"), Client.Calendar("home") + "a.ics"];
        string[] methods = ["GET", "HEAD", "OPTIONS", "PROPFIND", "PROPPATCH", "REPORT", "PUT", "DELETE", "MKCALENDAR", "MKCOL", "MOVE", "COPY"];
        foreach (var path in paths)
        {
            foreach (var method in methods)
            {
                var answer = await bob.SendAsync(method, path, method == "PUT" ? Events.Event("a") : null, ("Destination", bob.Calendar("home") + "a.ics"), ("Depth", "0"));
                Assert.Equal((404, $"{method} {path}"), (answer.Status, $"{method} {path}"));
            }
        }
    }

    [Fact]
    public async Task Of_a_colleague_name_and_addresses_are_shown_and_of_others_nothing()
    {
        var colleague = Server.Client(await Server.AddPersonAsync("bob@example.com"));
        var other = Server.Client(await Server.AddPersonAsync("carol@example.com", practiceId: "practice-2"));
        var answer = await Client.PropFindAsync(
            colleague.Principal, "0", D + "displayname", C + "calendar-user-address-set", C + "calendar-home-set", C + "schedule-inbox-URL", D + "owner");
        Assert.Equal("bob", answer.Property(D + "displayname")!.Value);
        Assert.Contains("mailto:bob@example.com", answer.Text, StringComparison.Ordinal);
        Assert.Equal(404, answer.PropertyStatus(C + "calendar-home-set"));
        Assert.Equal(404, answer.PropertyStatus(C + "schedule-inbox-URL"));
        Assert.Equal(404, (await Client.PropFindAsync(other.Principal, "0", D + "displayname")).Status);

        var listed = await Client.PropFindAsync("/dav/principals/", "1", D + "displayname");
        Assert.Equal(["/dav/principals/", Client.Principal, colleague.Principal], listed.Hrefs);
        Assert.Equal(["/dav/calendars/", Client.Home], (await Client.PropFindAsync("/dav/calendars/", "1", D + "displayname")).Hrefs);
        Assert.Equal(405, (await Client.SendAsync("PROPPATCH", colleague.Principal, Set(new XElement(D + "displayname", "x")))).Status);
    }

    [Fact]
    public async Task Who_is_in_no_practice_group_finds_nobody_but_itself()
    {
        using var lone = Server.Client(await Server.AddPersonAsync("lone@example.com", practiceId: null));
        using var other = Server.Client(await Server.AddPersonAsync("other@example.com", practiceId: null));
        Assert.Equal(["/dav/principals/", lone.Principal], (await lone.PropFindAsync("/dav/principals/", "1", D + "displayname")).Hrefs);
        var search = new XElement(
            D + "principal-property-search",
            new XElement(D + "property-search", new XElement(D + "prop", new XElement(D + "displayname")), new XElement(D + "match", "")),
            new XElement(D + "prop", new XElement(D + "displayname")));
        Assert.Equal([lone.Principal], (await lone.SendAsync("REPORT", "/dav/principals/", search.ToString(), ("Depth", "0"))).Hrefs);
        Assert.Equal(404, (await lone.PropFindAsync(other.Principal, "0", D + "displayname")).Status);
    }

    [Fact]
    public async Task Supported_privileges_and_acl_can_be_read()
    {
        var answer = await Client.PropFindAsync(
            Client.Home, "0", D + "supported-privilege-set", D + "acl", D + "owner", D + "principal-collection-set", D + "acl-restrictions", D + "inherited-acl-set");
        var all = answer.Property(D + "supported-privilege-set")!.Element(D + "supported-privilege")!;
        Assert.NotNull(all.Element(D + "privilege")!.Element(D + "all"));
        Assert.Contains(all.Descendants(), element => element.Name == D + "unbind");
        Assert.NotNull(answer.Property(D + "acl")!.Element(D + "ace")!.Element(D + "protected"));
        Assert.Equal(Client.Principal, answer.Property(D + "owner")!.Element(D + "href")!.Value);
        Assert.Equal("/dav/principals/", answer.Property(D + "principal-collection-set")!.Element(D + "href")!.Value);
    }

    [Fact]
    public async Task An_administrator_has_no_practice_calendar()
    {
        using var admin = Server.Client(await Server.AddPersonAsync("root@example.com", PrincipalRole.Administrator));
        Assert.Equal(404, (await admin.PropFindAsync(admin.Calendar("hx"), "0", D + "displayname")).Status);
        Assert.True((await admin.SendAsync("MKCALENDAR", admin.Calendar("hx"))).HasCondition(C + "calendar-collection-location-ok"));
    }
}
