using System.Globalization;
using Calendaring.Store;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>Has Google tell when the calendar of a link changes. A channel of Google lasts a week and cannot be made longer.</summary>
public sealed class GoogleChannels(GoogleCalendars calendars, ICalendarStore store, IClock clock, Uri hook) : LinkChannels(store, clock)
{
    /// <inheritdoc/>
    protected override Duration Lasts { get; } = Duration.FromDays(7);

    /// <inheritdoc/>
    protected override Duration Overlap { get; } = Duration.FromHours(34);

    /// <summary>What was told: whether it came from Google, and which link may have changed; no link when that was told before, or is no change.</summary>
    /// <param name="id">The channel's id.</param>
    /// <param name="secret">What proves that it is Google.</param>
    /// <param name="number">The number of the message: they rise.</param>
    /// <param name="state">What happened.</param>
    public (bool IsKnown, LinkKey? Link) Receive(string? id, string? secret, string? number, string? state)
    {
        if (Find(id, secret) is not { } heard) return default;
        var isNew = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var message) && heard.IsNew(message);
        return isNew && state != "sync" ? (true, heard.Channel.Link) : (true, null);
    }

    internal override async Task<LinkChannel> OpenAsync(Link link, LinkChannel channel, string secret, CancellationToken cancelled)
    {
        using var service = calendars.OpenClient(link.Account);
        var body = new Channel { Id = channel.Id, Type = "web_hook", Address = hook.AbsoluteUri, Token = secret, Expiration = channel.Expires.ToUnixTimeMilliseconds() };
        var answer = await service.Events.Watch(body, link.CalendarId).ExecuteAsync(cancelled);
        return channel with { ResourceId = answer.ResourceId, Expires = answer.Expiration is { } until ? Instant.FromUnixTimeMilliseconds(until) : channel.Expires };
    }

    internal override async Task CloseAsync(Link link, LinkChannel channel, CancellationToken cancelled)
    {
        using var service = calendars.OpenClient(link.Account);
        await service.Channels.Stop(new Channel { Id = channel.Id, ResourceId = channel.ResourceId }).ExecuteAsync(cancelled);
    }
}
