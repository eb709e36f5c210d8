using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>Accounts at CalDAV servers. Their passwords are encrypted wherever they are kept, and are read when they are sent.</summary>
/// <param name="provider">The name by which accounts are kept: <c>icloud</c>, <c>caldav</c> or <c>exchange</c>.</param>
/// <param name="secrets">What opens accounts.</param>
/// <param name="clock">The current time.</param>
/// <param name="connections">The connections.</param>
public sealed class CalDavService(string provider, AccountSecrets secrets, IClock clock, CalDavConnections connections) : IOutsideService
{
    private const string Refused = "The password is no longer accepted: the account no longer lets this server in.";
    private const string KeyLost = "This server has lost the key with which the password was encrypted.";

    private readonly MissingObjects _missing = new();

    // one account may be several practitioners'
    private readonly ConcurrentDictionary<string, RequestPace> _paces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<AccountKey, (Instant Since, int Times)> _refused = new();

    /// <inheritdoc/>
    public string Provider => provider;

    /// <summary>The connections.</summary>
    public CalDavConnections Connections => connections;

    /// <summary>What is kept of an account that was found.</summary>
    public static AccountGrant GrantOf(CalDavAccountFacts facts, CalDavCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(credentials);
        return new AccountGrant(facts.Subject, credentials.Login, JsonSerializer.Serialize(new Secret(facts.Server, credentials.Login, credentials.Password), CalDavJson.Default.Secret));
    }

    /// <summary>Keeps an account that was connected, for the first time or again.</summary>
    /// <exception cref="OutsideException">It could not be written.</exception>
    public async Task<OutsideAccount> KeepAsync(string practitionerId, AccountGrant grant)
    {
        var account = await secrets.KeepAsync(practitionerId, provider, grant);
        Forget(account.Key);
        return account;
    }

    /// <summary>The server of an account, as its person named it; null when that can no longer be read.</summary>
    public Uri? ServerOf(OutsideAccount account) => Read(account)?.Server;

    /// <summary>The way into an account.</summary>
    public CalDavAccess Enter(AccountKey account) => new(
        cancelled => OpenAsync(account, cancelled),
        refused => DoubtAsync(account, refused),
        () => Forget(account))
    {
        // iCloud lets about four requests a second be made for an account
        Pace = _paces.GetOrAdd(account.AccountId, static (_, isICloud) => isICloud ? new RequestPace(4, 60) : new RequestPace(20, 100), provider == "icloud"),
    };

    /// <inheritdoc/>
    public OpenedCalendar Open(Link link, DateTimeZone zone, EventOwners owners)
    {
        ArgumentNullException.ThrowIfNull(link);
        return new OpenedCalendar(new CalDavCalendar(Enter(link.Account), new Uri(link.CalendarId), link.Key, owners, clock, missing: _missing) { ReadsBack = provider == "exchange" });
    }

    /// <inheritdoc/>
    public Task<string> CreateCalendarAsync(AccountKey account, string name, string zone, CancellationToken cancellationToken = default) =>
        AskAsync(async () => (await CalDavPlaces.MakeAsync(Enter(account), name, cancellationToken)).Address.AbsoluteUri);

    /// <inheritdoc/>
    public Task DeleteCalendarAsync(AccountKey account, string calendarId, CancellationToken cancellationToken = default) => AskAsync(async () =>
    {
        if (IsMadeHere(calendarId)) await CalDavPlaces.DeleteAsync(Enter(account), new Uri(calendarId), cancellationToken);
        return calendarId;
    });

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OutsidePlace>> ListCalendarsAsync(AccountKey account, CancellationToken cancellationToken = default) =>
        await AskAsync(async () => (await CalDavPlaces.ListAsync(Enter(account), cancellationToken)).Select(place => new OutsidePlace(place.Address.AbsoluteUri, place.Name, place.MayWrite)).ToList());

    /// <inheritdoc/>
    public bool IsMadeHere(string calendarId) => CalDavPlaces.IsMadeHere(new Uri(calendarId));

    /// <summary>A password that was made for one application is taken back by its person only.</summary>
    public Task<bool> EndAccessAsync(OutsideAccount account, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        Forget(account.Key);
        return Task.FromResult(false);
    }

    /// <inheritdoc/>
    public void Forget(AccountKey account) => _refused.TryRemove(account, out _);

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (CalDavException failed) when (failed.Problem == CalDavProblem.MakesNone)
        {
            throw new OutsideException(OutsideFault.Rejected, failed.Message);
        }
        catch (CalDavException failed)
        {
            throw failed.ToOutside();
        }
    }

    private async Task<CalDavClient> OpenAsync(AccountKey key, CancellationToken cancelled)
    {
        if (await secrets.FindAsync(key, cancelled) is not { LostAt: null } account) throw new CalDavException(CalDavProblem.Refused, "The account has to be connected again.");
        if (Read(account) is { } secret) return new CalDavClient(connections, secret.Server, new CalDavCredentials(secret.Login, secret.Password));
        await secrets.LoseAsync(account, KeyLost);
        throw new CalDavException(CalDavProblem.Refused, "The account has to be connected again.");
    }

    /// <summary>That a password is refused is believed only when it is refused again a while later.</summary>
    private async Task<CalDavException> DoubtAsync(AccountKey key, CalDavException refused)
    {
        if (await secrets.FindAsync(key) is not { LostAt: null } account) return refused;
        var (doubt, times) = ServerOf(account) is { } server && connections.Reach.IsICloud(server) ? (connections.Reach.DoubtAtICloud, 1) : (connections.Reach.Doubt, CalDavReach.MostDoubted);
        var now = clock.GetCurrentInstant();
        // noted by a clock that was wrong then, it would never end
        var noted = _refused.AddOrUpdate(key, (now, 1), (_, before) => before.Since > now ? (now, 1) : (before.Since, before.Times + 1));
        if (now < noted.Since + doubt || noted.Times < times)
        {
            // the last time that it is asked is when the doubt ends
            var wait = noted.Times < times - 1 ? doubt / (times - 1) : noted.Since + doubt - now;
            return new CalDavException(CalDavProblem.Busy, "The server has refused the password; it is asked again before this is believed.") { RetryAfter = Duration.Max(wait, Duration.FromSeconds(2)) };
        }

        await secrets.LoseAsync(account, Refused);
        Forget(key);
        return refused;
    }

    private Secret? Read(OutsideAccount account)
    {
        try
        {
            return secrets.Read(account) is { } text ? JsonSerializer.Deserialize(text, CalDavJson.Default.Secret) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is encrypted.</summary>
    internal sealed record Secret(Uri Server, string Login, string Password)
    {
        public override string ToString() => nameof(Secret);
    }
}

/// <summary>How what is encrypted, and what is kept of objects, is written.</summary>
[JsonSerializable(typeof(CalDavService.Secret))]
[JsonSerializable(typeof(ObjectCopy))]
internal sealed partial class CalDavJson : JsonSerializerContext;
