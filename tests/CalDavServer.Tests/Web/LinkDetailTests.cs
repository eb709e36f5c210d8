using System.Globalization;
using System.Net;
using CalDavServer.Commands;
using CalDavServer.Links;
using CalDavServer.Options;
using CalDavServer.Storage;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the page of a link tells: conflicts with both versions, what waits and why, what it shows, what happened; and what whoever runs the server asks of it.</summary>
public sealed class LinkDetailTests : OutsidePageTest
{
    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with
    {
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), Gather = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(300), Stopped = TimeSpan.FromMilliseconds(300) },
    };

    private Diary Diary => new(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session"));

    private LocalDate Day => Server.Clock.GetCurrentInstant().InUtc().Date.PlusDays(40);

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");

    [Fact]
    public async Task A_conflict_shows_both_versions_and_the_other_can_be_taken()
    {
        using var browser = await SignedInAsync("maya");
        var id = await Diary.BookAsync(new Booking([new Patient("PT-1", "Jane", "Brownlow", null)], "Consultation", Day.At(new LocalTime(9, 0)), Duration.FromMinutes(45)));
        var link = await LinkAsync(browser, level: "Initials", existing: true);
        Assert.Contains("no appointment was changed here and at Google", link.Text, StringComparison.Ordinal);
        await AgreedAsync(browser, link.Path);
        await browser.PostAsync(link.Path + "/pause", await browser.GetAsync(link.Path));
        await Side.InCalendarAsync("move", new() { ["event"] = (await Side.SeenAsync())[0].Id, ["start"] = At(13), ["end"] = At(14) });
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Day.At(new LocalTime(11, 0)) });
        await browser.PostAsync(link.Path + "/goOn", await browser.GetAsync(link.Path));
        var page = await UntilSaysAsync(browser, link.Path, "Your diary said");
        var text = WebUtility.HtmlDecode(page.Text);
        Assert.Contains("11:00–11:45", text, StringComparison.Ordinal);
        Assert.Contains("13:00–14:00", text, StringComparison.Ordinal);
        Assert.Contains("your diary's", text, StringComparison.Ordinal);
        Assert.Contains("Use the version of Google", text, StringComparison.Ordinal);

        var conflict = Assert.Single(await ConflictsAsync());
        Assert.Contains("The other version counts now", (await browser.PostAsync(link.Path + "/takeOther", page, ("conflict", conflict.Id))).Text, StringComparison.Ordinal);
        Assert.Equal(13, (await Diary.GetAsync(new AppointmentTarget(id))).Start.Hour);
        await UntilAsync(async () => (await Side.SeenAsync())[0].Start.EndsWith("13:00", StringComparison.Ordinal), "it is so outside");
        Assert.Empty(await ConflictsAsync());
        Assert.Contains("decided already", (await browser.ForgeAsync(link.Path + "/takeOther", page, ("conflict", conflict.Id))).Text, StringComparison.Ordinal);
        foreach (var forged in new[] { "", "x", conflict.Id }) Assert.Equal(HttpStatusCode.OK, (await browser.ForgeAsync(link.Path + "/leave", page, ("conflict", forged))).Status);
    }

    [Fact]
    public async Task A_conflict_is_decided_at_the_level_at_which_it_came_to_be()
    {
        using var browser = await SignedInAsync("maya");
        var target = await AddBySecretDeviceAsync();
        var link = await LinkAsync(browser, level: "Busy", existing: true);
        await AgreedAsync(browser, link.Path);
        await browser.PostAsync(link.Path + "/pause", await browser.GetAsync(link.Path));
        await Diary.EditAsync(target, new AppointmentEdit { Start = Day.At(new LocalTime(11, 0)) });
        await Side.InCalendarAsync("move", new() { ["event"] = Assert.Single(await Side.SeenAsync()).Id, ["start"] = At(13), ["end"] = At(14) });
        await browser.PostAsync(link.Path + "/goOn", await browser.GetAsync(link.Path));
        await UntilSaysAsync(browser, link.Path, "Your diary said");
        var conflict = Assert.Single(await ConflictsAsync());
        Assert.Equal((PrivacyLevel.Busy, 13), (conflict.Level, (await Diary.GetAsync(target)).Start.Hour));
        Assert.DoesNotContain("Secret", conflict.Practice, StringComparison.Ordinal);

        // what was hidden then is no change now
        await browser.PostAsync(link.Path + "/level", await browser.GetAsync(link.Path), ("level", "FullName"));
        await UntilAsync(async () => (await Side.SeenAsync())[0].Title == "Secret lunch", "it is shown outside");
        await browser.PostAsync(link.Path + "/takeOther", await browser.GetAsync(link.Path), ("conflict", conflict.Id));
        var after = await Diary.GetAsync(target);
        Assert.Equal(("Secret lunch", 11), (after.Title, after.Start.Hour));
        await UntilAsync(async () => (await Side.SeenAsync())[0] is { Title: "Secret lunch" } seen && seen.Start.EndsWith("11:00", StringComparison.Ordinal), "it is so outside");
    }

    /// <summary>A device that is shown full names adds a personal appointment: below that level it shows its times only.</summary>
    private async Task<AppointmentTarget> AddBySecretDeviceAsync(bool isPrivate = false)
    {
        string Time(int hour) => Day.At(new LocalTime(hour, 0)).ToString("uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var text = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:secret\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Australia/Melbourne:{Time(9)}\r\nDTEND;TZID=Australia/Melbourne:{Time(10)}\r\nSUMMARY:Secret lunch\r\n{(isPrivate ? "CLASS:PRIVATE\r\n" : "")}END:VEVENT\r\nEND:VCALENDAR\r\n";
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var put = await new ExternalChanges(Server.Store, Server.Clock, PracticeGroup.MirrorsHalaxyAsync).PutAsync(
            Maya.Id, "secret.ics", new ExternalOrigin("phone", "Phone", PrivacyLevel.FullName), (_, _) => ValueTask.FromResult<ExternalSending?>(new ExternalSending(bytes, CalendarObject.Parse(bytes), "secret")), cancellationToken: TestContext.Current.CancellationToken);
        Assert.IsType<ExternalApplied>(put);
        var added = (await Diary.ListAsync(Day.PlusDays(-3).AtMidnight().InUtc().ToInstant(), Day.PlusDays(3).AtMidnight().InUtc().ToInstant())).Single();
        return new AppointmentTarget(added.Id, added.Occurrence);
    }

    [Fact]
    public async Task What_it_shows_is_lowered_and_nothing_hidden_stays_outside()
    {
        using var browser = await SignedInAsync("maya");
        for (var n = 0; n < 3; n++) await Diary.BookAsync(new Booking([new Patient("PT-1", "Jane", "Brownlow", null)], "Consultation", Day.PlusDays(n).At(new LocalTime(9, 0)), Duration.FromMinutes(45)));
        var link = await LinkAsync(browser, level: "FullName", existing: true);
        await UntilAsync(async () => (await Side.SeenAsync()).Count(seen => seen.Title.Contains("Brownlow", StringComparison.Ordinal)) == 3, "names are outside");
        var page = await AgreedAsync(browser, link.Path);
        Assert.Contains("3 of the 3 that your diary has for it", page.Text, StringComparison.Ordinal);
        Assert.Contains("is being rewritten", (await browser.PostAsync(link.Path + "/level", page, ("level", "Busy"))).Text, StringComparison.Ordinal);
        page = await AgreedAsync(browser, link.Path);
        Assert.DoesNotContain(await Side.SeenAsync(), seen => seen.Title.Contains("Brownlow", StringComparison.Ordinal) || seen.Title.Contains("JB", StringComparison.Ordinal));
        Assert.Contains("What it shows was changed.", page.Text, StringComparison.Ordinal);
        Assert.Contains("3 appointments written at Google", page.Text, StringComparison.Ordinal);
        Assert.Contains("shows that already", (await browser.PostAsync(link.Path + "/level", page, ("level", "Busy"))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.ForgeAsync(link.Path + "/level", page, ("level", "nonsense"))).Status);
        Assert.Equal(PrivacyLevel.Busy, Assert.Single(await LinksAsync()).Level);
    }

    [Fact]
    public async Task Private_appointments_are_busy_outside_or_not_there_as_is_chosen()
    {
        using var browser = await SignedInAsync("maya");
        var target = await AddBySecretDeviceAsync(isPrivate: true);
        await Diary.AddPersonalAsync(new PersonalEntry("Lunch", Day.At(new LocalTime(12, 0)), Duration.FromHours(1)));
        var choice = await Side.ConnectAsync(browser);
        Assert.Contains("name=\"privateAs\" value=\"Busy\" checked", choice.Text, StringComparison.Ordinal);
        var link = await browser.PostAsync(choice.Path, ("level", "FullName"), ("existing", "true"), ("privateAs", "Nothing"));
        var page = await AgreedAsync(browser, link.Path);
        Assert.Equal(["Lunch"], (await Side.SeenAsync()).Select(seen => seen.Title));
        Assert.Contains("private appointments not at all", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 of the 1 that your diary has for it", page.Text, StringComparison.Ordinal);

        Assert.Contains("Your private appointments are being added at", (await browser.PostAsync(link.Path + "/level", page, ("level", "FullName"), ("privateAs", "Busy"))).Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await Side.SeenAsync()).Select(seen => seen.Title).Order(StringComparer.Ordinal).SequenceEqual(["Busy", "Lunch"]), "it is busy outside");
        page = await AgreedAsync(browser, link.Path);
        Assert.Contains("private appointments as busy", page.Text, StringComparison.Ordinal);
        Assert.Contains("What it shows was changed.", page.Text, StringComparison.Ordinal);
        // who changes the level alone leaves it so
        Assert.Contains("shows that already", (await browser.PostAsync(link.Path + "/level", page, ("level", "FullName"))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.ForgeAsync(link.Path + "/level", page, ("level", "FullName"), ("privateAs", "nonsense"))).Status);

        // the words that somebody gives it there are kept, and not taken
        await Side.InCalendarAsync("edit", new() { ["event"] = (await Side.SeenAsync()).Single(seen => seen.Title == "Busy").Id, ["title"] = "Not busy" });
        page = await UntilSaysAsync(browser, link.Path, "Your diary said");
        Assert.Contains("Not busy", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", page.Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await Side.SeenAsync()).Any(seen => seen.Title == "Busy"), "it is busy again");
        Assert.Equal(("Secret lunch", true), ((await Diary.GetAsync(target)).Title, (await Diary.GetAsync(target)).Private));
        await browser.PostAsync(link.Path + "/level", await browser.GetAsync(link.Path), ("level", "FullName"), ("privateAs", "Nothing"));
        await UntilAsync(async () => (await Side.SeenAsync()).Count == 1, "it is gone outside");
        Assert.Equal("Secret lunch", (await Diary.GetAsync(target)).Title);
        Assert.Equal(PrivateAs.Nothing, Assert.Single(await LinksAsync()).PrivateAs);
    }

    [Fact]
    public async Task What_is_not_on_both_sides_is_said_with_the_reason_and_tried_again()
    {
        using var browser = await SignedInAsync("maya");
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Lunch <b>", Day.At(new LocalTime(12, 0)), Duration.FromHours(1)));
        var link = await LinkAsync(browser, existing: true);
        await AgreedAsync(browser, link.Path);
        await ((VendorSide)Side).StandIn.DoAsync("faults", new() { ["method"] = "calendar.events.update", ["kind"] = "status", ["status"] = 400, ["times"] = 1 });
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Location = "Cafe" });
        var page = await UntilSaysAsync(browser, link.Path, "Not on both sides");
        Assert.Contains("Lunch &lt;b&gt;", page.Text, StringComparison.Ordinal);
        Assert.Contains("Google answered 400", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 appointment that one of the sides does not accept", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        await browser.PostAsync(link.Path + "/tryAgain", page, ("appointment", id));
        page = await AgreedAsync(browser, link.Path);
        Assert.DoesNotContain("Not on both sides", page.Text, StringComparison.Ordinal);
        Assert.Contains("in the meantime", (await browser.ForgeAsync(link.Path + "/tryAgain", page, ("appointment", "nobody"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_runs_the_server_sees_compares_and_resyncs_links_without_their_content()
    {
        using var browser = await SignedInAsync("maya");
        await Diary.AddPersonalAsync(new PersonalEntry("Secret lunch", Day.At(new LocalTime(12, 0)), Duration.FromHours(1)));
        Assert.Contains("There is no link.", (await RunAsync("bridge", "status")).Output, StringComparison.Ordinal);
        var link = await LinkAsync(browser, existing: true);
        await AgreedAsync(browser, link.Path);
        var status = await RunAsync("bridge", "status");
        var id = Assert.Single(await LinksAsync()).Id;
        Assert.Equal(0, status.Code);
        Assert.Contains($"{id}  maya  google  Active  1 mirrored  0 waiting", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gmail", status.Output, StringComparison.Ordinal);

        Assert.Equal((0, "1 the same, 0 different, 0 here only, 0 outside only, 0 waiting."), await VerifyAsync(id));
        await browser.PostAsync(link.Path + "/pause", await browser.GetAsync(link.Path));
        await Side.InCalendarAsync("move", new() { ["event"] = (await Side.SeenAsync())[0].Id, ["start"] = At(13), ["end"] = At(14) });
        await Side.InCalendarAsync("create", new() { ["title"] = "Dentist", ["start"] = At(17), ["end"] = At(18) });
        await Diary.AddPersonalAsync(new PersonalEntry("Third", Day.At(new LocalTime(16, 0)), Duration.FromHours(1)));
        Assert.Equal((1, "0 the same, 1 different, 1 here only, 1 outside only, 0 waiting."), await VerifyAsync(id));
        Assert.Contains("is not mirroring now (Paused)", (await RunAsync("bridge", "resync", id)).Output, StringComparison.Ordinal);
        await browser.PostAsync(link.Path + "/goOn", await browser.GetAsync(link.Path));
        await UntilAsync(async () => await VerifyAsync(id) == (0, "3 the same, 0 different, 0 here only, 0 outside only, 0 waiting."), "both sides agree");
        Assert.Equal(0, (await RunAsync("bridge", "resync", id)).Code);
        Assert.Contains("had everything compared again", (await AgreedAsync(browser, link.Path)).Text, StringComparison.Ordinal);
        var metrics = (await browser.GetAsync("/metrics")).Text;
        foreach (var name in new[] { "link_lag_seconds_count", "link_passes_total{result=\"Done\"}", "link_changes_total{where=\"outside\"}", "link_changes_total{where=\"practice\"}", "link_quarantined 0", "link_waiting_seconds" })
            Assert.Contains($"calendarsync_{name}", metrics, StringComparison.Ordinal);
        foreach (var unknown in new[] { "nobody", "a/b", "/" }) Assert.Equal(3, (await RunAsync("bridge", "verify", unknown)).Code);
    }

    private async Task<(int, string)> VerifyAsync(string id)
    {
        var (code, output) = await RunAsync("bridge", "verify", id);
        return (code, output.Trim());
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var served = new ServedFolder(Server.Store, ".", Server.Address, (ServedLinks)Server.Services.GetService(typeof(ServedLinks))!);
        var code = await CommandLine.RunInServerAsync(served, ".", arguments, new LocalOperator(error), output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private static Task<PageAnswer> AgreedAsync(PageClient browser, string path) => UntilSaysAsync(browser, path, "Both calendars agree:");

    private static async Task<PageAnswer> UntilSaysAsync(PageClient browser, string path, string text)
    {
        await UntilAsync(async () => (await browser.GetAsync(path)).Text.Contains(text, StringComparison.Ordinal), $"the page says {text}");
        return await browser.GetAsync(path);
    }

    private async Task<IReadOnlyList<Conflict>> ConflictsAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Conflict.ListAsync(snapshot, Maya.Id);
    }

    private string At(int hour) => Day.At(new LocalTime(hour, 0)).ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
