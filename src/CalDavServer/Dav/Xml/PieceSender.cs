using System.Buffers;
using System.IO.Compression;
using CalDavServer.Http;
using Calendaring;

namespace CalDavServer.Dav.Xml;

/// <summary>Sends a long text that is not XML piece by piece, compressed or not. What is written goes into <see cref="Buffer"/>; between two things that belong together it is drained.</summary>
internal sealed class PieceSender(HttpContext context, bool compressed) : IDisposable
{
    private const int Piece = 48 * 1024;

    private readonly Sending _sending = new(context.Response, context.RequestAborted);
    private readonly MemoryStream _packed = new();
    private GZipStream? _packing;

    /// <summary>What is to be sent next.</summary>
    public ArrayBufferWriter<byte> Buffer { get; } = new(Piece + 4096);

    /// <summary>Hands what is written to the response when it is worth it.</summary>
    /// <exception cref="SlowClientException">The client has long not read what it was sent.</exception>
    public ValueTask DrainAsync() => Buffer.WrittenCount < Piece ? default : SendAsync(isLast: false);

    /// <summary>Hands over the rest, and waits until it is on its way.</summary>
    public async ValueTask EndAsync()
    {
        await SendAsync(isLast: true);
        await _sending.EndAsync();
    }

    public void Dispose()
    {
        _sending.Dispose();
        _packing?.Dispose();
    }

    private async ValueTask SendAsync(bool isLast)
    {
        LongWork.LetOthersGoFirst();
        if (!isLast && !_sending.HasRoomFor(Buffer.WrittenCount)) await _sending.WaitAsync();
        if (compressed)
        {
            _packing ??= new GZipStream(_packed, CompressionLevel.Fastest, leaveOpen: true);
            _packing.Write(Buffer.WrittenSpan);
            if (isLast) _packing.Dispose();
            Hand(_packed.GetBuffer().AsSpan(0, (int)_packed.Length));
            _packed.SetLength(0);
        }
        else
        {
            Hand(Buffer.WrittenSpan);
        }

        Buffer.ResetWrittenCount();
    }

    private void Hand(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        var piece = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(piece);
        _sending.Take(piece, bytes.Length);
    }
}
