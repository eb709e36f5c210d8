using System.Text;
using System.Text.Unicode;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>Whatever bytes are stored, every XML answer is well-formed, and what is made from them has CRLF throughout.</summary>
public sealed class WellFormedAnswerTests : ReportTest
{
    private const int Objects = 120;
    private const string Window = "start=\"20260601T000000Z\" end=\"20260610T000000Z\"";

    // each kind of calendar-data (RFC 4791 §9.6), and whether it is made here
    private static readonly (string Data, bool Generated)[] Kinds =
    [
        ("<C:calendar-data/>", false),
        ($"<C:calendar-data><C:expand {Window}/></C:calendar-data>", true),
        ($"<C:calendar-data><C:limit-recurrence-set {Window}/></C:calendar-data>", true),
        ($"<C:calendar-data><C:limit-freebusy-set {Window}/></C:calendar-data>", true),
        ("<C:calendar-data><C:comp name=\"VCALENDAR\"><C:comp name=\"VEVENT\"><C:prop name=\"SUMMARY\"/><C:prop name=\"DESCRIPTION\"/><C:allcomp/></C:comp></C:comp></C:calendar-data>", true),
        ("<C:calendar-data><C:comp name=\"VCALENDAR\"><C:comp name=\"VEVENT\"><C:prop name=\"SUMMARY\" novalue=\"yes\"/></C:comp></C:comp></C:calendar-data>", true),
        ($"<C:calendar-data><C:comp name=\"VCALENDAR\"><C:allprop/><C:comp name=\"VEVENT\"><C:allprop/></C:comp></C:comp><C:expand {Window}/></C:calendar-data>", true),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_folded_anywhere_is_taken_served_as_it_is_and_means_the_same_in_every_report(int seed)
    {
        var hostile = new HostileText(new Random(seed));
        var sent = new Dictionary<string, byte[]>();
        for (var n = 0; n < Objects; n++)
        {
            var bytes = hostile.Folded($"o{n}");
            var put = await Client.SendBytesAsync("PUT", $"{Home}o{n}.ics", bytes);
            if (put.Status != 201) Assert.Fail($"{put.Status} {put.Text}\n{Encoding.UTF8.GetString(bytes)}");
            sent.Add($"{Home}o{n}.ics", bytes);
        }

        foreach (var (href, bytes) in sent) Assert.Equal(bytes, (await Client.GetAsync(href)).Bytes);
        foreach (var (data, generated) in Kinds)
        {
            foreach (var answer in await AskAsync(Client, Home, data, [.. sent.Keys]))
            {
                Assert.Equal(sent.Keys.Order(), answer.Elements(Xml.D + "response").Select(response => response.Element(Xml.D + "href")!.Value).Order());
                foreach (var response in answer.Elements(Xml.D + "response"))
                {
                    var text = response.Descendants(Xml.C + "calendar-data").Single().Value;
                    var source = sent[response.Element(Xml.D + "href")!.Value];
                    if (generated) AssertGenerated(text);
                    AssertSameValues(CalendarObject.Parse(source), CalendarObject.Parse(Encoding.UTF8.GetBytes(text)));
                    if (!generated && Utf8.IsValid(source)) Assert.Equal(source, Encoding.UTF8.GetBytes(text));
                }
            }
        }
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    [InlineData(7, true)]
    public async Task Bytes_that_are_no_calendar_break_no_answer(int seed, bool hx)
    {
        var random = new Random(seed);
        var hostile = new HostileText(random);
        var (carol, details) = await PatientAsync();
        using var whole = Server.Client(carol);
        using var busy = Server.Client(await Server.AddPasswordAsync(carol.Principal, level: PrivacyLevel.Busy));
        var calendar = whole.Calendar(hx ? "hx" : "home");
        var hrefs = new List<string>();
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var collection = (await snapshot.FindCollectionAsync(carol.Principal.Id, hx ? "hx" : "home"))!;
            for (var n = 0; n < Objects; n++)
            {
                var index = ObjectIndexer.Index(CalendarObject.Parse(Encoding.UTF8.GetBytes(Events.Event($"o{n}", "x", "RRULE:FREQ=DAILY;COUNT=4"))));
                // every other one a patient appointment
                var put = new PutObject(collection.Id, $"o{n}.ics", hostile.Damaged($"o{n}"), index, Details: hx && n % 2 == 0 ? details : null);
                var outcome = await Server.Store.ApplyAsync(StoreBatch.Of(put), TestContext.Current.CancellationToken);
                Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
                hrefs.Add($"{calendar}o{n}.ics");
            }
        }

        foreach (var client in (DavClient[])[whole, busy])
        {
            foreach (var (data, generated) in Kinds)
            {
                foreach (var answer in await AskAsync(client, calendar, data, hrefs))
                {
                    if (generated) Assert.All(answer.Descendants(Xml.C + "calendar-data"), element => AssertGenerated(element.Value));
                }
            }

            foreach (var href in hrefs) Assert.Contains((await client.GetAsync(href)).Status, (int[])[200, 500]);
            Parse(await client.SendAsync("PROPFIND", calendar, "<D:propfind xmlns:D='DAV:'><D:allprop/></D:propfind>", ("Depth", "1")));
            var filter = "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>a</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>";
            Parse(await client.SendAsync("REPORT", calendar, $"<C:calendar-query {CalDav}><D:prop><C:calendar-data/></D:prop><C:filter>{filter}</C:filter></C:calendar-query>", ("Depth", "1")));
            Assert.Equal(200, (await client.SendAsync("REPORT", calendar, $"<C:free-busy-query {CalDav}><C:time-range {Window}/></C:free-busy-query>", ("Depth", "1"))).Status);
        }
    }

    [Fact]
    public async Task An_appointment_of_line_feeds_has_CRLF_throughout_once_the_diary_has_edited_it()
    {
        var (carol, _) = await PatientAsync();
        using var client = Server.Client(carol);
        var path = client.Calendar("hx") + "lf.ics";
        var text = Events.Event("lf", "Lunch", "DESCRIPTION:" + new string('é', 50)).Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.Equal(201, (await client.PutAsync(path, text)).Status);
        Assert.Equal(text, (await client.GetAsync(path)).Text);
        await new Diary(Server.Store, Server.Clock, carol.Principal.Id, new AuditActor("test", ActorVia.Web, null, "session")).EditAsync(new AppointmentTarget("lf"), new AppointmentEdit { Title = "Dinner" }, SeriesScope.All);
        var edited = (await client.GetAsync(path)).Text;
        Assert.Contains("SUMMARY:Dinner\r\n", edited, StringComparison.Ordinal);
        Assert.Contains(new string('é', 20), edited, StringComparison.Ordinal);
        AssertGenerated(edited);
    }

    /// <summary>The same question as multiget, query and sync.</summary>
    private static async Task<IReadOnlyList<XElement>> AskAsync(DavClient client, string calendar, string data, IReadOnlyList<string> hrefs)
    {
        var filter = "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter>";
        return
        [
            Parse(await client.SendAsync("REPORT", calendar, $"<C:calendar-multiget {CalDav}><D:prop><D:getetag/>{data}</D:prop>{string.Concat(hrefs.Select(href => $"<D:href>{href}</D:href>"))}</C:calendar-multiget>", ("Depth", "1"))),
            Parse(await client.SendAsync("REPORT", calendar, $"<C:calendar-query {CalDav}><D:prop><D:getetag/>{data}</D:prop>{filter}</C:calendar-query>", ("Depth", "1"))),
            Parse(await client.SendAsync("REPORT", calendar, $"<D:sync-collection {CalDav}><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/>{data}</D:prop></D:sync-collection>", ("Depth", "0"))),
        ];
    }

    // strict: the answer's bytes are UTF-8, and the reader of XML checks each character
    private static XElement Parse(DavAnswer answer)
    {
        Assert.Equal(207, answer.Status);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(answer.Bytes);
        return XDocument.Parse(text, LoadOptions.PreserveWhitespace).Root!;
    }

    private static void AssertGenerated(string text)
    {
        if (text.Replace("\r\n", "", StringComparison.Ordinal) is var rest && (rest.Contains('\n', StringComparison.Ordinal) || rest.Contains('\r', StringComparison.Ordinal)))
            Assert.Fail($"The lines end differently: {text.Replace("\r", "<CR>", StringComparison.Ordinal)}");
        Assert.StartsWith("BEGIN:VCALENDAR\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("END:VCALENDAR\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n\r\n", text, StringComparison.Ordinal);
    }

    /// <summary>What is written of an event's texts is what was sent.</summary>
    private static void AssertSameValues(CalendarObject source, CalendarObject shown)
    {
        var own = source.Calendar.Components.Single(component => component.Name == "VEVENT");
        foreach (var line in shown.Calendar.Components.Where(component => component.Name == "VEVENT").SelectMany(component => component.Properties))
        {
            if (line.Name is not ("SUMMARY" or "DESCRIPTION" or "UID")) continue;
            var sent = own.Find(line.Name)!;
            if (line.RawValue.Length > 0) Assert.Equal(sent.RawValue, line.RawValue);
            Assert.Equal(sent.Parameters.SelectMany(parameter => parameter.Values), line.Parameters.SelectMany(parameter => parameter.Values));
        }
    }

    private async Task<(Person Carol, ObjectDetails Details)> PatientAsync()
    {
        var practice = await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync("Practice", "UTC");
        var carol = await Server.AddPersonAsync("carol@example.com", practiceId: practice.Id);
        var booking = new Booking([new Patient("1", "Zebediah", "Quill")], "Counselling", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromHours(1));
        var id = await new Diary(Server.Store, Server.Clock, carol.Principal.Id, new AuditActor("test", ActorVia.Web, null, "session")).BookAsync(booking);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var hx = (await snapshot.FindCollectionAsync(carol.Principal.Id, HxCalendar.CollectionName))!;
        return (carol, (await snapshot.FindRowByUidAsync(hx.Id, id))!.Details!.Value);
    }
}
