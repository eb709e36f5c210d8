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
    private readonly PieceSender _sender = new(context, compressed);

    public async Task WriteAsync(Collection hx, DateTimeZone zone, Practice.PrivacyLevel level)
    {
        var rows = await snapshot.ListRowsAsync(hx.Id).ToListAsync(context.RequestAborted);
        var first = rows.Min(row => row.Index.Start) ?? Instant.FromUnixTimeSeconds(0);
        var calendar = new FeedCalendar(hx, zone, level, first.InUtc().LocalDateTime);
        calendar.WriteStart(_sender.Buffer);
        foreach (var row in rows)
        {
            await WriteAsync(calendar, row);
            await _sender.DrainAsync();
        }

        snapshot.Dispose();
        FeedCalendar.WriteEnd(_sender.Buffer);
        await _sender.EndAsync();
    }

    public void Dispose() => _sender.Dispose();

    private async Task WriteAsync(FeedCalendar calendar, ObjectRow row)
    {
        try
        {
            if (FeedCalendar.Shows(row) && await snapshot.FindObjectAsync(row.CollectionId, row.Name) is { } stored) calendar.Write(stored, _sender.Buffer);
        }
        catch (Exception damaged) when (damaged is FormatException or CorruptObjectException)
        {
            LogDamaged(logger, row.CollectionId, row.Change);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An object of collection {CollectionId} (change {Change}) is damaged and was left out of a feed: run the check command")]
    private static partial void LogDamaged(ILogger logger, long collectionId, long change);
}
