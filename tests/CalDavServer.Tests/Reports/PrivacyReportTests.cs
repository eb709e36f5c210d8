using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice;
using Practice.Appointments;
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
        var practice = await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync("Practice", "UTC");
        var carol = await Server.AddPersonAsync("carol@example.com", practiceId: practice.Id);
        using var whole = Server.Client(carol);
        var booking = new Booking([new Patient("1", "Zebediah", "Quill")], "Counselling", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromHours(1)) { Comments = "brings his dog" };
        var id = await new Diary(Server.Store, Server.Clock, carol.Principal.Id, "test").BookAsync(booking);
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

    private static Task<DavAnswer> QueryAsync(DavClient client, string property, string text) => client.SendAsync(
        "REPORT",
        client.Calendar("hx"),
        $"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"{property}\"><C:text-match>{text}</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>",
        ("Depth", "1"));
}
