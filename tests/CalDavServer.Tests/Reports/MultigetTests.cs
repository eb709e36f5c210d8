using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>calendar-multiget (RFC 4791 §7.9).</summary>
public sealed class MultigetTests : ReportTest
{
    private Task<DavAnswer> GetAsync(params string[] hrefs) => ReportAsync(
        new XElement(Xml.C + "calendar-multiget", new XElement(Xml.D + "prop", new XElement(Xml.D + "getetag"), new XElement(Xml.C + "calendar-data")), hrefs.Select(href => new XElement(Xml.D + "href", href))).ToString());

    private static string StatusOf(DavAnswer answer, int index) =>
        answer.Root.Elements(Xml.D + "response").ElementAt(index) is var response && response.Element(Xml.D + "status") is { } status ? status.Value.Split(' ')[1]
        : response.Element(Xml.D + "propstat")!.Element(Xml.D + "status")!.Value.Split(' ')[1];

    [Fact]
    public async Task An_href_may_be_written_in_any_form()
    {
        await PutTextAsync("a b@c", Events.Event("a"));
        var path = Home + "a%20b@c.ics";
        foreach (var form in new[] { path, Home + "a%20b%40c.ics", $"{Server.Address.GetLeftPart(UriPartial.Authority)}{path}", "\n  " + path + "\n", Home + "%61%20b@c.ics" })
        {
            var answer = await GetAsync(form);
            Assert.Equal([path], answer.Hrefs);
            Assert.NotNull(answer.Property(Xml.C + "calendar-data"));
        }
    }

    [Fact]
    public async Task Every_bad_href_is_answered_with_404_and_the_good_ones_are_found()
    {
        await PutTextAsync("a", Events.Event("a"));
        await Client.PutAsync(Client.Calendar("tasks") + "t.ics", Events.Task("t"));
        var bob = await Server.AddPersonAsync("bob@example.com");
        using var other = Server.Client(bob);
        await other.PutAsync(other.Calendar("home") + "b.ics", Events.Event("b"));
        string[] bad =
        [
            Home + "missing.ics", Client.Calendar("tasks") + "t.ics", other.Calendar("home") + "b.ics", Home, Home + "a.ics/", Home + "../home/a.ics", Home + "%2e%2e/home/a.ics",
            Home + "a.ics?x", Home + "a.ics#x", Home + "a%2Eics%00", Home + "%zz", "a.ics", "./a.ics", "", "http://other.example" + Home + "a.ics", "//other" + Home + "a.ics",
            "ftp://127.0.0.1" + Home + "a.ics", "mailto:x@y", "/", new string('x', 5000), Home + "<b>&amp;",
        ];
        var answer = await GetAsync([.. bad, Home + "a.ics"]);
        Assert.Equal(207, answer.Status);
        Assert.Equal(bad.Length + 1, answer.Hrefs.Count);
        for (var i = 0; i < bad.Length; i++) Assert.True(StatusOf(answer, i) == "404", bad[i]);
        Assert.Equal(bad, answer.Hrefs.Take(bad.Length));
        Assert.Equal("200", StatusOf(answer, bad.Length));
    }

    [Fact]
    public async Task An_object_is_answered_once_however_often_it_is_named()
    {
        await PutTextAsync("a", Events.Event("a"));
        Assert.Single((await GetAsync(Home + "a.ics", Home + "a.ics", Home + "%61.ics")).Hrefs);
    }

    [Fact]
    public async Task Without_an_href_it_is_refused_and_so_is_one_with_too_many()
    {
        Assert.Equal(400, (await GetAsync()).Status);
        var many = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop/>{string.Concat(Enumerable.Repeat("<D:href>/x</D:href>", 10_001))}</C:calendar-multiget>");
        Assert.Equal(403, many.Status);
        Assert.True(many.HasCondition(Xml.D + "number-of-matches-within-limits"));
    }

    [Fact]
    public async Task On_an_object_only_its_own_href_is_found()
    {
        await PutTextAsync("a", Events.Event("a"));
        await PutTextAsync("b", Events.Event("b"));
        var answer = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop><D:getetag/></D:prop><D:href>{Home}a.ics</D:href><D:href>{Home}b.ics</D:href></C:calendar-multiget>", Home + "a.ics", null);
        Assert.Equal("200", StatusOf(answer, 0));
        Assert.Equal("404", StatusOf(answer, 1));
    }

    [Fact]
    public async Task A_damaged_object_fails_alone_in_every_report()
    {
        foreach (var name in new[] { "a", "b", "c" }) await PutAsync(name, "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H");
        await Server.DamageAsync("b.ics");

        var got = await GetAsync(Home + "a.ics", Home + "b.ics", Home + "c.ics");
        Assert.Equal(["200", "500", "200"], Enumerable.Range(0, 3).Select(i => StatusOf(got, i)));

        var query = await ReportAsync($"<C:calendar-query {CalDav}><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{Range("20260601T000000Z", "20260602T000000Z")}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>");
        Assert.Equal("a b c", NamesOf(query));
        Assert.Contains("500", query.Response(Home + "b.ics").Element(Xml.D + "status")!.Value, StringComparison.Ordinal);
        Assert.NotNull(query.Property(Xml.C + "calendar-data", Home + "c.ics"));

        var busy = await ReportAsync($"<C:free-busy-query {CalDav}>{Range("20260601T000000Z", "20260602T000000Z")}</C:free-busy-query>");
        Assert.Contains("FREEBUSY:20260601T090000Z/20260601T100000Z", busy.Text, StringComparison.Ordinal);
    }
}
