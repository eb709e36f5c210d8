using System.Globalization;
using System.Net;
using Microsoft.Graph;
using NodaTime;
using Polly;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>The calendars that this server has made in accounts at Microsoft.</summary>
public sealed class MicrosoftCalendars(MicrosoftApp app, AccountTokens tokens, IClock clock) : IOutsideService, IDisposable
{
    private const int Names = 20;

    // one pool of connections for all accounts
    private readonly HttpMessageInvoker _pool = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false, AllowAutoRedirect = false });

    // a calendar that is made twice is worse than one that is made later
    private readonly GraphRequests _once = new(ResiliencePipeline.Empty);

    /// <inheritdoc/>
    public string Provider => "microsoft";

    /// <inheritdoc/>
    public OpenedCalendar Open(Link link, DateTimeZone zone, EventOwners owners)
    {
        ArgumentNullException.ThrowIfNull(link);
        var client = OpenClient(link.Account);
        return new OpenedCalendar(new MicrosoftCalendar(client, link.CalendarId, link.Key, zone, owners, clock), client);
    }

    /// <summary>A client of Graph for an account; dispose it after use.</summary>
    public GraphServiceClient OpenClient(AccountKey account) => GraphClient.Over(new Mailbox(_pool, tokens, account), app.Api);

    /// <inheritdoc/>
    public async Task<string> CreateCalendarAsync(AccountKey account, string name, string zone, CancellationToken cancellationToken = default)
    {
        using var client = OpenClient(account);
        for (var n = 1; n <= Names; n++)
        {
            // no two calendars of a mailbox have one name: one that stayed when its link was ended keeps it
            var called = n == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} {n}");
            var made = await _once.SendAsync(stop => client.Me.Calendars.PostAsync(new() { Name = called }, cancellationToken: stop), cancellationToken);
            if (made.Value is { Id: { } id }) return id;
            if (!made.IsTaken) break;
        }

        throw new OutsideException(OutsideFault.Rejected, "Microsoft has made no calendar.");
    }

    /// <inheritdoc/>
    public async Task DeleteCalendarAsync(AccountKey account, string calendarId, CancellationToken cancellationToken = default)
    {
        using var client = OpenClient(account);
        await _once.SendAsync<object>(
            async stop =>
            {
                await client.Me.Calendars[calendarId].DeleteAsync(cancellationToken: stop);
                return null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> EndAccessAsync(OutsideAccount account, CancellationToken cancellationToken = default) => tokens.RevokeAsync(account, cancellationToken);

    /// <inheritdoc/>
    public void Forget(AccountKey account) => tokens.Forget(account);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();
}
