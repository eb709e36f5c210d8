using System.Globalization;
using System.Net;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using CalDavServer.Tests.Links;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A day on which everything goes wrong between a diary and a linked account, one after the other: sync health is right at every step, and in the end both sides have the same, nothing lost or doubled.</summary>
public abstract class LinkBadDayTests : HookedPageTest
{
    private readonly Watch _watch = new();
    private readonly string _keys = Directory.CreateTempSubdirectory("bad-day-keys-").FullName;
    private readonly List<string> _titles = [];
    private DyingStore? _disk;
    private PageClient _browser = null!;
    private string _page = "";

    private protected override IClock Clock => _watch;

    private protected override Func<ICalendarStore, ICalendarStore> Disk => store => _disk = new DyingStore(store);

    private protected override ServerOptions? Hosting => base.Hosting! with
    {
        KeyFolder = _keys,
        // what is told is asked for as well, now and then: a push may be lost
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), PollTold = TimeSpan.FromSeconds(2), Gather = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(300), Stopped = TimeSpan.FromMilliseconds(300) },
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_keys, true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task On_a_bad_day_sync_health_is_right_at_every_step_and_nothing_is_lost()
    {
        using var browser = _browser = await SignedInAsync("maya");
        await HereAsync("Before");
        _page = (await LinkAsync(browser)).Path;
        await ThereAsync("Dentist");
        await AgreeAsync();

        // pushes are lost
        Relay.Loses = static _ => true;
        await ThereAsync("Unheard");
        await AgreeAsync();
        Relay.Loses = null;

        // the limit of requests
        await Side.StallAsync();
        await HereAsync("Limited here");
        await ThereAsync("Limited there");
        await SaysAsync("asked to be left alone for a while");
        await DoAsync("check");
        await AgreeAsync();

        // nobody answers
        await Side.SilenceAsync();
        await HereAsync("Unanswered");
        await SaysAsync("does not answer at the moment. It will be tried again automatically, and nothing is lost.");
        await Side.AnswerAsync();
        await DoAsync("check");
        await AgreeAsync();

        // access is taken back
        await Side.TakeBackAsync();
        await SaysAsync("Nothing is lost: connect the account again, and everything catches up.");
        await HereAsync("Locked out here");
        await ThereAsync("Locked out there");
        await Side.ConnectAsync(browser, again: _page.Split('/')[^1]);
        await AgreeAsync();

        // the server is killed while it writes there
        _disk!.DieAfter(6);
        for (var n = 0; n < 4; n++) await HereAsync($"Killed {n}");
        await UntilAsync(() => Task.FromResult(_disk.IsDead), "it is killed");
        await ThereAsync("Killed there");
        await RestartAsync();
        // what was killed has its lease still, until that is over
        _watch.Ahead += Duration.FromMinutes(6);
        using var again = _browser = await SignedInAsync("maya");
        await AgreeAsync();

        // the calendar is deleted there
        await Side.InCalendarAsync("delete-calendar");
        await SaysAsync($"The calendar was deleted at {Side.Name}. Nothing in your diary was deleted: make the calendar again, or disconnect.");
        await HereAsync("Without a calendar");
        Assert.Equal(_titles.Order(), await TitlesHereAsync());
        await DoAsync("makeAgain");
        await AgreeAsync();

        // clocks jump
        foreach (var by in (Duration[])[Duration.FromDays(1), -Duration.FromHours(1)])
        {
            _watch.Ahead += by;
            await HereAsync($"At {_watch.Ahead} here");
            await ThereAsync($"At {_watch.Ahead} there");
            await AgreeAsync();
        }

        Assert.Equal(18, _titles.Count);
        Assert.DoesNotContain("Both versions", await TextAsync("/settings/sync"), StringComparison.Ordinal);
    }

    private async Task<string> TextAsync(string path) => WebUtility.HtmlDecode((await _browser.GetAsync(path)).Text);

    private async Task HereAsync(string title)
    {
        await Diary.AddPersonalAsync(new PersonalEntry(title, Next(), Duration.FromMinutes(30)));
        _titles.Add(title);
    }

    private async Task ThereAsync(string title)
    {
        var start = Next();
        await Side.InCalendarAsync("create", new() { ["title"] = title, ["start"] = Text(start), ["end"] = Text(start.PlusMinutes(30)) });
        _titles.Add(title);
    }

    /// <summary>In the end both sides have everything, each once, and the page says so.</summary>
    private async Task AgreeAsync()
    {
        await UntilAsync(async () => (await TitlesHereAsync()).SequenceEqual(_titles.Order()), "the diary has everything");
        await UntilAsync(async () => (await TitlesThereAsync()).SequenceEqual(_titles.Order()), "everything is there");
        await SaysAsync($"Both calendars agree: {_titles.Count} appointments.");
    }

    private async Task SaysAsync(string sentence) => await UntilAsync(async () => (await TextAsync(_page)).Contains(sentence, StringComparison.Ordinal), $"the page says: {sentence}");

    private async Task DoAsync(string act) => await _browser.PostAsync($"{_page}/{act}", await _browser.GetAsync(_page));

    private async Task<IReadOnlyList<string>> TitlesHereAsync() => [.. (await Diary.ListAsync(Day.PlusDays(-2).AtStartOfDayInZone(DateTimeZone.Utc).ToInstant(), Day.PlusDays(60).AtStartOfDayInZone(DateTimeZone.Utc).ToInstant())).Select(one => one.Title).Order()];

    private async Task<IReadOnlyList<string>> TitlesThereAsync() => [.. (await Side.SeenAsync()).Select(one => one.Title).Order()];

    private LocalDateTime Next() => Day.PlusDays(_titles.Count) + new LocalTime(10, 0);

    private static LocalDate Day { get; } = SystemClock.Instance.GetCurrentInstant().InUtc().Date.PlusDays(3);

    private static string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH':'mm", CultureInfo.InvariantCulture);

    /// <summary>The server's clock, which somebody sets.</summary>
    private sealed class Watch : IClock
    {
        public Duration Ahead { get; set; }

        public Instant GetCurrentInstant() => SystemClock.Instance.GetCurrentInstant() + Ahead;
    }
}

/// <summary>A bad day with Google.</summary>
public sealed class GoogleBadDayTests : LinkBadDayTests
{
    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");
}

/// <summary>A bad day with Microsoft.</summary>
public sealed class MicrosoftBadDayTests : LinkBadDayTests
{
    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");
}

/// <summary>A bad day with iCloud, as with any CalDAV account.</summary>
public sealed class ICloudBadDayTests : LinkBadDayTests
{
    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("icloud");
}
