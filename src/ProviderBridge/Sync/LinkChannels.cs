using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>
/// Has a service tell when the calendar of a link changes. A channel lasts some days: it is made longer, or the next is opened before it ends, and then it is ended. What is told is only that something may have changed.
/// </summary>
/// <param name="store">Where channels are kept.</param>
/// <param name="clock">The current time.</param>
public abstract class LinkChannels(ICalendarStore store, IClock clock)
{
    /// <summary>How many channels of a link are remembered of which nobody knows whether they are open.</summary>
    private const int MostUnanswered = 10;
    private const int LongestResourceId = 300;
    private static readonly Duration AfterFailure = Duration.FromHours(1);
    private readonly ConcurrentDictionary<string, Heard> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LinkKey, Instant> _failed = new();

    /// <summary>When the ending of a channel has failed, by its id.</summary>
    private readonly ConcurrentDictionary<string, Instant> _notEnded = new(StringComparer.Ordinal);
    private static readonly Duration AfterFailureInHurry = Duration.FromMinutes(10);

    /// <summary>The links whose channel is to be seen to at once, and which of the wishes that was.</summary>
    private readonly ConcurrentDictionary<LinkKey, long> _hurried = new();
    private long _wishes;

    /// <summary>How long a channel lasts.</summary>
    protected abstract Duration Lasts { get; }

    /// <summary>How long before its end a channel is seen to.</summary>
    protected abstract Duration Overlap { get; }

    /// <summary>Knows the channels of a link again, after a start.</summary>
    public async Task LoadAsync(IStoreSnapshot snapshot, LinkKey link)
    {
        foreach (var channel in await LinkChannel.ListAsync(snapshot, link)) _heard.TryAdd(channel.Id, new Heard(channel));
    }

    /// <summary>Keeps a channel open. False when the service does not tell of this calendar, and it has to be asked.</summary>
    public async Task<bool> KeepAsync(Link link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        var now = clock.GetCurrentInstant();
        var own = await ListAsync(link, cancellationToken);
        foreach (var over in own.Where(channel => channel.Expires <= now)) await RemoveAsync(over);
        // more than one is open where the answer to the opening of one was lost, or one could not be ended; one whose end is only assumed may end before all others
        var open = own.Where(channel => channel.ResourceId is not null && channel.Expires > now).OrderBy(channel => channel.IsEndAssumed).ThenByDescending(channel => channel.Expires).ToList();
        foreach (var more in open.Skip(1)) await TryEndAsync(link, more, now, cancellationToken);
        var current = open.FirstOrDefault();
        var lasts = current?.Expires ?? now;
        var isHurried = _hurried.TryGetValue(link.Key, out var wish);
        if (!isHurried && lasts > now + Overlap) return true;
        if (_failed.TryGetValue(link.Key, out var failed) && failed <= now && now < failed + (isHurried ? AfterFailureInHurry : AfterFailure)) return lasts > now;
        var kept = current is null ? null : await TryRenewAsync(link, current, now + Lasts, cancellationToken);
        kept ??= await TryOpenAsync(link, own, now, cancellationToken);
        if (kept is null)
        {
            _failed[link.Key] = now;
            return lasts > now;
        }

        _failed.TryRemove(link.Key, out _);
        // what is wished in the meantime is seen to by the next pass
        if (isHurried) _hurried.TryRemove(KeyValuePair.Create(link.Key, wish));
        if (current is not null && current.Id != kept.Id) await TryEndAsync(link, current, now, cancellationToken);
        await ForgetUnreadableAsync(link, cancellationToken);
        return true;
    }

    /// <summary>Ends the channels of a link.</summary>
    public async Task StopAsync(Link link, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        foreach (var channel in await ListAsync(link, cancellationToken))
        {
            await RemoveAsync(channel);
            // what cannot be ended ends by itself, and what it tells until then is told to nobody
            await TryCloseAsync(link, channel, cancellationToken);
        }
    }

    /// <summary>The channel that somebody who knows its secret speaks of; null when they do not.</summary>
    /// <param name="id">The channel's id.</param>
    /// <param name="secret">What proves that it is the service.</param>
    internal Heard? Find(string? id, string? secret)
    {
        if (id is null || secret is null || !_heard.TryGetValue(id, out var heard)) return null;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(heard.Channel.SecretHash)) ? heard : null;
    }

    /// <summary>
    /// Knows what the service calls a channel that it tells on, and when it ends. Where the answer to its opening was lost, this is how it is known that it is open: it is kept, or ended if another took its place.
    /// </summary>
    /// <param name="heard">The channel.</param>
    /// <param name="resourceId">What the service calls it, or what is watched.</param>
    /// <param name="end">When it ends as the service says; null when it does not.</param>
    internal async Task NoteAsync(Heard heard, string? resourceId, Instant? end)
    {
        if (heard.Channel is not ({ ResourceId: null } or { IsEndAssumed: true }) || resourceId is not { Length: > 0 and <= LongestResourceId }) return;
        if (end <= clock.GetCurrentInstant()) end = null;
        var before = heard.Channel;
        LinkChannel? kept;
        using (var snapshot = await store.OpenSnapshotAsync()) kept = await LinkChannel.FindAsync(snapshot, before.Link, before.Id);
        // it has been ended meanwhile
        if (kept is null) return;
        var known = (kept with { ResourceId = kept.ResourceId ?? resourceId }).EndingAt(kept.IsEndAssumed ? end : null);
        // what has been written of it meanwhile is an answer, and tells more
        if (known == kept || (await store.ApplyAsync(StoreBatch.Of(known.Put(kept.Version)))).Succeeded) heard.Replace(before, known);
    }

    /// <summary>Has a channel seen to by the next pass, whenever it ends.</summary>
    internal void Hurry(LinkChannel channel) => _hurried[channel.Link] = Interlocked.Increment(ref _wishes);

    /// <summary>Forgets a channel that the service has ended: the next pass opens another.</summary>
    internal async Task ForgetAsync(LinkChannel channel)
    {
        _failed.TryRemove(channel.Link, out _);
        await RemoveAsync(channel);
    }

    /// <summary>Whether a channel may be open though opening it has failed: the answer may have been lost.</summary>
    internal virtual bool MayBeOpen(Exception failure) => failure is not OutsideException { Fault: not OutsideFault.Unavailable };

    /// <summary>Asks the service to tell of a link's calendar, and gives the channel as the service has answered it.</summary>
    internal abstract Task<LinkChannel> OpenAsync(Link link, LinkChannel channel, string secret, CancellationToken cancelled);

    /// <summary>Makes a channel longer; null where it cannot be, and another takes its place.</summary>
    internal virtual Task<LinkChannel?> RenewAsync(Link link, LinkChannel channel, Instant until, CancellationToken cancelled) => Task.FromResult<LinkChannel?>(null);

    /// <summary>Asks the service to tell no more.</summary>
    internal abstract Task CloseAsync(Link link, LinkChannel channel, CancellationToken cancelled);

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private async Task<IReadOnlyList<LinkChannel>> ListAsync(Link link, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await LinkChannel.ListAsync(snapshot, link.Key);
    }

    private async Task ForgetUnreadableAsync(Link link, CancellationToken cancelled)
    {
        IReadOnlyList<StoreOperation> steps;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled)) steps = await LinkChannel.ForgetUnreadableAsync(snapshot, link.Key);
        if (steps.Count > 0) await store.ApplyAsync(new StoreBatch(steps), CancellationToken.None);
    }

    private async Task<LinkChannel?> TryRenewAsync(Link link, LinkChannel channel, Instant until, CancellationToken cancelled)
    {
        try
        {
            if (await RenewAsync(link, channel, until, cancelled) is not { } renewed || !await PutAsync(renewed)) return null;
            if (_heard.TryGetValue(renewed.Id, out var heard)) heard.Channel = renewed;
            return renewed;
        }
        catch (Exception) when (!cancelled.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<LinkChannel?> TryOpenAsync(Link link, IReadOnlyList<LinkChannel> own, Instant now, CancellationToken cancelled)
    {
        foreach (var old in own.Where(channel => channel.ResourceId is null).OrderByDescending(channel => channel.Expires).Skip(MostUnanswered - 1)) await RemoveAsync(old);
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var channel = new LinkChannel(Guid.NewGuid().ToString(), link.PractitionerId, link.Id, HashOf(secret), now + Lasts) { IsEndAssumed = true };
        // known before the service can tell anything on it, and after a start, too: the answer may be lost, and the process may end
        if (!await PutAsync(channel)) return null;
        var heard = _heard[channel.Id] = new Heard(channel);
        try
        {
            var opened = await OpenAsync(link, channel, secret, cancelled);
            heard.Channel = opened;
            return await PutAsync(opened) ? opened : null;
        }
        catch (Exception failure) when (!cancelled.IsCancellationRequested)
        {
            // the answer was lost, and the service has told on it already
            if (heard.Channel.ResourceId is not null) return heard.Channel;
            // else the service is asked instead
            if (!MayBeOpen(failure)) await RemoveAsync(channel);
            return null;
        }
    }

    private async Task<bool> PutAsync(LinkChannel channel) => (await store.ApplyAsync(StoreBatch.Of(channel.Put()), CancellationToken.None)).Succeeded;

    private async Task RemoveAsync(LinkChannel channel)
    {
        _heard.TryRemove(channel.Id, out _);
        _notEnded.TryRemove(channel.Id, out _);
        await store.ApplyAsync(StoreBatch.Of(channel.Remove()), CancellationToken.None);
    }

    /// <summary>Ends a channel; one that could not be ended is tried again after a while.</summary>
    private async Task TryEndAsync(Link link, LinkChannel channel, Instant now, CancellationToken cancelled)
    {
        if (_notEnded.TryGetValue(channel.Id, out var tried) && tried <= now && now < tried + AfterFailure) return;
        if (await TryCloseAsync(link, channel, cancelled)) await RemoveAsync(channel);
        else _notEnded[channel.Id] = now;
    }

    private async Task<bool> TryCloseAsync(Link link, LinkChannel channel, CancellationToken cancelled)
    {
        try
        {
            if (channel.ResourceId is not null && channel.Expires > clock.GetCurrentInstant()) await CloseAsync(link, channel, cancelled);
            return true;
        }
        catch (Exception) when (!cancelled.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>A channel that is listened to.</summary>
    internal sealed class Heard(LinkChannel channel)
    {
        private LinkChannel _channel = channel;
        private long _last;

        public LinkChannel Channel
        {
            get => Volatile.Read(ref _channel);
            set => Volatile.Write(ref _channel, value);
        }

        /// <summary>Knows it otherwise, unless it has been replaced meanwhile.</summary>
        public void Replace(LinkChannel before, LinkChannel after) => Interlocked.CompareExchange(ref _channel, after, before);

        /// <summary>Whether a message is a later one than all before: their numbers rise.</summary>
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
