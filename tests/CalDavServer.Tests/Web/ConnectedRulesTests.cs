using System.Globalization;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>
/// The rules of docs/rules.md hold in a practice that keeps its diary in Halaxy as they do in one that keeps it here: with practitioners who link Google through the pages. R1 and R11 are in EverywhereTests and in the tests of latency.
/// </summary>
public sealed partial class ConnectedRulesTests : HalaxyPageTest
{
    private const string Section = "/settings/integrations";
    private readonly MovedClock _clock = new();
    private VendorSide _google = null!;

    private protected override IClock Clock => _clock;

    private protected override bool Billing => true;

    private protected override ServerOptions? Hosting => _google.Register(base.Hosting!) with
    {
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), Gather = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(300), Stopped = TimeSpan.FromMilliseconds(300) },
    };

    private Billing Books => new(Server.Store, _clock);

    public override async ValueTask InitializeAsync()
    {
        _google = (VendorSide)await VendorSide.StartAsync("google");
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _google.DisposeAsync();
    }

    [Fact]
    public async Task R2_R3_R8_R9_R10_Two_practitioners_have_each_a_calendar_of_their_own_in_one_account_once_each_has_bought()
    {
        using var ruth = await SignedInAsync("ruth");
        using var maya = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        await ConnectBothAsync(ruth);
        await BuyAsync(maya);
        var calendar = await LinkAsync(maya, isFromNowOn: false);
        Assert.Equal("HX_Riverbend (Maya Lindqvist)", calendar.Name);

        // R8: what Maya has bought is for Maya
        Assert.DoesNotContain("Add Calendar Synchronisation", (await tom.GetAsync(Section)).Text, StringComparison.Ordinal);
        Assert.Equal(Section, (await tom.GetAsync(_google.Start)).Path);

        // R9: an administrator buys, has no calendar, and does not set up
        await ruth.PostAsync($"{Section}/buy?for={Tom.Id}", ("state", "None"), ("for", Tom.Id));
        Assert.DoesNotContain("Add Calendar Synchronisation", (await ruth.GetAsync(Section)).Text, StringComparison.Ordinal);
        var toms = await LinkAsync(tom, isFromNowOn: false);
        Assert.Equal("HX_Riverbend (Tom Okafor)", toms.Name);

        await There.BookAsync(Now);
        await There.BookAsync(Now, days: 3, role: There.ThomasRole);
        await UntilAsync(async () => (await SeenAsync(calendar)).Count == 1 && (await SeenAsync(toms)).Count == 1, "each has what is theirs");
        Assert.NotEqual(Assert.Single(await SeenAsync(calendar)).Start, Assert.Single(await SeenAsync(toms)).Start);
    }

    [Fact]
    public async Task R4_R5_R6_From_now_on_means_from_then_on_and_what_is_done_outside_reaches_Halaxy_as_far_as_it_may()
    {
        using var ruth = await SignedInAsync("ruth");
        using var maya = await SignedInAsync("maya");
        var (before, edited) = (await There.BookAsync(Now), await There.BookAsync(Now, days: 3));
        await ConnectBothAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 2, "the bookings of before are here");
        await BuyAsync(maya);
        var calendar = await LinkAsync(maya, isFromNowOn: true);
        var after = await There.BookAsync(Now, days: 4);
        await UntilAsync(async () => (await SeenAsync(calendar)).Count == 1, "only what came after the link is outside");
        await There.DoAsync("comment", new() { ["appointment"] = edited, ["comments"] = "Bring the scans" });
        await UntilAsync(async () => (await SeenAsync(calendar)).Count == 2, "what was edited after it is outside, too");
        Assert.All(await SeenAsync(calendar), seen => Assert.Contains("Zora Newman", seen.Title, StringComparison.Ordinal));

        // R4: what is entered outside is a personal appointment, and said not to be in Halaxy
        await InCalendarAsync(calendar, "create", new() { ["title"] = "Dentist", ["start"] = At(5, 10), ["end"] = At(5, 11) });
        await UntilAsync(async () => (await HereAsync()).Count(one => one.Title == "Dentist" && one.Patients.Count == 0) == 1, "it is in the diary");
        Assert.Contains("in this diary only", (await maya.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);

        // R6: with an invoice it stays, and the practitioner sees why
        await There.DoAsync("invoice", new() { ["appointment"] = after });
        await UntilAsync(async () => (await HereAsync()).Any(one => one.Invoice is not null), "the invoice is known");
        await UntilAsync(async () => (await SeenAsync(calendar)).Count == 3, "all is outside");
        var seen = (await SeenAsync(calendar)).Single(one => one.Start.StartsWith(At(4, 0)[..10], StringComparison.Ordinal));
        await InCalendarAsync(calendar, "delete", new() { ["event"] = seen.Id });
        await UntilAsync(async () => (await maya.GetAsync("/settings/sync")).Text.Contains("invoice", StringComparison.OrdinalIgnoreCase), "it is said why it stays");
        Assert.True((bool)(await There.ShowAsync(after))["takesPlace"]!);

        // without one it is cancelled there
        var other = (await SeenAsync(calendar)).Single(one => one.Start.StartsWith(At(3, 0)[..10], StringComparison.Ordinal));
        await InCalendarAsync(calendar, "delete", new() { ["event"] = other.Id });
        await UntilAsync(async () => !(bool)(await There.ShowAsync(edited))["takesPlace"]!, "it is cancelled in Halaxy");
        Assert.True((bool)(await There.ShowAsync(before))["takesPlace"]!);
    }

    [Fact]
    public async Task R7_R12_When_the_subscription_has_ended_the_diary_and_the_feed_go_on_and_nothing_goes_outside_until_it_is_bought_again()
    {
        await Books.AddCreditsAsync(Practice.Id, 100, "Invoice 7");
        using var ruth = await SignedInAsync("ruth");
        using var maya = await SignedInAsync("maya");
        await ConnectBothAsync(ruth);
        await BuyAsync(maya);
        var calendar = await LinkAsync(maya, isFromNowOn: false);
        var moved = await There.BookAsync(Now, days: 40);
        await UntilAsync(async () => (await SeenAsync(calendar)).Count == 1, "it is outside");
        await maya.PostAsync(Section + "/cancel");
        _clock.Moved += Duration.FromDays(31);
        Assert.Equal(SubscriptionState.Lapsed, await StateAsync());

        // the feed is free
        using var again = await SignedInAsync("maya");
        var on = await again.PostAsync(Section + "/feed?handler=On", ("Level", "FirstName"));
        await There.BookAsync(Now, days: 4);
        await UntilAsync(async () => (await HereAsync()).Count == 2, "the diary follows Halaxy still");
        using var app = Server.Anonymous();
        await UntilAsync(async () => Zora().Count((await app.GetAsync(Address().Match(on.Text).Groups[1].Value)).Text) == 2, "the feed has both");
        var seen = Assert.Single(await SeenAsync(calendar));
        await InCalendarAsync(calendar, "move", new() { ["event"] = seen.Id, ["start"] = seen.Start.Replace(' ', 'T')[..11] + "05:00", ["end"] = seen.Start.Replace(' ', 'T')[..11] + "05:50" });
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.Single(await SeenAsync(calendar));
        var there = (string)(await There.ShowAsync(moved))["start"]!;

        await again.PostAsync(Section + "/buy", ("state", "Lapsed"));
        Assert.Equal(SubscriptionState.Active, await StateAsync());
        await UntilAsync(async () => (await SeenAsync(calendar)).Count == 2, "what came meanwhile is outside");
        await UntilAsync(async () => (string)(await There.ShowAsync(moved))["start"]! != there, "what was moved meanwhile is in Halaxy");
    }

    [Fact]
    public async Task R5_Including_what_there_is_shows_all_that_is_in_Halaxy_and_the_page_counts_it()
    {
        using var ruth = await SignedInAsync("ruth");
        using var maya = await SignedInAsync("maya");
        for (var day = 2; day < 7; day++) await There.BookAsync(Now, day);
        await ConnectBothAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 5, "the bookings are here");
        await BuyAsync(maya);
        var calendar = await LinkAsync(maya, isFromNowOn: false);
        await UntilAsync(async () => (await SeenAsync(calendar)).Count == 5, "all are outside");
        await UntilAsync(async () => (await maya.GetAsync("/settings/sync")).Text.Contains("Both calendars agree: 5 appointments.", StringComparison.Ordinal), "the page counts them");
        await There.BookAsync(Now, 8);
        await UntilAsync(async () => (await maya.GetAsync("/settings/sync")).Text.Contains("Both calendars agree: 6 appointments.", StringComparison.Ordinal), "and what comes later");
        Assert.Equal(6, (await SeenAsync(calendar)).Count);
    }

    private async Task ConnectBothAsync(PageClient ruth)
    {
        var counted = await ruth.PostAsync(Page + "/match", await KeyAsync(ruth), ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", There.Thomas));
        await ruth.PostAsync(Page + "/connect", counted);
        await UntilAsync(async () => await ConnectionAsync() is { LastCompare: not null }, "all is compared");
    }

    private static async Task BuyAsync(PageClient browser)
    {
        Assert.Contains("Buy Calendar Synchronisation", (await browser.GetAsync(Section)).Text, StringComparison.Ordinal);
        await browser.GetAsync(Section + "/buy");
        Assert.Contains("Add Calendar Synchronisation", (await browser.PostAsync(Section + "/buy", ("state", "None"))).Text, StringComparison.Ordinal);
    }

    private async Task<(string Id, string Name)> LinkAsync(PageClient browser, bool isFromNowOn)
    {
        var choice = await _google.ConnectAsync(browser);
        var before = await _google.CalendarsAsync();
        await browser.PostAsync(choice.Path, ("level", "FullName"), ("existing", isFromNowOn ? "false" : "true"));
        return Assert.Single((await _google.CalendarsAsync()).Except(before));
    }

    private Task<IReadOnlyList<(string Id, string Title, string Start)>> SeenAsync((string Id, string Name) calendar) => _google.StandIn.SeenInAsync(calendar.Id);

    private Task<System.Text.Json.Nodes.JsonNode?> InCalendarAsync((string Id, string Name) calendar, string verb, System.Text.Json.Nodes.JsonObject body) =>
        _google.StandIn.DoAsync($"{_google.StandIn.Account()}/calendars/{Uri.EscapeDataString(calendar.Id)}/{verb}", body);

    private string At(int days, int hour) => (Now + Duration.FromDays(days)).InZone(DateTimeZoneProviders.Tzdb["Australia/Melbourne"]).Date.At(new LocalTime(hour, 0)).ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private async Task<SubscriptionState> StateAsync() => (await Books.FindAsync(Practice.Id))!.Find(Maya.Id)!.State;

    [GeneratedRegex("value=\"(http[^\"]+\\.ics)\"")]
    private static partial Regex Address();

    [GeneratedRegex("SUMMARY:[^\r\n]*Zora")]
    private static partial Regex Zora();

    /// <summary>The machine's clock, some time ahead.</summary>
    private sealed class MovedClock : IClock
    {
        public Duration Moved { get; set; }

        public Instant GetCurrentInstant() => SystemClock.Instance.GetCurrentInstant() + Moved;
    }
}
