using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace CalDavServer.Dav;

/// <summary>Reads request bodies: bounded, and decoded from gzip within the same bound, so that a small body cannot become a large one.</summary>
internal static class RequestBody
{
    private const int ShortestGzip = 18;

    /// <summary>The body; none when it is larger than the bound. The error is for an encoding that isn't taken, or one that is broken.</summary>
    public static ValueTask<(ReadOnlyMemory<byte>? Body, DavError? Error)> ReadAsync(HttpContext http, int maxOctets)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return new((ReadOnlyMemory<byte>.Empty, null));
        if (http.Request.ContentLength > maxOctets) return new((null, null));
        var encoding = http.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || Is(encoding, "identity")) return ReadPlainAsync(http.Request.BodyReader, maxOctets, http.RequestAborted);
        if (Is(encoding, "gzip") || Is(encoding, "x-gzip")) return ReadGzipAsync(http, maxOctets);
        return new((null, new DavError(415, null, "A request body may be encoded with gzip only.")));
    }

    private static bool Is(string? encoding, string name) => string.Equals(encoding, name, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<(ReadOnlyMemory<byte>? Body, DavError? Error)> ReadPlainAsync(PipeReader reader, int maxOctets, CancellationToken cancelled)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancelled);
            if (result.Buffer.Length > maxOctets)
            {
                reader.AdvanceTo(result.Buffer.End);
                return (null, null);
            }

            if (result.IsCompleted)
            {
                ReadOnlyMemory<byte> body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return (body, null);
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async ValueTask<(ReadOnlyMemory<byte>? Body, DavError? Error)> ReadGzipAsync(HttpContext http, int maxOctets)
    {
        // shorter than its header and trailer (RFC 1952 §2.3): the decoder would take it for an empty one
        if (http.Request.ContentLength < ShortestGzip) return (null, DavError.BadRequest("The request body is not good gzip."));
        try
        {
            await using var decoded = new GZipStream(http.Request.Body, CompressionMode.Decompress, leaveOpen: true);
            var reader = PipeReader.Create(decoded, new StreamPipeReaderOptions(leaveOpen: true));
            var result = await ReadPlainAsync(reader, maxOctets, http.RequestAborted);
            await reader.CompleteAsync();
            return result;
        }
        catch (InvalidDataException)
        {
            return (null, DavError.BadRequest("The request body is not good gzip."));
        }
    }
}
