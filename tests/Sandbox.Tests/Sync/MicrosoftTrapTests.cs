using System.Text;
using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.Tests.Fidelity;

namespace Sandbox.Tests.Sync;

/// <summary>What Microsoft does that nobody would expect: nothing is left out, rewritten again and again, or seen a week later.</summary>
public sealed class What_is_peculiar_at_Microsoft
{
    private const string Melbourne = "TZID=Australia/Melbourne";

    /// <summary>Several zones have one name there: what names an occurrence is in another than it was written in.</summary>
    [Theory]
    [InlineData("Europe/Dublin", "20261207")]
    [InlineData("Europe/Dublin", "20260706")]
    [InlineData("Europe/Amsterdam", "20261207")]
    [InlineData("Australia/Hobart", "20260706")]
    [InlineData("America/Toronto", "20260706")]
    public async Task Single_occurrences_in_a_zone_that_shares_its_name_are_where_they_should_be(string zone, string monday)
    {
        await using var link = await MicrosoftLink.StartAsync();
        var day = NodaTime.Text.LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd").Parse(monday).Value;
        string At(int weeks, string time) => $"{day.PlusWeeks(weeks):uuuuMMdd}T{time}";
        await AssertSameAsync(
            link,
            $"DTSTART;TZID={zone}:{At(0, "090000")}", $"DTEND;TZID={zone}:{At(0, "100000")}", "RRULE:FREQ=WEEKLY;COUNT=5", $"EXDATE;TZID={zone}:{At(1, "090000")}", "",
            $"RECURRENCE-ID;TZID={zone}:{At(3, "090000")}", $"DTSTART;TZID={zone}:{At(3, "110000")}", $"DTEND;TZID={zone}:{At(3, "120000")}");
    }

    [Fact]
    public async Task An_occurrence_that_is_moved_for_months_is_moved_again_and_back()
    {
        await using var link = await MicrosoftLink.StartAsync();
        string[] yearly = [$"DTSTART;{Melbourne}:20260303T100000", $"DTEND;{Melbourne}:20260303T110000", "RRULE:FREQ=YEARLY;COUNT=3"];
        string[] Moved(string day) => [.. yearly, "", $"RECURRENCE-ID;{Melbourne}:20270303T100000", $"DTSTART;{Melbourne}:{day}T100000", $"DTEND;{Melbourne}:{day}T110000"];
        await AssertSameAsync(link, yearly, Moved("20270610"), Moved("20270901"), Moved("20261101"), yearly);
    }

    [Fact]
    public async Task A_whole_day_in_a_series_with_a_time_is_made_and_made_a_time_again()
    {
        await using var link = await MicrosoftLink.StartAsync();
        string[] weekly = [$"DTSTART;{Melbourne}:20260303T100000", $"DTEND;{Melbourne}:20260303T110000", "RRULE:FREQ=WEEKLY;COUNT=4"];
        string[] whole = [.. weekly, "", $"RECURRENCE-ID;{Melbourne}:20260310T100000", "DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260311"];
        string[] later = [.. weekly, "", $"RECURRENCE-ID;{Melbourne}:20260310T100000", "DTSTART;VALUE=DATE:20260311", "DTEND;VALUE=DATE:20260312"];
        await AssertSameAsync(link, weekly, whole, later, weekly);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_online_meeting_is_an_appointment_whose_way_in_is_not_its_words(bool isPatient)
    {
        await using var link = await MicrosoftLink.StartAsync();
        var at = new LocalDateTime(2026, 3, 10, 10, 0);
        var id = isPatient
            ? await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", at, Duration.FromMinutes(45)))
            : await link.Diary.AddPersonalAsync(new PersonalEntry("Team", at, Duration.FromMinutes(45)));
        await link.SettleAsync();
        var line = new string('_', 80);
        var words = $"\n{line}\nMicrosoft Teams meeting\nJoin on your computer\nhttps://teams.microsoft.com/l/meetup-join/19%3ameeting\n{line}\n";
        await link.PersonAsync("edit", new JsonObject
        {
            ["event"] = await link.IdAtAsync("2026-03-10 10:00"),
            ["changes"] = new JsonObject { ["isOnlineMeeting"] = true, ["body"] = new JsonObject { ["contentType"] = "text", ["content"] = words } },
        });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        link.Wire.Forget();
        await link.AdvanceAsync(Duration.FromHours(2));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.DoesNotContain(link.Wire.All, one => one.IsWrite);
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Empty(await link.ConflictsAsync());

        // the practice moves it, and the way in stays
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = at.PlusHours(2) });
        await link.SettleAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Contains("meetup-join", await link.WordsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("meetup-join", string.Join('\n', (await link.ShownAsync()).Values.Select(one => Encoding.UTF8.GetString(one.ToText()))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_link_to_what_changed_that_is_refused_is_asked_for_anew_at_once(int status)
    {
        await using var link = await MicrosoftLink.StartAsync();
        var id = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 10, 12, 0), Duration.FromHours(1)));
        await link.SettleAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-10 12:00"), ["title"] = "Early lunch" });
        await link.Scene.FaultAsync(link.Operation("list"), "status", new JsonObject { ["status"] = status, ["times"] = 1, ["reason"] = status == 404 ? "ErrorItemNotFound" : "ErrorInvalidUrlQuery" });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal("Early lunch", (await link.Diary.GetAsync(new AppointmentTarget(id))).Title);
        await link.SettleAsync();
    }

    /// <summary>Changes are told for a year and a half: what is changed after that is told as removed.</summary>
    [Fact]
    public async Task An_occurrence_that_is_changed_years_ahead_is_taken_at_once()
    {
        await using var link = await MicrosoftLink.StartAsync();
        await link.Diary.AddPersonalAsync(new PersonalEntry("Team", new LocalDateTime(2026, 3, 10, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Monthly) { Count = 40 } });
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await link.PassAsync());
        var person = new GraphUser(link.Scene, "sam@outlook.com", link.Wire.Token);
        var master = await link.SeriesAtAsync("2026-03-10 09:00");
        var far = Assert.Single(await person.ValuesAsync($"me/calendars/{link.CalendarId}/events/{master}/instances?startDateTime=2028-11-01T00:00:00&endDateTime=2028-11-30T00:00:00"));
        var edited = await person.SendAsync("PATCH", $"me/calendars/{link.CalendarId}/events/{(string)far["id"]!}", new JsonObject { ["subject"] = "Farewell" });
        Assert.Equal(200, edited.Status);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var then = await link.Diary.ListAsync(Instant.FromUtc(2028, 11, 1, 0, 0), Instant.FromUtc(2028, 12, 1, 0, 0));
        Assert.Equal("Farewell", Assert.Single(then).Title);
    }

    private static Task AssertSameAsync(OutsideLink link, params string[] lines) => AssertSameAsync(link, [lines]);

    /// <summary>Each version, one after the other, has its times there.</summary>
    private static async Task AssertSameAsync(OutsideLink link, params string[][] versions)
    {
        var zone = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];
        OutsideSeries? there = null;
        foreach (var lines in versions)
        {
            var wanted = CalendarObject.Parse(Encoding.UTF8.GetBytes(new Sample("one", lines).Text("one")));
            there = there is null
                ? await link.Calendar.CreateAsync("one", 0, wanted, TestContext.Current.CancellationToken)
                : await link.Calendar.UpdateAsync(there, "one", wanted, TestContext.Current.CancellationToken);
            Assert.Equal(Comparison.Times(wanted, zone), Comparison.Times(there.Content, zone));
            Assert.Equal(Comparison.Times(wanted, zone), Comparison.Times(link.Calendar.Render(wanted), zone));
        }
    }
}
