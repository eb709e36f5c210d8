using System.Globalization;
using System.Net;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>An administrator connects the practice to Halaxy, sees how it stands, and ends it.</summary>
public sealed class HalaxyConnectTests : HalaxyPageTest
{
    [Fact]
    public async Task A_practice_is_connected_step_by_step_and_changes_go_both_ways()
    {
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains("Connect to Halaxy", (await ruth.GetAsync("/settings/integrations")).Text, StringComparison.Ordinal);
        var matching = await KeyAsync(ruth);
        Assert.InRange(matching.Text.IndexOf("Maya Lindqvist</label>", StringComparison.Ordinal), 0, matching.Text.IndexOf("Tom Okafor</label>", StringComparison.Ordinal));
        // proposed by name; nobody is, whose name is another there
        Assert.Matches($"value=\"{There.Maya}\" selected=\"selected\">Maya Lindqvist \\(Harbour, Main Street\\)", matching.Text);
        Assert.DoesNotContain($"value=\"{There.Thomas}\" selected", matching.Text, StringComparison.Ordinal);
        Assert.Empty(await HereAsync());
        var counted = await ruth.PostAsync(Page + "/match", matching, ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        Assert.Matches("Maya Lindqvist</td><td[^>]*>1</td><td[^>]*>0</td>", counted.Text);
        // a page that a browser goes back to without asking whether the form is to be sent again
        Assert.Equal(Page + "?counts=true", counted.Path);
        Assert.Matches("Maya Lindqvist</td><td[^>]*>1</td><td[^>]*>0</td>", (await ruth.GetAsync(counted.Path)).Text);
        Assert.Empty(await HereAsync());
        Assert.False((await PracticeAsync()).IsConnected);
        var connected = await ruth.PostAsync(Page + "/connect", counted);
        Assert.Contains("The practice is connected", connected.Text, StringComparison.Ordinal);
        Assert.True((await PracticeAsync()).IsConnected);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "the booking is in the diary");
        await UntilAsync(async () => (await ruth.GetAsync(Page)).Text.Contains("The diaries agree with Halaxy: 1 appointment.", StringComparison.Ordinal), "the page says so");
        var here = (await HereAsync()).Single();
        await Diary.EditAsync(new AppointmentTarget(here.Id), new AppointmentEdit { Comments = "Bring the letter" });
        await UntilAsync(async () => (string?)(await There.ShowAsync(id))["comments"] == "Bring the letter", "the comments are there");
        Assert.Equal([AuditAction.HalaxyConnected], (await AuditAsync()).Where(action => action is AuditAction.HalaxyConnected or AuditAction.HalaxyMatched or AuditAction.HalaxyKeyChanged));
    }

    [Fact]
    public async Task Each_refusal_is_a_sentence_and_changes_nothing()
    {
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains("Halaxy does not accept this client id and client secret", (await KeyAsync(ruth, secret: "wrong")).Text, StringComparison.Ordinal);
        // the operator has said where Halaxy is: there is no region to choose
        Assert.DoesNotContain("Check the region", (await KeyAsync(ruth, secret: "wrong")).Text, StringComparison.Ordinal);
        Assert.Contains("without spaces", (await KeyAsync(ruth, client: "a b")).Text, StringComparison.Ordinal);
        Assert.Contains("without spaces", (await KeyAsync(ruth, client: new string('x', 501))).Text, StringComparison.Ordinal);
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "status", ["status"] = 503, ["times"] = 30 });
        Assert.Contains("Halaxy does not answer as it should", (await KeyAsync(ruth)).Text, StringComparison.Ordinal);
        await There.ClearFaultsAsync();
        var (client, secret) = await There.MakeKeyAsync("Practitioner Organization");
        var refused = (await KeyAsync(ruth, client, secret)).Text;
        Assert.Contains("it cannot see what is needed", refused, StringComparison.Ordinal);
        Assert.Contains("No appointment can be read or moved.", refused, StringComparison.Ordinal);
        Assert.Null(await ConnectionAsync());
    }

    [Fact]
    public async Task A_key_without_patients_is_taken_and_the_page_says_what_that_means()
    {
        var (client, secret) = await There.MakeKeyAsync("Appointment PractitionerRole Practitioner Organization");
        using var ruth = await SignedInAsync("ruth");
        var page = (await KeyAsync(ruth, client, secret)).Text;
        Assert.Contains("The key cannot see: Healthcare services (appointment types), Patients.", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("Patients are shown by the number that Halaxy gives them", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_connected_whom_the_form_shows_otherwise_than_it_was_counted()
    {
        using var ruth = await SignedInAsync("ruth");
        var counted = await ruth.PostAsync(Page + "/match", await KeyAsync(ruth), ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        var again = await ruth.PostAsync(Page + "/connect", counted, ($"match-{Maya.Id}", There.Thomas), ($"match-{Tom.Id}", ""));
        Assert.Contains("You have changed who is who, so nothing is connected yet", again.Text, StringComparison.Ordinal);
        Assert.Contains("What will come", again.Text, StringComparison.Ordinal);
        Assert.Equal((HalaxyState.Proposed, There.Thomas), ((await ConnectionAsync())!.State, (await ConnectionAsync())!.Matches.Single().HalaxyPractitionerId));
        await ruth.PostAsync(Page + "/connect", again, ($"match-{Maya.Id}", There.Thomas), ($"match-{Tom.Id}", ""));
        Assert.True((await ConnectionAsync())!.IsConnected);
    }

    [Fact]
    public async Task People_of_an_account_that_was_only_tried_are_not_offered_for_another()
    {
        using var ruth = await SignedInAsync("ruth");
        await KeyAsync(ruth);
        var other = (string)(await There.UserAsync("halaxy", new() { ["name"] = "Empty Health", ["timeZone"] = "Australia/Melbourne" }))!["practice"]!;
        var key = (await There.UserAsync($"halaxy/{other}/key", []))!;
        var page = await KeyAsync(ruth, (string)key["clientId"]!, (string)key["clientSecret"]!);
        Assert.Contains("The key sees no practitioners in Halaxy.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Okafor</option>", page.Text, StringComparison.Ordinal);
        Assert.Empty((await ConnectionAsync())!.Matches);
    }

    [Fact]
    public async Task Two_people_here_are_not_one_there()
    {
        using var ruth = await SignedInAsync("ruth");
        var matching = await KeyAsync(ruth);
        var refused = await ruth.PostAsync(Page + "/match", matching, ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", There.Maya));
        Assert.Contains($"{Maya.DisplayName} and {Tom.DisplayName} are both matched with {Maya.DisplayName}. Only one of them can be that person: choose again.", refused.Text, StringComparison.Ordinal);
        var nobody = await ruth.PostAsync(Page + "/match", matching, ($"match-{Maya.Id}", "nobody-known"), ($"match-{Tom.Id}", ""));
        Assert.Contains("Choose at least one practitioner.", nobody.Text, StringComparison.Ordinal);
        // the page that was open before shows the button still
        var counted = await ruth.PostAsync(Page + "/match", matching, ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        await ruth.PostAsync(Page + "/match", matching, ($"match-{Maya.Id}", ""), ($"match-{Tom.Id}", ""));
        Assert.Contains("match at least one practitioner first", (await ruth.PostAsync(Page + "/connect", counted)).Text, StringComparison.Ordinal);
        Assert.Equal(HalaxyState.Proposed, (await ConnectionAsync())!.State);
    }

    [Fact]
    public async Task Names_of_patients_go_when_the_practice_is_disconnected()
    {
        await Server.AddPasswordAsync(Maya);
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "it is here");
        await UntilAsync(async () => await CountNamesAsync() == 1, "a name is kept");
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        await UntilAsync(async () => await CountNamesAsync() == 0, "no name is kept");
    }

    [Fact]
    public async Task Names_of_patients_go_though_Halaxy_does_not_answer()
    {
        var device = (await Server.AddPasswordAsync(Maya)).Credential;
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "it is here");
        await UntilAsync(async () => await CountNamesAsync() == 1, "a name is kept");
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "status", ["status"] = 503, ["times"] = 10_000 });
        // everything is compared first, and that fails
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new DeleteCredential(Maya.Id, device.Id)), TestContext.Current.CancellationToken)).Succeeded);
        await UntilAsync(async () => await CountNamesAsync() == 0, "no name is kept");
    }

    private async Task<int> CountNamesAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.ListRecordsAsync("halaxy-patient", Practice.Id)).Count;
    }

    [Fact]
    public async Task Two_administrators_who_connect_at_once_read_the_same()
    {
        using var ruth = await SignedInAsync("ruth");
        var matching = await KeyAsync(ruth);
        var counted = await ruth.PostAsync(Page + "/match", matching, ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        foreach (var _ in (int[])[1, 2]) Assert.Contains("The practice is connected.", (await ruth.PostAsync(Page + "/connect", counted)).Text, StringComparison.Ordinal);
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        Assert.Contains("the key is forgotten. Enter it again.", (await ruth.PostAsync(Page + "/connect", counted)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_only_here_is_said_until_Halaxy_takes_it()
    {
        using var ruth = await SignedInAsync("ruth");
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Lunch", Now.InUtc().LocalDateTime.PlusDays(3), Duration.FromMinutes(30)));
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "the first pass is done");
        using var maya = await SignedInAsync("maya");
        var health = WebUtility.HtmlDecode((await maya.GetAsync("/settings/sync")).Text);
        Assert.Contains("1 appointment of the coming year is in this diary only", health, StringComparison.Ordinal);
        Assert.Contains($"/calendar/{Maya.Id}/{uid}", health, StringComparison.Ordinal);
        Assert.Contains("Halaxy does not accept personal appointments from other programs", (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}")).Text, StringComparison.Ordinal);

        await There.DoAsync("switch", new() { ["name"] = "create" });
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await HereAsync()).Single(one => one.Id == uid).HalaxyId is not null, "Halaxy has it");
        Assert.Contains("What was changed in your diary is in Halaxy too.", (await maya.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_how_many_could_not_be_read()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "the first pass is done");
        Assert.DoesNotContain("Not readable", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        // between two passes, one of which may be writing it
        await UntilAsync(async () => (await Server.Store.ApplyAsync(StoreBatch.Of(((await ConnectionAsync())! with { Unreadable = 2 }).Put()), TestContext.Current.CancellationToken)).Succeeded, "it is written");
        Assert.Contains("2 of Halaxy’s appointments could not be read, and are in no diary here.", WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disconnecting_keeps_the_diary_and_connecting_again_doubles_nothing()
    {
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1, "the booking is here");
        var page = await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        Assert.Contains("The diaries stay as they are", page.Text, StringComparison.Ordinal);
        Assert.Single(await HereAsync());
        Assert.Equal((HalaxyState.Disconnected, ""), (await ConnectionAsync()) is { } ended ? (ended.State, ended.ProtectedSecret) : default);
        Assert.False((await PracticeAsync()).IsConnected);
        // its own diary again
        await Diary.BookAsync(new Booking([new Patient("1", "Own", "Patient")], "Consultation", Now.InUtc().LocalDateTime.PlusDays(3), Duration.FromMinutes(30)));
        await There.BookAsync(Now, 4);
        Assert.Contains("The practice was connected before", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        // what was agreed then is not said of now
        await There.UserAsync("faults", new() { ["method"] = "halaxy.search", ["kind"] = "latency", ["milliseconds"] = 300, ["times"] = 1000 });
        Assert.DoesNotContain("The diaries agree", (await ConnectAsync(ruth)).Text, StringComparison.Ordinal);
        await There.ClearFaultsAsync();
        await UntilAsync(async () => (await HereAsync()).Count == 3, "what is new is here");
        Assert.Single(await HereAsync(), one => one.HalaxyId == id);
    }

    [Fact]
    public async Task A_key_that_is_taken_back_is_replaced_and_everything_catches_up()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass is not null, "it runs");
        await There.DoAsync("revoke-key", new() { ["client"] = There.Client });
        await UntilAsync(async () => (await ruth.GetAsync(Page)).Text.Contains("New key needed", StringComparison.Ordinal), "the page says so");
        var id = await There.BookAsync(Now);
        var (client, secret) = await There.MakeKeyAsync();
        Assert.Contains("Halaxy accepts the new key", (await KeyAsync(ruth, client, secret)).Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "what was missed is here");
        Assert.Contains(AuditAction.HalaxyKeyChanged, await AuditAsync());
    }

    [Fact]
    public async Task What_is_only_here_is_listed_with_its_day_also_when_that_is_today()
    {
        var start = Now.InZone(Practice.Zone()).LocalDateTime.PlusMinutes(10);
        await Diary.AddPersonalAsync(new PersonalEntry("Lunch", start, Duration.FromMinutes(30)));
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        using var maya = await SignedInAsync("maya");
        Assert.Contains($">{start.ToString("d MMMM uuuu', 'HH':'mm", CultureInfo.InvariantCulture)}</a>", (await maya.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_account_is_not_taken_for_this_one()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        var (client, secret) = await OtherAccountAsync();
        Assert.Contains("opens another Halaxy account", (await KeyAsync(ruth, client, secret)).Text, StringComparison.Ordinal);
        Assert.Equal(There.Client, (await ConnectionAsync())!.ClientId);
    }

    [Fact]
    public async Task An_account_that_was_only_tried_gives_way_to_another()
    {
        await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        var (client, secret) = await OtherAccountAsync();
        Assert.Contains("Ann Other", (await KeyAsync(ruth, client, secret)).Text, StringComparison.Ordinal);
        var matching = await KeyAsync(ruth);
        Assert.DoesNotContain("Ann Other", matching.Text, StringComparison.Ordinal);
        Assert.False((await PracticeAsync()).IsConnected);
        Assert.Equal(HalaxyState.Proposed, (await ConnectionAsync())!.State);
        Assert.Contains($"value=\"{There.Maya}\" selected=\"selected\"", matching.Text, StringComparison.Ordinal);
        // forgotten, and tried again
        await ruth.PostAsync(Page + "/disconnect", matching);
        Assert.Contains("Ann Other", (await KeyAsync(ruth, client, secret)).Text, StringComparison.Ordinal);
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        Assert.DoesNotContain(AuditAction.HalaxyDisconnected, await AuditAsync());
        // an account whose appointments came does not, even when it is disconnected
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1, "the booking is here");
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        Assert.Contains("opens another Halaxy account", (await KeyAsync(ruth, client, secret)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_no_longer_active_here_is_not_proposed()
    {
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Maya.Id, Now)), TestContext.Current.CancellationToken)).Succeeded);
        using var ruth = await SignedInAsync("ruth");
        await KeyAsync(ruth);
        Assert.Empty((await ConnectionAsync())!.Matches);
    }

    [Fact]
    public async Task What_is_only_here_is_counted_before_anything_changes()
    {
        await Diary.AddPersonalAsync(new PersonalEntry("Bank", Now.InUtc().LocalDateTime.PlusDays(3), Duration.FromMinutes(30)));
        using var ruth = await SignedInAsync("ruth");
        var counted = await ruth.PostAsync(Page + "/match", await KeyAsync(ruth), ($"match-{Maya.Id}", There.Maya));
        Assert.Matches("Maya Lindqvist</td><td[^>]*>0</td><td[^>]*>1</td>", counted.Text);
    }

    [Fact]
    public async Task Names_of_patients_are_forgotten_with_the_connection()
    {
        await There.BookAsync(Now);
        await Server.AddPasswordAsync(Maya);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => await CountNamesAsync() == 1, "the name is kept");
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        await UntilAsync(async () => await CountNamesAsync() == 0, "it is forgotten");
    }

    [Fact]
    public async Task What_Halaxy_did_not_take_is_listed_for_the_administrator()
    {
        await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1, "the booking is here");
        var target = new AppointmentTarget((await HereAsync()).Single().Id);
        await Diary.CancelAsync(target, CancelChoice.Cancel);
        await UntilAsync(async () => (await HereAsync()).Single().Status == AppointmentStatus.Cancelled && (await ConnectionAsync())!.LastOut is not null, "it is told");
        await Diary.RestoreAsync(target);
        await UntilAsync(async () => (await ruth.GetAsync(Page)).Text.Contains("To be done by hand in Halaxy", StringComparison.Ordinal), "the page says so");
        var page = WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text);
        Assert.Contains("Halaxy received the change but did not make it.", page, StringComparison.Ordinal);
        Assert.Contains("put it back, since it takes place again here", page, StringComparison.Ordinal);
        using var maya = await SignedInAsync("maya");
        var health = (await maya.GetAsync("/settings/sync")).Text;
        Assert.Contains("put it back, since it takes place again here", health, StringComparison.Ordinal);
        Assert.Contains("Something needs to be done by hand in Halaxy: see below.", health, StringComparison.Ordinal);
        await ruth.PostAsync(Page + "/match", await ruth.GetAsync(Page), ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", There.Thomas));
        using var tom = await SignedInAsync("tom");
        Assert.Contains("What was changed in your diary is in Halaxy too.", (await tom.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_on_both_sides_is_told_and_put_away()
    {
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1, "the booking is here");
        await There.UserAsync("faults", new() { ["method"] = "halaxy.patch", ["kind"] = "status", ["status"] = 409, ["reason"] = "conflict" });
        var here = (await HereAsync()).Single();
        await Diary.EditAsync(new AppointmentTarget(here.Id), new AppointmentEdit { Start = here.Start.LocalDateTime.PlusHours(3) });
        await UntilAsync(async () => (await ruth.GetAsync(Page)).Text.Contains("Halaxy refused this, as the time is taken there, so it is as it was before.", StringComparison.Ordinal), "the page says so");
        Assert.Equal(here.Start, (await HereAsync()).Single().Start);
        var left = await ruth.PostAsync(Page + "/putAway", await ruth.GetAsync(Page), ("appointment", id), ("practitioner", Maya.Id));
        Assert.DoesNotContain("Halaxy refused this", left.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_practitioner_sees_that_the_diary_is_in_Halaxy_and_no_more()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        using var maya = await SignedInAsync("maya");
        Assert.Contains("Your practice keeps its diary in Halaxy", (await maya.GetAsync("/settings/integrations")).Text, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.OK, (await maya.GetAsync(Page)).Status);
    }

    [Fact]
    public async Task Nothing_that_opens_the_account_is_on_a_page_or_readable_in_the_file()
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        Assert.DoesNotContain(There.Secret, (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var record = (await snapshot.FindRecordAsync("halaxy-connection", Practice.Id, "halaxy-connection"))!;
        Assert.DoesNotContain(There.Secret, System.Text.Encoding.UTF8.GetString(record.Document.Span), StringComparison.Ordinal);
    }

    /// <summary>A key of another practice at the same Halaxy.</summary>
    private async Task<(string Client, string Secret)> OtherAccountAsync()
    {
        var practice = (string)(await There.UserAsync("halaxy", new() { ["name"] = "Elsewhere" }))!["practice"]!;
        var clinic = (string)(await There.UserAsync($"halaxy/{practice}/clinic", new() { ["name"] = "East" }))!["id"]!;
        var person = (string)(await There.UserAsync($"halaxy/{practice}/practitioner", new() { ["given"] = "Ann", ["family"] = "Other" }))!["id"]!;
        await There.UserAsync($"halaxy/{practice}/role", new() { ["practitioner"] = person, ["clinic"] = clinic });
        var key = (await There.UserAsync($"halaxy/{practice}/key", new() { ["scopes"] = null }))!;
        return ((string)key["clientId"]!, (string)key["clientSecret"]!);
    }

    private async Task<Practice.Groups.PracticeGroup> PracticeAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await global::Practice.Groups.PracticeGroup.FindAsync(snapshot, Practice.Id))!;
    }
}
