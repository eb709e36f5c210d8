using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using CalDavServer.Access;
using CalDavServer.Feeds;
using CalDavServer.Storage;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>What an answer may grow to takes a bounded part of the server's memory: the server program runs under a limit, and the peak of each request is measured.</summary>
[Collection(Alone.Name)]
public sealed class MemoryLimitTests
{
    /// <summary>Of the managed heap, as the runtime is told (hexadecimal): 448 MB.</summary>
    private const string HeapLimit = "0x1C000000";

    /// <summary>Of the whole process, in MB: the heap, the program itself and SQLite.</summary>
    private const int MostMegabytes = 700;

    private const string Ns = "xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'";
    private const string TenYears = "start='20260101T000000Z' end='20360101T000000Z'";
    private const string Everything = "<C:filter><C:comp-filter name='VCALENDAR'/></C:filter>";
    private static readonly int[] Answered = [200, 207];
    private static readonly int[] AnsweredOrRefused = [200, 207, 400, 403];

    [Fact]
    public async Task No_answer_takes_more_than_its_part_of_the_memory()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "The peak of a process is read from /proc.");
        await using var program = new ServerProgram();
        var (secret, feed, names) = await FillAsync(program.Data);
        var server = await program.ServeAsync(new() { ["DOTNET_GCHeapHardLimit"] = HeapLimit }, "--urls", "http://127.0.0.1:0", "--no-demo");
        var login = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"maya:{secret}"));
        using var client = new HttpClient { BaseAddress = server.Url, Timeout = TimeSpan.FromMinutes(3) };
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(login);
        var home = "/dav/calendars/maya/home/";
        var hrefs = string.Concat(names.Select(name => $"<D:href>{home}{name}</D:href>"));
        var multiget = $"<C:calendar-multiget {Ns}><D:prop><C:calendar-data/></D:prop>{hrefs}</C:calendar-multiget>";

        async Task AskAsync(string what, string method, string path, string? body, int[] allowed)
        {
            await PeakMemory.ForgetAsync(server);
            var (status, bytes) = await SendAsync(client, method, path, body);
            var peak = await PeakMemory.OfAsync(server);
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {status}, {bytes / 1024} kB, peak {peak} MB");
            Assert.Contains(status, allowed);
            Assert.InRange(peak, 1, MostMegabytes);
        }

        await AskAsync("poll", "PROPFIND", home, null, Answered);
        await AskAsync("expand", "REPORT", home, $"<C:calendar-query {Ns}><D:prop><C:calendar-data><C:expand {TenYears}/></C:calendar-data></D:prop>{Everything}</C:calendar-query>", Answered);
        await AskAsync("multiget", "REPORT", home, multiget, Answered);
        await AskAsync("sync with data", "REPORT", home, $"<D:sync-collection {Ns}><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><C:calendar-data/></D:prop></D:sync-collection>", Answered);
        await AskAsync("free-busy", "REPORT", home, $"<C:free-busy-query {Ns}><C:time-range {TenYears}/></C:free-busy-query>", AnsweredOrRefused);
        await AskAsync("free-busy of a day", "REPORT", home, $"<C:free-busy-query {Ns}><C:time-range start='20260601T000000Z' end='20260602T000000Z'/></C:free-busy-query>", AnsweredOrRefused);
        await AskAsync("expand-property", "REPORT", "/dav/principals/maya/", Nested(), AnsweredOrRefused);
        await AskAsync("text-match", "REPORT", home, $"<C:calendar-query {Ns}><D:prop><D:getetag/></D:prop>{Conditions()}</C:calendar-query>", Answered);
        await AskAsync("API listing of a month", "GET", "/api/appointments?from=2026-06-01&until=2026-07-01", null, AnsweredOrRefused);
        await AskAsync("API listing of a minute", "GET", "/api/appointments?from=2026-06-01T09:00:00Z&until=2026-06-01T09:10:00Z", null, AnsweredOrRefused);
        await AskAsync("feed", "GET", feed, null, Answered);
        await SlowReadersAsync(server, home, login, multiget);
        Assert.Equal(200, (await SendAsync(client, "GET", home + names[0], null)).Status);

        await PeakMemory.ForgetAsync(server);
        var export = await program.RunWithAsync(new() { ["DOTNET_GCHeapHardLimit"] = HeapLimit }, "export", "maya", Path.Combine(program.Folder, "maya.zip"));
        Assert.True(export.Code == 0, export.Error);
        Assert.InRange(await PeakMemory.OfAsync(server), 1, MostMegabytes);
        Assert.False(server.Process.HasExited);
    }

    /// <summary>Forty clients that ask for everything and read nothing.</summary>
    private static async Task SlowReadersAsync(RunningServer server, string home, string login, string multiget)
    {
        await PeakMemory.ForgetAsync(server);
        var sockets = new List<Socket>();
        try
        {
            for (var n = 0; n < 40; n++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                sockets.Add(socket);
                await socket.ConnectAsync(server.Url.Host, server.Url.Port, TestContext.Current.CancellationToken);
                var request = $"REPORT {home} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: {login}\r\nContent-Length: {multiget.Length}\r\n\r\n{multiget}";
                await socket.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
            }

            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            var peak = await PeakMemory.OfAsync(server);
            TestContext.Current.TestOutputHelper?.WriteLine($"40 clients that do not read: peak {peak} MB");
            Assert.InRange(peak, 1, MostMegabytes);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    private static async Task<(int Status, long Bytes)> SendAsync(HttpClient client, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/xml");
        if (method is "REPORT" or "PROPFIND") request.Headers.Add("Depth", "1");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = new CountingStream(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        if ((int)response.StatusCode is 207 or 403)
        {
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { Async = true });
            while (await reader.ReadAsync()) continue;
        }
        else
        {
            await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }

        return ((int)response.StatusCode, stream.Bytes);
    }

    // everything that a principal leads to, at each level once more
    private static string Nested()
    {
        var inner = "<D:property name='displayname'/>";
        for (var depth = 0; depth < 8; depth++) inner = string.Concat(Enumerable.Repeat($"<D:property name='current-user-principal'>{inner}</D:property>", 3));
        return $"<D:expand-property {Ns}>{inner}</D:expand-property>";
    }

    private static string Conditions() => "<C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT' test='anyof'>"
        + string.Concat(Enumerable.Repeat($"<C:prop-filter name='X-LONG'><C:text-match collation='i;unicode-casemap'>{new string('x', 900)}y</C:text-match></C:prop-filter>", 60))
        + "</C:comp-filter></C:comp-filter></C:filter>";

    private static async Task<(string Secret, string Feed, IReadOnlyList<string> Names)> FillAsync(string folder)
    {
        await using var store = await DataFolder.OpenOrCreateAsync(folder);
        var directory = new PracticeDirectory(store, SystemClock.Instance);
        var practice = await directory.CreatePracticeAsync("Riverbend", "UTC");
        var maya = await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, practice.Id, "maya");
        var secret = AppPassword.Generate();
        var now = SystemClock.Instance.GetCurrentInstant();
        await ApplyAsync(store, new PutCredential(AppPassword.ForGenerated(secret, "maya", "test", false, PrivacyLevel.FullName, now)));
        await ApplyAsync(store, new CreateCollection(new Collection(0, "maya", "home", Collection.OrdinaryKind, ["VEVENT"], "", 0, now, PropertyBag.Empty)));
        var feed = FeedSecret.Generate();
        Assert.True(await new FeedBook(store, SystemClock.Instance).SetAddressAsync(maya, null, FeedSecret.Hash(feed), "not shown", PrivacyLevel.FullName, AuditActor.Server));
        var names = new List<string>();
        var personal = await DetailsOfPersonalAsync(store);
        foreach (var calendar in (string[])["home", "hx"])
        {
            long id;
            using (var snapshot = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) id = (await snapshot.FindCollectionAsync("maya", calendar))!.Id;
            foreach (var (name, text) in Objects())
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                await ApplyAsync(store, new PutObject(id, name, bytes, ObjectIndexer.Index(CalendarObject.Parse(bytes)), Details: calendar == "hx" ? personal : null));
                if (calendar == "home") names.Add(name);
            }
        }

        return (secret, $"/feeds/{feed}.ics", names);
    }

    private static async Task<ObjectDetails?> DetailsOfPersonalAsync(SqliteStore store)
    {
        var id = await new Diary(store, SystemClock.Instance, "maya", new AuditActor("test", ActorVia.Web, null, "session")).AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 6, 1, 12, 0), Duration.FromHours(1)));
        using var snapshot = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindRowByUidAsync((await snapshot.FindCollectionAsync("maya", "hx"))!.Id, id))!.Details;
    }

    private static IEnumerable<(string Name, string Text)> Objects()
    {
        var attachment = string.Concat(Enumerable.Range(0, 4_400).Select(_ => "\r\n " + new string('Q', 73)));
        yield return ("heavy.ics", Event("heavy", "RRULE:FREQ=DAILY", $"ATTACH;ENCODING=BASE64;VALUE=BINARY:{attachment}"));
        for (var n = 0; n < 60; n++) yield return ($"second{n}.ics", Event($"second{n}", $"RRULE:FREQ=SECONDLY;INTERVAL={(n % 7) + 2}", "SUMMARY:&<>"));
        var half = new string('x', 450_000);
        for (var n = 0; n < 24; n++) yield return ($"large{n}.ics", Event($"large{n}", $"X-LONG:{half}", $"X-LONG:{half}"));
    }

    private static string Event(string uid, params string[] lines) =>
        Events.Component("VEVENT", uid, ["DTSTART:20260601T090000Z", "DURATION:PT1S", .. lines]);

    private static async Task ApplyAsync(SqliteStore store, StoreOperation operation)
    {
        var outcome = await store.ApplyAsync(StoreBatch.Of(operation), TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
    }

    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Bytes { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Bytes; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Bytes += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
