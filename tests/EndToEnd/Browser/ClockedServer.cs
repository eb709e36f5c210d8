using System.Globalization;
using CalDavServer.Hosting;
using CalDavServer.Mail;
using CalDavServer.Options;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Practice.Subscriptions;
using ProviderBridge.CalDav;
using ProviderBridge.Google;
using ProviderBridge.Microsoft;

namespace EndToEnd.Browser;

/// <summary>The server with the demonstration practice in this process, so that a test can move its clock. Everything else is as in <see cref="ServerProcess"/>.</summary>
internal sealed class ClockedServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly MovedClock _clock;
    private readonly SqliteStore _store;
    private readonly string _printed;
    private readonly ServerOptions _options;
    private WebApplication _app;

    private ClockedServer(DirectoryInfo folder, MovedClock clock, SqliteStore store, WebApplication app, string printed, ServerOptions options)
    {
        (_folder, _clock, _store, _app, _printed, _options) = (folder, clock, store, app, printed, options);
        Url = new Uri(app.Urls.First() + "/");
    }

    public Uri Url { get; }

    /// <summary>The first practitioner of the demonstration.</summary>
    public DemoAccount Maya => DemoAccount.FirstPractitioner(_printed);

    public DemoAccount Administrator => DemoAccount.Administrator(_printed);

    /// <summary>What the subscriptions are kept by.</summary>
    public Billing Billing => _app.Services.GetRequiredService<Billing>();

    /// <param name="mail">Where e-mails go; null for nowhere.</param>
    /// <param name="google">The server as it is registered at Google; null when it is not.</param>
    /// <param name="calDav">Which CalDAV servers may be asked; null for those on the internet.</param>
    /// <param name="microsoft">The server as it is registered at Microsoft; null when it is not.</param>
    /// <param name="halaxy">Where Halaxy is; null for its regions.</param>
    public static async Task<ClockedServer> StartAsync(MailSettings? mail = null, GoogleApp? google = null, CalDavReach? calDav = null, MicrosoftApp? microsoft = null, Uri? halaxy = null)
    {
        var options = new ServerOptions { Mail = mail, Google = google, Microsoft = microsoft, CalDav = calDav ?? new CalDavReach(), HalaxyAddress = halaxy };
        var folder = Directory.CreateTempSubdirectory("calendarsync-");
        var clock = new MovedClock();
        var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "calendar.db"), clock);
        var app = await ServeAsync(folder, store, clock, 0, options);
        await using var printed = new StringWriter(CultureInfo.InvariantCulture);
        await FirstStart.RunAsync(store, clock, new Uri(app.Urls.First()), printed);
        return new ClockedServer(folder, clock, store, app, printed.ToString().ReplaceLineEndings("\n"), options);
    }

    /// <summary>So much time goes by while the server is down; then it starts again, and does what has become due.</summary>
    public async Task LetPassAsync(Duration time)
    {
        await StopAsync();
        _clock.Moved += time;
        _app = await ServeAsync(_folder, _store, _clock, Url.Port, _options);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<WebApplication> ServeAsync(DirectoryInfo folder, SqliteStore store, IClock clock, int port, ServerOptions options)
    {
        options = options with { Urls = [$"http://127.0.0.1:{port}"], KeyFolder = Path.Combine(folder.FullName, "keys") };
        var app = ServerHost.Build(options, store, clock);
        await app.StartAsync();
        return app;
    }

    private async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>A clock that goes on as the machine's, some time ahead of it.</summary>
    private sealed class MovedClock : IClock
    {
        public Duration Moved { get; set; }

        public Instant GetCurrentInstant() => SystemClock.Instance.GetCurrentInstant() + Moved;
    }
}
