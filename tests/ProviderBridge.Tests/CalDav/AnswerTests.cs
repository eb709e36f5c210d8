using System.Text;
using System.Xml;
using Polly;
using ProviderBridge.CalDav;

namespace ProviderBridge.Tests.CalDav;

/// <summary>What CalDAV servers of other makes answer is read as it is meant, and what nobody means ends no process.</summary>
public sealed class An_answer_of_a_CalDAV_server
{
    [Theory]
    [InlineData("<s:exception>Sabre\\DAV\\Exception\\InvalidSyncToken</s:exception><s:message>Gone</s:message><d:valid-sync-token/>", "valid-sync-token")]
    [InlineData("<s:exception>x</s:exception><c:no-uid-conflict><d:href>/a.ics</d:href></c:no-uid-conflict>", "no-uid-conflict")]
    [InlineData("<d:need-privileges/><s:exception>x</s:exception>", "need-privileges")]
    [InlineData("<s:exception>Sabre\\DAV\\Exception\\Forbidden</s:exception><s:message/>", null)]
    [InlineData("", null)]
    public void Names_the_precondition_whatever_else_stands_beside_it(string inside, string? name) =>
        Assert.Equal(name, Answer($"<d:error xmlns:d='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav' xmlns:s='http://sabredav.org/ns'>{inside}</d:error>", 403).Precondition?.Name.LocalName);

    [Theory]
    [InlineData(200_000)]
    [InlineData(70)]
    public void That_is_too_deep_is_no_answer(int depth)
    {
        var deep = Answer(string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth)));
        Assert.Throws<XmlException>(() => deep.ReadXml().Value);
        Assert.Null((deep with { Status = 403 }).Precondition);
        Assert.Equal(CalDavProblem.NotCalDav, Assert.Throws<CalDavException>(() => Multistatus.Read(deep)).Problem);
    }

    [Fact]
    public void May_be_as_deep_as_answers_are() =>
        Assert.Equal("x", Answer(string.Concat(Enumerable.Repeat("<a>", 60)) + "x" + string.Concat(Enumerable.Repeat("</a>", 60))).ReadXml().Value);

    [Theory]
    [InlineData("http://[::1")]
    [InlineData("https://exa mple:port/")]
    public void With_an_address_that_is_none_is_no_CalDAV(string href)
    {
        var item = Multistatus.Read(Answer($"<multistatus xmlns='DAV:'><response><href>/</href><propstat><prop><current-user-principal><href>{href}</href></current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>")).Items[0];
        Assert.Equal(CalDavProblem.NotCalDav, Assert.Throws<CalDavException>(() => item.AddressesIn(DavNames.Principal).ToList()).Problem);
    }

    [Theory]
    [InlineData("https://example.com/cal/hx-0123456789abcdef0123456789abcdef/", true)]
    [InlineData("https://example.com/cal/hx-0123456789abcdef0123456789abcdef", true)]
    [InlineData("https://example.com/cal/hx-holidays/", false)]
    [InlineData("https://example.com/cal/hx-0123456789abcdef0123456789abcdef-2/", false)]
    public void Names_calendars_of_which_only_those_made_here_may_be_deleted(string address, bool isMade) => Assert.Equal(isMade, CalDavPlaces.IsMadeHere(new Uri(address)));

    [Theory]
    [InlineData("https://caldav.icloud.com.cn/", true)]
    [InlineData("https://p12-caldav.icloud.com/", true)]
    [InlineData("https://icloud.com.example.cn/", false)]
    public void Comes_from_iCloud_in_China_as_well(string address, bool isICloud) => Assert.Equal(isICloud, new CalDavReach().IsICloud(new Uri(address)));

    /// <summary>A password goes to the hosts of whoever holds the name that its person has entered, and to nobody else's.</summary>
    [Theory]
    [InlineData("https://dav.example.com/", "https://p2.dav.example.com/", true)]
    [InlineData("https://dav.example.com/", "https://example.com/", true)]
    [InlineData("https://dav.example.com/", "https://dav.example.org/", false)]
    [InlineData("https://maya.synology.me/", "https://tom.synology.me/", false)]
    [InlineData("https://maya.synology.me/", "https://cal.maya.synology.me/", true)]
    [InlineData("https://maya.dyndns.org/", "https://tom.dyndns.org/", false)]
    [InlineData("https://maya.duckdns.org/", "https://tom.duckdns.org/", false)]
    [InlineData("https://maya.myfritz.net/", "https://tom.myfritz.net/", false)]
    [InlineData("https://synology.me/", "https://tom.synology.me/", false)]
    [InlineData("https://dav.clinic.co.uk/", "https://DAV2.Clinic.CO.UK./", true)]
    [InlineData("https://clinic.co.uk/", "https://other.co.uk/", false)]
    [InlineData("https://clinic.com.au/", "https://other.com.au/", false)]
    [InlineData("https://a.clinic.ck/", "https://b.clinic.ck/", false)]
    [InlineData("https://a.www.ck/", "https://b.www.ck/", true)]
    [InlineData("https://praxis.个人.hk/", "https://andere.个人.hk/", false)]
    [InlineData("https://a.praxis.个人.hk/", "https://b.praxis.xn--ciqpn.hk/", true)]
    [InlineData("https://a.nas.lan/", "https://b.nas.lan/", true)]
    [InlineData("https://nas/", "https://other/", false)]
    [InlineData("https://192.168.1.2/", "https://192.168.1.3/", false)]
    [InlineData("https://[fd00::1]/", "https://[fd00::1]:8443/", true)]
    public void Belongs_to_whoever_has_the_name(string one, string other, bool isSame) =>
        Assert.Equal((isSame, isSame), (CalDavSite.IsSame(new Uri(one), new Uri(other)), CalDavSite.IsSame(new Uri(other), new Uri(one))));

    [Theory]
    [InlineData("/cal/a%2Fb.ics", "a/b.ics", "https://example.com/cal/a%2Fb.ics", null)]
    [InlineData("/c%61l/own@example.com.ics", "own@example.com.ics", "https://example.com/cal/own%40example.com.ics", "https://example.com/cal/own@example.com.ics")]
    [InlineData("/cal/a%20(1).ics", "a (1).ics", "https://example.com/cal/a%20%281%29.ics", "https://example.com/cal/a%20(1).ics")]
    [InlineData("/cal/", null, null, null)]
    [InlineData("/cal/below/a.ics", null, null, null)]
    public void Names_objects_with_any_escapes(string href, string? name, string? address, string? other)
    {
        var where = new CalendarAddress(new CalDavRequests(null!, ResiliencePipeline.Empty), new Uri("https://example.com/cal/"));
        Assert.Equal(name, where.NameIn(new Uri(where.Address, href)));
        if (name is not null) Assert.Equal((address, other), (where.Of(name).AbsoluteUri, where.OtherSpellingOf(name)?.AbsoluteUri));
    }

    [Fact]
    public void Has_names_of_ours_that_no_copy_has()
    {
        var names = new ObjectNames(new("maya", "l1"), new Uri("https://example.com/cal/"));
        var uid = names.UidOf("a-hx-b", 3);
        Assert.True(names.AreOurs(names.NameOf("a-hx-b", 3), uid));
        Assert.False(names.AreOurs(names.NameOf("a-hx-b", 2), uid));
        Assert.False(names.AreOurs("copy.ics", uid));
        Assert.Equal("a-hx-b", ObjectNames.AppointmentOfAny(uid));
        Assert.Null(ObjectNames.AppointmentOfAny("a-hx-b"));
    }

    private static DavAnswer Answer(string body, int status = 207) => new(status, new Uri("https://example.com/"), null, null, null, Encoding.UTF8.GetBytes(body));
}
