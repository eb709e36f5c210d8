using System.Text;
using CalDavServer.Tests.Hosting;

namespace Fuzzing;

/// <summary>
/// What is stored when requests come: calendars that they are about, made again from time to time, and others that none of them names, which must stay as they were made.
/// </summary>
internal sealed class Scene(Uri address)
{
    private const int KeptObjects = 20;
    private const int MostMembers = 200;

    private readonly Dictionary<(string Login, string Path), byte[]> _kept = [];

    /// <summary>What placeholders stand for at the moment.</summary>
    public IReadOnlyDictionary<string, string> Values { get; private set; } = new Dictionary<string, string>();

    private static string Home => $"/dav/calendars/{FuzzServer.Login}/";

    /// <summary>Makes the calendars that must stay, and those that requests are about.</summary>
    public async Task MakeAsync()
    {
        foreach (var login in new[] { FuzzServer.Login, FuzzServer.OtherLogin })
        {
            var calendar = $"/dav/calendars/{login}/untouched/";
            Expect(201, await SendAsync(login, "MKCALENDAR", calendar));
            for (var n = 0; n < KeptObjects; n++)
            {
                var content = Encoding.UTF8.GetBytes(Event($"kept-{login}-{n}", n % 2 == 0 ? "RRULE:FREQ=WEEKLY\r\nEXDATE:20260608T090000Z\r\n" : ""));
                Expect(201, await SendAsync(login, "PUT", $"{calendar}{n}.ics", content));
                _kept.Add((login, $"{calendar}{n}.ics"), content);
            }
        }

        await TidyAsync();
    }

    /// <summary>What must stay and has not: the first, or null.</summary>
    public async Task<string?> FindChangeAsync()
    {
        foreach (var ((login, path), content) in _kept)
        {
            var answer = await SendAsync(login, "GET", path);
            if (answer.Status != 200 || !answer.Bytes.AsSpan().SequenceEqual(content)) return $"{path} is not as it was: {answer.Status} {answer.Text}";
        }

        var listed = await SendAsync(FuzzServer.Login, "PROPFIND", Home + "untouched/", Encoding.UTF8.GetBytes(Xml.PropFind(Xml.D + "getetag")), "Depth: 1\r\n");
        return listed.Status == 207 && listed.Hrefs.Count == KeptObjects + 1 ? null : $"untouched/ is listed as {listed.Status} {listed.Text}";
    }

    /// <summary>Removes what requests have made, and makes again what they have removed.</summary>
    public async Task TidyAsync()
    {
        var listed = await SendAsync(FuzzServer.Login, "PROPFIND", Home, Encoding.UTF8.GetBytes(Xml.PropFind(Xml.D + "getctag")), "Depth: 1\r\n");
        foreach (var href in listed.Hrefs)
        {
            if (href != Home && !href.EndsWith("/untouched/", StringComparison.Ordinal)) await TidyAsync(href);
        }

        await RestoreAsync();
    }

    /// <summary>Makes again what requests have removed.</summary>
    public async Task RestoreAsync()
    {
        foreach (var name in new[] { "work", "tasks" }) await SendAsync(FuzzServer.Login, "MKCALENDAR", $"{Home}{name}/");
        await SendAsync(FuzzServer.Login, "PUT", $"{Home}work/a.ics", Encoding.UTF8.GetBytes(Event("a", "RRULE:FREQ=DAILY;COUNT=20\r\n")));
        await SendAsync(FuzzServer.Login, "PUT", $"{Home}work/b.ics", Encoding.UTF8.GetBytes(Event("b", "")));
        var etag = (await SendAsync(FuzzServer.Login, "GET", $"{Home}work/a.ics")).Header("ETag") ?? "\"none\"";
        var synced = await SendAsync(FuzzServer.Login, "PROPFIND", $"{Home}work/", Encoding.UTF8.GetBytes(Xml.PropFind(Xml.D + "sync-token")), "Depth: 0\r\n");
        var token = synced.Status == 207 ? synced.Property(Xml.D + "sync-token")?.Value : null;
        Values = new Dictionary<string, string>
        {
            ["{host}"] = address.Authority,
            ["{origin}"] = address.GetLeftPart(UriPartial.Authority),
            ["{authorization}"] = Authorization(FuzzServer.Login),
            ["{authorization-percent}"] = Authorization(FuzzServer.Login),
            ["{principal}"] = $"/dav/principals/{FuzzServer.Login}/",
            ["{owner}"] = $"/dav/principals/{FuzzServer.Login}/",
            ["{home}"] = Home,
            ["{calendar}"] = $"{Home}work/",
            ["{tasks}"] = $"{Home}tasks/",
            ["{hx}"] = $"{Home}hx/",
            ["{inbox}"] = $"{Home}inbox/",
            ["{outbox}"] = $"{Home}outbox/",
            ["{other}"] = $"/dav/calendars/{FuzzServer.OtherLogin}/",
            ["{object}"] = $"{Home}work/a.ics",
            ["{first}"] = $"{Home}work/a.ics",
            ["{task}"] = $"{Home}tasks/task.ics",
            ["{etag}"] = etag,
            ["{bare}"] = etag.Trim('"'),
            ["{token}"] = token ?? "data:,none/1",
        };
    }

    private async Task TidyAsync(string calendar)
    {
        var listed = await SendAsync(FuzzServer.Login, "PROPFIND", calendar, Encoding.UTF8.GetBytes(Xml.PropFind(Xml.D + "getetag")), "Depth: 1\r\n");
        var isOwn = calendar.EndsWith("/work/", StringComparison.Ordinal) || calendar.EndsWith("/tasks/", StringComparison.Ordinal) || calendar.EndsWith("/hx/", StringComparison.Ordinal);
        if (!isOwn) await SendAsync(FuzzServer.Login, "DELETE", calendar);
        else if (listed.Hrefs.Count > MostMembers)
            foreach (var href in listed.Hrefs.Skip(1)) await SendAsync(FuzzServer.Login, "DELETE", href);
    }

    private async Task<DavAnswer> SendAsync(string login, string method, string path, byte[]? body = null, string headers = "")
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var connection = await RawConnection.OpenAsync(address, limit.Token);
        await connection.SendAsync(RawConnection.Request(method, path, $"Host: {address.Authority}\r\nAuthorization: {Authorization(login)}\r\n{headers}", body), limit.Token);
        return await connection.ReadAsync(false, limit.Token) ?? throw new InvalidOperationException($"{method} {path} is not answered");
    }

    private static void Expect(int status, DavAnswer answer)
    {
        if (answer.Status != status) throw new InvalidOperationException($"The scene cannot be made: {answer.Status} {answer.Text}");
    }

    private static string Authorization(string login) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{FuzzServer.Password}"));

    private static string Event(string uid, string lines) =>
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//fuzz//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260601T090000Z\r\nDTEND:20260601T100000Z\r\n{lines}"
        + "SUMMARY:Fuzz\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}
