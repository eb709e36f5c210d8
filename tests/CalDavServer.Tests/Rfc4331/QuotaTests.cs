using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Dav;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4331;

/// <summary>What a person and a practice may store (RFC 4331): refused with 507 and <c>quota-not-exceeded</c> (§6), and what is above the quota can be read, removed and made less.</summary>
public sealed class QuotaTests : LevelTest
{
    private const int Person = 20_000;
    private static readonly XName Note = XName.Get("note", "urn:x");

    private protected override ServerOptions Hosting => new() { Quotas = new Quotas { Person = Person, Practice = 45_000, PropertiesOfResource = 6_000, PropertiesOfPerson = 10_000 } };

    private string Own => Full.Calendar("own");

    [Theory]
    [InlineData("PUT")]
    [InlineData("PUT hx")]
    [InlineData("POST")]
    [InlineData("COPY")]
    [InlineData("MKCALENDAR")]
    [InlineData("MKCOL")]
    [InlineData("replace")]
    public async Task Every_write_that_makes_more_is_refused_above_the_quota(string how)
    {
        Assert.Equal(201, (await Full.SendAsync("MKCALENDAR", Full.Calendar("too"))).Status);
        await FillAsync();
        var answer = how switch
        {
            "PUT" => await Full.PutAsync(Own + "b.ics", Events.Event("b", new string('x', 2_000))),
            "PUT hx" => await Full.PutAsync(Full.Calendar("hx") + "b.ics", Events.Event("b", new string('x', 2_000))),
            "POST" => await Full.SendAsync("POST", Own, Events.Event("b", new string('x', 2_000)), ("Content-Type", "text/calendar")),
            "COPY" => await Full.SendAsync("COPY", Own + "a.ics", null, ("Destination", Full.Calendar("too") + "b.ics")),
            "MKCALENDAR" => await Full.SendAsync("MKCALENDAR", Full.Calendar("new"), MkCalendar(new XElement(D + "displayname", new string('x', 1_000)))),
            "MKCOL" => await Full.SendAsync("MKCOL", Full.Calendar("new"), new XElement(D + "mkcol", new XElement(D + "set", new XElement(D + "prop", new XElement(D + "resourcetype", new XElement(D + "collection"), new XElement(C + "calendar"))))).ToString()),
            _ => await Full.PutAsync(Own + "a.ics", Events.Event("a", new string('x', 19_000))),
        };
        Assert.Equal(507, answer.Status);
        Assert.True(answer.HasCondition(D + "quota-not-exceeded"), answer.Text);
        Assert.Contains("something must be removed first", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_adds_nothing_more_by_the_API_to_a_home_that_is_full_and_can_remove()
    {
        await FillAsync();
        const string entry = """{"title":"Lunch","start":"2026-03-03T12:00:00+11:00","minutes":30}""";
        var answers = new List<DavAnswer>();
        for (var n = 0; n < 60 && (answers.Count == 0 || answers[^1].Status == 201); n++)
            answers.Add(await Full.SendAsync("POST", "/api/appointments/personal", entry, ("Content-Type", "application/json")));
        Assert.Equal(507, answers[^1].Status);
        Assert.Contains("There is no room left", answers[^1].Text, StringComparison.Ordinal);
        Assert.Equal(204, (await Full.SendAsync("DELETE", Own + "a.ics")).Status);
        Assert.Equal(201, (await Full.SendAsync("POST", "/api/appointments/personal", entry, ("Content-Type", "application/json"))).Status);
    }

    [Fact]
    public async Task A_property_above_the_quota_is_refused_in_its_propstat()
    {
        await FillAsync();
        var answer = await Full.SendAsync("PROPPATCH", Own, Set(new XElement(Note, new string('x', 2_000))));
        Assert.Equal((207, 507), (answer.Status, answer.PropertyStatus(Note)));
        Assert.NotNull(answer.Root.Descendants(D + "quota-not-exceeded").SingleOrDefault());
        Assert.Equal(404, (await Full.PropFindAsync(Own, "0", Note)).PropertyStatus(Note));
    }

    [Fact]
    public async Task What_is_above_the_quota_is_read_moved_shrunk_and_removed()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Events.Event("a", new string('x', 30_000)));
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var own = await snapshot.FindCollectionAsync(Practitioner.Id, "own");
            var put = new PutObject(own!.Id, "a.ics", bytes, ObjectIndexer.Index(Calendaring.ICalendar.CalendarObject.Parse(bytes)));
            Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(put), TestContext.Current.CancellationToken)).Succeeded);
        }

        Assert.Equal(0, Number(await Full.PropFindAsync(Own, "0", D + "quota-available-bytes"), "quota-available-bytes"));
        Assert.Equal(507, (await Full.PutAsync(Own + "more.ics", Events.Event("more"))).Status);
        Assert.Equal(200, (await Full.GetAsync(Own + "a.ics")).Status);
        Assert.Equal(201, (await Full.SendAsync("MOVE", Own + "a.ics", null, ("Destination", Own + "b.ics"))).Status);
        Assert.Equal(204, (await Full.PutAsync(Own + "b.ics", Events.Event("a", new string('x', 29_000)))).Status);
        Assert.Equal(204, (await Full.DeleteAsync(Own + "b.ics")).Status);
        Assert.Equal(201, (await Full.PutAsync(Own + "c.ics", Events.Event("c", new string('x', 9_000)))).Status);
        Assert.Equal(204, (await Full.DeleteAsync(Own)).Status);
    }

    [Fact]
    public async Task Used_and_available_make_the_quota_on_the_home_and_on_each_calendar()
    {
        await Full.PutAsync(Own + "a.ics", Events.Event("a", new string('x', 3_000)));
        foreach (var path in new[] { Full.Home, Own, Full.Principal })
        {
            var answer = await Full.PropFindAsync(path, "0", D + "quota-used-bytes", D + "quota-available-bytes");
            Assert.Equal(Person, Number(answer, "quota-used-bytes") + Number(answer, "quota-available-bytes"));
        }
    }

    [Fact]
    public async Task A_practice_has_a_quota_for_all_its_people_together()
    {
        await FillAsync();
        var directory = new Practice.Groups.PracticeDirectory(Server.Store, Server.Clock);
        for (var i = 0; i < 2; i++)
        {
            var colleague = await directory.CreatePersonAsync($"c{i}@example.com", $"C{i}", null, PrincipalRole.Practitioner, Practitioner.GroupId!);
            using var client = Server.Client(await Server.AddPasswordAsync(colleague));
            var put = await client.PutAsync(client.Calendar("hx") + "a.ics", Events.Event("a", new string('x', 15_000)));
            Assert.Equal(i == 0 ? 201 : 507, put.Status);
            if (i == 0) continue;
            Assert.Contains("The practice's calendars", put.Text, StringComparison.Ordinal);
            Assert.InRange(Number(await client.PropFindAsync(client.Home, "0", D + "quota-available-bytes"), "quota-available-bytes"), 0, 15_000);
        }
    }

    [Fact]
    public async Task Properties_have_a_budget_for_each_resource_and_for_each_person_and_can_be_made_less_beyond_it()
    {
        async Task<int> SetAsync(string path, string name, int length) =>
            (await Full.SendAsync("PROPPATCH", path, Set(new XElement(XName.Get(name, "urn:x"), new string('x', length))))).PropertyStatus(XName.Get(name, "urn:x"));
        Assert.Equal(200, await SetAsync(Own, "a", 3_000));
        Assert.Equal(507, await SetAsync(Own, "b", 3_000));
        Assert.Equal(200, await SetAsync(Own, "b", 2_000));
        Assert.Equal(200, await SetAsync(Own, "a", 2_900));
        Assert.Equal(200, await SetAsync(Full.Principal, "a", 4_500));
        Assert.Equal(507, await SetAsync(Full.Home, "a", 3_000));
        Assert.Equal(200, (await Full.SendAsync("PROPPATCH", Own, Remove(XName.Get("b", "urn:x")))).PropertyStatus(XName.Get("b", "urn:x")));
        Assert.Equal(507, (await Full.SendAsync("MKCALENDAR", Full.Calendar("new"), MkCalendar(new XElement(C + "calendar-description", new string('x', 9_000))))).Status);

        // a level below has the room that it sees
        Assert.Equal(200, (await Busy.SendAsync("PROPPATCH", Own, Set(new XElement(Note, new string('x', 5_500))))).PropertyStatus(Note));
    }

    [Fact]
    public async Task A_resource_has_a_bounded_number_of_properties()
    {
        var answers = new List<int>();
        for (var part = 0; part < 3; part++)
        {
            var names = Enumerable.Range(0, 100).Select(n => new XElement(XName.Get($"p{part}-{n}", "u"))).ToArray();
            answers.Add((await Full.SendAsync("PROPPATCH", Own, Set(names))).PropertyStatus(names[^1].Name));
        }

        Assert.Equal([200, 200, 507], answers);
    }

    private static long Number(DavAnswer answer, string name) => long.Parse(answer.Property(D + name)!.Value, CultureInfo.InvariantCulture);

    // hx, own, tasks and the appointment are there
    private async Task FillAsync() => Assert.Equal(201, (await Full.PutAsync(Own + "a.ics", Events.Event("a", new string('x', 14_500)))).Status);
}
