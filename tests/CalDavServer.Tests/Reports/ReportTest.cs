using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>A server with one person, and short ways to put objects into their <c>home/</c> calendar and to ask for reports.</summary>
public abstract class ReportTest : ServerTest
{
    private protected const string CalDav = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"";

    private protected string Home => Client.Calendar("home");

    private protected Task<DavAnswer> ReportAsync(string body, string? path = null, string? depth = "1") =>
        Client.SendAsync("REPORT", path ?? Home, body, depth is null ? [] : [("Depth", depth)]);

    /// <summary>A calendar-query for ETags.</summary>
    private protected Task<DavAnswer> QueryAsync(string filter, string extra = "", string? path = null) =>
        ReportAsync($"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop><C:filter>{filter}</C:filter>{extra}</C:calendar-query>", path);

    /// <summary>The names of the objects that a filter on a component finds, in order.</summary>
    private protected async Task<string> FindAsync(string component, string conditions, string extra = "")
    {
        var answer = await QueryAsync($"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"{component}\">{conditions}</C:comp-filter></C:comp-filter>", extra);
        return NamesOf(answer);
    }

    private protected static string NamesOf(DavAnswer answer)
    {
        Assert.Equal(207, answer.Status);
        return string.Join(' ', answer.Hrefs.Select(href => Path.GetFileNameWithoutExtension(href.TrimEnd('/'))).Order(StringComparer.Ordinal));
    }

    private protected static string Range(string? start, string? end) =>
        $"<C:time-range{(start is null ? "" : $" start=\"{start}\"")}{(end is null ? "" : $" end=\"{end}\"")}/>";

    /// <summary>Puts an object of one component under <c>name.ics</c>.</summary>
    private protected Task PutAsync(string name, string component, params string[] lines) => PutTextAsync(name, Events.Component(component, name, lines));

    private protected async Task PutTextAsync(string name, string text)
    {
        var answer = await Client.PutAsync(Home + name + ".ics", text);
        Assert.True(answer.Status is 201 or 204, $"{answer.Status} {answer.Text}");
    }

    /// <summary>Makes a calendar behind the server's back: one that takes VFREEBUSY can be made by no client.</summary>
    private protected async Task<long> MakeCalendarAsync(string name, params string[] components)
    {
        var collection = new Collection(0, Alice.Principal.Id, name, Collection.OrdinaryKind, components, "", 0, SystemClock.Instance.GetCurrentInstant(), PropertyBag.Empty);
        return (await Server.Store.ApplyAsync(StoreBatch.Of(new CreateCollection(collection)))).Collections[0].Id;
    }

    /// <summary>Stores an object under <c>name.ics</c> without the rules of PUT.</summary>
    private protected async Task StoreAsync(long collectionId, string name, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var outcome = await Server.Store.ApplyAsync(StoreBatch.Of(new PutObject(collectionId, name + ".ics", bytes, ObjectIndexer.Index(CalendarObject.Parse(bytes)))));
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
    }

    /// <summary>The lines of the calendar data of one object.</summary>
    private protected static IReadOnlyList<string> DataOf(DavAnswer answer, string? href = null) =>
        answer.Property(Xml.C + "calendar-data", href)!.Value.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');

    /// <summary>An iCalendar object around the given lines.</summary>
    private protected static string Calendar(params string[] lines) =>
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{string.Concat(lines.Select(line => line + "\r\n"))}END:VCALENDAR\r\n";

    private protected static XName Condition(string name) => XName.Get(name, "urn:ietf:params:xml:ns:caldav");
}
