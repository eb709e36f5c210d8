using System.Buffers;
using System.IO.Compression;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using NodaTime;
using Practice.Feeds;

namespace CalDavServer.Feeds;

/// <summary>
/// Sends a feed piece by piece, compressed where the client takes that, and lets the snapshot go as soon as the last appointment has been read.
/// An appointment that is damaged is left out, and told to the log without content.
/// </summary>
internal sealed partial class FeedAnswer(HttpContext context, IStoreSnapshot snapshot, bool compressed, ILogger logger) : IDisposable
{
    private const int Piece = 48 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(Piece + 4096);
    private readonly Sending _sending = new(context.Response, context.RequestAborted);
    private readonly MemoryStream _packed = new();
    private GZipStream? _packing;

    public async Task WriteAsync(Collection hx, DateTimeZone zone, Practice.PrivacyLevel level)
    {
        if (compressed) _packing = new GZipStream(_packed, CompressionLevel.Fastest, leaveOpen: true);
        var rows = await snapshot.ListRowsAsync(hx.Id).ToListAsync(context.RequestAborted);
        var first = rows.Min(row => row.Index.Start) ?? Instant.FromUnixTimeSeconds(0);
        var calendar = new FeedCalendar(hx, zone, level, first.InUtc().LocalDateTime);
        calendar.WriteStart(_buffer);
        foreach (var row in rows)
        {
            await WriteAsync(calendar, row);
            if (_buffer.WrittenCount >= Piece) await SendAsync(isLast: false);
        }

        snapshot.Dispose();
        FeedCalendar.WriteEnd(_buffer);
        await SendAsync(isLast: true);
        await _sending.EndAsync();
    }

    public void Dispose()
    {
        _sending.Dispose();
        _packing?.Dispose();
    }

    private async Task WriteAsync(FeedCalendar calendar, ObjectRow row)
    {
        try
        {
            if (FeedCalendar.Shows(row) && await snapshot.FindObjectAsync(row.CollectionId, row.Name) is { } stored) calendar.Write(stored, _buffer);
        }
        catch (Exception damaged) when (damaged is FormatException or CorruptObjectException)
        {
            LogDamaged(logger, row.CollectionId, row.Change);
        }
    }

    private async Task SendAsync(bool isLast)
    {
        if (!isLast && !_sending.HasRoomFor(_buffer.WrittenCount)) await _sending.WaitAsync();
        if (_packing is null)
        {
            Hand(_buffer.WrittenSpan);
        }
        else
        {
            _packing.Write(_buffer.WrittenSpan);
            if (isLast) _packing.Dispose();
            Hand(_packed.GetBuffer().AsSpan(0, (int)_packed.Length));
            _packed.SetLength(0);
        }

        _buffer.ResetWrittenCount();
    }

    private void Hand(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty) return;
        var piece = ArrayPool<byte>.Shared.Rent(octets.Length);
        octets.CopyTo(piece);
        _sending.Take(piece, octets.Length);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An object of collection {CollectionId} (change {Change}) is damaged and was left out of a feed: run the check command")]
    private static partial void LogDamaged(ILogger logger, long collectionId, long change);
}
