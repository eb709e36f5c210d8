using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>A member is described in a listing of its calendar as it is alone, whatever is asked for and whichever way the listing is written.</summary>
public sealed class ListingTests : ServerTest
{
    private static readonly XName Colour = XName.Get("colour", "urn:example");

    public static TheoryData<string> Questions =>
    [
        "{DAV:}getetag",
        "{DAV:}getetag {DAV:}resourcetype {DAV:}displayname",
        "{urn:example}colour {DAV:}getetag {urn:example}unknown {DAV:}lockdiscovery",
        "{DAV:}getetag {DAV:}getcontenttype",
        "{DAV:}getetag {DAV:}getlastmodified {DAV:}getcontentlength",
        "{DAV:}resourcetype",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Every_member_is_listed_as_it_is_described_alone(string names)
    {
        var calendar = Client.Calendar("home");
        await FillAsync(Client, calendar);
        await AssertListedAsync(Client, calendar, names, 4);
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Every_level_is_listed_the_appointments_it_is_shown(string names)
    {
        var practice = await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync("Practice", "UTC");
        var carol = await Server.AddPersonAsync("carol@example.com", practiceId: practice.Id);
        using var whole = Server.Client(carol);
        var calendar = whole.Calendar("hx");
        await FillAsync(whole, calendar);
        var diary = new Diary(Server.Store, Server.Clock, carol.Principal.Id, new AuditActor("test", ActorVia.Web, null, "session"));
        var booking = new Booking([new Patient("PT-1", "Jane", "Brownlow", null)], "Standard consultation", new LocalDateTime(2027, 3, 2, 10, 0), Duration.FromMinutes(45));
        await diary.BookAsync(booking);
        await diary.CancelAsync(new AppointmentTarget(await diary.BookAsync(booking)), CancelChoice.Cancel);
        using var busy = Server.Client(await Server.AddPasswordAsync(carol.Principal, level: PrivacyLevel.Busy));
        await AssertListedAsync(busy, calendar, names, 5);
    }

    private static async Task FillAsync(DavClient client, string calendar)
    {
        foreach (var name in new[] { "a.ics", "b & c;'ü%1.ics", "d.ics", "e.ics" })
            Assert.Equal(201, (await client.PutAsync(calendar + Uri.EscapeDataString(name), Events.Event("uid-" + name[0]))).Status);
        Assert.Equal(200, (await client.SendAsync("PROPPATCH", calendar + "d.ics", Set(new XElement(Colour, "red")))).PropertyStatus(Colour));
    }

    private static async Task AssertListedAsync(DavClient client, string calendar, string names, int members)
    {
        XName[] asked = [.. names.Split(' ').Select(name => XName.Get(name))];
        foreach (var minimal in new[] { false, true })
        {
            (string, string)[] headers = minimal ? [("Prefer", "return=minimal")] : [];
            var listing = await client.SendAsync("PROPFIND", calendar, PropFind(asked), [("Depth", "1"), .. headers]);
            var hrefs = listing.Hrefs.Where(href => href != calendar).ToList();
            Assert.Equal(members, hrefs.Count);
            foreach (var href in hrefs)
            {
                var alone = await client.SendAsync("PROPFIND", href, PropFind(asked), [("Depth", "0"), .. headers]);
                Assert.Equal(alone.Response(href).ToString(), listing.Response(href).ToString());
            }

            var sync = new XElement(D + "sync-collection", new XElement(D + "sync-token"), new XElement(D + "sync-level", "1"), new XElement(D + "prop", asked.Select(name => new XElement(name))));
            var synced = await client.SendAsync("REPORT", calendar, sync.ToString(), [("Depth", "0"), .. headers]);
            foreach (var href in hrefs) Assert.Equal(listing.Response(href).ToString(), synced.Response(href).ToString());
        }
    }
}
