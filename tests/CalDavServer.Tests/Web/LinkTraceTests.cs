using System.Globalization;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The traces of links that a collector receives have no title, name, address or token in them.</summary>
public abstract class LinkTraceTests : OutsidePageTest
{
    private Collector _collector = null!;

    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with
    {
        Otlp = _collector.Address,
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), Gather = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(300) },
    };

    /// <summary>What the service is called in the program.</summary>
    private protected abstract string Provider { get; }

    /// <summary>A part of the address of each request there.</summary>
    private protected abstract string PartOfAddress { get; }

    public override async ValueTask InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _collector.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Each_pass_and_each_of_its_requests_is_traced_without_content()
    {
        using var browser = await SignedInAsync("maya");
        var diary = new Diary(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session"));
        var start = Server.Clock.GetCurrentInstant().InUtc().Date.PlusDays(3).At(new LocalTime(9, 0));
        var uid = await diary.BookAsync(new Booking([new Patient("PT-1", "Canaryjane", "Canarybrown", null)], "Canarytype", start, Duration.FromMinutes(45)) { Comments = "Canarycomment" });
        await LinkAsync(browser, existing: true);
        await UntilAsync(async () => (await Side.SeenAsync()).Count == 1, "it is outside");
        await Side.InCalendarAsync("create", new() { ["title"] = "Canarytheirs", ["start"] = At(start.PlusHours(2)), ["end"] = At(start.PlusHours(3)) });
        await UntilAsync(async () => (await LinksAsync()).Single().Count == 2, "what was made there is here");
        // what other servers of this process trace comes here, too
        string[] told = ["link.pass", "calendarsync.link.result", "calendarsync.link.taken", Provider, "http.request.method", "http.response.status_code"];
        await UntilAsync(() => Task.FromResult(told.All(word => _collector.Traces.Contains(word, StringComparison.Ordinal))), "the traces have come");

        var (traces, link) = (_collector.Traces, Assert.Single(await LinksAsync()));
        string[] hidden = ["Canary", "HX_", "Riverbend", "Lindqvist", "127.0.0.1", "url.", "server.address", "http:", "Bearer", PartOfAddress, Side.Email, link.Id, link.CalendarId, Maya.Id, uid];
        Assert.All(hidden, word => Assert.DoesNotContain(word, traces, StringComparison.OrdinalIgnoreCase));
    }

    private static string At(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH':'mm", CultureInfo.InvariantCulture);
}

public sealed class GoogleLinkTraceTests : LinkTraceTests
{
    private protected override string Provider => "google";

    private protected override string PartOfAddress => "/calendar/v3";

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");
}

public sealed class MicrosoftLinkTraceTests : LinkTraceTests
{
    private protected override string Provider => "microsoft";

    private protected override string PartOfAddress => "calendarView";

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");
}

public sealed class CalDavLinkTraceTests : LinkTraceTests
{
    private protected override string Provider => "icloud";

    private protected override string PartOfAddress => ".ics";

    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("icloud");
}
