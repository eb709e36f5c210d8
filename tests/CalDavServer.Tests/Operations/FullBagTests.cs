using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using CalDavServer.Access;
using CalDavServer.Storage;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>
/// Clients that ask for all properties there may be and read none of them: what is kept for them is bounded, and others are answered. The server program runs under a limit, as its memory is measured.
/// </summary>
[Collection(Alone.Name)]
public sealed class FullBagTests
{
    private const int Clients = 40;
    private const int Properties = 200;
    private const int Characters = 64 * 1024 - 100;
    private const int MostMegabytes = 500;
    private static readonly string[] Calendars = [.. Enumerable.Range(0, 20).Select(static n => $"c{n}")];

    [Fact]
    public async Task Clients_that_read_nothing_of_full_bags_of_properties_take_bounded_memory_and_keep_nobody_out()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "The peak of a process is read from /proc.");
        await using var program = new ServerProgram();
        var (attacker, other) = await FillAsync(program.Data);
        var server = await program.ServeAsync(new() { ["DOTNET_GCHeapHardLimit"] = "0x1C000000" }, "--urls", "http://127.0.0.1:0", "--no-demo");
        using var client = Client(server, attacker);
        var stored = 0;
        foreach (var calendar in Calendars) stored += await FillBagAsync(client, $"/dav/calendars/abel/{calendar}/");
        TestContext.Current.TestOutputHelper?.WriteLine($"{stored} properties were taken");
        Assert.InRange(stored, 20, Calendars.Length * Properties);

        await PeakMemory.ForgetAsync(server);
        var sockets = new List<Socket>();
        try
        {
            for (var n = 0; n < Clients; n++) sockets.Add(await AskForAllAsync(server, attacker));
            using var person = Client(server, other);
            for (var n = 0; n < 6; n++)
            {
                using var answer = await person.SendAsync(PropFind("/dav/calendars/vera/", "<D:displayname/>"), TestContext.Current.CancellationToken);
                Assert.Equal(207, (int)answer.StatusCode);
                await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
            }

            var peak = await PeakMemory.OfAsync(server);
            TestContext.Current.TestOutputHelper?.WriteLine($"{Clients} clients that do not read: peak {peak} MB");
            Assert.InRange(peak, 1, MostMegabytes);
            Assert.All(sockets, static socket => Assert.True(socket.Available > 0, "nothing came that could be read"));
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        using var after = await client.SendAsync(PropFind("/dav/calendars/abel/", "<D:displayname/>"), TestContext.Current.CancellationToken);
        Assert.Equal(207, (int)after.StatusCode);
        Assert.False(server.Process.HasExited);
    }

    // until no more is taken
    private static async Task<int> FillBagAsync(HttpClient client, string path)
    {
        for (var n = 0; n < Properties; n++)
        {
            var body = $"<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><p{n} xmlns='urn:x'>{new string('x', Characters)}</p{n}></D:prop></D:set></D:propertyupdate>";
            using var request = new HttpRequestMessage(new HttpMethod("PROPPATCH"), path) { Content = new StringContent(body, Encoding.UTF8, "application/xml") };
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains((int)answer.StatusCode, (int[])[207, 507]);
            if (!text.Contains("200 OK", StringComparison.Ordinal)) return n;
        }

        return Properties;
    }

    private static async Task<Socket> AskForAllAsync(RunningServer server, string login)
    {
        const string Body = "<D:propfind xmlns:D='DAV:'><D:allprop/></D:propfind>";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(server.Url.Host, server.Url.Port, TestContext.Current.CancellationToken);
        var request = string.Create(CultureInfo.InvariantCulture, $"PROPFIND /dav/calendars/abel/ HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: {login}\r\nDepth: 1\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return socket;
    }

    private static HttpClient Client(RunningServer server, string login)
    {
        var client = new HttpClient { BaseAddress = server.Url, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(login);
        return client;
    }

    private static HttpRequestMessage PropFind(string path, string properties)
    {
        var request = new HttpRequestMessage(new HttpMethod("PROPFIND"), path) { Content = new StringContent($"<D:propfind xmlns:D='DAV:'><D:prop>{properties}</D:prop></D:propfind>", Encoding.UTF8, "application/xml") };
        request.Headers.Add("Depth", "1");
        return request;
    }

    private static async Task<(string Attacker, string Other)> FillAsync(string folder)
    {
        await using var store = await DataFolder.OpenOrCreateAsync(folder);
        var practice = await new PracticeDirectory(store, SystemClock.Instance).CreatePracticeAsync("Riverbend", "UTC");
        var (attacker, other) = (await AddAsync(store, practice.Id, "abel"), await AddAsync(store, practice.Id, "vera"));
        foreach (var name in Calendars) await ApplyAsync(store, new CreateCollection(new Collection(0, "abel", name, Collection.OrdinaryKind, ["VEVENT"], "", 0, SystemClock.Instance.GetCurrentInstant(), PropertyBag.Empty)));
        return (attacker, other);
    }

    private static async Task<string> AddAsync(SqliteStore store, string practice, string id)
    {
        await new PracticeDirectory(store, SystemClock.Instance).CreatePersonAsync(id, id, null, PrincipalRole.Practitioner, practice, id);
        var secret = AppPassword.Generate();
        await ApplyAsync(store, new PutCredential(AppPassword.ForGenerated(secret, id, "test", false, PrivacyLevel.FullName, SystemClock.Instance.GetCurrentInstant())));
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));
    }

    private static async Task ApplyAsync(SqliteStore store, StoreOperation operation)
    {
        var outcome = await store.ApplyAsync(StoreBatch.Of(operation), TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
    }
}
