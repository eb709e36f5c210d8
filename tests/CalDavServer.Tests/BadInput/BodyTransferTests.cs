using System.IO.Compression;
using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.BadInput;

/// <summary>Bodies that are too large, too slow, cut off or in another coding than they say: nothing of them is stored, and the connection ends in bounded time.</summary>
public sealed class BodyTransferTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    // the server's least rate and longest head, and some for a busy machine
    private static readonly TimeSpan CutWithin = TimeSpan.FromSeconds(40);

    private string New => server.Calendar + "new.ics";

    [Fact]
    public async Task A_length_that_is_too_large_is_refused_before_the_body_is_sent()
    {
        foreach (var length in new[] { "1048577", "16777216", "16777217", "9223372036854775807" })
        {
            var put = await server.SendAsync("PUT", New, $"Content-Length: {length}\r\n");
            Assert.True(put.HasCondition(C + "max-resource-size"), $"{length}: {put.Status} {put.Text}");
            Assert.Equal(413, (await server.SendAsync("PROPFIND", server.Calendar, $"Depth: 0\r\nContent-Length: {length}\r\n")).Status);
        }
    }

    [Fact]
    public async Task Chunks_without_end_are_refused_when_they_are_too_many()
    {
        using var limit = Limit();
        using var connection = await RawConnection.OpenAsync(server.Address, limit.Token);
        await connection.SendAsync(RawConnection.Request("PUT", New, server.Headers + "Transfer-Encoding: chunked\r\n"), limit.Token);
        var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('x', 65_536) + "\r\n");
        var sent = 0;
        while (sent < 1_000 && await connection.SendAsync(chunk, limit.Token)) sent++;
        Assert.True(sent < 1_000, "64 MB were taken");
        await CheckNothingIsStoredAsync();
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\n")]
    [InlineData("100000000\r\n")]
    [InlineData("3\r\nabcdef\r\n0\r\n\r\n")]
    [InlineData("3\nabc\n0\n\n")]
    public async Task Chunks_against_the_grammar_are_400(string chunks)
    {
        var answer = await server.SendAsync("PUT", New, "Transfer-Encoding: chunked\r\n", chunks);
        Assert.True(answer.Status == 400, $"{answer.Status} {answer.Text}");
        await CheckNothingIsStoredAsync();
    }

    [Fact]
    public async Task A_trailer_that_is_not_UTF_8_is_400()
    {
        byte[] chunks = [.. "3\r\nabc\r\n0\r\nX-Trailer: "u8, 0xb1, .. "\r\n\r\n"u8];
        Assert.Equal(400, (await server.SendAsync("PUT", New, "Transfer-Encoding: chunked\r\n", chunks)).Status);
        await CheckNothingIsStoredAsync();
    }

    [Fact]
    public async Task Chunks_with_extensions_and_trailers_are_read()
    {
        var body = Events.Event("chunked");
        var chunks = $"{body.Length - 5:x};ext=\"a\"\r\n{body[..^5]}\r\n05\r\n{body[^5..]}\r\n0\r\nX-Trailer: 1\r\n\r\n";
        Assert.Equal(201, (await server.SendAsync("PUT", server.Calendar + "chunked.ics", "Transfer-Encoding: chunked\r\n", chunks)).Status);
        Assert.Equal(body, (await server.Client.GetAsync(server.Calendar + "chunked.ics")).Text);
        Assert.Equal(204, (await server.Client.DeleteAsync(server.Calendar + "chunked.ics")).Status);
    }

    [Fact]
    public async Task A_body_that_is_aborted_in_the_middle_is_not_stored()
    {
        var body = Encoding.UTF8.GetBytes(Events.Event("aborted") + Events.Event("aborted"));
        var whole = body.Length / 2;
        foreach (var headers in new[] { $"Content-Length: {body.Length}\r\n", "Transfer-Encoding: chunked\r\n" })
        {
            using var limit = Limit();
            foreach (var abort in new[] { true, false })
            {
                using var connection = await RawConnection.OpenAsync(server.Address, limit.Token);
                await connection.SendAsync(RawConnection.Request("PUT", New, server.Headers + headers), limit.Token);

                // a whole object has come, but not the whole body
                await connection.SendAsync(headers[0] == 'T' ? [.. Encoding.ASCII.GetBytes($"{whole:x}\r\n"), .. body[..whole], .. "\r\n"u8] : body[..whole], limit.Token);
                if (abort) connection.Abort();
            }
        }

        await CheckNothingIsStoredAsync();
    }

    [Fact]
    public async Task Slow_heads_and_slow_bodies_are_cut_in_bounded_time_and_nothing_is_stored()
    {
        var body = Encoding.UTF8.GetBytes(Events.Event("slow"));
        var head = RawConnection.Request("PUT", New, server.Headers + $"Content-Length: {body.Length}\r\n");
        var chunked = RawConnection.Request("PUT", New, server.Headers + "Transfer-Encoding: chunked\r\n");
        var statuses = await Task.WhenAll(
            TrickleAsync(head[..^2], "X-Slow: 1\r\n"u8.ToArray()),
            TrickleAsync(head[..20], "x"u8.ToArray()),
            TrickleAsync("GET / HTTP/1.1\r\n"u8.ToArray(), []),
            TrickleAsync(head, body[..1]),
            TrickleAsync([.. head, .. body[..^2]], []),
            TrickleAsync(chunked, "1\r\nx\r\n"u8.ToArray()),
            TrickleAsync(RawConnection.Request("PROPFIND", server.Home, server.Headers + "Depth: 0\r\nContent-Length: 100\r\n"), " "u8.ToArray()));
        Assert.All(statuses, status => Assert.True(status is 0 or 400 or 408, $"{status}"));
        Assert.Contains(408, statuses);
        await CheckNothingIsStoredAsync();
    }

    [Fact]
    public async Task Expect_100_continue_is_answered_before_the_body_or_with_the_refusal()
    {
        var body = Encoding.UTF8.GetBytes(Events.Event("expected"));
        using var limit = Limit();
        using (var connection = await RawConnection.OpenAsync(server.Address, limit.Token))
        {
            var path = server.Calendar + "expected.ics";
            await connection.SendAsync(RawConnection.Request("PUT", path, server.Headers + $"Expect: 100-continue\r\nContent-Length: {body.Length}\r\n"), limit.Token);
            var answer = connection.ReadAsync(false, limit.Token);
            while (connection.Interim.Count == 0 && !answer.IsCompleted) await Task.Delay(10, limit.Token);
            Assert.Equal([100], connection.Interim);
            await connection.SendAsync(body, limit.Token);
            Assert.Equal(201, (await answer)!.Status);
            Assert.Equal(204, (await server.Client.DeleteAsync(path)).Status);
        }

        using var refused = await RawConnection.OpenAsync(server.Address, limit.Token);
        await refused.SendAsync(RawConnection.Request("PUT", New, server.Headers + "Expect: 100-continue\r\nContent-Length: 2000000\r\n"), limit.Token);
        Assert.Equal(403, (await refused.ReadAsync(false, limit.Token))!.Status);
        Assert.Empty(refused.Interim);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("frob")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip;q=1")]
    public async Task A_content_coding_other_than_gzip_is_415(string coding)
    {
        var answer = await server.SendAsync("PUT", New, $"Content-Encoding: {coding}\r\n", Events.Event("coded"));
        Assert.Equal((415, "A request body may be encoded with gzip only.\n"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Gzip_that_is_broken_or_cut_off_is_400()
    {
        var good = Gzip(Events.Event("zipped"));
        byte[] badSum = [.. good];
        badSum[^6] ^= 0xff;
        byte[][] bodies = [good[..^1], good[..^9], good[..(good.Length / 2)], good[..12], badSum, Encoding.UTF8.GetBytes(Events.Event("not zipped")), [0x1f, 0x8b]];
        for (var n = 0; n < bodies.Length; n++)
        {
            var answer = await server.SendAsync("PUT", New, "Content-Encoding: gzip\r\n", bodies[n]);
            Assert.True(answer.Status == 400, $"{n}: {answer.Status} {answer.Text}");
        }

        await CheckNothingIsStoredAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/html")]
    [InlineData("application/octet-stream")]
    [InlineData("application/calendar+json")]
    [InlineData("application/calendar+xml")]
    [InlineData("text/vcard")]
    [InlineData("text/*")]
    [InlineData("text")]
    [InlineData("text/calendar,text/calendar")]
    [InlineData("text/calendar; charset=iso-8859-1")]
    [InlineData("text/calendar; charset=utf-16")]
    [InlineData("text/calendar; charset=\"windows-1252\"")]
    public async Task A_type_other_than_iCalendar_in_UTF_8_is_refused_with_supported_calendar_data(string type)
    {
        var answer = await server.SendAsync("PUT", New, $"Content-Type: {type}\r\n", Events.Event("typed"));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + "supported-calendar-data"), answer.Text);
        Assert.Equal("A calendar object is text/calendar in UTF-8.", answer.Root.Element(D + "responsedescription")?.Value);
    }

    [Fact]
    public async Task Requests_in_a_row_on_one_connection_are_answered_in_order_and_a_bad_one_ends_it()
    {
        using var limit = Limit();
        using var connection = await RawConnection.OpenAsync(server.Address, limit.Token);
        var good = RawConnection.Request("GET", server.Kept, server.Headers);
        var missing = RawConnection.Request("GET", server.Calendar + "none.ics", server.Headers);
        var ignoredBody = RawConnection.Request("GET", server.Kept, server.Headers, "GET /smuggled HTTP/1.1\r\n\r\n"u8.ToArray());
        await connection.SendAsync((byte[])[.. good, .. missing, .. ignoredBody, .. good, .. "NONSENSE\r\n\r\n"u8], limit.Token);
        var statuses = new List<int>();
        while (await connection.ReadAsync(false, limit.Token) is { } answer) statuses.Add(answer.Status);
        Assert.Equal([200, 404, 415, 200, 400], statuses);
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(CutWithin);
        return limit;
    }

    private static byte[] Gzip(string text)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return zipped.ToArray();
    }

    // The status when the server ends it, 0 when it just closes; more is sent each second until then.
    private async Task<int> TrickleAsync(byte[] first, byte[] more)
    {
        using var limit = Limit();
        using var connection = await RawConnection.OpenAsync(server.Address, limit.Token);
        await connection.SendAsync(first, limit.Token);
        var answer = connection.ReadAsync(false, limit.Token);
        while (await Task.WhenAny(answer, Task.Delay(1_000, limit.Token)) != answer)
        {
            limit.Token.ThrowIfCancellationRequested();
            if (more.Length > 0) await connection.SendAsync(more, limit.Token);
        }

        return (await answer)?.Status ?? 0;
    }

    private async Task CheckNothingIsStoredAsync()
    {
        Assert.Equal(404, (await server.Client.GetAsync(New)).Status);
        await server.CheckKeptAsync();
    }
}
