using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>Reports on principals (RFC 3744 §9) and expand-property (RFC 3253 §3.8).</summary>
public sealed class PrincipalReportTests : ReportTest
{
    private const string Principals = "/dav/principals/";

    private Task<DavAnswer> SearchAsync(string searches, string attributes = "", string path = Principals, string extra = "") => ReportAsync(
        $"<D:principal-property-search xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:CS=\"http://calendarserver.org/ns/\"{attributes}>{searches}<D:prop><D:displayname/></D:prop>{extra}</D:principal-property-search>",
        path,
        "0");

    private static string By(string property, string text, string match = "") => $"<D:property-search><D:prop><{property}/></D:prop><D:match{match}>{text}</D:match></D:property-search>";

    private static string Names(DavAnswer answer)
    {
        Assert.Equal(207, answer.Status);
        return string.Join(' ', answer.Hrefs.Select(href => answer.Property(Xml.D + "displayname", href)!.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("acl-principal-prop-set")]
    [InlineData("principal-match", "<D:self/>")]
    [InlineData("principal-property-search", "<D:property-search><D:prop><D:displayname/></D:prop><D:match>a</D:match></D:property-search>")]
    public async Task Two_lists_of_properties_are_refused(string report, string inside = "")
    {
        var body = $"<D:{report} xmlns:D=\"DAV:\">{inside}<D:prop><D:displayname/></D:prop><D:prop><D:resourcetype/></D:prop></D:{report}>";
        var path = report == "acl-principal-prop-set" ? Client.Calendar("home") : "/dav/principals/";
        Assert.Equal(400, (await Client.SendAsync("REPORT", path, body, ("Depth", "0"))).Status);
    }

    [Fact]
    public async Task Principals_of_the_practice_are_found_by_name_and_address_and_no_others()
    {
        await Server.AddPersonAsync("bob@example.com");
        await Server.AddPersonAsync("bobby@example.com", practiceId: "another");
        Assert.Equal("bob", Names(await SearchAsync(By("D:displayname", "BO"))));
        Assert.Equal("bob", Names(await SearchAsync(By("C:calendar-user-address-set", "mailto:bob@"))));
        Assert.Equal("alice bob", Names(await SearchAsync(By("CS:email-address-set", "example.com"))));
        Assert.Equal("", Names(await SearchAsync(By("CS:email-address-set", "example.com", " match-type=\"starts-with\""))));
        Assert.Equal("alice", Names(await SearchAsync(By("D:displayname", "alice", " match-type=\"equals\""))));
        Assert.Equal("", Names(await SearchAsync(By("D:getetag", "a"))));
    }

    [Fact]
    public async Task Several_searches_must_all_match_unless_one_is_enough()
    {
        await Server.AddPersonAsync("bob@example.com");
        var both = By("D:displayname", "ali") + By("CS:email-address-set", "bob");
        Assert.Equal("", Names(await SearchAsync(both)));
        Assert.Equal("alice bob", Names(await SearchAsync(both, " test=\"anyof\"")));
    }

    [Fact]
    public async Task From_elsewhere_the_principal_collections_must_be_asked_for()
    {
        Assert.Equal("", Names(await SearchAsync(By("D:displayname", "ali"), path: Home)));
        Assert.Equal("alice", Names(await SearchAsync(By("D:displayname", "ali"), path: Home, extra: "<D:apply-to-principal-collection-set/>")));
    }

    [Fact]
    public async Task A_search_that_is_not_complete_is_refused()
    {
        Assert.Equal(400, (await SearchAsync("")).Status);
        Assert.Equal(400, (await SearchAsync("<D:property-search><D:match>a</D:match></D:property-search>")).Status);
    }

    [Fact]
    public async Task What_can_be_searched_is_told()
    {
        var answer = await ReportAsync("<D:principal-search-property-set xmlns:D=\"DAV:\"/>", Principals, "0");
        Assert.Equal(200, answer.Status);
        Assert.Equal(Xml.D + "principal-search-property-set", answer.Root.Name);
        Assert.Equal(
            ["displayname", "email-address-set", "calendar-user-address-set"],
            answer.Root.Elements(Xml.D + "principal-search-property").Select(row => row.Element(Xml.D + "prop")!.Elements().Single().Name.LocalName));
    }

    [Fact]
    public async Task Principal_match_finds_oneself_as_in_RFC_4791_section_8_4()
    {
        var answer = await ReportAsync("<D:principal-match xmlns:D=\"DAV:\"><D:self/><D:prop><C:calendar-home-set xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/></D:prop></D:principal-match>", Principals, "0");
        Assert.Equal([Client.Principal], answer.Hrefs);
        Assert.Equal(Client.Home, answer.Property(Xml.C + "calendar-home-set")!.Value);
        var byProperty = await ReportAsync("<D:principal-match xmlns:D=\"DAV:\"><D:principal-property><D:principal-URL/></D:principal-property></D:principal-match>", Principals, "0");
        Assert.Equal([Client.Principal], byProperty.Hrefs);
    }

    [Fact]
    public async Task The_owner_is_the_only_principal_in_an_acl()
    {
        var answer = await ReportAsync("<D:acl-principal-prop-set xmlns:D=\"DAV:\"><D:prop><D:displayname/></D:prop></D:acl-principal-prop-set>", Home, "0");
        Assert.Equal("alice", Names(answer));
    }

    [Fact]
    public async Task Expand_property_puts_what_is_found_in_the_place_of_the_href()
    {
        var answer = await ReportAsync(
            """
            <D:expand-property xmlns:D="DAV:">
              <D:property name="displayname"/>
              <D:property name="calendar-proxy-read-for" namespace="http://calendarserver.org/ns/"><D:property name="displayname"/></D:property>
              <D:property name="owner"><D:property name="displayname"/><D:property name="calendar-home-set" namespace="urn:ietf:params:xml:ns:caldav"><D:property name="resourcetype"/></D:property></D:property>
            </D:expand-property>
            """,
            Home,
            "0");
        Assert.Equal(207, answer.Status);
        Assert.Equal(404, answer.PropertyStatus(Xml.CS + "calendar-proxy-read-for"));
        var owner = answer.Property(Xml.D + "owner")!.Element(Xml.D + "response")!;
        Assert.Equal(Client.Principal, owner.Element(Xml.D + "href")!.Value);
        Assert.Equal("alice", owner.Descendants(Xml.D + "displayname").First().Value);
        var home = owner.Descendants(Xml.C + "calendar-home-set").Single().Element(Xml.D + "response")!;
        Assert.Equal(Client.Home, home.Element(Xml.D + "href")!.Value);
        Assert.NotNull(home.Descendants(Xml.D + "collection").SingleOrDefault());
    }

    [Fact]
    public async Task Every_report_that_is_told_is_answered_and_no_other_is_taken()
    {
        foreach (var path in new[] { "/", "/dav/", Principals, Client.Principal, Client.Home, Home, Client.Calendar("hx"), Client.Calendar("inbox"), Client.Calendar("outbox") })
        {
            var told = (await Client.PropFindAsync(path, "0", Xml.D + "supported-report-set")).Property(Xml.D + "supported-report-set");
            if (told is null) continue;
            var names = told.Descendants(Xml.D + "report").Select(report => report.Elements().Single().Name).ToHashSet();
            Assert.NotEmpty(names);
            foreach (var name in names) Assert.False((await ReportAsync(new System.Xml.Linq.XElement(name).ToString(), path, "0")).HasCondition(Xml.D + "supported-report"), $"{path} {name}");
        }

        foreach (var body in new[] { "<D:version-tree xmlns:D=\"DAV:\"/>", "<x xmlns=\"urn:x\"/>" })
        {
            var answer = await ReportAsync(body);
            Assert.Equal(403, answer.Status);
            Assert.True(answer.HasCondition(Xml.D + "supported-report"));
        }
    }

    [Fact]
    public async Task An_expansion_that_multiplies_is_refused()
    {
        var name = XName.Get("seen", "urn:example");
        var hrefs = Enumerable.Repeat(new XElement(Xml.D + "href", "/dav/"), 1000);
        Assert.Equal(200, (await Client.SendAsync("PROPPATCH", Client.Principal, Xml.Set(new XElement(name, hrefs)))).PropertyStatus(name));
        var wide = string.Concat(Enumerable.Repeat("<D:property name=\"supported-privilege-set\"/>", 5_000));
        var body = $"<D:expand-property xmlns:D=\"DAV:\"><D:property name=\"seen\" namespace=\"urn:example\">{wide}</D:property></D:expand-property>";
        var answer = await Client.SendAsync("REPORT", Client.Principal, body, ("Depth", "0"));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Xml.D + "number-of-matches-within-limits"));
    }
}
