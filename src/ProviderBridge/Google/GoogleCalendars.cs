using System.Collections.Concurrent;
using System.Net;
using Google;
using Google.Apis.Calendar.v3;
using Google.Apis.Http;
using Google.Apis.Services;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>The calendars that this server has made in accounts at Google.</summary>
public sealed class GoogleCalendars(GoogleApp app, AccountTokens tokens) : IOutsideService, IDisposable
{
    private readonly HttpMessageInvoker _pool = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false, AllowAutoRedirect = false });
    private readonly RequestPace _ofProject = RequestPace.Within(app.RequestsOfProject);

    /// <summary>The pace of each account: several practitioners may share one.</summary>
    private readonly ConcurrentDictionary<string, RequestPace> _ofUsers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Provider => "google";

    /// <summary>How long Google may take for an answer.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>A client of the API for an account; dispose it after use.</summary>
    public CalendarService OpenClient(AccountKey account) => OpenClient(account, Patience);

    /// <inheritdoc/>
    public OpenedCalendar Open(Link link, DateTimeZone zone, EventOwners owners)
    {
        ArgumentNullException.ThrowIfNull(link);
        var service = OpenClient(link.Account);
        return new OpenedCalendar(new GoogleCalendar(service, link.CalendarId, link.Key, zone, owners), service);
    }

    /// <inheritdoc/>
    public Task<string> CreateCalendarAsync(AccountKey account, string name, string zone, CancellationToken cancellationToken = default) => AskAsync(account, async service =>
    {
        var made = await service.Calendars.Insert(new() { Summary = name, TimeZone = zone }).ExecuteAsync(cancellationToken);
        return made.Id ?? throw new OutsideException(OutsideFault.Unavailable, "Google has made a calendar without an id.");
    });

    /// <inheritdoc/>
    public Task DeleteCalendarAsync(AccountKey account, string calendarId, CancellationToken cancellationToken = default) => AskAsync(account, async service =>
    {
        try
        {
            await service.Calendars.Delete(calendarId).ExecuteAsync(cancellationToken);
        }
        catch (GoogleApiException gone) when (gone.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            // somebody was faster
        }

        return calendarId;
    });

    /// <inheritdoc/>
    public Task<bool> EndAccessAsync(OutsideAccount account, CancellationToken cancellationToken = default) => tokens.RevokeAsync(account, cancellationToken);

    /// <inheritdoc/>
    public void Forget(AccountKey account) => tokens.Forget(account);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private CalendarService OpenClient(AccountKey account, TimeSpan patience)
    {
        var service = new CalendarService(new BaseClientService.Initializer
        {
            BaseUri = app.Api.AbsoluteUri,
            ApplicationName = "CalendarSync",
            HttpClientInitializer = new AccountAccess(tokens, account),
            HttpClientFactory = new Handlers(_pool, patience, _ofUsers.GetOrAdd(account.AccountId, _ => RequestPace.Within(app.RequestsOfUser)), _ofProject),
            // a calendar that is made twice is worse than one that is made later
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
        });
        // waiting for a turn here is not Google's delay: the handler counts only from then on
        service.HttpClient.Timeout = Timeout.InfiniteTimeSpan;
        return service;
    }

    private async Task<string> AskAsync(AccountKey account, Func<CalendarService, Task<string>> ask)
    {
        using var service = OpenClient(account, TimeSpan.FromSeconds(30));
        try
        {
            return await ask(service);
        }
        catch (Exception failure) when (failure is GoogleApiException or HttpRequestException or OperationCanceledException)
        {
            throw new OutsideException(OutsideFault.Unavailable, "Google did not do what was asked of it for a calendar.", failure);
        }
    }

    /// <summary>One pool of connections for all accounts.</summary>
    private sealed class Handlers(HttpMessageInvoker pool, TimeSpan patience, params IReadOnlyList<RequestPace> paces) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new PacedHandler(pool, patience, paces);
    }

    /// <summary>Has each request wait for its turn, and gives up one that is not answered within some time after that. The pool stays when a client goes.</summary>
    private sealed class PacedHandler(HttpMessageInvoker pool, TimeSpan patience, IReadOnlyList<RequestPace> paces) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            foreach (var pace in paces) await pace.WaitAsync(cancellationToken);
            using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patient.CancelAfter(patience);
            var answer = await pool.SendAsync(request, patient.Token);
            try
            {
                // nobody looks at the time after this
                await answer.Content.LoadIntoBufferAsync(patient.Token);
                return answer;
            }
            catch
            {
                answer.Dispose();
                throw;
            }
        }
    }
}
