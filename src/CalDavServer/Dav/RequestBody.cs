using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace CalDavServer.Dav;

/// <summary>Reads request bodies: bounded, and decoded from gzip within the same bound, so that a small body cannot become a large one.</summary>
internal static class RequestBody
{
    // header and trailer (RFC 1952 §2.3)
    private const int ShortestGzip = 18;

    private static readonly DavError NotGzip = DavError.BadRequest("The request body is not valid gzip.");

    /// <summary>The body; none when it is larger than the bound. The error is for an encoding that isn't taken, or one that is broken.</summary>
    public static ValueTask<(ReadOnlyMemory<byte>? Body, DavError? Error)> ReadAsync(HttpContext http, int maxBytes)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return new((ReadOnlyMemory<byte>.Empty, null));
        if (http.Request.ContentLength > maxBytes) return new((null, null));
        var encoding = http.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || Is(encoding, "identity")) return ReadPlainAsync(http.Request.BodyReader, maxBytes, http.RequestAborted);
        if (Is(encoding, "gzip") || Is(encoding, "x-gzip")) return ReadGzipAsync(http, maxBytes);
        return new((null, new DavError(415, null, "A request body may be encoded with gzip only.")));
    }

    private static bool Is(string? encoding, string name) => string.Equals(encoding, name, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<(ReadOnlyMemory<byte>? Body, DavError? Error)> ReadPlainAsync(PipeReader reader, int maxBytes, CancellationToken cancelled)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await reader.ReadAsync(cancelled);
            }
            catch (Exception broken) when (broken is InvalidOperationException or (IOException and not BadHttpRequestException))
            {
                // the client has gone, the size of a chunk is beyond counting, or a trailer is not UTF-8
                return (null, DavError.BadRequest("The request body cannot be read."));
            }

            if (result.Buffer.Length > maxBytes)
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

    private static async ValueTask<(ReadOnlyMemory<byte>? Body, DavError? Error)> ReadGzipAsync(HttpContext http, int maxBytes)
    {
        var (read, error) = await ReadPlainAsync(http.Request.BodyReader, maxBytes, http.RequestAborted);
        if (error is not null || read is not { } zipped) return (null, error);
        if (zipped.Length < ShortestGzip) return (null, NotGzip);
        try
        {
            using var decoded = new GZipStream(new MemoryStream(zipped.ToArray(), false), CompressionMode.Decompress);
            var body = new MemoryStream();
            var part = new byte[16_384];
            for (int length; (length = decoded.Read(part)) > 0;)
            {
                if (body.Length + length > maxBytes) return (null, null);
                body.Write(part, 0, length);
            }

            // the decoder says nothing of an end that is missing: the last bytes are the length (RFC 1952 §2.3.1)
            return BinaryPrimitives.ReadUInt32LittleEndian(zipped.Span[^4..]) == body.Length ? (body.ToArray(), null) : (null, NotGzip);
        }
        catch (InvalidDataException)
        {
            return (null, NotGzip);
        }
    }
}
