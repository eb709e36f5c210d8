using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CalDavServer.Tests.Hosting;

/// <summary>A connection on which bytes are sent as they are: for what an HTTP client would repair, or refuse to send. It reads answers to the letter.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int MaxHeadBytes = 65_536;

    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly byte[] _one = new byte[1];
    private Stream _output = Stream.Null;
    private Stream _input = Stream.Null;

    /// <summary>Statuses of the interim answers so far, e.g. 100.</summary>
    public List<int> Interim { get; } = [];

    public static async Task<RawConnection> OpenAsync(Uri address, CancellationToken cancelled)
    {
        var connection = new RawConnection();
        await connection._tcp.ConnectAsync(address.Host, address.Port, cancelled);
        connection._output = connection._tcp.GetStream();
        connection._input = new BufferedStream(connection._output);
        return connection;
    }

    /// <summary>The bytes of a request. The headers are written as they are, each with its line end.</summary>
    public static byte[] Request(string method, string target, string headers, byte[]? body = null)
    {
        var length = body is null || headers.Contains("Content-Length", StringComparison.OrdinalIgnoreCase) || headers.Contains("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
            ? ""
            : $"Content-Length: {body.Length}\r\n";
        return [.. Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\n{headers}{length}\r\n"), .. body ?? []];
    }

    /// <summary>Sends bytes. A server that has already answered and closed takes no more of them: that is no failure.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancelled)
    {
        try
        {
            await _output.WriteAsync(bytes, cancelled);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Reads the next answer; null when the connection is closed instead.</summary>
    /// <param name="toHead">Whether it answers a HEAD, and so has no body.</param>
    /// <exception cref="InvalidDataException">It is not HTTP.</exception>
    public async Task<DavAnswer?> ReadAsync(bool toHead, CancellationToken cancelled)
    {
        while (true)
        {
            if (await ReadHeadAsync(cancelled) is not { } head) return null;
            var lines = head.Split("\r\n");
            var status = StatusOf(lines[0]);
            var headers = HeadersOf(lines[1..]);
            if (status is >= 100 and < 200)
            {
                Interim.Add(status);
                continue;
            }

            var body = toHead || status is 204 or 304 ? [] : await ReadBodyAsync(headers, cancelled);
            return new DavAnswer(status, headers, body);
        }
    }

    /// <summary>Ends the connection at once, as a crashed client does.</summary>
    public void Abort()
    {
        _tcp.Client.LingerState = new LingerOption(true, 0);
        _tcp.Close();
    }

    public void Dispose() => _tcp.Dispose();

    private static int StatusOf(string line) =>
        line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && line.Length > 12 && line[12] == ' ' && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new InvalidDataException($"This is no status line: {line}");

    private static Dictionary<string, string> HeadersOf(string[] lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[..colon].Any(char.IsWhiteSpace)) throw new InvalidDataException($"This is no header: {line}");
            var value = line[(colon + 1)..].Trim();
            headers[line[..colon]] = headers.TryGetValue(line[..colon], out var before) ? $"{before}, {value}" : value;
        }

        return headers;
    }

    private async Task<string?> ReadHeadAsync(CancellationToken cancelled)
    {
        var head = new StringBuilder();
        while (!EndsWithBlankLine(head))
        {
            var next = await ReadByteAsync(cancelled);
            if (next < 0) return head.Length == 0 ? null : throw new InvalidDataException("The connection ended within the head of an answer.");
            if (head.Append((char)next).Length > MaxHeadBytes) throw new InvalidDataException("The head of an answer does not end.");
        }

        return head.ToString(0, head.Length - 4);
    }

    private static bool EndsWithBlankLine(StringBuilder head) => head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r';

    private async Task<byte[]> ReadBodyAsync(Dictionary<string, string> headers, CancellationToken cancelled)
    {
        var body = new MemoryStream();
        if (headers.TryGetValue("Transfer-Encoding", out var coding))
        {
            if (coding != "chunked" || headers.ContainsKey("Content-Length")) throw new InvalidDataException("The length of an answer is not clear.");
            while (await ReadChunkAsync(body, cancelled))
            {
            }
        }
        else if (headers.TryGetValue("Content-Length", out var text))
        {
            await CopyAsync(body, int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), cancelled);
        }
        else
        {
            await _input.CopyToAsync(body, cancelled);
        }

        return body.ToArray();
    }

    private async Task<bool> ReadChunkAsync(MemoryStream body, CancellationToken cancelled)
    {
        var size = await ReadLineAsync(cancelled);
        if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)) throw new InvalidDataException("This is no size of a chunk.");
        await CopyAsync(body, length, cancelled);
        if ((await ReadLineAsync(cancelled)).Length > 0) throw new InvalidDataException("A chunk is longer than it says.");
        return length > 0;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancelled)
    {
        var line = new StringBuilder();
        while (line.Length < 1_000)
        {
            var next = await ReadByteAsync(cancelled);
            if (next < 0) break;
            if (next == '\n' && line.Length > 0 && line[^1] == '\r') return line.ToString(0, line.Length - 1);
            line.Append((char)next);
        }

        throw new InvalidDataException("The connection ended within a chunk.");
    }

    private async Task CopyAsync(MemoryStream body, int length, CancellationToken cancelled)
    {
        var bytes = new byte[length];
        try
        {
            await _input.ReadExactlyAsync(bytes, cancelled);
        }
        catch (Exception cut) when (cut is EndOfStreamException or IOException)
        {
            throw new InvalidDataException("The connection ended within the body of an answer.");
        }

        body.Write(bytes);
    }

    // a reset after everything was read is an end, too: the server closes without reading the rest of a request it has refused
    private async ValueTask<int> ReadByteAsync(CancellationToken cancelled)
    {
        try
        {
            return await _input.ReadAsync(_one, cancelled) == 0 ? -1 : _one[0];
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
