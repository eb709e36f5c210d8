using System.Net;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A day on which everything goes wrong between a practice and Halaxy, one after the other: the page is right at every step, and in the end nothing is lost or doubled.</summary>
public sealed class HalaxyBadDayTests : HalaxyPageTest
{
    private readonly MailStandIn _mail = new();

    private protected override ServerOptions? Hosting => base.Hosting! with { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    [Fact]
    public async Task On_a_bad_day_the_page_is_right_at_every_step_and_nothing_is_lost()
    {
        using var ruth = await SignedInAsync("ruth");
        using var maya = await SignedInAsync("maya");
        var moved = await There.BookAsync(Now);
        await ConnectAsync(ruth);
        await SaysAsync(ruth, "The diaries agree with Halaxy: 1 appointment.");

        // webhooks that go nowhere
        foreach (var kind in new[] { "created", "updated", "deleted" })
            await There.DoAsync("hook", new() { ["kind"] = kind, ["address"] = new Uri(Server.Address, "hooks/halaxy/nowhere/appointment-" + kind).AbsoluteUri });
        var unheard = await There.BookAsync(Now, 3);
        await IsHereAsync(unheard);

        // the rate limit
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "status", ["status"] = 429, ["times"] = 1000 });
        await SaysAsync(ruth, "Halaxy does not answer at the moment.");
        var limited = await There.BookAsync(Now, 4);
        await There.ClearFaultsAsync();
        await LookAsync(ruth);
        await IsHereAsync(limited);
        await SaysAsync(ruth, "The diaries agree with Halaxy: 3 appointments.");

        // the region is down, and both sides go on
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "status", ["status"] = 503, ["times"] = 1000 });
        await SaysAsync(ruth, "Halaxy does not answer at the moment.");
        var meanwhile = await There.BookAsync(Now, 5);
        var start = await MoveAsync(moved, 1);
        await WaitsAsync(maya, "Halaxy does not answer at the moment.");
        await There.ClearFaultsAsync();
        await LookAsync(ruth);
        await IsHereAsync(meanwhile);
        await IsThereAsync(moved, start);

        // a box that is needed is not ticked any more
        await There.DoAsync("untick", new() { ["client"] = There.Client, ["scope"] = "Appointment" });
        await SaysAsync(ruth, "The API key can no longer see what is needed.");
        await TellsAsync(ruth, "A box is not ticked", "can no longer see what is needed in Halaxy", "A box is not ticked for your practice's API key");
        await WaitsAsync(maya, "The connection to Halaxy waits for an administrator of the practice.");
        var unseen = await There.BookAsync(Now, 6);
        await There.DoAsync("tick", new() { ["client"] = There.Client, ["scope"] = "Appointment" });
        await LookAsync(ruth);
        await IsHereAsync(unseen);

        // the key is taken back
        await There.DoAsync("revoke-key", new() { ["client"] = There.Client });
        await SaysAsync(ruth, "Halaxy no longer accepts the API key.");
        await TellsAsync(ruth, "New key needed", "no longer accepts the practice’s API key", "no longer accepts your practice's API key");
        start = await MoveAsync(moved, 2);
        await WaitsAsync(maya, "The connection to Halaxy waits for an administrator of the practice.");
        var keyless = await There.BookAsync(Now, 7);
        var (client, secret) = await There.MakeKeyAsync();
        await KeyAsync(ruth, client, secret);
        await IsHereAsync(keyless);
        await IsThereAsync(moved, start);

        await SaysAsync(ruth, "The diaries agree with Halaxy: 6 appointments.");
        string[] all = [moved, unheard, limited, meanwhile, unseen, keyless];
        Assert.Equal(all.Order(), (await HereAsync()).Select(one => one.HalaxyId!).Order());
        Assert.Contains("What was changed in your diary is in Halaxy too.", (await maya.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("warning banner", (await ruth.GetAsync("/calendar")).Text, StringComparison.Ordinal);
        // once for each time that somebody was needed
        Assert.Equal(0, _mail.Emails);
    }

    [Fact]
    public async Task What_the_mail_server_did_not_take_is_written_after_a_restart_and_once()
    {
        using var ruth = await SignedInAsync("ruth");
        await There.BookAsync(Now);
        await ConnectAsync(ruth);
        await SaysAsync(ruth, "The diaries agree with Halaxy: 1 appointment.");
        _mail.Refuse(451);
        await There.DoAsync("revoke-key", new() { ["client"] = There.Client });
        await UntilAsync(async () => (await ConnectionAsync())!.State == HalaxyState.KeyRefused && _mail.Heard.Any(line => line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase)), "the mail server refused an e-mail");
        Assert.Equal(0, _mail.Emails);

        await RestartAsync();
        Assert.Contains("no longer accepts your practice's API key", (await _mail.NextAsync()).Subject, StringComparison.Ordinal);
        await UntilAsync(async () => (await ConnectionAsync())!.Notice is { State: HalaxyState.KeyRefused }, "it is noted");

        await RestartAsync();
        // a change of a diary has the practice looked at, which the started server does with its first pass
        var tomorrow = Now.InZone(DateTimeZoneProviders.Tzdb["Australia/Melbourne"]).LocalDateTime.PlusDays(1);
        await Diary.AddPersonalAsync(new PersonalEntry("Lunch", tomorrow, Duration.FromMinutes(30)));
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal(0, _mail.Emails);
    }

    /// <summary>An administrator hears of what waits for them wherever they are.</summary>
    private async Task TellsAsync(PageClient ruth, string word, string banner, string subject)
    {
        var email = await _mail.NextAsync();
        Assert.Equal("ruth@riverbend.example", email.To);
        Assert.Contains(subject, email.Subject, StringComparison.Ordinal);
        Assert.Contains("http://calendar.riverbend.example/settings/integrations/halaxy", email.Text, StringComparison.Ordinal);
        Assert.Contains(banner, WebUtility.HtmlDecode((await ruth.GetAsync("/calendar")).Text), StringComparison.Ordinal);
        Assert.Contains(word, (await ruth.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        using var tom = await SignedInAsync("tom");
        Assert.DoesNotContain("warning banner", (await tom.GetAsync("/calendar")).Text, StringComparison.Ordinal);
    }

    private static Task SaysAsync(PageClient ruth, string sentence) =>
        UntilAsync(async () => WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text).Contains(sentence, StringComparison.Ordinal), $"the page says: {sentence}");

    private static async Task WaitsAsync(PageClient maya, string sentence)
    {
        var page = WebUtility.HtmlDecode((await maya.GetAsync("/settings/sync")).Text);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.DoesNotContain("is in Halaxy too", page, StringComparison.Ordinal);
    }

    private static async Task LookAsync(PageClient ruth) => await ruth.PostAsync(Page + "/look", await ruth.GetAsync(Page));

    private Task IsHereAsync(string id) => UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "it is here");

    private Task IsThereAsync(string id, Instant start) =>
        UntilAsync(async () => DateTimeOffset.Parse((string)(await There.ShowAsync(id))["start"]!, System.Globalization.CultureInfo.InvariantCulture) == start.ToDateTimeOffset(), "the move is there");

    private async Task<Instant> MoveAsync(string id, int hours)
    {
        var held = (await HereAsync()).Single(one => one.HalaxyId == id);
        await Diary.EditAsync(new AppointmentTarget(held.Id), new AppointmentEdit { Start = held.Start.LocalDateTime.PlusHours(hours) }, SeriesScope.All);
        return held.Start.ToInstant() + Duration.FromHours(hours);
    }
}
