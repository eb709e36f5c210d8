using System.Diagnostics;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the tests of the connection to Halaxy have in common: the stand-in, and the way to it through the pages.</summary>
public abstract class HalaxyPageTest : PageTest
{
    private protected const string Page = "/settings/integrations/halaxy";

    private protected HalaxyStandIn There { get; private set; } = null!;

    private protected override ServerOptions? Hosting => There.Register(new ServerOptions()) with
    {
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), PollTold = TimeSpan.FromHours(1), Gather = TimeSpan.FromMilliseconds(20) },
    };

    private protected Diary Diary => new(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session"));

    private protected Instant Now => Server.Clock.GetCurrentInstant();

    public override async ValueTask InitializeAsync()
    {
        There = await HalaxyStandIn.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await There.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<PageAnswer> KeyAsync(PageClient browser, string? client = null, string? secret = null) => KeyAsync(browser, "au", client ?? There.Client, secret ?? There.Secret);

    private protected static async Task<PageAnswer> KeyAsync(PageClient browser, string region, string client, string secret) =>
        await browser.PostAsync(Page + "/key", await browser.GetAsync(Page), ("region", region), ("clientId", client), ("clientSecret", secret));

    /// <summary>Gives the key, matches Maya as proposed, and connects.</summary>
    private protected async Task<PageAnswer> ConnectAsync(PageClient browser)
    {
        var matching = await KeyAsync(browser);
        var counted = await browser.PostAsync(Page + "/match", matching, ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        return await browser.PostAsync(Page + "/connect", counted);
    }

    private protected async Task<HalaxyConnection?> ConnectionAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await HalaxyConnection.FindAsync(snapshot, Practice.Id);
    }

    private protected Task<IReadOnlyList<Practice.Diaries.Appointment>> HereAsync() => Diary.ListAsync(Now - Duration.FromDays(31), Now + Duration.FromDays(60));

    private protected static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var since = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(40), $"After 40 seconds it was not so that {what}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
