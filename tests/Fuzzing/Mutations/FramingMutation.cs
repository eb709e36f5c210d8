using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Fuzzing.Mutations;

/// <summary>Another way of saying where the body ends, or of coding it.</summary>
internal static class FramingMutation
{
    public static FuzzRequest? Apply(FuzzRequest request, Random random)
    {
        var headers = request.Headers.Where(header => !header.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)).ToList();
        switch (random.Next(12))
        {
            case 0 or 1:
                headers.Add("Transfer-Encoding: chunked");
                return request with { Headers = headers, Body = Chunks(request.Body, random) };
            case 2:
                headers.Add("Content-Encoding: gzip");
                headers.Add("Content-Length: {length}");
                return request with { Headers = headers, Body = Gzip(request.Body) };
            case 3 when request.Body.Length > 0:
                headers.Add($"Content-Length: {random.Next(request.Body.Length).ToString(CultureInfo.InvariantCulture)}");
                return request with { Headers = headers };
            case 4 when random.Next(5) == 0:
                headers.Add($"Content-Length: {random.Number()}");
                return request with { Headers = headers };
            case 5 when random.Next(5) == 0:
                headers.Add($"Transfer-Encoding: {random.Of<string>(["chunked", "gzip", "identity", "chunked, chunked", "x"])}");
                return request with { Headers = [.. headers, "Content-Length: {length}"] };
            case 6 when random.Next(5) == 0:
                return request with { Body = request.Body + request.Body };
            default:
                return null;
        }
    }

    private static string Chunks(string body, Random random)
    {
        var chunked = new StringBuilder();
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(body.Length - at, 1 + random.Next(1 << random.Next(1, 14)));
            chunked.Append(CultureInfo.InvariantCulture, $"{length:x}").Append(random.Next(20) == 0 ? ";x=\"y\"" : "").Append("\r\n").Append(body, at, length).Append(random.Next(100) == 0 ? "" : "\r\n");
            at += length;
        }

        return chunked.Append(random.Next(20) == 0 ? "" : "0\r\n").Append(random.Next(20) == 0 ? "X-Trailer: 1\r\n" : "").Append("\r\n").ToString();
    }

    private static string Gzip(string body)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(Encoding.Latin1.GetBytes(body));
        return Encoding.Latin1.GetString(zipped.ToArray());
    }
}
