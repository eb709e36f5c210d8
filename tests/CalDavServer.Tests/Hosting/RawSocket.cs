using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace CalDavServer.Tests.Hosting;

/// <summary>Sends bytes as they are and reads one HTTP/1.1 answer, each time over a connection of its own.</summary>
internal static class RawSocket
{
    /// <summary>Sends a request. The answer's body is decoded as its Content-Encoding says.</summary>
    public static async Task<DavAnswer> SendAsync(Uri address, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        await using var stream = new BufferedStream(client.GetStream());
        await stream.WriteAsync(request, cancellationToken);
        await stream.FlushAsync(cancellationToken);

        var status = int.Parse((await ReadLineAsync(stream, cancellationToken)).Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream, cancellationToken) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            headers[name] = headers.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
        }

        var isHead = request.Span.StartsWith("HEAD "u8);
        var body = isHead || status is 204 or 304 ? [] : await ReadBodyAsync(stream, headers, cancellationToken);
        return new DavAnswer(status, headers, Decode(body, headers.GetValueOrDefault("Content-Encoding")));
    }

    private static async Task<byte[]> ReadBodyAsync(Stream stream, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (headers.GetValueOrDefault("Transfer-Encoding") != "chunked")
            return await ReadAsync(stream, int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture), cancellationToken);
        var body = new List<byte>();
        while (true)
        {
            var length = int.Parse(await ReadLineAsync(stream, cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await ReadAsync(stream, length, cancellationToken));
            await ReadLineAsync(stream, cancellationToken);
            if (length == 0) return [.. body];
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(next, cancellationToken);
            if (next[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(next[0]);
        }
    }

    private static byte[] Decode(byte[] body, string? encoding)
    {
        if (encoding is null || body.Length == 0) return body;
        using Stream decoder = encoding switch
        {
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            "deflate" => new ZLibStream(new MemoryStream(body), CompressionMode.Decompress),
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => throw new NotSupportedException(encoding),
        };
        var plain = new MemoryStream();
        decoder.CopyTo(plain);
        return plain.ToArray();
    }
}
