using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Benchmarks.Fairness;

/// <summary>What somebody does to the server, from this machine only, until the process is ended or a minute is over.</summary>
internal static class Attack
{
    private const string Ns = "xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'";
    private const string Everything = "<C:filter><C:comp-filter name='VCALENDAR'/></C:filter>";
    // nobody looks at what is answered: a buffer for each of ten thousand would be a gigabyte that the machine has to find
    private static readonly byte[] Waste = new byte[64 * 1024];
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>How many connections each keeps up, and what is sent on one.</summary>
    public static IReadOnlyDictionary<string, Func<Uri, Task>> All { get; } = new Dictionary<string, Func<Uri, Task>>
    {
        // no attack: what is said of the others by a machine that has a processor less
        ["a-busy-processor"] = _ => SpinAsync(),
        ["silent-sockets"] = url => KeepUpAsync(url, 10_050, 60, _ => "", reads: true),
        ["guesses"] = url => KeepUpAsync(url, 90, 90, n => Ask("OPTIONS", "/dav/", $"person{n}", $"wrong {n}"), pause: 1000),
        ["reports"] = url => KeepUpAsync(url, 64, 1, _ => Ask("REPORT", "work/", body: Expansion())),
        ["slow-readers"] = url => KeepUpAsync(url, 64, 1, _ => Ask("REPORT", "large/", body: $"<C:calendar-query {Ns}><D:prop><C:calendar-data/></D:prop>{Everything}</C:calendar-query>"), reads: false),
        ["text-match"] = url => KeepUpAsync(url, 32, 1, _ => Ask("REPORT", "large/", body: TextMatch())),
        ["proppatch"] = url => KeepUpAsync(url, 16, 1, n => Ask("PROPPATCH", "work/", body: $"<D:propertyupdate {Ns}><D:set><D:prop><x xmlns='urn:x'>{n}{new string('x', 30_000)}</x></D:prop></D:set></D:propertyupdate>")),
    };

    public static async Task<int> RunAsync(string name, Uri url)
    {
        await All[name](url);
        return 0;
    }

    private static async Task SpinAsync()
    {
        await Console.Out.WriteLineAsync("begun");
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Longest) Thread.SpinWait(1000);
    }

    private static async Task KeepUpAsync(Uri url, int sockets, int addresses, Func<int, string> request, bool reads = true, int pause = 20)
    {
        using var end = new CancellationTokenSource(Longest);
        var count = 0;
        var all = new List<Task>();
        for (var n = 0; n < sockets; n++)
        {
            var address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.9.{(n % addresses) + 1}"));
            all.Add(Task.Run(() => RepeatAsync(address), CancellationToken.None));
            if (n % 100 == 99) await Task.Delay(20);
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
        await Console.Out.WriteLineAsync("begun");
        await Task.WhenAll(all);

        async Task RepeatAsync(IPAddress from)
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    await OnceAsync(url, from, request(Interlocked.Increment(ref count)), reads, end.Token);
                }
                catch (Exception over) when (over is SocketException or OperationCanceledException)
                {
                    // the server has closed it
                }

                await Task.Delay(pause, CancellationToken.None);
            }
        }
    }

    private static async Task OnceAsync(Uri url, IPAddress from, string request, bool reads, CancellationToken end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (!reads) socket.ReceiveBufferSize = 4096;
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, end);
        if (request.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(request), end);
        if (!reads) await Task.Delay(TimeSpan.FromSeconds(10), end);
        while (await socket.ReceiveAsync(Waste, end) > 0) continue;
    }

    private static string Ask(string method, string path, string login = Scene.Attacker, string password = Scene.Password, string body = "")
    {
        var target = path.StartsWith('/') ? path : $"/dav/calendars/{Scene.Attacker}/{path}";
        return $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nDepth: 1\r\nAuthorization: {FairnessRun.Login(login, password)}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private static string Expansion() =>
        $"<C:calendar-query {Ns}><D:prop><C:calendar-data><C:expand start='20260101T000000Z' end='20270101T000000Z'/></C:calendar-data></D:prop>{Everything}</C:calendar-query>";

    private static string TextMatch() => $"<C:calendar-query {Ns}><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT' test='anyof'>"
        + string.Concat(Enumerable.Repeat($"<C:prop-filter name='X-NOTE'><C:text-match collation='i;unicode-casemap'>{new string('x', 900)}y</C:text-match></C:prop-filter>", 20))
        + "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>";
}
