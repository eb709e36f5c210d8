using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CalDavServer.Metrics;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;
using static CalDavServer.Tests.Hosting.Events;

namespace CalDavServer.Tests.Operations;

public sealed class MetricsTests
{
    private const string Token = "0123456789abcdefTOKEN";
    private const string Lag = "calendarsync_sync_lag_seconds_count{}";

    [Fact]
    public async Task Requests_are_counted_by_method_report_route_and_status_and_nothing_of_them_is_told()
    {
        await using var server = await TestServer.StartAsync();
        var alice = await server.AddPersonAsync("marker-login@example.com");
        using var client = server.Client(alice);
        var calendar = client.Calendar("home");
        Assert.Equal(201, (await client.PutAsync(calendar + "marker-name.ics", Event("marker-uid", "marker-title"))).Status);
        Assert.Equal(200, (await client.GetAsync(calendar + "marker-name.ics")).Status);
        Assert.Equal(404, (await client.GetAsync(calendar + "marker-absent.ics?marker-query")).Status);
        Assert.Equal(207, (await client.SendAsync("REPORT", calendar, SyncReport, ("Depth", "0"))).Status);
        Assert.Equal(207, (await client.PropFindAsync(client.Home, "0", Xml.D + "displayname")).Status);
        Assert.Equal(207, (await client.PropFindAsync(client.Principal, "0", Xml.D + "displayname")).Status);
        Assert.Equal(501, (await client.SendAsync("MARKER-METHOD", calendar)).Status);

        var text = await ReadAsync(server);
        var metrics = Exposition.Parse(text);

        Assert.DoesNotContain("marker", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(alice.Principal.Id, text, StringComparison.Ordinal);
        double Count(string method, string report, string route, string status) => metrics.Sum(
            "calendarsync_request_duration_seconds_count", $"method=\"{method}\"", $"report=\"{report}\"", $"route=\"{route}\"", $"status=\"{status}\"");
        Assert.Equal(1, Count("PUT", "", "object", "2xx"));
        Assert.Equal(1, Count("GET", "", "object", "2xx"));
        Assert.Equal(1, Count("GET", "", "object", "4xx"));
        Assert.Equal(1, Count("REPORT", "sync-collection", "calendar", "2xx"));
        Assert.Equal(1, Count("PROPFIND", "", "home", "2xx"));
        Assert.Equal(1, Count("PROPFIND", "", "principal", "2xx"));
        Assert.Equal(1, Count("other", "", "calendar", "5xx"));
        Assert.Equal("histogram", metrics.Types["calendarsync_request_duration_seconds"]);

        // the one that asks
        Assert.Equal(1, metrics.Samples["calendarsync_requests_active{}"]);
    }

    [Fact]
    public async Task Commits_their_batches_and_what_was_refused_are_counted()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddPersonAsync("alice@example.com");
        Assert.False((await server.Store.ApplyAsync(StoreBatch.Of(new DeleteRecord("k", "o", "i")), TestContext.Current.CancellationToken)).Succeeded);

        var metrics = Exposition.Parse(await ReadAsync(server));

        Assert.Equal(server.Store.Commits, metrics.Samples["calendarsync_store_commit_duration_seconds_count{}"]);
        Assert.True(metrics.Samples["calendarsync_store_commit_batches_sum{}"] >= server.Store.Commits);
        Assert.Equal(1, metrics.Samples["calendarsync_store_failures_total{reason=\"NotFound\"}"]);
        Assert.Equal(0, metrics.Samples["calendarsync_store_batches_waiting{}"]);
        Assert.Equal(0, metrics.Samples["calendarsync_store_snapshots_waiting{}"]);
        Assert.True(metrics.Samples["calendarsync_store_size_bytes{}"] > 0);
        Assert.True(metrics.Samples["dotnet_process_memory_working_set_bytes{}"] > 0);
        Assert.True(metrics.Sum("dotnet_gc_collections_total") >= 0);
    }

    [Fact]
    public async Task Callers_that_wait_for_a_snapshot_are_seen()
    {
        await using var server = await TestServer.StartAsync(options: new SqliteStoreOptions { Readers = 2 });
        await ReadAsync(server);
        using var first = await server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        using var second = await server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var third = server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);

        // what is counted in the store was counted a moment ago: the page needs no snapshot
        var metrics = Exposition.Parse(await ReadAsync(server));
        Assert.Equal(2, metrics.Samples["calendarsync_store_snapshots_open{}"]);
        Assert.Equal(1, metrics.Samples["calendarsync_store_snapshots_waiting{}"]);

        first.Dispose();
        (await third).Dispose();
        Assert.Equal(0, Exposition.Parse(await ReadAsync(server)).Samples["calendarsync_store_snapshots_waiting{}"]);
    }

    [Fact]
    public async Task The_lag_of_a_change_is_measured_when_a_device_is_first_told_of_it()
    {
        await using var server = await TestServer.StartAsync();
        var alice = await server.AddPersonAsync("alice@example.com");
        using var client = server.Client(alice);
        var calendar = client.Calendar("home");
        await client.PropFindAsync(client.Home, "1", Xml.D + "sync-token");
        await client.PutAsync(calendar + "a.ics", Event("a"));
        var before = Exposition.Parse(await ReadAsync(server)).Samples[Lag];

        await client.PropFindAsync(calendar, "0", Xml.D + "sync-token");
        await client.PropFindAsync(calendar, "0", Xml.D + "sync-token");
        Assert.Equal(before + 1, Exposition.Parse(await ReadAsync(server)).Samples[Lag]);

        await client.PutAsync(calendar + "a.ics", Event("a", "again"));
        await client.SendAsync("REPORT", calendar, SyncReport, ("Depth", "0"));
        Assert.Equal(before + 2, Exposition.Parse(await ReadAsync(server)).Samples[Lag]);
    }

    [Fact]
    public async Task Devices_of_the_last_five_minutes_and_links_by_state_are_counted()
    {
        await using var server = await TestServer.StartAsync();
        var now = server.Clock.GetCurrentInstant();
        var alice = await server.AddPersonAsync("alice@example.com");
        var old = await server.AddPasswordAsync(alice.Principal);
        await server.Store.ApplyAsync(
            StoreBatch.Of(
                new PutCredential(alice.Credential with { LastUsed = now }),
                new PutCredential(old.Credential with { LastUsed = now - Duration.FromMinutes(6) }),
                new PutRecord("link", alice.Principal.Id, "1", """{"state":"active"}"""u8.ToArray()),
                new PutRecord("link", alice.Principal.Id, "2", """{"state":"broken"}"""u8.ToArray()),
                new PutRecord("link", alice.Principal.Id, "3", """{"state":"active"}"""u8.ToArray()),
                new PutRecord("link", alice.Principal.Id, "4", "damaged"u8.ToArray())),
            TestContext.Current.CancellationToken);

        var metrics = Exposition.Parse(await ReadAsync(server));

        Assert.Equal(1, metrics.Samples["calendarsync_devices_active{}"]);
        Assert.Equal(2, metrics.Samples["calendarsync_links{state=\"active\"}"]);
        Assert.Equal(1, metrics.Samples["calendarsync_links{state=\"broken\"}"]);
        Assert.Equal(1, metrics.Samples["calendarsync_links{state=\"unknown\"}"]);
    }

    [Theory]
    [InlineData(null, null, null, false, 200)]
    [InlineData(null, null, "203.0.113.7", false, 404)]
    [InlineData(null, null, "203.0.113.7", true, 404)]
    [InlineData(null, null, "127.0.0.1", false, 404)]
    [InlineData(null, null, "127.0.0.1", true, 404)]
    [InlineData(null, null, "::1", true, 404)]
    [InlineData(null, null, "", true, 404)]
    [InlineData(Token, null, null, false, 401)]
    [InlineData(Token, "Bearer " + Token, null, false, 200)]
    [InlineData(Token, "bearer " + Token, null, false, 200)]
    [InlineData(Token, "Bearer " + Token + "x", null, false, 401)]
    [InlineData(Token, "Basic " + Token, null, false, 401)]
    [InlineData(Token, "Bearer " + Token, "203.0.113.7", true, 200)]
    public async Task Metrics_are_for_the_machine_itself_or_for_a_token(string? token, string? authorization, string? forwardedFor, bool believed, int status)
    {
        IReadOnlyList<System.Net.IPNetwork> proxies = believed ? [new System.Net.IPNetwork(IPAddress.Loopback, 32)] : [];
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { MetricsToken = token, Proxies = proxies });
        using var client = server.Anonymous();
        var headers = new List<(string, string)>();
        if (authorization is not null) headers.Add(("Authorization", authorization));
        if (forwardedFor is not null) headers.AddRange([("X-Forwarded-For", forwardedFor), ("X-Forwarded-Proto", "https")]);

        var answer = await client.GetAsync("/metrics", [.. headers]);

        Assert.Equal(status, answer.Status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        if (status == 200) Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Header("Content-Type"));
        else Assert.DoesNotContain("calendarsync_", answer.Text, StringComparison.Ordinal);
        if (status == 401) Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_can_only_be_read()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Anonymous();

        Assert.Equal(405, (await client.SendAsync("POST", "/metrics", "x")).Status);
        Assert.Equal((200, 0), (await client.SendAsync("HEAD", "/metrics")) is var head ? (head.Status, head.Bytes.Length) : default);
    }

    [Fact]
    public void Help_and_labels_are_escaped_and_buckets_add_up()
    {
        using var meter = new Meter("test");
        var counter = new Family(meter.CreateCounter<long>("odd.name-here", null, "a \\ and\na line"));
        counter.Record(2, [new("label.one", "quote \" back \\ line\nend")]);
        counter.Record(1, [new("label.one", "quote \" back \\ line\nend")]);
        var histogram = new Family(meter.CreateHistogram("sizes", "By", "x", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10] }));
        foreach (var value in (double[])[0.5, 1, 5, 100]) histogram.Record(value, []);

        var text = PrometheusText.Write([counter, histogram]);
        var read = Exposition.Parse(text);

        Assert.Equal("a \\ and\na line", read.Help["odd_name_here_total"]);
        Assert.Contains("odd_name_here_total{label_one=\"quote \\\" back \\\\ line\\nend\"} 3\n", text, StringComparison.Ordinal);
        Assert.Equal(2, read.Samples["sizes_bytes_bucket{le=\"1\"}"]);
        Assert.Equal(3, read.Samples["sizes_bytes_bucket{le=\"10\"}"]);
        Assert.Equal(4, read.Samples["sizes_bytes_bucket{le=\"+Inf\"}"]);
        Assert.Equal(106.5, read.Samples["sizes_bytes_sum{}"]);
    }

    [Fact]
    public async Task A_collector_receives_the_metrics_over_otlp()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var collector = ReceiveAsync(listener);
        await using (var server = await TestServer.StartAsync(hosting: new ServerOptions { Otlp = new Uri($"http://{listener.LocalEndpoint}") }))
        {
            using var client = server.Client(await server.AddPersonAsync("alice@example.com"));
            await client.GetAsync("/health/ready");
        }

        var (head, body) = await collector.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.StartsWith("POST /v1/metrics HTTP/1.1", head, StringComparison.Ordinal);
        Assert.Contains("application/x-protobuf", head, StringComparison.OrdinalIgnoreCase);
        Assert.True(body.AsSpan().IndexOf("calendarsync.request.duration"u8) > 0);
        Assert.True(body.AsSpan().IndexOf("calendarsync.store.commit.duration"u8) > 0);
        Assert.True(body.AsSpan().IndexOf("dotnet.process.cpu.time"u8) > 0);
    }

    private const string SyncReport = "<D:sync-collection xmlns:D='DAV:'><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>";

    private static async Task<string> ReadAsync(TestServer server)
    {
        using var client = server.Anonymous();
        var answer = await client.GetAsync("/metrics");
        Assert.Equal(200, answer.Status);
        return answer.Text;
    }

    /// <summary>Takes one request of a known length.</summary>
    private static async Task<(string Head, byte[] Body)> ReceiveAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var received = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            received.AddRange(buffer.AsSpan(0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)).ToArray());
            var bytes = received.ToArray();
            if (bytes.AsSpan().IndexOf("\r\n\r\n"u8) is not (>= 0 and var end)) continue;
            var head = Encoding.ASCII.GetString(bytes, 0, end);
            var length = head.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
            if (bytes.Length < end + 4 + int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)) continue;
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            return (head, bytes[(end + 4)..]);
        }
    }
}
