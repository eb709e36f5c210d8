using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using NodaTime;
using NodaTime.Text;
using Xunit;
using Duration = NodaTime.Duration;
using Period = NodaTime.Period;

namespace Sandbox.Tests.CalDav;

/// <summary>A person with another application of theirs at the real CalDAV server: it reads and writes iCalendar by Ical.Net, as an application would.</summary>
internal sealed partial class CalDavUser(Uri server, string login, string password = "own") : IDisposable
{
    private const string Zone = "Australia/Melbourne";
    private static readonly XNamespace Dav = "DAV:";
    private static readonly XNamespace Cal = "urn:ietf:params:xml:ns:caldav";
    private static readonly LocalDateTimePattern Times = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = server };
    private int _made;

    /// <summary>The path of the calendar.</summary>
    public string Calendar { get; set; } = "";

    /// <summary>What the person's clock says.</summary>
    public Instant Now { get; set; }

    /// <summary>All objects: their paths, and what they say; in the order of that, as the names of ours are new ones in each calendar.</summary>
    public async Task<IReadOnlyList<(string Path, string Text)>> ListAsync()
    {
        const string All = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>";
        var answer = XElement.Parse(await SendAsync("REPORT", Calendar, All, ("Depth", "1")));
        return [.. answer.Elements(Dav + "response").Select(one => (one.Element(Dav + "href")!.Value, one.Descendants(Cal + "calendar-data").First().Value.ReplaceLineEndings("\r\n"))).OrderBy(one => OurEnding().Replace(one.Item2, ""), StringComparer.Ordinal)];
    }

    public async Task<(string Path, string Text)> FindAsync(string title) => (await ListAsync()).First(one => one.Text.Contains($"SUMMARY:{title}", StringComparison.Ordinal));

    public Task<string> CreateAsync(string title, LocalDateTime start, Duration length, string? rule = null) =>
        PutNewAsync($"own-{++_made}", $"SUMMARY:{title}\r\nDTSTART;TZID={Zone}:{Times.Format(start)}\r\nDTEND;TZID={Zone}:{Times.Format(start.PlusTicks(length.BclCompatibleTicks))}\r\n{(rule is null ? "" : $"RRULE:{rule}\r\n")}");

    /// <summary>Puts an event of some lines, under a name and UID of its own.</summary>
    public async Task<string> PutNewAsync(string uid, string lines)
    {
        var path = $"{Calendar}{uid}.ics";
        await PutAsync(path, $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//App//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{Stamp}\r\nLAST-MODIFIED:{Stamp}\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n");
        return path;
    }

    public Task<string> PutAsync(string path, string text) => SendAsync("PUT", path, text, ("Content-Type", "text/calendar"));

    public Task<string> DeleteAsync(string path) => SendAsync("DELETE", path, "");

    /// <summary>Changes the whole of an event or series, as the application does: it writes everything anew.</summary>
    public Task EditAsync(string path, Action<CalendarEvent> edit) => ChangeAsync(path, calendar =>
    {
        edit(MasterOf(calendar));
        Touch(MasterOf(calendar));
    });

    /// <summary>Moves the whole; the exceptions of a series move along.</summary>
    public Task MoveAsync(string path, LocalDateTime start, Duration length) => ChangeAsync(path, calendar =>
    {
        var master = MasterOf(calendar);
        var by = Period.Between(LocalOf(master.Start!), start, PeriodUnits.Days | PeriodUnits.Seconds);
        var excluded = master.ExceptionDates.GetAllDates().Select(date => Shift(date, by)).ToList();
        foreach (var date in master.ExceptionDates.GetAllDates().ToList()) master.ExceptionDates.Remove(date);
        excluded.ForEach(date => master.ExceptionDates.Add(date));
        foreach (var one in calendar.Events.Where(one => one.RecurrenceIdentifier is not null)) one.RecurrenceIdentifier = new RecurrenceIdentifier(Shift(one.RecurrenceIdentifier!.StartTime, by));
        (master.Start, master.End) = (At(start), At(start.PlusTicks(length.BclCompatibleTicks)));
        Touch(master);
    });

    /// <summary>Makes one occurrence of a series another.</summary>
    public Task EditOneAsync(string path, LocalDateTime occurrence, Action<CalendarEvent> edit) => ChangeAsync(path, calendar =>
    {
        // what was taken out is not there to be changed
        if (MasterOf(calendar).ExceptionDates.GetAllDates().Any(date => LocalOf(date) == occurrence)) return;
        var one = calendar.Events.FirstOrDefault(one => one.RecurrenceIdentifier is { } id && LocalOf(id.StartTime) == occurrence);
        if (one is null)
        {
            var master = MasterOf(calendar);
            var length = LocalOf(master.End!) - LocalOf(master.Start!);
            one = new CalendarEvent { Uid = master.Uid, Summary = master.Summary, Location = master.Location, Description = master.Description, RecurrenceIdentifier = new RecurrenceIdentifier(At(occurrence)), Start = At(occurrence), End = At(occurrence + length) };
            calendar.Events.Add(one);
        }

        edit(one);
        Touch(one);
    });

    public Task MoveOneAsync(string path, LocalDateTime occurrence, LocalDateTime start, Duration length) =>
        EditOneAsync(path, occurrence, one => (one.Start, one.End) = (At(start), At(start.PlusTicks(length.BclCompatibleTicks))));

    /// <summary>Takes one occurrence out of a series.</summary>
    public Task DeleteOneAsync(string path, LocalDateTime occurrence) => ChangeAsync(path, calendar =>
    {
        // Ical.Net takes another of the same UID out than it is told
        if (calendar.Events.Any(one => one.RecurrenceIdentifier is { } id && LocalOf(id.StartTime) == occurrence)) return;
        MasterOf(calendar).ExceptionDates.Add(At(occurrence));
        Touch(MasterOf(calendar));
    });

    /// <summary>Ends a series before an occurrence.</summary>
    public Task EndAsync(string path, LocalDateTime before) => ChangeAsync(path, calendar =>
    {
        var rule = MasterOf(calendar).RecurrenceRule!;
        (rule.Count, rule.Until) = (null, new CalDateTime(before.InZoneLeniently(DateTimeZoneProviders.Tzdb[Zone]).ToInstant().ToDateTimeUtc().AddSeconds(-1)));
        Touch(MasterOf(calendar));
    });

    public async Task<string> SendAsync(string method, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}")));
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, headers.FirstOrDefault(one => one.Name == "Content-Type").Value ?? "application/xml");
        foreach (var (name, value) in headers.Where(one => one.Name != "Content-Type")) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text;
    }

    public void Dispose() => _http.Dispose();

    private string Stamp => Times.Format(Now.InUtc().LocalDateTime) + "Z";

    private async Task ChangeAsync(string path, Action<Ical.Net.Calendar> change)
    {
        var calendar = Ical.Net.Calendar.Load((await ListAsync()).First(one => one.Path == path).Text)!;
        change(calendar);
        await PutAsync(path, new CalendarSerializer().SerializeToString(calendar)!);
    }

    private static CalendarEvent MasterOf(Ical.Net.Calendar calendar) => calendar.Events.First(one => one.RecurrenceIdentifier is null);

    private void Touch(CalendarEvent one)
    {
        one.LastModified = new CalDateTime(Now.ToDateTimeUtc());
        one.Sequence++;
    }

    private static CalDateTime At(LocalDateTime at) => new(at.ToDateTimeUnspecified(), Zone);

    private static LocalDateTime LocalOf(CalDateTime time) =>
        LocalDateTime.FromDateTime(time.IsUtc || (time.TzId is { } zone && zone != Zone) ? time.ToTimeZone(Zone).Value : time.Value);

    private static CalDateTime Shift(CalDateTime time, Period by) => At(LocalOf(time) + by);

    public static string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>What a link puts behind a UID: it follows from where its calendar is.</summary>
    [GeneratedRegex("-hx-[0-9a-f]{8}-[0-9]{1,3}(?=\r\n)")]
    private static partial Regex OurEnding();
}
