using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice;

namespace CalDavServer.Metrics;

/// <summary>What is counted by looking through the store, now and then: it costs more than a number that is kept.</summary>
internal sealed partial class UsageCounter(ICalendarStore store, IClock clock, ILogger<UsageCounter> log) : IDisposable
{
    private const string LinkKind = "link";
    private const string ChannelKind = "link-channel";

    private static readonly Duration Recently = Duration.FromMinutes(5);
    private static readonly Duration GoodFor = Duration.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1);
    private Instant _counted = Instant.MinValue;

    /// <summary>App passwords used in the last five minutes.</summary>
    public int ActiveDevices { get; private set; }

    /// <summary>Links by their state.</summary>
    public IReadOnlyDictionary<string, int> Links { get; private set; } = new Dictionary<string, int>();

    /// <summary>Appointments that one of the sides of a link did not accept.</summary>
    public int Quarantined { get; private set; }

    /// <summary>How long the channel on which a service tells of changes lasts that ends first; null where there is none.</summary>
    public Duration? ChannelLeft { get; private set; }

    /// <summary>Counts, unless it was done a moment ago. A store that cannot be read leaves the numbers as they were.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetCurrentInstant();
            if (now - _counted is var age && age < GoodFor && age >= Duration.Zero) return;
            await CountAsync(now, cancellationToken);
            _counted = now;
        }
        catch (StoreException)
        {
            // the store's failures have a number of their own
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task CountAsync(Instant now, CancellationToken cancellationToken)
    {
        var (devices, quarantined, ends) = (0, 0, long.MaxValue);
        var links = new Dictionary<string, int>(StringComparer.Ordinal);
        using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        foreach (var principal in await snapshot.ListPrincipalsAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var credential in await snapshot.ListCredentialsAsync(principal.Id))
            {
                if (credential.LastUsed is { } used && now - used < Recently) devices++;
            }

            if (principal.Role != PrincipalRole.Practitioner) continue;
            foreach (var link in await snapshot.ListRecordsAsync(LinkKind, principal.Id))
            {
                var state = StateOf(link);
                links[state] = links.GetValueOrDefault(state) + 1;
                quarantined += CountOf(link, "quarantined");
                foreach (var channel in await snapshot.ListRecordsAsync(ChannelKind, link.Id)) ends = Math.Min(ends, NumberOf(channel, "expires"));
            }
        }

        (ActiveDevices, Links, Quarantined) = (devices, links, quarantined);
        ChannelLeft = ends == long.MaxValue ? null : Instant.FromUnixTimeMilliseconds(ends) - now;
    }

    private static int CountOf(StoredRecord record, string name) => Read(record, name) is { ValueKind: JsonValueKind.Array } array ? array.GetArrayLength() : 0;

    private static long NumberOf(StoredRecord record, string name) => Read(record, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : long.MaxValue;

    private static JsonElement? Read(StoredRecord record, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(record.Document);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var found) ? found.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string StateOf(StoredRecord link) => Read(link, "state") is { ValueKind: JsonValueKind.String } state ? state.GetString()! : "unknown";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Devices and links could not be counted ({Failure}); their numbers are as they were")]
    private static partial void Failed(ILogger logger, string failure);
}
