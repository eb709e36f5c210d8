using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Benchmarks.Fairness;

/// <summary>How long requests took, in milliseconds.</summary>
internal readonly record struct Times(double P50, double P99, double Slowest)
{
    public static Times Of(IEnumerable<double> all)
    {
        double[] sorted = [.. all.Order()];
        return new Times(sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], sorted[^1]);
    }
}

/// <summary>Somebody whose app does what apps do, one request after the other: polls, reads, lists, saves; each tenth over a new connection.</summary>
internal sealed class Person : IDisposable
{
    private const string Ns = "xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private readonly HttpClient _kept;
    private readonly HttpClient _fresh;
    private readonly string _calendar;
    private int _count;

    public Person(Uri url, string login)
    {
        _calendar = $"/dav/calendars/{login}/work/";
        (_kept, _fresh) = (Client(TimeSpan.FromMinutes(5)), Client(TimeSpan.Zero));

        HttpClient Client(TimeSpan kept)
        {
            var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = kept }) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
            http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(FairnessRun.Login(login, Scene.Password));
            return http;
        }
    }

    /// <summary>Every kind of request once, and more: what is compiled then is not measured.</summary>
    public async Task PrepareAsync()
    {
        for (var n = 0; n < 500; n++) await AskAsync();
    }

    public async Task<IReadOnlyList<double>> MeasureAsync(TimeSpan length)
    {
        var all = new List<double>();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            var since = Stopwatch.GetTimestamp();
            await AskAsync();
            all.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            await Task.Delay(Pause);
        }

        return all;
    }

    public void Dispose()
    {
        _kept.Dispose();
        _fresh.Dispose();
    }

    private async Task AskAsync()
    {
        var n = _count++;
        using var request = (n % 5) switch
        {
            0 => Request("PROPFIND", _calendar, $"<D:propfind {Ns}><D:prop><D:sync-token/></D:prop></D:propfind>", "0"),
            1 => Request("GET", $"{_calendar}{n % 300}.ics"),
            2 => Request("PUT", $"{_calendar}{n % 300}.ics", Scene.Event(n % 300, "")),
            3 => Request("REPORT", _calendar, $"<C:calendar-query {Ns}><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'><C:time-range start='20260201T000000Z' end='20260208T000000Z'/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>", "1"),
            _ => Request("PROPFIND", $"/dav/calendars/{Scene.Victim}/", $"<D:propfind {Ns}><D:prop><D:displayname/><D:sync-token/></D:prop></D:propfind>", "1"),
        };
        using var answer = await (n % 10 == 9 ? _fresh : _kept).SendAsync(request);
        await answer.Content.LoadIntoBufferAsync();
        answer.EnsureSuccessStatusCode();
    }

    private static HttpRequestMessage Request(string method, string path, string? body = null, string? depth = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, method == "PUT" ? "text/calendar" : "application/xml");
        if (depth is not null) request.Headers.Add("Depth", depth);
        return request;
    }
}
