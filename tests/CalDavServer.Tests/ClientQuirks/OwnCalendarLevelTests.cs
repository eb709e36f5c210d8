using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>
/// What a device writes in an ordinary calendar belongs to its privacy level (docs/rules.md P8): a patient's appointment that a full-name device copies or puts there is busy time below, on every path.
/// </summary>
public sealed class OwnCalendarLevelTests : LevelTest
{
    private string Own => Full.Calendar("own");

    [Theory]
    [InlineData("COPY")]
    [InlineData("MOVE")]
    [InlineData("PUT")]
    [InlineData("another UID")]
    [InlineData("POST")]
    public async Task A_patient_appointment_in_an_ordinary_calendar_is_busy_time_below_on_every_path(string how)
    {
        var path = Own + "a.ics";
        var text = (await Full.GetAsync(Appointment)).Text;
        Assert.Contains(Secret, text, StringComparison.Ordinal);
        var answer = how switch
        {
            "COPY" or "MOVE" => await Full.SendAsync(how, Appointment, null, ("Destination", path)),
            "POST" => await Full.SendAsync("POST", Own, text, ("Content-Type", "text/calendar")),
            _ => await Full.PutAsync(path, how == "PUT" ? text : text.Replace("UID:", "UID:x", StringComparison.Ordinal)),
        };
        Assert.Equal(201, answer.Status);
        if (how == "POST") path = answer.Header("Location")!;
        Assert.Contains(Secret, (await Full.GetAsync(path)).Text, StringComparison.Ordinal);
        await AssertBusyAsync(path);
    }

    [Theory]
    [InlineData("VTODO", "Task", "DUE:20260601T090000Z", "PERCENT-COMPLETE:40", "STATUS:IN-PROCESS")]
    [InlineData("VJOURNAL", "Note", "DTSTART:20260601T090000Z", "STATUS:DRAFT")]
    [InlineData("VEVENT", "Busy", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")]
    public async Task Tasks_notes_and_series_say_when_and_how_far_and_nothing_else(string component, string title, params string[] open)
    {
        var path = Own + "a.ics";
        await Full.PutAsync(path, Events.Component(component, "a", [$"SUMMARY:{Secret}", $"DESCRIPTION:{Secret}", $"X-NOTE;X-P={Secret}:1", $"CATEGORIES:{Secret}", .. open]));
        var shown = CalendarObject.Parse((await Busy.GetAsync(path)).Bytes).Calendar.Components.Single();
        Assert.Equal(open.Order(StringComparer.Ordinal), shown.Properties.Select(line => $"{line.Name}:{line.RawValue}").Where(line => !line.StartsWith("UID", StringComparison.Ordinal) && !line.StartsWith("DTSTAMP", StringComparison.Ordinal) && !line.StartsWith("SUMMARY", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(title, shown.Find("SUMMARY")!.Text);
        Assert.DoesNotContain(Secret, await EverythingAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_lower_level_wrote_is_its_own_and_above_it_nothing_is_hidden()
    {
        var path = Own + "a.ics";
        var text = Events.Event("a", "Dentist");
        var put = await Busy.PutAsync(path, text);
        Assert.Equal(put.Header("ETag"), (await Busy.GetAsync(path)).Header("ETag"));
        Assert.Equal((text, text), ((await Busy.GetAsync(path)).Text, (await Full.GetAsync(path)).Text));
        put = await Busy.PutAsync(path, text.Replace("Dentist", "Doctor", StringComparison.Ordinal), ("If-Match", put.Header("ETag")!));
        Assert.Equal(204, put.Status);
        Assert.NotNull(put.Header("ETag"));

        // written above since: what it left as it was stays readable below
        await Full.PutAsync(path, text.Replace("SUMMARY:Dentist", $"SUMMARY:Doctor\r\nDESCRIPTION:{Secret}", StringComparison.Ordinal));
        var busy = (await Busy.GetAsync(path)).Text;
        Assert.Contains("SUMMARY:Doctor", busy, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, busy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_below_moves_the_time_and_leaves_what_it_was_not_shown()
    {
        var path = Own + "a.ics";
        await Full.PutAsync(path, Events.Event("a", Secret, "LOCATION:Room 9", "BEGIN:VALARM", "ACTION:DISPLAY", $"DESCRIPTION:{Secret}", "TRIGGER:-PT5M", "END:VALARM"));
        var shown = await Busy.GetAsync(path);
        var edited = shown.Text.Replace("20260601T09", "20260601T08", StringComparison.Ordinal).Replace("END:VEVENT", "X-MINE:1\r\nEND:VEVENT", StringComparison.Ordinal);
        var put = await Busy.PutAsync(path, edited, ("If-Match", shown.Header("ETag")!));
        Assert.Equal(204, put.Status);
        var whole = (await Full.GetAsync(path)).Text;
        foreach (var line in new[] { $"SUMMARY:{Secret}", "LOCATION:Room 9", $"DESCRIPTION:{Secret}", "20260601T080000Z", "X-MINE:1" }) Assert.Contains(line, whole, StringComparison.Ordinal);
        var again = (await Busy.GetAsync(path)).Text;
        Assert.Contains("X-MINE:1", again, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await EverythingAsync(path), StringComparison.Ordinal);
        Assert.Equal(412, (await Busy.PutAsync(path, edited, ("If-Match", shown.Header("ETag")!))).Status);
    }

    [Fact]
    public async Task A_lower_level_copies_what_it_sees_and_a_MOVE_of_it_loses_nothing()
    {
        await Full.PutAsync(Own + "a.ics", Events.Event("a", Secret));
        await Full.SendAsync("MKCALENDAR", Full.Calendar("second"));
        Assert.Equal(201, (await Busy.SendAsync("COPY", Own + "a.ics", null, ("Destination", Full.Calendar("second") + "b.ics"))).Status);
        Assert.DoesNotContain(Secret, (await Full.GetAsync(Full.Calendar("second") + "b.ics")).Text, StringComparison.Ordinal);
        Assert.Equal(204, (await Busy.SendAsync("MOVE", Own + "a.ics", null, ("Destination", Full.Calendar("second") + "b.ics"))).Status);
        Assert.Contains(Secret, (await Full.GetAsync(Full.Calendar("second") + "b.ics")).Text, StringComparison.Ordinal);
        await AssertBusyAsync(Full.Calendar("second") + "b.ics");
        Assert.Equal(201, (await Busy.SendAsync("MOVE", Full.Calendar("second") + "b.ics", null, ("Destination", Full.Calendar("hx") + "c.ics"))).Status);
        Assert.DoesNotContain(Secret, (await Busy.GetAsync(Full.Calendar("hx") + "c.ics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_so_after_a_restart_and_after_the_calendar_has_moved()
    {
        await Full.PutAsync(Own + "a.ics", Events.Event("a", Secret));
        Assert.Equal(201, (await Busy.SendAsync("MOVE", Own, null, ("Destination", Full.Calendar("moved")))).Status);
        await AssertBusyAsync(Full.Calendar("moved") + "a.ics");
        Assert.Contains(Secret, (await Full.GetAsync(Full.Calendar("moved") + "a.ics")).Text, StringComparison.Ordinal);
        Assert.Empty(await Server.Store.CheckAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    private async Task AssertBusyAsync(string path)
    {
        var everything = await EverythingAsync(path);
        foreach (var word in new[] { Secret, "Wilhelmina", "Massage" }) Assert.DoesNotContain(word, everything, StringComparison.Ordinal);
        var got = await Busy.GetAsync(path);
        Assert.Contains("SUMMARY:Busy", got.Text, StringComparison.Ordinal);
        var found = await Busy.PropFindAsync(path, "0", D + "getcontentlength", D + "getetag");
        Assert.Equal(got.Bytes.Length, int.Parse(found.Property(D + "getcontentlength")!.Value, CultureInfo.InvariantCulture));
        Assert.Equal(got.Header("ETag"), found.Property(D + "getetag")!.Value);
        Assert.NotEqual((await Full.GetAsync(path)).Header("ETag"), got.Header("ETag"));
        Assert.Contains("FREEBUSY", (await Busy.SendAsync("REPORT", Path.GetDirectoryName(path) + "/", FreeBusy)).Text, StringComparison.Ordinal);
    }

    private static readonly string FreeBusy = new XElement(C + "free-busy-query", new XElement(C + "time-range", new XAttribute("start", "20260531T000000Z"), new XAttribute("end", "20260603T000000Z"))).ToString();

    // all that the lower level can ask
    private async Task<string> EverythingAsync(string path)
    {
        var calendar = path[..(path.LastIndexOf('/') + 1)];
        var data = new XElement(C + "calendar-data");
        var expanded = new XElement(C + "calendar-data", new XElement(C + "expand", new XAttribute("start", "20260531T000000Z"), new XAttribute("end", "20260603T000000Z")));
        List<DavAnswer> answers =
        [
            await Busy.GetAsync(path),
            await Busy.GetAsync(calendar),
            await Busy.GetAsync(calendar, ("Accept", "text/html")),
            await Busy.SendAsync("PROPFIND", calendar, null, ("Depth", "1")),
            await Busy.SendAsync("REPORT", calendar, new XElement(C + "calendar-multiget", Asked(data), new XElement(D + "href", path)).ToString()),
            await Busy.SendAsync("REPORT", calendar, new XElement(D + "sync-collection", new XElement(D + "sync-token"), new XElement(D + "sync-level", "1"), Asked(data)).ToString()),
            await Busy.SendAsync("REPORT", Full.Home, new XElement(D + "sync-collection", new XElement(D + "sync-token"), new XElement(D + "sync-level", "infinite"), Asked(data)).ToString()),
            await Busy.SendAsync("REPORT", calendar, FreeBusy),
        ];
        foreach (var component in new[] { "VEVENT", "VTODO", "VJOURNAL" })
        {
            foreach (var asked in new[] { data, expanded }) answers.Add(await QueryAsync(calendar, asked, new XElement(C + "comp-filter", new XAttribute("name", component))));
        }

        // a filter tells nothing either
        var guess = new XElement(C + "comp-filter", new XAttribute("name", "VEVENT"), new XElement(C + "prop-filter", new XAttribute("name", "SUMMARY"), new XElement(C + "text-match", Secret)));
        var guessed = await QueryAsync(calendar, new XElement(D + "getetag"), guess);
        Assert.Empty(guessed.Root.Elements(D + "response"));
        Assert.All(answers, answer => Assert.InRange(answer.Status, 200, 207));
        return string.Concat(answers.Select(answer => answer.Text + string.Join('\n', answer.Headers.Values)));
    }

    private Task<DavAnswer> QueryAsync(string calendar, XElement asked, XElement filter) =>
        Busy.SendAsync("REPORT", calendar, new XElement(C + "calendar-query", Asked(asked), new XElement(C + "filter", new XElement(C + "comp-filter", new XAttribute("name", "VCALENDAR"), filter))).ToString(), ("Depth", "1"));

    private static XElement Asked(XElement what) => new(D + "prop", new XElement(D + "getetag"), new XElement(D + "getcontentlength"), new XElement(what));
}
