using System.Globalization;
using System.Net;
using Calendaring.Store;
using Google;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using NodaTime.Text;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>Has Google tell when the calendar of a link changes. A channel of Google lasts a week and cannot be made longer.</summary>
public sealed class GoogleChannels(GoogleCalendars calendars, ICalendarStore store, IClock clock, Uri hook) : LinkChannels(store, clock)
{
    private static readonly InstantPattern HttpDate = InstantPattern.CreateWithInvariantCulture("ddd, dd MMM uuuu HH:mm:ss 'GMT'");

    /// <inheritdoc/>
    protected override Duration Lasts { get; } = Duration.FromDays(7);

    /// <inheritdoc/>
    protected override Duration Overlap { get; } = Duration.FromHours(34);

    /// <summary>What was told: whether it came from Google, and which link may have changed; no link when that was told before, or is no change.</summary>
    /// <param name="id">The channel's id.</param>
    /// <param name="secret">What proves that it is Google.</param>
    /// <param name="resource">What Google calls that which is watched.</param>
    /// <param name="expiration">When the channel ends, as an HTTP date.</param>
    /// <param name="number">The number of the message: they rise.</param>
    /// <param name="state">What happened.</param>
    public async Task<(bool IsKnown, LinkKey? Link)> ReceiveAsync(string? id, string? secret, string? resource, string? expiration, string? number, string? state)
    {
        if (Find(id, secret) is not { } heard) return default;
        await NoteAsync(heard, resource, HttpDate.Parse(expiration ?? "") is { Success: true } end ? end.Value : null);
        var isNew = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var message) && heard.IsNew(message);
        return isNew && state != "sync" ? (true, heard.Channel.Link) : (true, null);
    }

    internal override async Task<LinkChannel> OpenAsync(Link link, LinkChannel channel, string secret, CancellationToken cancelled)
    {
        using var service = calendars.OpenClient(link.Account);
        var body = new Channel { Id = channel.Id, Type = "web_hook", Address = hook.AbsoluteUri, Token = secret, Expiration = channel.Expires.ToUnixTimeMilliseconds() };
        var answer = await service.Events.Watch(body, link.CalendarId).ExecuteAsync(cancelled);
        return (channel with { ResourceId = answer.ResourceId }).EndingAt(answer.Expiration is { } until ? Instant.FromUnixTimeMilliseconds(until) : null);
    }

    internal override bool MayBeOpen(Exception failure) => failure is not GoogleApiException refused || (int)refused.HttpStatusCode is < 400 or >= 500;

    internal override async Task CloseAsync(Link link, LinkChannel channel, CancellationToken cancelled)
    {
        using var service = calendars.OpenClient(link.Account);
        try
        {
            await service.Channels.Stop(new Channel { Id = channel.Id, ResourceId = channel.ResourceId }).ExecuteAsync(cancelled);
        }
        catch (GoogleApiException gone) when (gone.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            // it has ended
        }
    }
}
