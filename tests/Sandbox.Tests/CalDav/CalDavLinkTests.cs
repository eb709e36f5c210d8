using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;

namespace Sandbox.Tests.CalDav;

/// <summary>The diary and a calendar at a CalDAV server that others wrote, over real sockets, one story at a time.</summary>
public sealed class A_link_to_a_CalDAV_account
{
    private static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);
    private static readonly Duration Hour = Duration.FromHours(1);

    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Hour);

    private static PersonalEntry Team => new("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

    private static Booking Visit(CalDavLink link) => new([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45));

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public async Task Shows_each_side_what_the_other_has(bool tellsChanges, bool hasTag, bool tellsVersion)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { TellsChanges = tellsChanges, HasTag = hasTag, TellsVersion = tellsVersion });
        await link.Diary.BookAsync(Visit(link) with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 } });
        await link.Diary.AddPersonalAsync(Lunch);
        await link.Diary.AddPersonalAsync(new PersonalEntry("Conference", new LocalDateTime(2026, 3, 9, 0, 0), Duration.FromDays(2)) { AllDay = true });
        await link.User.CreateAsync("Dentist", new LocalDateTime(2026, 3, 5, 9, 0), Hour);
        await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Hour, "FREQ=WEEKLY;COUNT=5");
        await link.User.PutNewAsync("holiday", "SUMMARY:Holiday\r\nDTSTART;VALUE=DATE:20260320\r\nDTEND;VALUE=DATE:20260322\r\n");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(13, (await link.HereAsync()).Count);
        await link.SettleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Takes_moves_and_cancellations_from_either_side(bool tellsChanges)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { TellsChanges = tellsChanges });
        var (visit, lunch) = (await link.Diary.BookAsync(Visit(link)), await link.Diary.AddPersonalAsync(Lunch));
        var later = await link.Diary.BookAsync(Visit(link) with { Start = Tuesday.PlusDays(1) });
        await link.User.CreateAsync("Dentist", new LocalDateTime(2026, 3, 5, 9, 0), Hour);
        await link.SettleAsync();

        var objects = await link.User.ListAsync();
        await link.User.MoveAsync(objects.Single(one => one.Text.Contains("20260303T100000", StringComparison.Ordinal)).Path, Tuesday.PlusHours(4), Duration.FromMinutes(45));
        await link.User.EditAsync((await link.User.FindAsync("Lunch")).Path, one => (one.Summary, one.Description) = ("Long lunch", "With Ann, Bob; and <nobody>"));
        await link.User.DeleteAsync(objects.Single(one => one.Text.Contains("20260304T100000", StringComparison.Ordinal)).Path);
        await link.PassAsync();
        Assert.Equal(Tuesday.PlusHours(4), (await link.Diary.GetAsync(new AppointmentTarget(visit))).Start.LocalDateTime);
        Assert.Equal("Long lunch", (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Title);
        Assert.Equal(AppointmentStatus.Cancelled, (await link.Diary.GetAsync(new AppointmentTarget(later))).Status);

        await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 4, 13, 0) });
        await link.Diary.CancelAsync(new AppointmentTarget(visit), CancelChoice.Cancel);
        await link.SettleAsync();
        Assert.Equal(["2026-03-04 13:00 to 2026-03-04 14:00 Long lunch", "2026-03-05 09:00 to 2026-03-05 10:00 Dentist"], await link.ThereAsync());
    }

    [Fact]
    public async Task Single_occurrences_are_changed_on_either_side_and_both_are_kept()
    {
        await using var link = await CalDavLink.StartAsync();
        var team = await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        var path = (await link.User.FindAsync("Team")).Path;
        await link.User.MoveOneAsync(path, new LocalDateTime(2026, 3, 9, 9, 0), new LocalDateTime(2026, 3, 10, 11, 0), Hour);
        await link.User.DeleteOneAsync(path, new LocalDateTime(2026, 3, 23, 9, 0));
        await link.Diary.EditAsync(new AppointmentTarget(team, new LocalDateTime(2026, 3, 30, 9, 0)), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 31, 15, 0) }, SeriesScope.ThisOne);
        await link.SettleAsync();
        Assert.Equal(5, (await link.ThereAsync()).Count);
        Assert.Contains("2026-03-10 11:00 to 2026-03-10 12:00 Team", await link.HereAsync());
        Assert.Contains("2026-03-31 15:00 to 2026-03-31 15:30 Team", await link.ThereAsync());
        await link.Diary.EditAsync(new AppointmentTarget(team), new AppointmentEdit { Location = "Room 2" });
        await link.SettleAsync();
        Assert.Contains("2026-03-10 11:00 to 2026-03-10 12:00 Team", await link.ThereAsync());
        Assert.Empty(await link.ConflictsAsync());
    }

    /// <summary>Also where the other application had not heard of that, and what it wrote alone says that there is such an occurrence.</summary>
    [Theory]
    [InlineData(SeriesScope.ThisOne, "edit", false)]
    [InlineData(SeriesScope.ThisOne, "move", false)]
    [InlineData(SeriesScope.ThisAndFollowing, "edit", false)]
    [InlineData(SeriesScope.ThisAndFollowing, "move", false)]
    [InlineData(SeriesScope.ThisAndFollowing, "edit", true)]
    [InlineData(SeriesScope.ThisAndFollowing, "move", true)]
    public async Task An_occurrence_with_a_patient_that_the_practice_cancelled_is_not_there_whatever_was_done_to_it_there(SeriesScope scope, string what, bool isKnown)
    {
        await using var link = await CalDavLink.StartAsync();
        var visits = await link.Diary.BookAsync(Visit(link) with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        await link.SettleAsync();
        var (path, second) = (Assert.Single(await link.User.ListAsync()).Path, Tuesday.PlusWeeks(1));
        await link.Diary.CancelAsync(new AppointmentTarget(visits, second), CancelChoice.Delete, scope);
        if (isKnown) await link.PassAsync();
        if (what == "edit") await link.User.EditOneAsync(path, second, one => one.Summary = "Changed there");
        else await link.User.MoveOneAsync(path, second, second.PlusHours(3), Hour);
        await link.SettleAsync();
        Assert.Equal(scope == SeriesScope.ThisOne ? 2 : 1, (await link.ThereAsync()).Count);
        Assert.DoesNotContain(await link.ThereAsync(), one => one.StartsWith("2026-03-10", StringComparison.Ordinal));
    }

    [Fact]
    public async Task This_and_all_that_follow_moved_there_ends_one_series_and_adds_another()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        await link.User.EndAsync((await link.User.FindAsync("Team")).Path, new LocalDateTime(2026, 3, 23, 9, 0));
        await link.User.CreateAsync("Team", new LocalDateTime(2026, 3, 24, 11, 0), Duration.FromMinutes(30), "FREQ=WEEKLY;COUNT=3");
        await link.SettleAsync();
        Assert.Equal(6, (await link.HereAsync()).Count);
        Assert.Contains("2026-03-24 11:00 to 2026-03-24 11:30 Team", await link.HereAsync());
    }

    [Fact]
    public async Task Lines_of_other_applications_stay_byte_for_byte_where_the_practice_changes_an_event()
    {
        await using var link = await CalDavLink.StartAsync();
        const string Foreign = "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS=\"1 Main St\";X-TITLE=\"A\":geo:1,2\r\nATTENDEE;CN=\"Ann, B\";PARTSTAT=ACCEPTED:mailto:ann@example.com\r\nORGANIZER;CN=Me:mailto:sam@example.com\r\nCATEGORIES:Blue,Red\r\nURL:https://example.com/a?b=c\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT15M\r\nX-WR-ALARMUID:1\r\nEND:VALARM\r\n";
        await link.User.PutNewAsync("dentist", $"SUMMARY:Dentist\r\nDTSTART;TZID=Australia/Melbourne:20260305T090000\r\nDTEND;TZID=Australia/Melbourne:20260305T093000\r\n{Foreign}");
        await link.SettleAsync();
        // the server writes what it is given in an order of its own
        var before = Sorted((await link.User.FindAsync("Dentist")).Text);
        var found = (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 4, 0, 0), Instant.FromUtc(2026, 3, 7, 0, 0))).Single();
        await link.Diary.EditAsync(new AppointmentTarget(found.Id), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 5, 11, 0) });
        link.Front.Forget();
        await link.PassAsync();
        var sent = Sorted(link.Front.Seen.Single(one => one.What == "PUT").Body);
        var changed = before.Where(line => !sent.Contains(line)).ToList();
        Assert.All(changed, line => Assert.Matches("^(DTSTART|DTEND|DTSTAMP|LAST-MODIFIED|SEQUENCE)", line));
        Assert.Contains("BEGIN:VALARM", sent);
        // and none of it came into the practice
        Assert.DoesNotContain("ann@example.com", string.Join('\n', (await link.HereAsync()).Append(found.Comments)), StringComparison.Ordinal);
        await link.SettleAsync();
        static List<string> Sorted(string text) => [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Tasks_and_what_cannot_be_read_are_left_alone_and_stop_nothing()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.User.PutAsync($"{link.User.Calendar}todo.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:todo\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Shop\r\nEND:VTODO\r\nEND:VCALENDAR\r\n");
        await link.Diary.AddPersonalAsync(Lunch);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(2, (await link.User.ListAsync()).Count);
        Assert.Single(await link.HereAsync());
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    [Fact]
    public async Task A_deleted_event_whose_appointment_changed_meanwhile_is_made_again_under_another_name()
    {
        await using var link = await CalDavLink.StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        for (var hour = 1; hour < 4; hour++)
        {
            await link.User.DeleteAsync((await link.User.ListAsync()).Single().Path);
            await link.Diary.EditAsync(new AppointmentTarget(visit), new AppointmentEdit { Start = Tuesday.PlusHours(hour) });
            await link.SettleAsync();
            Assert.Single(await link.ThereAsync());
        }

        Assert.Equal(AppointmentStatus.Booked, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_returns_from_the_servers_bin_is_the_appointment_that_it_was(bool isSameName)
    {
        await using var link = await CalDavLink.StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        var (path, text) = Assert.Single(await link.User.ListAsync());
        await link.User.DeleteAsync(path);
        await link.SettleAsync();
        Assert.Equal(AppointmentStatus.Cancelled, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Status);
        await link.User.PutAsync(isSameName ? path : $"{link.User.Calendar}restored.ics", text);
        await link.SettleAsync();
        Assert.Equal(AppointmentStatus.Booked, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Status);
        Assert.Equal([visit], (await link.ShownAsync()).Keys);
        Assert.Single(await link.ThereAsync());
    }

    [Fact]
    public async Task A_calendar_that_was_deleted_there_stops_the_link_and_removes_nothing_here()
    {
        await using var link = await CalDavLink.StartAsync();
        for (var n = 0; n < 3; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        await link.SettleAsync();
        await link.User.DeleteAsync(link.User.Calendar);
        await link.Diary.BookAsync(Visit(link));
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(LinkState.CalendarGone, (await link.LinkAsync()).State);
        Assert.Equal(4, (await link.HereAsync()).Count);
    }

    [Fact]
    public async Task An_account_that_moved_to_another_host_is_found_again()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        link.Front.Move();
        await link.User.CreateAsync("Dentist", new LocalDateTime(2026, 3, 5, 9, 0), Hour);
        await link.Diary.AddPersonalAsync(Lunch);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.AssertAgreeAsync();
        Assert.Equal(8, (await link.HereAsync()).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_listing_of_many_is_read_in_pages_and_in_batches(bool tellsChanges)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { PageSize = 30, TellsChanges = tellsChanges });
        for (var n = 0; n < 100; n++) await link.User.CreateAsync($"n{n}", new LocalDateTime(2026, 3, 6, 8, 0), Hour);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(100, (await link.HereAsync()).Count);
        Assert.InRange(link.Front.Seen.Count, 4, 9);
        await link.SettleAsync();
    }

    [Fact]
    public async Task A_lost_token_makes_nothing_twice_and_writes_nothing()
    {
        await using var link = await CalDavLink.StartAsync();
        await link.Diary.AddPersonalAsync(Team);
        await link.User.CreateAsync("Yoga", new LocalDateTime(2026, 3, 6, 18, 0), Hour, "FREQ=WEEKLY;COUNT=5");
        await link.SettleAsync();
        link.Front.Script(new FrontFault("sync", "lost-token"));
        link.Front.Forget();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        // the token, what the calendar can do, and the whole: what is as it was is not asked for
        Assert.Equal(["sync", "PROPFIND", "sync"], link.Front.Seen.Select(one => one.What));
        await link.User.DeleteAsync((await link.User.FindAsync("Yoga")).Path);
        link.Front.Script(new FrontFault("sync", "lost-token"));
        await link.SettleAsync();
        Assert.Equal(6, (await link.HereAsync()).Count);
    }
}
