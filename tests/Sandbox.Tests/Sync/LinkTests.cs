using System.Text.Json.Nodes;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>The diary and a calendar outside, over a real socket, one story at a time.</summary>
public abstract class A_link
{
    private protected abstract Task<OutsideLink> StartAsync();

    private static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);

    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    private static PersonalEntry Team => new("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

    private static Booking Visit(OutsideLink link) => new([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45));

    [Fact]
    public async Task Shows_each_side_what_the_other_has()
    {
        await using var link = await StartAsync();
        await link.Diary.BookAsync(Visit(link) with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 } });
        await link.Diary.AddPersonalAsync(Lunch);
        await link.Diary.AddPersonalAsync(new PersonalEntry("Conference", new LocalDateTime(2026, 3, 9, 0, 0), Duration.FromDays(2)) { AllDay = true });
        await link.PersonAsync("create", new JsonObject { ["title"] = "Dentist", ["start"] = "2026-03-05T09:00", ["end"] = "2026-03-05T09:30" });
        await link.PersonRepeatsAsync("Yoga", "2026-03-06T18:00", "2026-03-06T19:00", 5);
        await link.PersonAsync("create", new JsonObject { ["title"] = "Holiday", ["start"] = "2026-03-20", ["end"] = "2026-03-22" });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(13, (await link.HereAsync()).Count);
        await link.SettleAsync();
    }

    [Fact]
    public async Task Takes_moves_and_cancellations_from_either_side()
    {
        await using var link = await StartAsync();
        var (visit, lunch) = (await link.Diary.BookAsync(Visit(link)), await link.Diary.AddPersonalAsync(Lunch));
        var later = await link.Diary.BookAsync(Visit(link) with { Start = Tuesday.PlusDays(1) });
        await link.PersonAsync("create", new JsonObject { ["title"] = "Dentist", ["start"] = "2026-03-05T09:00", ["end"] = "2026-03-05T09:30" });
        await link.SettleAsync();

        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 10:00"), ["start"] = "2026-03-03T14:00", ["end"] = "2026-03-03T14:45" });
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 12:00"), ["changes"] = link.Saying("Long lunch", "<p>With <b>Ann</b> &amp; Bob</p>") });
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 10:00") });
        await link.PassAsync();
        Assert.Equal(Tuesday.PlusHours(4), (await link.Diary.GetAsync(new AppointmentTarget(visit))).Start.LocalDateTime);
        Assert.Equal("Long lunch", (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Title);
        Assert.Equal(AppointmentStatus.Cancelled, (await link.Diary.GetAsync(new AppointmentTarget(later))).Status);

        await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 4, 13, 0) });
        await link.Diary.CancelAsync(new AppointmentTarget(visit), CancelChoice.Cancel);
        await link.SettleAsync();
        Assert.Equal(["2026-03-04 13:00 to 2026-03-04 14:00 Long lunch", "2026-03-05 09:00 to 2026-03-05 09:30 Dentist"], await link.ThereAsync());
        // the markup that the person wrote is as they wrote it: only the time was changed
        Assert.Contains("<p>With <b>Ann</b> &amp; Bob</p>", await link.WordsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_what_single_occurrences_have_by_themselves_whoever_changes_the_series()
    {
        await using var link = await StartAsync();
        var team = await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-09 09:00"), ["start"] = "2026-03-10T11:00", ["end"] = "2026-03-10T11:30" });
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-16 09:00"), ["title"] = "Team, long" });
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-23 09:00") });
        await link.SettleAsync();

        // a write to the series may take from its occurrences what they have: they have it afterwards all the same
        await link.Diary.EditAsync(new AppointmentTarget(team), new AppointmentEdit { Location = "Room 2" });
        await link.SettleAsync();
        Assert.Equal(5, (await link.ThereAsync()).Count);
        Assert.Contains("2026-03-10 11:00 to 2026-03-10 11:30 Team", await link.ThereAsync());
        Assert.Contains("2026-03-16 09:00 to 2026-03-16 09:30 Team, long", await link.ThereAsync());

        // single occurrences from the practice
        await link.Diary.EditAsync(new AppointmentTarget(team, new LocalDateTime(2026, 3, 30, 9, 0)), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 31, 15, 0) }, SeriesScope.ThisOne);
        await link.Diary.CancelAsync(new AppointmentTarget(team, new LocalDateTime(2026, 4, 6, 9, 0)), CancelChoice.Delete, SeriesScope.ThisOne);
        link.Wire.Forget();
        await link.SettleAsync();
        Assert.Equal(4, (await link.ThereAsync()).Count);
        Assert.Contains("2026-03-31 15:00 to 2026-03-31 15:30 Team", await link.ThereAsync());
    }

    [Fact]
    public async Task A_change_of_one_occurrence_does_not_touch_its_series()
    {
        await using var link = await StartAsync();
        var team = await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        await link.Diary.EditAsync(new AppointmentTarget(team, new LocalDateTime(2026, 3, 9, 9, 0)), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 9, 15, 0) }, SeriesScope.ThisOne);
        link.Wire.Forget();
        await link.PassAsync();
        var write = Assert.Single(link.Wire.All, one => one.IsWrite);
        Assert.Contains("_2026030", write.Path, StringComparison.Ordinal);
        await link.SettleAsync();
    }

    [Fact]
    public async Task This_and_all_that_follow_moved_outside_ends_one_series_and_adds_another()
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        await link.PersonAsync("move-following", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-23 09:00"), ["start"] = "2026-03-24T11:00", ["end"] = "2026-03-24T11:30" });
        await link.SettleAsync();
        Assert.Equal(6, (await link.HereAsync()).Count);
        Assert.Contains("2026-03-24 11:00 to 2026-03-24 11:30 Team", await link.HereAsync());

        // the rules of the second may not be edited at Google: there another takes its place
        var second = (await link.ShownAsync()).Keys.Single(uid => uid.Contains('-', StringComparison.Ordinal) && link.Diary.GetAsync(new AppointmentTarget(uid)).Result.Start.Day == 24);
        await link.Diary.EditAsync(new AppointmentTarget(second), new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly, 2) { Count = 2 } });
        await link.SettleAsync();
        Assert.Equal(5, (await link.ThereAsync()).Count);
        Assert.Contains("2026-04-07 11:00 to 2026-04-07 11:30 Team", await link.ThereAsync());
    }

    [Fact]
    public async Task A_copy_made_outside_is_an_appointment_of_its_own()
    {
        await using var link = await StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        await link.PersonAsync("copy", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 10:00") });
        await link.SettleAsync();
        Assert.Equal(2, (await link.HereAsync()).Count);
        Assert.Equal(AppointmentKind.Patient, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Kind);
    }

    [Fact]
    public async Task A_deleted_event_whose_appointment_changed_meanwhile_is_made_again_under_another_id()
    {
        await using var link = await StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        for (var hour = 1; hour < 4; hour++)
        {
            await link.PersonAsync("delete", new JsonObject { ["event"] = (string)(await link.SeenAsync()).Single(one => (bool)one["live"]!)["id"]! });
            await link.Diary.EditAsync(new AppointmentTarget(visit), new AppointmentEdit { Start = Tuesday.PlusHours(hour) });
            await link.SettleAsync();
            Assert.Single(await link.ThereAsync());
        }

        Assert.Equal(AppointmentStatus.Booked, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Status);
    }

    [Fact]
    public async Task A_calendar_that_was_deleted_outside_stops_the_link_and_removes_nothing_here()
    {
        await using var link = await StartAsync();
        for (var n = 0; n < 3; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        await link.SettleAsync();
        await link.PersonAsync("delete-calendar");
        await link.Diary.BookAsync(Visit(link));
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(LinkState.CalendarGone, (await link.LinkAsync()).State);
        Assert.Equal(4, (await link.HereAsync()).Count);
    }

    [Fact]
    public async Task A_lost_cursor_makes_nothing_twice_and_writes_nothing()
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Team);
        await link.PersonRepeatsAsync("Yoga", "2026-03-06T18:00", "2026-03-06T19:00", 5);
        await link.SettleAsync();
        await link.PersonAsync("expire-tokens");
        link.Wire.Forget();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(link.RequestsForAll, link.Wire.All.Count);
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.SeriesAtAsync("2026-03-06 18:00") });
        await link.PersonAsync("expire-tokens");
        await link.SettleAsync();
        Assert.Equal(6, (await link.HereAsync()).Count);
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;BYDAY=SU;COUNT=3", 3)]
    [InlineData("FREQ=WEEKLY;BYDAY=SU;COUNT=1", 1)]
    [InlineData("FREQ=WEEKLY;BYDAY=SU;UNTIL=20260404T000000Z", 4)]
    public async Task A_series_that_begins_on_another_day_than_its_rule_has_is_outside_on_the_same_days(string rule, int count)
    {
        await using var link = await StartAsync();
        // a Monday: what an application leaves that moves a series and not its rule
        await link.DevicePutsAsync("own", "DTSTART;TZID=Australia/Melbourne:20260309T090000", "DTEND;TZID=Australia/Melbourne:20260309T093000", "SUMMARY:Walk", $"RRULE:{rule}");
        await link.SettleAsync();
        Assert.Equal(count, (await link.HereAsync()).Count);
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-09 09:00"), ["title"] = "Long walk" });
        await link.SettleAsync();
        Assert.Equal((count, "2026-03-09 09:00 to 2026-03-09 09:30 Long walk"), ((await link.HereAsync()).Count, (await link.HereAsync())[0]));
    }

    [Fact]
    public async Task Access_that_was_taken_back_stops_the_link_and_loses_nothing()
    {
        await using var link = await StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.Diary.BookAsync(Visit(link));
        var token = link.Wire.Token;
        link.Wire.Token = "another";
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(LinkState.NeedsReconnecting, (await link.LinkAsync()).State);
        link.Wire.Token = token;
        await link.PutAsync(await link.LinkAsync() with { State = LinkState.Active });
        await link.SettleAsync();
        Assert.Equal(2, (await link.ThereAsync()).Count);
    }
}

public sealed class A_link_to_Google : A_link
{
    private protected override Task<OutsideLink> StartAsync() => GoogleLink.StartAsync();
}

public sealed class A_link_to_Microsoft : A_link
{
    private protected override Task<OutsideLink> StartAsync() => MicrosoftLink.StartAsync();
}
