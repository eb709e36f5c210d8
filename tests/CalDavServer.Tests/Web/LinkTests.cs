using System.Diagnostics;
using System.Globalization;
using CalDavServer.Commands.Exports;
using CalDavServer.Links;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A link at work: what is done in the diary is outside, what is done outside is in the diary, and whatever goes wrong is said with the button that helps.</summary>
public abstract class LinkTests : OutsidePageTest
{
    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with
    {
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), Gather = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(300), Stopped = TimeSpan.FromMilliseconds(300) },
    };

    private Diary Diary => new(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session"));

    [Fact]
    public async Task What_is_entered_on_one_side_appears_moves_and_goes_on_the_other()
    {
        using var browser = await SignedInAsync("maya");
        await Diary.AddPersonalAsync(Entry("Before"));
        var link = await LinkAsync(browser, existing: false);
        var id = await Diary.AddPersonalAsync(Entry("Lunch"));
        var lunch = await SeenAsync("Lunch");
        Assert.DoesNotContain(await Side.SeenAsync(), seen => seen.Title == "Before");
        await Side.InCalendarAsync("move", new() { ["event"] = lunch.Id, ["start"] = At(15), ["end"] = At(16) });
        await UntilAsync(async () => (await Diary.GetAsync(new AppointmentTarget(id))).Start.Hour == 15, "the move outside is in the diary");
        await Side.InCalendarAsync("create", new() { ["title"] = "Dentist", ["start"] = At(17), ["end"] = At(18) });
        await UntilAsync(async () => (await browser.GetAsync($"/calendar/search?text=Dentist")).Text.Contains("Dentist</", StringComparison.Ordinal), "what is made outside is in the diary");
        var before = (await Diary.SurveyAsync()).Live;
        await Side.InCalendarAsync("delete", new() { ["event"] = lunch.Id });
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == before - 1, "what is deleted outside is gone");
        var page = await browser.GetAsync(link.Path);
        Assert.DoesNotContain("none yet", page.Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree", StringComparison.Ordinal), "both agree");
    }

    [Fact]
    public async Task Existing_appointments_are_included_when_that_is_asked_for()
    {
        using var browser = await SignedInAsync("maya");
        await Diary.AddPersonalAsync(Entry("Before"));
        await LinkAsync(browser, existing: true);
        await SeenAsync("Before");
    }

    [Fact]
    public async Task A_paused_link_moves_nothing_and_catches_up_when_it_goes_on()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser, existing: true);
        await browser.PostAsync(link.Path + "/pause", await browser.GetAsync(link.Path));
        await Diary.AddPersonalAsync(Entry("Meanwhile"));
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.Empty(await Side.SeenAsync());
        await browser.PostAsync(link.Path + "/goOn", await browser.GetAsync(link.Path));
        await SeenAsync("Meanwhile");
    }

    [Fact]
    public async Task Of_somebody_without_access_nothing_goes_out_until_they_have_it_again()
    {
        using var browser = await SignedInAsync("maya");
        await LinkAsync(browser, existing: true);
        Assert.Contains("calendarsync_links{state=\"Active\"} 1", (await browser.GetAsync("/metrics")).Text, StringComparison.Ordinal);
        await Server.Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Maya.Id, Server.Clock.GetCurrentInstant())), TestContext.Current.CancellationToken);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await Side.InCalendarAsync("create", new() { ["title"] = "Dentist", ["start"] = At(17), ["end"] = At(18) });
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.Equal(0, await RowsAsync());
        await Server.Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Maya.Id, null)), TestContext.Current.CancellationToken);
        await UntilAsync(async () => await RowsAsync() == 1, "it goes on");
    }

    [Fact]
    public async Task Access_that_is_taken_back_is_said_and_in_two_clicks_nothing_is_lost()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser, existing: true);
        await Side.TakeBackAsync();
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Connect again</button>", StringComparison.Ordinal), "the page says so");
        Assert.Contains("no longer lets this server in", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        await Diary.AddPersonalAsync(Entry("Meanwhile"));
        await Side.ConnectAsync(browser, again: link.Path.Split('/')[^1]);
        await SeenAsync("Meanwhile");
        Assert.Single(await Side.CalendarsAsync());
    }

    [Fact]
    public async Task A_calendar_that_was_deleted_outside_is_made_again_and_nothing_of_the_diary_goes()
    {
        using var browser = await SignedInAsync("maya");
        var id = await Diary.AddPersonalAsync(Entry("Kept"));
        var link = await LinkAsync(browser, existing: true);
        await SeenAsync("Kept");
        await Side.InCalendarAsync("delete-calendar");
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Calendar deleted", StringComparison.Ordinal), "the page says so");
        Assert.Equal("Kept", (await Diary.GetAsync(new AppointmentTarget(id))).Title);
        await browser.PostAsync(link.Path + "/makeAgain", await browser.GetAsync(link.Path));
        await SeenAsync("Kept");
    }

    [Fact]
    public async Task Many_deletions_at_once_wait_for_a_word()
    {
        using var browser = await SignedInAsync("maya");
        var link = await WithDeletionsHeldAsync(browser);
        Assert.Equal(12, (await Diary.SurveyAsync()).Live);
        // looked at again it is still so
        Assert.Contains("checked again", (await browser.PostAsync(link.Path + "/lookAgain", await browser.GetAsync(link.Path))).Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Deletions wait", StringComparison.Ordinal), "the page says so again");
        Assert.Contains("You had the deletions checked again", (await browser.GetAsync(link.Path)).Text, StringComparison.Ordinal);
        Assert.Equal(12, (await Diary.SurveyAsync()).Live);
        await browser.PostAsync(link.Path + "/remove", await browser.GetAsync(link.Path));
        await UntilAsync(async () => (await Diary.SurveyAsync()).Live == 0, "they are removed");
    }

    [Fact]
    public async Task Many_deletions_that_nobody_meant_are_put_back_outside()
    {
        using var browser = await SignedInAsync("maya");
        var link = await WithDeletionsHeldAsync(browser);
        var page = await browser.GetAsync(link.Path);
        Assert.Contains($"Put them back at {Side.Name}", page.Text, StringComparison.Ordinal);
        await browser.PostAsync(link.Path + "/putBack", page);
        await UntilAsync(async () => (await Side.SeenAsync()).Count == 12, "all are outside again");
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree: 12 appointments", StringComparison.Ordinal), "both agree");
        Assert.Equal(12, (await Diary.SurveyAsync()).Live);
        // a form of before does nothing any more
        Assert.Contains("in the meantime", (await browser.ForgeAsync(link.Path + "/putBack", page)).Text, StringComparison.Ordinal);
        Assert.Contains("in the meantime", (await browser.ForgeAsync(link.Path + "/lookAgain", page)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_said_and_asked_again()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser, existing: true);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree", StringComparison.Ordinal), "it works");
        await Side.SilenceAsync();
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("does not answer at the moment", StringComparison.Ordinal), "the page says so");
        await Side.AnswerAsync();
        await browser.PostAsync(link.Path + "/check", await browser.GetAsync(link.Path));
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree", StringComparison.Ordinal), "it works again");
    }

    [Fact]
    public async Task A_provider_that_has_had_too_many_requests_is_not_said_to_be_silent()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser, existing: true);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree", StringComparison.Ordinal), "it works");
        await Side.StallAsync();
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("asked to be left alone for a while", StringComparison.Ordinal), "the page says so");
        Assert.DoesNotContain("does not answer", (await browser.GetAsync(link.Path)).Text, StringComparison.Ordinal);
        await browser.PostAsync(link.Path + "/check", await browser.GetAsync(link.Path));
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree", StringComparison.Ordinal), "it works again");
    }

    [Fact]
    public async Task Erasing_a_person_leaves_nothing_of_their_links_and_an_export_has_them_without_tokens()
    {
        using var browser = await SignedInAsync("maya");
        await Diary.AddPersonalAsync(Entry("Canary title"));
        await LinkAsync(browser, existing: true);
        await SeenAsync("Canary title");
        var link = await LinkOfMayaAsync();
        await UntilAsync(async () => (await LinkOfMayaAsync())!.Count == 1, "it is noted");
        var folder = Directory.CreateTempSubdirectory("export-").FullName;
        try
        {
            await using (var files = ExportFiles.Create(Path.Combine(folder, "maya")))
            {
                using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
                await new Export(snapshot, files, new Progress<double>()).WriteAsync(Maya, TestContext.Current.CancellationToken);
                files.Complete();
            }

            var text = await File.ReadAllTextAsync(Path.Combine(folder, "maya", "outside-accounts.json"), TestContext.Current.CancellationToken);
            Assert.Contains(Side.Email, text, StringComparison.Ordinal);
            Assert.DoesNotContain("oken", text, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        await EraseAsync(link!.Id);
    }

    [Fact]
    public async Task Erasing_a_person_leaves_nothing_of_a_link_that_ended_before()
    {
        using var browser = await SignedInAsync("maya");
        await Diary.AddPersonalAsync(Entry("Canary title"));
        var page = await LinkAsync(browser, existing: true);
        await SeenAsync("Canary title");
        await UntilAsync(async () => (await LinkOfMayaAsync())!.Count == 1, "it is noted");
        var link = await LinkOfMayaAsync();
        await browser.PostAsync(page.Path + "/disconnect", await browser.GetAsync(page.Path), ("calendar", "stays"));
        using (var before = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var left = Assert.Single(await before.ListRecordsAsync("link-left", link!.Id));
            Assert.DoesNotContain("Canary", System.Text.Encoding.UTF8.GetString(left.Document.Span), StringComparison.Ordinal);
        }

        await EraseAsync(link.Id);
    }

    private async Task EraseAsync(string linkId)
    {
        Assert.True((await Erasure.ApplyAsync(Server.Store, Maya, Server.Clock.GetCurrentInstant(), AuditActor.Command)).Succeeded);
        await Task.Delay(700, TestContext.Current.CancellationToken); // a pass may have been running
        using var after = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        foreach (var kind in (string[])["link", "link-item", "link-index", "link-lease", "link-conflict", "link-channel", "link-left", "outside-account"])
        {
            Assert.Empty(await after.ListRecordsAsync(kind, Maya.Id));
            Assert.Empty(await after.ListRecordsAsync(kind, linkId));
        }
    }

    private async Task<ProviderBridge.Sync.Link?> LinkOfMayaAsync() => (await LinksAsync()).SingleOrDefault();

    private async Task<int> RowsAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var hx = (await snapshot.FindCollectionAsync(Maya.Id, HxCalendar.CollectionName))!;
        return await snapshot.ListRowsAsync(hx.Id).CountAsync(TestContext.Current.CancellationToken);
    }

    private LocalDate Day => Server.Clock.GetCurrentInstant().InZone(Practice.Zone()).Date.PlusDays(2);

    private string At(int hour) => (Day + new LocalTime(hour, 0)).ToString("uuuu-MM-dd'T'HH':'mm", CultureInfo.InvariantCulture);

    private PersonalEntry Entry(string title, int days = 0) => new(title, Day.PlusDays(days) + new LocalTime(10, 0), Duration.FromMinutes(30));

    // twelve appointments are outside, and then deleted there at once: the link asks before it deletes them in the diary
    private async Task<PageAnswer> WithDeletionsHeldAsync(PageClient browser)
    {
        for (var n = 0; n < 12; n++) await Diary.AddPersonalAsync(Entry($"Appointment {n}", n));
        var link = await LinkAsync(browser, existing: true);
        await UntilAsync(async () => (await Side.SeenAsync()).Count == 12, "all are outside");
        await browser.PostAsync(link.Path + "/pause", await browser.GetAsync(link.Path));
        foreach (var (id, _, _) in await Side.SeenAsync()) await Side.InCalendarAsync("delete", new() { ["event"] = id });
        await browser.PostAsync(link.Path + "/goOn", await browser.GetAsync(link.Path));
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Deletions wait", StringComparison.Ordinal), "the page says so");
        return link;
    }

    private async Task<(string Id, string Title, string Start)> SeenAsync(string title)
    {
        (string Id, string Title, string Start) found = default;
        await UntilAsync(async () => (found = (await Side.SeenAsync()).FirstOrDefault(seen => seen.Title == title)).Id is not null, $"{title} is outside");
        return found;
    }
}

/// <summary>The same with Google.</summary>
public sealed class GoogleLinkTests : LinkTests
{
    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");
}

/// <summary>The same with Microsoft.</summary>
public sealed class MicrosoftLinkTests : LinkTests
{
    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");
}
