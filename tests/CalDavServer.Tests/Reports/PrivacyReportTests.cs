using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>Reports on an HX_ calendar work on what the app password is shown: no filter finds what is hidden.</summary>
public sealed class PrivacyReportTests : ReportTest
{
    [Fact]
    public async Task A_filter_cannot_find_a_name_that_the_level_hides()
    {
        var (carol, id) = await BookAsync();
        using var whole = Server.Client(carol);
        var path = $"{whole.Calendar("hx")}{id}.ics";

        using var initials = Server.Client(await Server.AddPasswordAsync(carol.Principal, level: PrivacyLevel.Initials));
        foreach (var (property, text) in new[] { ("SUMMARY", "Zebediah"), ("SUMMARY", "quill"), ("DESCRIPTION", "dog") })
        {
            Assert.Equal(id, NamesOf(await QueryAsync(whole, property, text)));
            Assert.Equal("", NamesOf(await QueryAsync(initials, property, text)));
        }

        Assert.Equal(id, NamesOf(await QueryAsync(initials, "UID", id)));
        var data = await initials.SendAsync("REPORT", initials.Calendar("hx"), $"<C:calendar-multiget {CalDav}><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>{path}</D:href></C:calendar-multiget>");
        Assert.DoesNotContain("Quill", data.Text, StringComparison.Ordinal);
        var sync = await initials.SendAsync("REPORT", initials.Calendar("hx"), "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>", ("Depth", "0"));
        Assert.Equal(data.Property(Xml.D + "getetag")!.Value, sync.Property(Xml.D + "getetag")!.Value);
        Assert.NotEqual(data.Property(Xml.D + "getetag")!.Value, (await whole.PropFindAsync(path, "0", Xml.D + "getetag")).Property(Xml.D + "getetag")!.Value);
    }

    /// <summary>Each way out of the calendar that a device of the least level has: nothing that is hidden from it comes along.</summary>
    [Fact]
    public async Task What_a_level_hides_leaves_by_no_method()
    {
        var (carol, id) = await BookAsync();
        using var whole = Server.Client(carol);
        using var busy = Server.Client(await Server.AddPasswordAsync(carol.Principal, level: PrivacyLevel.Busy));
        var path = $"{busy.Calendar("hx")}{id}.ics";
        var expand = "<C:calendar-data><C:expand start=\"20260601T000000Z\" end=\"20260602T000000Z\"/></C:calendar-data>";
        var shown = await busy.GetAsync(path);
        List<DavAnswer> answers =
        [
            shown,
            await busy.SendAsync("PROPFIND", busy.Calendar("hx"), "<D:propfind xmlns:D='DAV:'><D:allprop/></D:propfind>", ("Depth", "1")),
            await busy.SendAsync("REPORT", busy.Calendar("hx"), $"<C:calendar-query {CalDav}><D:prop>{expand}</D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>", ("Depth", "1")),
            await busy.SendAsync("REPORT", busy.Calendar("hx"), $"<D:sync-collection {CalDav}><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><C:calendar-data/></D:prop></D:sync-collection>", ("Depth", "0")),
            await busy.SendAsync("REPORT", busy.Calendar("hx"), $"<C:free-busy-query {CalDav}>{Range("20260601T000000Z", "20260602T000000Z")}</C:free-busy-query>", ("Depth", "1")),
            await busy.PutAsync(path, shown.Text.Replace("SUMMARY:", "SUMMARY:Not ", StringComparison.Ordinal), ("Prefer", "return=representation")),
            await busy.SendAsync("COPY", path, null, ("Destination", busy.Calendar("home") + "copy.ics")),
            await whole.GetAsync(busy.Calendar("home") + "copy.ics"),
            await busy.DeleteAsync(busy.Calendar("home") + "copy.ics"),
            await busy.SendAsync("MOVE", path, null, ("Destination", busy.Calendar("hx") + "renamed.ics")),
            await busy.GetAsync(busy.Calendar("hx") + "renamed.ics"),
            await busy.SendAsync("MOVE", busy.Calendar("hx") + "renamed.ics", null, ("Destination", busy.Calendar("home") + "moved.ics")),
            await whole.GetAsync(busy.Calendar("home") + "moved.ics"),
            await busy.GetAsync($"/api/appointments/{id}"),
        ];
        Assert.Equal([200, 207, 207, 207, 200, 200, 201, 200, 204, 201, 200, 201, 200, 403], answers.Select(answer => answer.Status));
        foreach (var hidden in new[] { "Zebediah", "Quill", "Counselling", "dog" })
        {
            Assert.All(answers, answer => Assert.DoesNotContain(hidden, answer.Text + string.Concat(answer.Headers.Values), StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/calendar")]
    public async Task The_whole_calendar_is_got_as_each_level_may_see_it_with_an_ETag_of_its_own(string accept)
    {
        var (carol, _) = await BookAsync();
        var tags = new HashSet<string>();
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            using var client = Server.Client(await Server.AddPasswordAsync(carol.Principal, level: level));
            var answer = await client.GetAsync(client.Calendar("hx"), ("Accept", accept));
            Assert.Equal(200, answer.Status);
            Assert.Equal(level == PrivacyLevel.FullName, answer.Text.Contains("Quill", StringComparison.Ordinal));
            Assert.Equal(level >= PrivacyLevel.FirstName, answer.Text.Contains("Zebediah", StringComparison.Ordinal));
            Assert.True(tags.Add(answer.Header("ETag")!), level.ToString());
        }
    }

    [Fact]
    public async Task A_damaged_object_fails_no_listing()
    {
        var (carol, id) = await BookAsync();
        using var busy = Server.Client(await Server.AddPasswordAsync(carol.Principal, level: PrivacyLevel.Busy));
        await busy.PutAsync(busy.Calendar("hx") + "own.ics", Events.Event("own"));
        await Server.DamageAsync(id + ".ics");
        var listed = await busy.PropFindAsync(busy.Calendar("hx"), "1", Xml.D + "getetag", Xml.D + "getcontentlength");
        Assert.Equal(207, listed.Status);
        Assert.Equal(404, listed.PropertyStatus(Xml.D + "getcontentlength", $"{busy.Calendar("hx")}{id}.ics"));
        Assert.Equal(200, listed.PropertyStatus(Xml.D + "getcontentlength", busy.Calendar("hx") + "own.ics"));
    }

    private async Task<(Person Carol, string Id)> BookAsync()
    {
        var practice = await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync("Practice", "UTC");
        var carol = await Server.AddPersonAsync("carol@example.com", practiceId: practice.Id);
        var booking = new Booking([new Patient("1", "Zebediah", "Quill")], "Counselling", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromHours(1)) { Comments = "brings his dog" };
        return (carol, await new Diary(Server.Store, Server.Clock, carol.Principal.Id, new AuditActor("test", ActorVia.Web, null, "session")).BookAsync(booking));
    }

    private static Task<DavAnswer> QueryAsync(DavClient client, string property, string text) => client.SendAsync(
        "REPORT",
        client.Calendar("hx"),
        $"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"{property}\"><C:text-match>{text}</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>",
        ("Depth", "1"));
}
