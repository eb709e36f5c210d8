using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using NodaTime;
using Xunit;

namespace EndToEnd.Browser;

/// <summary>
/// A calendar app with one account: it is given an address, a login and an app password, finds the HX_ calendar by itself, keeps a copy of
/// it, and brings the copy up to date with a sync token (RFC 6578).
/// </summary>
internal sealed class Device : IDisposable
{
    private static readonly XNamespace Dav = "DAV:";
    private static readonly XNamespace CalDav = "urn:ietf:params:xml:ns:caldav";
    private readonly HttpClient _http;
    private readonly Dictionary<string, Copy> _copies = [];
    private string _token = "";
    private string? _hx;

    public Device(Uri server, string login, string password, string userAgent = "Thunderbird/140.0")
    {
        // a home of its own for each device, as each has in reality: no cookies, no redirects followed
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}")));
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
    }

    /// <summary>What the app shows, as it was at the last sync.</summary>
    public IEnumerable<Copy> Events => _copies.Values;

    /// <summary>The one event with this title; null when the app shows none.</summary>
    public Copy? Find(string title) => _copies.Values.SingleOrDefault(copy => copy["SUMMARY"] == title);

    /// <summary>The calendars of the account: names, and where they are.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CalendarsAsync()
    {
        var start = await AskAsync("PROPFIND", "/.well-known/caldav", 0, "<propfind xmlns='DAV:'><prop><current-user-principal/></prop></propfind>");
        var principal = start.Descendants(Dav + "current-user-principal").Single().Value;
        var person = await AskAsync("PROPFIND", principal, 0, "<propfind xmlns='DAV:'><prop><C:calendar-home-set xmlns:C='urn:ietf:params:xml:ns:caldav'/></prop></propfind>");
        var home = person.Descendants(CalDav + "calendar-home-set").Single().Value;
        var calendars = await AskAsync("PROPFIND", home, 1, "<propfind xmlns='DAV:'><prop><resourcetype/><displayname/></prop></propfind>");
        return calendars.Descendants(Dav + "response")
            .Where(response => response.Descendants(CalDav + "calendar").Any())
            .ToDictionary(response => response.Descendants(Dav + "displayname").Single().Value, response => response.Element(Dav + "href")!.Value);
    }

    /// <summary>Asks what has changed in the HX_ calendar, and takes it over.</summary>
    public async Task SyncAsync()
    {
        var hx = await HxAsync();
        var body = $"<sync-collection xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><sync-token>{_token}</sync-token><sync-level>1</sync-level><prop><getetag/><C:calendar-data/></prop></sync-collection>";
        var changes = await AskAsync("REPORT", hx, 0, body);
        foreach (var response in changes.Elements(Dav + "response"))
        {
            var path = response.Element(Dav + "href")!.Value;
            var text = response.Descendants(CalDav + "calendar-data").SingleOrDefault()?.Value;
            if (text is null) _copies.Remove(path);
            else _copies[path] = new Copy(path, response.Descendants(Dav + "getetag").Single().Value, text);
        }

        _token = changes.Element(Dav + "sync-token")!.Value;
    }

    /// <summary>A person adds an event in the app, in the practice's time zone.</summary>
    public async Task<string> AddAsync(string title, LocalDateTime start, int minutes = 30)
    {
        var uid = Guid.NewGuid().ToString();
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//A device//EN
            BEGIN:VEVENT
            UID:{uid}
            DTSTAMP:{SystemClock.Instance.GetCurrentInstant():uuuuMMdd'T'HHmmss'Z'}
            DTSTART;TZID=Australia/Melbourne:{start:uuuuMMdd'T'HHmmss}
            DTEND;TZID=Australia/Melbourne:{start.PlusMinutes(minutes):uuuuMMdd'T'HHmmss}
            SUMMARY:{title}
            END:VEVENT
            END:VCALENDAR

            """);
        using var answer = await PutAsync($"{await HxAsync()}{uid}.ics", text, ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return uid;
    }

    /// <summary>A person edits an event in the app: it sends the copy back with a line changed.</summary>
    public async Task EditAsync(Copy copy, string property, string line)
    {
        using var answer = await TryEditAsync(copy, property, line);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>As <see cref="EditAsync"/>, where the server may refuse.</summary>
    public Task<HttpResponseMessage> TryEditAsync(Copy copy, string property, string line) =>
        PutAsync(copy.Path, copy.With(property, line), ("If-Match", copy.ETag));

    /// <summary>An app that does not know what has become of an event puts its copy again.</summary>
    public async Task PutAgainAsync(Copy copy)
    {
        using var answer = await PutAsync(copy.Path, copy.Text, ("If-None-Match", "*"));
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
    }

    /// <summary>A person removes an event in the app.</summary>
    public async Task RemoveAsync(Copy copy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, copy.Path);
        request.Headers.TryAddWithoutValidation("If-Match", copy.ETag);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        _copies.Remove(copy.Path);
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> HxAsync() => _hx ??= (await CalendarsAsync()).Single(calendar => calendar.Key.StartsWith("HX_", StringComparison.Ordinal)).Value;

    private async Task<HttpResponseMessage> PutAsync(string path, string text, (string Name, string Value) condition)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path);
        request.Content = new StringContent(text.ReplaceLineEndings("\r\n"), Encoding.UTF8, "text/calendar");
        request.Headers.TryAddWithoutValidation(condition.Name, condition.Value);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<XElement> AskAsync(string method, string path, int depth, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = new StringContent(body, Encoding.UTF8, "application/xml");
        request.Headers.Add("Depth", depth.ToString(CultureInfo.InvariantCulture));
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer.Headers.Location is { } elsewhere) return await AskAsync(method, elsewhere.ToString(), depth, body);
        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        return XElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

/// <summary>An event as an app holds it.</summary>
internal sealed record Copy(string Path, string ETag, string Text)
{
    private IEnumerable<string> Lines => Text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The value of the first line with this name; null when there is none.</summary>
    public string? this[string property] =>
        EventLines.FirstOrDefault(line => Is(line, property)) is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace("\\,", ",", StringComparison.Ordinal) : null;

    private IEnumerable<string> EventLines => Lines.SkipWhile(line => line != "BEGIN:VEVENT");

    /// <summary>The first line with this name.</summary>
    public string LineOf(string property) => EventLines.First(line => Is(line, property));

    /// <summary>The text with a line in place of the first event's lines of this name.</summary>
    public string With(string property, string line) => string.Join(
        '\n', Lines.TakeWhile(old => old != "BEGIN:VEVENT").Concat(["BEGIN:VEVENT", line]).Concat(EventLines.Skip(1).Where(old => !Is(old, property)))) + "\n";

    private static bool Is(string line, string property) => line.StartsWith(property + ":", StringComparison.Ordinal) || line.StartsWith(property + ";", StringComparison.Ordinal);
}
