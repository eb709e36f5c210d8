using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>
/// Has Google tell when the calendar of a link changes. A channel lasts a week and cannot be made longer: the next is opened before it ends, and then it is ended. What Google tells is only that something may have changed.
/// </summary>
public sealed class GoogleChannels(GoogleCalendars calendars, ICalendarStore store, IClock clock, Uri hook)
{
    private static readonly Duration Lasts = Duration.FromDays(7);
    private static readonly Duration Overlap = Duration.FromHours(34);
    private static readonly Duration AfterFailure = Duration.FromHours(1);
    private readonly ConcurrentDictionary<string, Open> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Instant> _failed = new(StringComparer.Ordinal);

    /// <summary>Knows the channels of a link again, after a start.</summary>
    public async Task LoadAsync(IStoreSnapshot snapshot, string linkId)
    {
        foreach (var channel in await LinkChannel.ListAsync(snapshot, linkId)) _open[channel.Id] = new Open(channel);
    }

    /// <summary>Keeps a channel open. False when Google does not tell of this calendar, and it has to be asked.</summary>
    public async Task<bool> KeepAsync(Link link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        var now = clock.GetCurrentInstant();
        IReadOnlyList<LinkChannel> own;
        using (var snapshot = await store.OpenSnapshotAsync(cancellationToken)) own = await LinkChannel.ListAsync(snapshot, link.Id);
        var lasts = own.Where(channel => channel.ResourceId is not null).Select(channel => channel.Expires).Append(now).Max();
        if (lasts > now + Overlap) return true;
        if (_failed.TryGetValue(link.Id, out var failed) && now < failed + AfterFailure) return lasts > now;
        if (!await TryOpenAsync(link, now, cancellationToken))
        {
            _failed[link.Id] = now;
            return lasts > now;
        }

        _failed.TryRemove(link.Id, out _);
        foreach (var old in own) await EndAsync(link, old, cancellationToken);
        return true;
    }

    /// <summary>Ends the channels of a link.</summary>
    public async Task StopAsync(Link link, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        IReadOnlyList<LinkChannel> own;
        using (var snapshot = await store.OpenSnapshotAsync(cancellationToken)) own = await LinkChannel.ListAsync(snapshot, link.Id);
        foreach (var channel in own) await EndAsync(link, channel, cancellationToken);
    }

    /// <summary>What was told: whether it came from Google, and which link may have changed; no link when that was told before, or is no change.</summary>
    /// <param name="id">The channel's id.</param>
    /// <param name="secret">What proves that it is Google.</param>
    /// <param name="number">The number of the message: they rise.</param>
    /// <param name="state">What happened.</param>
    public (bool IsKnown, string? PractitionerId, string? LinkId) Receive(string? id, string? secret, string? number, string? state)
    {
        if (id is null || secret is null || !_open.TryGetValue(id, out var open)) return default;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(open.Channel.SecretHash))) return default;
        var isNew = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var message) && open.IsNew(message);
        return isNew && state != "sync" ? (true, open.Channel.PractitionerId, open.Channel.LinkId) : (true, null, null);
    }

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private async Task<bool> TryOpenAsync(Link link, Instant now, CancellationToken cancelled)
    {
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var channel = new LinkChannel(Guid.NewGuid().ToString(), link.PractitionerId, link.Id, HashOf(secret), now + Lasts);
        // known before Google can tell anything on it
        _open[channel.Id] = new Open(channel);
        try
        {
            using var service = calendars.Open(link.PractitionerId, link.AccountId);
            var body = new Channel { Id = channel.Id, Type = "web_hook", Address = hook.AbsoluteUri, Token = secret, Expiration = channel.Expires.ToUnixTimeMilliseconds() };
            var answer = await service.Events.Watch(body, link.CalendarId).ExecuteAsync(cancelled);
            var opened = channel with { ResourceId = answer.ResourceId, Expires = answer.Expiration is { } until ? Instant.FromUnixTimeMilliseconds(until) : channel.Expires };
            return (await store.ApplyAsync(StoreBatch.Of(opened.Put()), CancellationToken.None)).Succeeded;
        }
        catch (Exception) when (!cancelled.IsCancellationRequested)
        {
            // Google is asked instead
            _open.TryRemove(channel.Id, out _);
            return false;
        }
    }

    private async Task EndAsync(Link link, LinkChannel channel, CancellationToken cancelled)
    {
        _open.TryRemove(channel.Id, out _);
        await store.ApplyAsync(StoreBatch.Of(channel.Remove()), CancellationToken.None);
        try
        {
            using var service = calendars.Open(link.PractitionerId, link.AccountId);
            if (channel.ResourceId is not null && channel.Expires > clock.GetCurrentInstant()) await service.Channels.Stop(new Channel { Id = channel.Id, ResourceId = channel.ResourceId }).ExecuteAsync(cancelled);
        }
        catch (Exception) when (!cancelled.IsCancellationRequested)
        {
            // it ends by itself, and what it tells until then is told to nobody
        }
    }

    private sealed class Open(LinkChannel channel)
    {
        private long _last;

        public LinkChannel Channel { get; } = channel;

        public bool IsNew(long number)
        {
            for (var last = Volatile.Read(ref _last); number > last; last = Volatile.Read(ref _last))
            {
                if (Interlocked.CompareExchange(ref _last, number, last) == last) return true;
            }

            return false;
        }
    }
}
