using CalDavServer.Links;
using CalDavServer.Metrics;
using CalDavServer.Options;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Practice;
using Practice.Groups;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Links;

/// <summary>A practitioner, a service that has nothing, and what runs and keeps links, without a server.</summary>
internal sealed class LinkScene : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("link-scene-").FullName;
    private readonly ServerMetrics _metrics = new();
    private LinkMetrics? _ofLinks;

    public SqliteStore Store { get; private set; } = null!;

    public Principal Maya { get; private set; } = null!;

    public AccountKey Account => new(Maya.Id, "a1");

    public Link Link => new(Link.KeyOf(Account).LinkId, Maya.Id, "empty", "Empty", PrivacyLevel.FullName) { CalendarId = "calendar" };

    /// <summary>How the link stands as long as nothing is wrong.</summary>
    public LinkStanding Standing => new(new Provider(new EmptyService(this), Words), new OutsideAccount(Account.AccountId, Maya.Id, "empty", "maya@example.com", "", SystemClock.Instance.GetCurrentInstant()), Link with { LastPass = SystemClock.Instance.GetCurrentInstant() }, Practice.Hx.HxState.Active, 0, null, false);

    /// <summary>Whether the service does not answer.</summary>
    public bool IsAway { get; set; }

    public static async Task<LinkScene> StartAsync()
    {
        var scene = new LinkScene();
        scene.Store = await SqliteStore.OpenAsync(Path.Combine(scene._folder, "store.db"), SystemClock.Instance);
        var directory = new PracticeDirectory(scene.Store, SystemClock.Instance);
        var group = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        scene.Maya = await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, group.Id, "maya");
        return scene;
    }

    public LinkRunner Run(ICalendarStore store, TimeSpan? pause = null)
    {
        _ofLinks ??= new LinkMetrics(_metrics);
        var times = new LinkTimes { Poll = TimeSpan.FromMilliseconds(50), Gather = TimeSpan.FromMilliseconds(1), Stopped = TimeSpan.FromHours(1), FirstPause = pause ?? TimeSpan.FromSeconds(10) };
        return new LinkRunner(store, SystemClock.Instance, times, NullLogger<LinkRunner>.Instance, new Providers([new Provider(new EmptyService(this), Words)]), _ofLinks);
    }

    public async Task PutAsync(Link link) => Assert.True((await Store.ApplyAsync(StoreBatch.Of(link.Put()), TestContext.Current.CancellationToken)).Succeeded);

    public async Task<Link?> FindAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Link.FindAsync(snapshot, Link.Key);
    }

    public async ValueTask DisposeAsync()
    {
        _ofLinks?.Dispose();
        _metrics.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static ProviderWords Words => new() { Name = "Empty", Calendar = "Empty", Works = "", Sees = "", Ending = "", TakeAway = "" };

    private sealed class EmptyService(LinkScene scene) : IOutsideService
    {
        public string Provider => "empty";

        public OpenedCalendar Open(Link link, DateTimeZone zone, EventOwners owners) => new(new EmptyCalendar(scene));

        public Task<string> CreateCalendarAsync(AccountKey account, string name, string zone, CancellationToken cancellationToken = default) => Task.FromResult("calendar");

        public Task DeleteCalendarAsync(AccountKey account, string calendarId, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<bool> EndAccessAsync(OutsideAccount account, CancellationToken cancellationToken = default) => Task.FromResult(true);

        public void Forget(AccountKey account)
        {
            // it remembers nothing
        }
    }

    private sealed class EmptyCalendar(LinkScene scene) : IOutsideCalendar
    {
        public Calendaring.ICalendar.CalendarObject Render(Calendaring.ICalendar.CalendarObject content) => content;

        public Task<OutsideChanges> ListChangesAsync(string? cursor, CancellationToken cancellationToken) =>
            scene.IsAway ? throw new OutsideException(OutsideFault.Unavailable, "away") : Task.FromResult(new OutsideChanges([], "1", IsWhole: cursor is null));

        public Task<OutsideSeries?> ReadAsync(string id, CancellationToken cancellationToken) => Task.FromResult<OutsideSeries?>(null);

        public Task<OutsideSeries> CreateAsync(string uid, int generation, Calendaring.ICalendar.CalendarObject content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<OutsideSeries> UpdateAsync(OutsideSeries current, string uid, Calendaring.ICalendar.CalendarObject content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(OutsideSeries current, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
