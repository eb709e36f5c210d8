using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Calendaring.Store;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions;
using NodaTime;
using NodaTime.Text;
using Polly;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Has Microsoft tell when the calendar of a link changes. A subscription lasts a week at most and is made longer; when it is made Microsoft asks at both addresses whether they are ours. What is told has the channel and its secret with it.
/// </summary>
public sealed class MicrosoftSubscriptions(MicrosoftCalendars calendars, ICalendarStore store, IClock clock, Uri hook) : LinkChannels(store, clock)
{
    private const int Remembered = 200;
    private readonly GraphRequests _requests = new(ResiliencePipeline.Empty);
    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override Duration Lasts { get; } = Duration.FromDays(6);

    /// <inheritdoc/>
    protected override Duration Overlap { get; } = Duration.FromDays(2);

    /// <summary>What was told, in one body: the links that may have changed. What was told before, or by somebody who does not know the secret, names none.</summary>
    /// <param name="body">The body of the request.</param>
    /// <exception cref="JsonException">It is none that Microsoft would send.</exception>
    public async Task<IReadOnlyList<LinkKey>> ReceiveAsync(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("value", out var notes) || notes.ValueKind != JsonValueKind.Array) throw new JsonException("It sends no notifications.");
        HashSet<LinkKey> links = [];
        foreach (var note in notes.EnumerateArray())
        {
            if (Text(note, "clientState")?.Split('.', 2) is not [var id, var secret] || Find(id, secret) is not { } heard) continue;
            await NoteAsync(heard, Text(note, "subscriptionId"), OffsetDateTimePattern.ExtendedIso.Parse(Text(note, "subscriptionExpirationDateTime") ?? "") is { Success: true } end ? end.Value.ToInstant() : null);
            var happened = Text(note, "lifecycleEvent");
            // Microsoft says again in the same words what was not done about a subscription
            if (happened is null && !_seen.GetOrAdd(id, static _ => new Seen()).IsNew(note.GetRawText())) continue;
            await MindAsync(heard.Channel, happened);
            links.Add(heard.Channel.Link);
        }

        return [.. links];
    }

    internal override async Task<LinkChannel> OpenAsync(Link link, LinkChannel channel, string secret, CancellationToken cancelled)
    {
        using var client = calendars.OpenClient(link.Account);
        var wanted = new Subscription
        {
            ChangeType = "created,updated,deleted",
            NotificationUrl = hook.AbsoluteUri,
            LifecycleNotificationUrl = $"{hook.AbsoluteUri}/lifecycle",
            Resource = $"me/calendars/{link.CalendarId}/events",
            ExpirationDateTime = channel.Expires.ToDateTimeOffset(),
            ClientState = $"{channel.Id}.{secret}",
        };
        var made = await _requests.SendAsync(stop => client.Subscriptions.PostAsync(wanted, cancellationToken: stop), cancelled);
        if (made.IsTaken)
        {
            // one whose answer was lost
            await EndOthersAsync(client, wanted, null, cancelled);
            made = await _requests.SendAsync(stop => client.Subscriptions.PostAsync(wanted, cancellationToken: stop), cancelled);
        }

        if (made.Value is not { Id: { } id } subscription) throw new OutsideException(OutsideFault.Unavailable, "Microsoft sends no notifications about this calendar.");
        await TryEndOthersAsync(client, wanted, id, cancelled);
        return With(channel, id, subscription);
    }

    internal override async Task<LinkChannel?> RenewAsync(Link link, LinkChannel channel, Instant until, CancellationToken cancelled)
    {
        using var client = calendars.OpenClient(link.Account);
        var renewed = await _requests.SendAsync(stop => client.Subscriptions[channel.ResourceId].PatchAsync(new() { ExpirationDateTime = until.ToDateTimeOffset() }, cancellationToken: stop), cancelled);
        return renewed.Value is { } subscription ? With(channel with { Expires = until, IsEndAssumed = true }, channel.ResourceId!, subscription) : null;
    }

    internal override async Task CloseAsync(Link link, LinkChannel channel, CancellationToken cancelled)
    {
        _seen.TryRemove(channel.Id, out _);
        using var client = calendars.OpenClient(link.Account);
        try
        {
            await client.Subscriptions[channel.ResourceId].DeleteAsync(cancellationToken: cancelled);
        }
        catch (ApiException gone) when (gone.ResponseStatusCode is 404 or 410)
        {
            // it has ended
        }
    }

    private static LinkChannel With(LinkChannel channel, string id, Subscription answered) =>
        (channel with { ResourceId = id }).EndingAt(answered.ExpirationDateTime is { } until ? Instant.FromDateTimeOffset(until) : null);

    /// <summary>Ends what was opened before for the same calendar, though no answer told of it. What cannot be ended ends within a week.</summary>
    private async Task TryEndOthersAsync(GraphServiceClient client, Subscription wanted, string kept, CancellationToken cancelled)
    {
        try
        {
            await EndOthersAsync(client, wanted, kept, cancelled);
        }
        catch (Exception) when (!cancelled.IsCancellationRequested)
        {
            // the new one is open all the same
        }
    }

    private async Task EndOthersAsync(GraphServiceClient client, Subscription wanted, string? kept, CancellationToken cancelled)
    {
        var all = await _requests.SendAsync(stop => client.Subscriptions.GetAsync(cancellationToken: stop), cancelled);
        foreach (var other in all.Value?.Value?.Where(other => other.Id != kept && other.Resource == wanted.Resource && other.NotificationUrl == wanted.NotificationUrl) ?? []) await client.Subscriptions[other.Id].DeleteAsync(cancellationToken: cancelled);
    }

    /// <summary>What happens to the subscription itself. What was missed is found by the pass that follows in any case.</summary>
    private async Task MindAsync(LinkChannel channel, string? happened)
    {
        if (happened == "reauthorizationRequired") Hurry(channel);
        if (happened == "subscriptionRemoved") await ForgetAsync(channel);
    }

    private static string? Text(JsonElement note, string name)
    {
        try
        {
            return note.ValueKind == JsonValueKind.Object && note.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // no text in Unicode
            return null;
        }
    }

    /// <summary>What was told lately: said again it is nothing new.</summary>
    private sealed class Seen
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = [];

        public bool IsNew(string note)
        {
            var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(note)));
            lock (_lock)
            {
                if (!_known.Add(hash)) return false;
                _order.Enqueue(hash);
                if (_order.Count > Remembered) _known.Remove(_order.Dequeue());
                return true;
            }
        }
    }
}
