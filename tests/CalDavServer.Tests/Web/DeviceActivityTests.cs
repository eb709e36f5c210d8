using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Devices;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Sync health tells what devices did since the last visit: what they cancelled, moved or were refused, each with its one button.</summary>
public sealed partial class DeviceActivityTests : PageTest
{
    private static readonly LocalDateTime Start = new(2026, 3, 10, 10, 0);
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };

    private protected override IClock Clock => _clock;

    private Diary Diary => new(Server.Store, Server.Clock, Maya.Id, new AuditActor("Maya Lindqvist", ActorVia.Web, null, "session"));

    private static Booking Session => new([new Patient("PT-1", "Ada", "Whitcombe")], "Follow-up", Start, Duration.FromMinutes(30));

    private static Booking Weekly => Session with { Repeat = new RecurrenceRule(Frequency.Weekly) };

    [Fact]
    public async Task Nothing_is_told_where_nothing_was_done()
    {
        using var browser = await SignedInAsync("maya");
        AssertSays("Nothing so far", await browser.GetAsync("/settings/sync"));
        await Diary.BookAsync(Session);
        var page = await browser.GetAsync("/settings/sync");
        AssertSays("Nothing since your last visit, 12:03", page);
        AssertSays("Nothing: all is well.", page);
        Assert.DoesNotContain("Earlier", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Deed.Moves, "moved it from 10 March 2026, 10:00–10:30 to 10 March 2026, 12:00–12:30")]
    [InlineData(Deed.Cancels, "cancelled it")]
    [InlineData(Deed.CancelsByStatus, "cancelled it")]
    [InlineData(Deed.MovesPersonal, "moved it from 10 March 2026, 10:00–11:00 to 10 March 2026, 12:00–13:00")]
    [InlineData(Deed.MakesAllDay, "moved it from 10 March 2026, 10:00–10:30 to 10 March 2026, all day")]
    [InlineData(Deed.MovesOne, "moved one of a series from 17 March 2026, 10:00–10:30 to 17 March 2026, 12:00–12:30")]
    [InlineData(Deed.MovesOneOfPersonal, "moved one of a series from 17 March 2026, 10:00–11:00 to 17 March 2026, 12:00–13:00")]
    [InlineData(Deed.CancelsOne, "cancelled one of a series")]
    [InlineData(Deed.MovesSeries, "moved all of a series from 10 March 2026, 10:00–10:30 to 10 March 2026, 12:00–12:30")]
    [InlineData(Deed.EndsSeries, "cancelled one of a series and all that follow")]
    [InlineData(Deed.CancelsSeries, "cancelled all of a series")]
    public async Task What_a_device_did_is_put_back_with_one_button_once(Deed deed, string told)
    {
        var phone = await PhoneAsync("Maya's phone");
        using var tablet = await PhoneAsync("Tablet");
        using var browser = await SignedInAsync("maya");
        await DoAsync(phone, deed);
        phone.Dispose();
        var before = await ListAsync();
        Assert.NotEqual(Original(deed), before);
        var page = await browser.GetAsync("/settings/sync");
        AssertSays($"<b>Maya's phone</b> {told}.", page);
        Assert.DoesNotContain("<b>Tablet</b> ", page.Text.Split("<h2>Devices")[0], StringComparison.Ordinal);
        var number = NumberOf(page);
        AssertSays("Done. Your devices get it at their next sync.", await PressAsync(browser, number));
        Assert.Equal(Original(deed), await ListAsync());

        // the second press says so and changes nothing, and the page has no button for it any more
        var versions = await VersionsAsync();
        AssertSays("This has been done already: nothing was changed.", await PressAsync(browser, number));
        Assert.Equal(versions, await VersionsAsync());
        Assert.DoesNotContain("name=\"change\"", (await browser.GetAsync("/settings/sync?again=true")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_since_is_left_as_it_is_and_that_is_said()
    {
        using var phone = await PhoneAsync("Maya's phone");
        using var browser = await SignedInAsync("maya");
        var moved = await DoAsync(phone, Deed.Moves);
        var number = NumberOf(await browser.GetAsync("/settings/sync"));
        await Diary.EditAsync(new AppointmentTarget(moved), new AppointmentEdit { Start = Start.PlusDays(3) });
        AssertSays("It has been changed since.", await browser.GetAsync("/settings/sync?again=true"));
        var versions = await VersionsAsync();
        AssertSays("The appointment has changed since: nothing was done.", await PressAsync(browser, number));
        Assert.Equal(versions, await VersionsAsync());
        await Diary.CancelAsync(new AppointmentTarget(moved), CancelChoice.Delete);
        AssertSays("is no longer in your diary", await PressAsync(browser, number));
        foreach (var forged in new[] { "0", "-1", "99999", "x", "" })
            Assert.Equal(HttpStatusCode.OK, (await browser.ForgeAsync("/settings/sync", "/settings/sync?handler=TurnBack", ("change", forged))).Status);
    }

    [Fact]
    public async Task What_the_practice_cancelled_again_is_not_put_back_by_an_old_line()
    {
        using var phone = await PhoneAsync("Maya's phone");
        using var browser = await SignedInAsync("maya");
        var id = await DoAsync(phone, Deed.Cancels);
        var number = NumberOf(await browser.GetAsync("/settings/sync"));
        await Diary.RestoreAsync(new AppointmentTarget(id));
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        AssertSays("The appointment has changed since", await PressAsync(browser, number));
        Assert.Equal(AppointmentStatus.Cancelled, (await Diary.GetAsync(new AppointmentTarget(id))).Status);
    }

    [Fact]
    public async Task Of_two_moves_the_last_is_put_back_first()
    {
        using var phone = await PhoneAsync("Maya's phone");
        using var browser = await SignedInAsync("maya");
        var id = await DoAsync(phone, Deed.Moves);
        await EditAsync(phone, id, text => text.Replace("T120000", "T140000", StringComparison.Ordinal).Replace("T123000", "T143000", StringComparison.Ordinal));
        await PressAsync(browser, NumberOf(await browser.GetAsync("/settings/sync")));
        Assert.Equal(12, (await Diary.GetAsync(new AppointmentTarget(id))).Start.Hour);
        await PressAsync(browser, NumberOf(await browser.GetAsync("/settings/sync?again=true")));
        Assert.Equal(10, (await Diary.GetAsync(new AppointmentTarget(id))).Start.Hour);
    }

    [Fact]
    public async Task A_visit_is_the_persons_own_and_what_was_told_is_reached_under_earlier()
    {
        using var phone = await PhoneAsync("Maya's phone");
        using var browser = await SignedInAsync("maya");
        await DoAsync(phone, Deed.Moves);
        using (var ruth = await SignedInAsync("ruth")) Assert.DoesNotContain("moved it", (await ruth.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        using (var tom = await SignedInAsync("tom")) Assert.DoesNotContain("moved it", (await tom.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        var first = await browser.GetAsync("/settings/sync");
        Assert.Contains("moved it", first.Text.Split("<details")[0], StringComparison.Ordinal);
        // going on with the visit it is still new, also in another browser
        using (var again = await SignedInAsync("maya")) Assert.Contains("moved it", (await again.GetAsync("/settings/sync?again=true")).Text.Split("<details")[0], StringComparison.Ordinal);
        _clock.Now += Duration.FromHours(1);
        var second = await browser.GetAsync("/settings/sync");
        Assert.DoesNotContain("moved it", second.Text.Split("<details")[0], StringComparison.Ordinal);
        Assert.Contains("moved it", second.Text, StringComparison.Ordinal);
        AssertSays("Nothing since your last visit, 12:03", second);
        await PressAsync(browser, NumberOf(second));
        Assert.Equal(10, (await ListAsync())[0].Hour);
    }

    [Fact]
    public async Task However_much_was_done_all_of_it_can_be_reached()
    {
        using var phone = await PhoneAsync("Maya's phone");
        using var browser = await SignedInAsync("maya");
        var id = await DoAsync(phone, Deed.Moves);
        for (var hour = 13; hour < 23; hour++)
        {
            foreach (var minute in new[] { 0, 5, 10, 15, 20 })
                await EditAsync(phone, id, text => TimeOfStart().Replace(TimeOfEnd().Replace(text, string.Create(CultureInfo.InvariantCulture, $"$1T{hour:00}{minute + 30:00}00")), string.Create(CultureInfo.InvariantCulture, $"$1T{hour:00}{minute:00}00")));
        }

        var seen = new HashSet<string>();
        var address = "/settings/sync";
        for (var pages = 0; pages < 10 && address is not null; pages++)
        {
            var page = await browser.GetAsync(address);
            seen.UnionWith(Told().Matches(WebUtility.HtmlDecode(page.Text)).Select(match => match.Value));
            address = Next().Match(WebUtility.HtmlDecode(page.Text)) is { Success: true } next ? next.Groups[1].Value : null;
        }

        Assert.Null(address);
        Assert.Equal(51, seen.Count);
    }

    [Theory]
    [InlineData(Deed.Moves, "wanted to move it from 10 March 2026, 10:00–10:30 to 10 March 2026, 12:00–12:30")]
    [InlineData(Deed.Cancels, "wanted to cancel it")]
    [InlineData(Deed.CancelsByStatus, "wanted to cancel it")]
    [InlineData(Deed.MovesPersonal, "wanted to move it from 10 March 2026, 10:00–11:00 to 10 March 2026, 12:00–13:00")]
    [InlineData(Deed.DeletesPersonal, "wanted to delete it")]
    [InlineData(Deed.MovesOne, "wanted to move one of a series from 17 March 2026, 10:00–10:30 to 17 March 2026, 12:00–12:30")]
    [InlineData(Deed.CancelsOne, "wanted to cancel one of a series")]
    [InlineData(Deed.MovesSeries, "wanted to move all of a series from 10 March 2026, 10:00–10:30 to 10 March 2026, 12:00–12:30")]
    public async Task What_was_refused_during_a_lapse_is_listed_once_and_done_after_all_with_one_button(Deed deed, string told)
    {
        using var phone = await PhoneAsync("Maya's phone");
        using var browser = await SignedInAsync("maya");
        await browser.GetAsync("/settings/sync");
        for (var tries = 0; tries < 4; tries++)
        {
            await DoAsync(phone, deed, lapsed: true);
            _clock.Now += Duration.FromMinutes(15);
        }

        Assert.Equal(Original(deed), await ListAsync());
        var page = await browser.GetAsync("/settings/sync");
        AssertSays($"<b>Maya's phone</b> {told}.", page);
        AssertSays(HxAccess.LapsedReason, page);
        AssertSays("Tried 4 times, last", page);
        var line = Assert.Single(await RefusalsAsync());
        Assert.Equal(("Maya's phone", HxAccess.LapsedReason), (line.Device, line.Reason));
        // bought again, it is still there to be done
        await SetAccessAsync(HxState.Active);
        AssertSays("Nothing needs your attention, but changes were refused", await browser.GetAsync("/settings/sync?again=true"));
        var number = NumberOf(page);
        AssertSays("Done.", await PressAsync(browser, number));
        Assert.NotEqual(Original(deed), await ListAsync());
        AssertSays(deed == Deed.DeletesPersonal ? "is no longer in your diary" : "This has been done already", await PressAsync(browser, number));
    }

    [Fact]
    public async Task What_was_new_or_changed_in_words_is_listed_with_what_to_do()
    {
        using var phone = await PhoneAsync("Maya's phone");
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Lunch", Start, Duration.FromHours(1)));
        var text = (await phone.GetAsync(PathOf(phone, id))).Text;
        await SetAccessAsync(HxState.Lapsed);
        Assert.Equal(403, (await phone.PutAsync(PathOf(phone, "new"), Events.Event("new"))).Status);
        Assert.Equal(403, (await phone.PutAsync(PathOf(phone, id), text.Replace("Lunch", "Brunch", StringComparison.Ordinal))).Status);
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        AssertSays("wanted to add an appointment of", page);
        AssertSays("wanted to change it", page);
        AssertSays("Nothing of it was stored", page);
        Assert.DoesNotContain("Brunch", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"change\"", page.Text, StringComparison.Ordinal);
        using var ruth = await SignedInAsync("ruth");
        AssertSays("A new appointment was refused", await ruth.GetAsync($"/settings/audit?show=appointments&who={Maya.Id}"));
    }

    [Fact]
    public async Task A_device_that_may_only_read_is_listed_with_what_it_was_refused()
    {
        var id = await Diary.BookAsync(Session);
        var credential = await Server.AddPasswordAsync(Maya, readOnly: true);
        using var phone = Server.Client(credential);
        Assert.Equal(403, (await phone.DeleteAsync(PathOf(phone, id))).Status);
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        AssertSays("wanted to cancel it", page);
        AssertSays("This app password may read, and not write.", page);
    }

    [Fact]
    public async Task Who_has_no_access_any_more_is_refused_and_that_is_listed_when_it_is_given_back()
    {
        using var phone = await PhoneAsync("Maya's phone");
        var id = await Diary.BookAsync(Session);
        var people = new PracticePeople(Server.Store, Server.Clock);
        await people.DeactivateAsync(Practice.Id, AuditActor.OnPages(Ruth, "session"), Maya.Id);
        await Task.Delay(TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken);
        for (var tries = 0; tries < 3; tries++) Assert.Equal(401, (await phone.DeleteAsync(PathOf(phone, id))).Status);
        Assert.Equal(401, (await phone.GetAsync(PathOf(phone, id))).Status);
        Assert.Equal(AuditAction.Cancelled, Assert.Single(await RefusalsAsync()).Wanted);
        await people.ReactivateAsync(Practice.Id, AuditActor.OnPages(Ruth, "session"), Maya.Id);
        await PageClient.GivePasswordAsync(Server, Maya.Id, Password);
        using var browser = await SignedInAsync("maya");
        AssertSays("Access had been taken away.", await browser.GetAsync("/settings/sync"));
    }

    [Fact]
    public async Task No_device_fills_the_log_with_refusals()
    {
        using var phone = await PhoneAsync("Maya's phone");
        await SetAccessAsync(HxState.Lapsed);
        for (var number = 0; number < 60; number++) Assert.Equal(403, (await phone.PutAsync(PathOf(phone, $"{number}"), Events.Event($"{number}"))).Status);
        Assert.Equal(RefusedChanges.MaxOfDay, (await RefusalsAsync()).Count);
        // another device has its own lines, and so has another day
        using var tablet = await PhoneAsync("Tablet");
        Assert.Equal(403, (await tablet.PutAsync(PathOf(tablet, "x"), Events.Event("x"))).Status);
        _clock.Now += Duration.FromDays(2);
        Assert.Equal(403, (await phone.PutAsync(PathOf(phone, "y"), Events.Event("y"))).Status);
        Assert.Equal(RefusedChanges.MaxOfDay + 2, (await RefusalsAsync()).Count);
    }

    [Fact]
    public async Task Nobody_elses_change_is_turned_back()
    {
        using var phone = await PhoneAsync("Maya's phone");
        var id = await DoAsync(phone, Deed.Moves);
        var number = NumberOf(await (await SignedInAsync("maya")).GetAsync("/settings/sync"));
        using var tom = await SignedInAsync("tom");
        using var ruth = await SignedInAsync("ruth");
        AssertSays("There is no such change", await tom.ForgeAsync("/settings/sync", "/settings/sync?handler=TurnBack", ("change", number)));
        Assert.Equal(HttpStatusCode.NotFound, (await ruth.ForgeAsync("/settings/sync", "/settings/sync?handler=TurnBack", ("change", number))).Status);
        Assert.Equal(12, (await Diary.GetAsync(new AppointmentTarget(id))).Start.Hour);
    }

    /// <summary>Whatever of the two says that it has ended, nothing says that all is well.</summary>
    [Theory]
    [InlineData(HxState.Active, true)]
    [InlineData(HxState.Active, false)]
    [InlineData(HxState.Lapsed, true)]
    [InlineData(HxState.Lapsed, false)]
    [InlineData(HxState.NotStarted, true)]
    [InlineData(HxState.NotStarted, false)]
    public void Ended_never_stands_above_all_is_well(HxState access, bool hasAccess)
    {
        var health = new SyncHealth
        {
            Access = access,
            HasAccess = hasAccess,
            Survey = new DiarySurvey(0, 0, []),
            Devices = [],
            Inclusion = null,
            Differences = [],
        };
        Assert.NotEqual(health.State == SyncState.Ended, health.IsWell);
        Assert.Equal(access == HxState.Lapsed || (access == HxState.Active && !hasAccess), health.State == SyncState.Ended);
    }

    [Fact]
    public async Task Ended_never_stands_above_all_is_well_on_the_page()
    {
        await SetAccessAsync(HxState.Lapsed);
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sync");
        AssertSays(">Ended<", page);
        Assert.DoesNotContain("all is well", page.Text, StringComparison.Ordinal);
        using var ruth = await SignedInAsync("ruth");
        AssertSays(">Ended<", await ruth.GetAsync("/settings/sync"));
    }

    public enum Deed
    {
        Moves,
        Cancels,
        CancelsByStatus,
        MovesPersonal,
        DeletesPersonal,
        MakesAllDay,
        MovesOne,
        MovesOneOfPersonal,
        CancelsOne,
        MovesSeries,
        EndsSeries,
        CancelsSeries,
    }

    private static bool IsPersonal(Deed deed) => deed is Deed.MovesPersonal or Deed.DeletesPersonal or Deed.MovesOneOfPersonal;

    private static bool IsSeries(Deed deed) => deed is Deed.MovesOne or Deed.MovesOneOfPersonal or Deed.CancelsOne or Deed.MovesSeries or Deed.EndsSeries or Deed.CancelsSeries;

    private async Task<string> DoAsync(DavClient phone, Deed deed, bool lapsed = false)
    {
        var there = await Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 1, 0, 0));
        var id = there.Count > 0 ? there[0].Id
            : IsPersonal(deed) ? await Diary.AddPersonalAsync(new PersonalEntry("Choir", Start, Duration.FromHours(1)) { Repeat = IsSeries(deed) ? new RecurrenceRule(Frequency.Weekly) : null })
            : await Diary.BookAsync(IsSeries(deed) ? Weekly : Session);
        if (lapsed) await SetAccessAsync(HxState.Lapsed);
        if (deed is Deed.Cancels or Deed.CancelsSeries or Deed.DeletesPersonal)
        {
            Assert.Equal(lapsed ? 403 : 204, (await phone.DeleteAsync(PathOf(phone, id))).Status);
            return id;
        }

        var end = IsPersonal(deed) ? "110000" : "103000";
        await EditAsync(
            phone,
            id,
            text => deed switch
            {
                Deed.CancelsByStatus => text.Replace("STATUS:CONFIRMED", "STATUS:CANCELLED", StringComparison.Ordinal),
                Deed.MakesAllDay => TimeLines().Replace(text, "").Replace("SUMMARY:", "DTSTART;VALUE=DATE:20260310\r\nDTEND;VALUE=DATE:20260311\r\nSUMMARY:", StringComparison.Ordinal),
                Deed.MovesOne or Deed.MovesOneOfPersonal => WithOverride(text, id, IsPersonal(deed) ? 60 : 30),
                Deed.CancelsOne => text.Replace("SUMMARY:", "EXDATE;TZID=Australia/Melbourne:20260317T100000\r\nSUMMARY:", StringComparison.Ordinal),
                Deed.EndsSeries => text.Replace("RRULE:FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;UNTIL=20260320T000000Z", StringComparison.Ordinal),
                _ => text.Replace("20260310T100000", "20260310T120000", StringComparison.Ordinal).Replace($"20260310T{end}", $"20260310T{int.Parse(end, CultureInfo.InvariantCulture) + 20000}", StringComparison.Ordinal),
            },
            lapsed);
        return id;
    }

    private static string WithOverride(string text, string id, int minutes) => text.Replace(
        "END:VCALENDAR",
        $"BEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:20260317T100000\r\nDTSTART;TZID=Australia/Melbourne:20260317T120000\r\nDURATION:PT{minutes}M\r\nSUMMARY:{SummaryLine().Match(text).Groups[1].Value}\r\nEND:VEVENT\r\nEND:VCALENDAR",
        StringComparison.Ordinal);

    private static async Task EditAsync(DavClient phone, string id, Func<string, string> edit, bool lapsed = false)
    {
        var shown = await phone.GetAsync(PathOf(phone, id));
        var edited = edit(shown.Text);
        Assert.NotEqual(shown.Text, edited);
        var put = await phone.PutAsync(PathOf(phone, id), edited, ("If-Match", shown.Header("ETag")!));
        Assert.True(put.Status == (lapsed ? 403 : 204), $"{put.Status} {put.Text}");
    }

    private async Task<DavClient> PhoneAsync(string label)
    {
        var added = await Server.AddPasswordAsync(Maya);
        var renamed = added with { Credential = added.Credential with { Label = label } };
        await Server.Store.ApplyAsync(StoreBatch.Of(new ChangeCredential(added.Credential, renamed.Credential)), TestContext.Current.CancellationToken);
        return Server.Client(renamed);
    }

    private async Task SetAccessAsync(HxState state) =>
        await Server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(state).Put(Maya.Id)), TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<AuditEntry>> RefusalsAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListAsync(snapshot, DiaryAudit.Log, Maya.Id, 0, 1000);
        return [.. lines.Select(line => line.Entry!).Where(entry => entry.Action == AuditAction.Refused)];
    }

    // what takes place, of as many weeks as are looked at
    private async Task<IReadOnlyList<ZonedDateTime>> ListAsync()
    {
        var all = await Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 6, 1, 0, 0));
        return [.. all.Where(one => one.Status == AppointmentStatus.Booked).SelectMany(one => new[] { one.Start, one.End })];
    }

    private IReadOnlyList<ZonedDateTime> Original(Deed deed)
    {
        var zone = Practice.Zone();
        var starts = Enumerable.Range(0, IsSeries(deed) ? 100 : 1).Select(week => Start.PlusWeeks(week)).TakeWhile(start => start < new LocalDateTime(2026, 6, 1, 10, 0));
        return [.. starts.SelectMany(start => new[] { zone.AtStrictly(start), zone.AtStrictly(start.PlusMinutes(IsPersonal(deed) ? 60 : 30)) })];
    }

    private async Task<IReadOnlyList<string>> VersionsAsync() =>
        [.. (await Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 6, 1, 0, 0))).Select(one => one.Version)];

    private static Task<PageAnswer> PressAsync(PageClient browser, string number) => browser.ForgeAsync("/settings/sync?again=true", "/settings/sync?handler=TurnBack", ("change", number));

    private static string NumberOf(PageAnswer page) => Change().Match(page.Text) is { Success: true } found ? found.Groups[1].Value : throw new InvalidOperationException(page.Text);

    private static string PathOf(DavClient phone, string id) => $"{phone.Calendar("hx")}{id}.ics";

    private static void AssertSays(string said, PageAnswer page) => Assert.Contains(said, WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);

    [GeneratedRegex("name=\"change\" value=\"([0-9]+)\"")]
    private static partial Regex Change();

    [GeneratedRegex("moved it from [^.]*")]
    private static partial Regex Told();

    [GeneratedRegex("href=\"([^\"]*before=[^\"#]*)")]
    private static partial Regex Next();

    [GeneratedRegex("(DTSTART[^:]*:[0-9]+)T[0-9]+")]
    private static partial Regex TimeOfStart();

    [GeneratedRegex("(DTEND[^:]*:[0-9]+)T[0-9]+")]
    private static partial Regex TimeOfEnd();

    [GeneratedRegex("(DTSTART|DTEND|DURATION)[^\r\n]*20260310T[^\r\n]*\r\n")]
    private static partial Regex TimeLines();

    [GeneratedRegex("SUMMARY:([^\r\n]*)")]
    private static partial Regex SummaryLine();
}
