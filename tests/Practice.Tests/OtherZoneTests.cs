using System.Text.RegularExpressions;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>A laptop in another zone writes what it edits in that zone: the appointment's own zone stays.</summary>
public sealed class A_series_edited_in_another_zone : PracticeFixture
{
    private static readonly LocalDateTime[] Starts = [.. Enumerable.Range(0, 8).Select(Week)];

    /// <summary>Zone, the first start there, another by so many hours, and the rule as a client there may write it.</summary>
    public static TheoryData<string, string, string, PrivacyLevel> Laptops
    {
        get
        {
            var laptops = new TheoryData<string, string, string, PrivacyLevel>();
            foreach (var level in new[] { PrivacyLevel.FullName, PrivacyLevel.Initials })
            {
                laptops.Add("TZID=Australia/Brisbane", "20260303T090000", "FREQ=WEEKLY;COUNT=8", level);
                laptops.Add("TZID=E. Australia Standard Time", "20260303T090000", "FREQ=WEEKLY;COUNT=8;BYDAY=TU;WKST=MO", level);
                laptops.Add("TZID=AUS Eastern Standard Time", "20260303T100000", "FREQ=WEEKLY;COUNT=8", level);
                laptops.Add("TZID=Australia/Brisbane", "20260303T090000", "FREQ=WEEKLY;UNTIL=20260420T230000Z", level);
                laptops.Add("TZID=Australia/Brisbane", "20260303T090000", "FREQ=WEEKLY;UNTIL=20260421T090000", level);
                laptops.Add("TZID=Europe/London", "20260302T230000", "FREQ=WEEKLY;COUNT=8;BYDAY=MO", level);
                laptops.Add("TZID=America/New_York", "20260302T180000", "FREQ=WEEKLY;UNTIL=20260420T180000;BYDAY=MO", level);
                laptops.Add("", "20260302T230000Z", "FREQ=WEEKLY;COUNT=8;BYDAY=MO", level);
                laptops.Add("", "20260302T230000Z", "FREQ=WEEKLY;UNTIL=20260420T230000Z", level);
            }

            return laptops;
        }
    }

    [Theory]
    [MemberData(nameof(Laptops))]
    public async Task At_the_same_moment_a_patient_series_is_still_at_ten_after_daylight_saving_ends(string zone, string start, string rule, PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 8 } });
        var decision = (HxAccepted)await ClientEditAsync(id, text => InZone(text, zone, start, rule), level);
        Assert.Equal(Starts, (await ListAsync()).Select(one => one.Start.LocalDateTime));
        Assert.All(await ListAsync(), one => Assert.Equal(AppointmentStatus.Booked, one.Status));
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20260303T100000", await ReadAsync(id), StringComparison.Ordinal);
        Assert.False(decision.StoredAsSent);
        Assert.Empty(decision.Rejected);
    }

    [Theory]
    [MemberData(nameof(Laptops))]
    public async Task So_is_a_personal_series(string zone, string start, string rule, PrivacyLevel level)
    {
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Team meeting", Week(0), Duration.FromMinutes(45)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 8 } });
        await ClientEditAsync(id, text => InZone(text, zone, start, rule).Replace("SUMMARY:Team meeting", "SUMMARY:Whole team", StringComparison.Ordinal), level);
        Assert.Equal(Starts, (await ListAsync()).Select(one => one.Start.LocalDateTime));
        Assert.All(await ListAsync(), one => Assert.Equal("Whole team", one.Title));
    }

    [Theory]
    [InlineData("TZID=Australia/Brisbane", "20260303T110000")]
    [InlineData("TZID=Europe/London", "20260303T010000")]
    [InlineData("", "20260303T010000Z")]
    public async Task Moved_in_the_other_zone_it_stays_at_its_new_time_in_its_own(string zone, string start)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 8 } });
        await ClientEditAsync(id, text => InZone(text, zone, start, "FREQ=WEEKLY;COUNT=8"), PrivacyLevel.Initials);
        Assert.Equal(Starts.Select(one => one.PlusHours(2)), (await ListAsync()).Select(one => one.Start.LocalDateTime));
    }

    [Theory]
    [InlineData("20260407T090000", "20260414T090000")]
    [InlineData("20260407T100000", "20260414T100000")]
    public async Task Cancelled_and_moved_occurrences_are_known_by_either_reckoning(string cancelled, string moved)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 8 } });
        await ClientEditAsync(
            id,
            text => InZone(text, "TZID=Australia/Brisbane", "20260303T090000", $"FREQ=WEEKLY;COUNT=8\r\nEXDATE;TZID=Australia/Brisbane:{cancelled}").Replace(
                "END:VCALENDAR",
                $"BEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:20260302T000000Z\r\nRECURRENCE-ID;TZID=Australia/Brisbane:{moved}\r\nDTSTART;TZID=Australia/Brisbane:20260415T120000\r\nDURATION:PT45M\r\nSUMMARY:Standard consultation · JB\r\nEND:VEVENT\r\nEND:VCALENDAR",
                StringComparison.Ordinal),
            PrivacyLevel.Initials);
        var all = await ListAsync();
        Assert.Equal([Week(0), Week(1), Week(2), Week(3), Week(4), Week(5), new LocalDateTime(2026, 4, 15, 12, 0), Week(7)], all.Select(one => one.Start.LocalDateTime));
        Assert.Equal([5], all.Select((one, week) => (one, week)).Where(pair => pair.one.Status == AppointmentStatus.Cancelled).Select(pair => pair.week));
    }

    [Fact]
    public async Task An_earlier_end_is_that_of_the_same_occurrence()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 8 } });
        await ClientEditAsync(id, text => InZone(text, "TZID=Australia/Brisbane", "20260303T090000", "FREQ=WEEKLY;UNTIL=20260413T230000Z"), PrivacyLevel.Initials);
        Assert.Equal(7, (await ListAsync()).Count(one => one.Status == AppointmentStatus.Booked));
    }

    [Theory]
    [InlineData(PrivacyLevel.FullName)]
    [InlineData(PrivacyLevel.Initials)]
    public async Task A_single_appointment_that_was_in_another_zone_repeats_in_its_own(PrivacyLevel level)
    {
        foreach (var start in new[] { "20260303T090000", "20260303T110000" })
        {
            var id = await Diary.BookAsync(Session);
            await ClientEditAsync(id, text => InZone(text, "TZID=Australia/Brisbane", start, ""), level);
            var first = (await GetAsync(id)).Start.LocalDateTime;
            await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 8 } });
            Assert.Equal(Enumerable.Range(0, 8).Select(first.PlusWeeks), (await ListAsync()).Where(one => one.Id == id).Select(one => one.Start.LocalDateTime));
        }
    }

    private static string InZone(string text, string zone, string start, string rule)
    {
        text = Regex.Replace(text, "DTEND[^\r]*", "DURATION:PT45M");
        text = Regex.Replace(text, "DTSTART;TZID[^\r]*", zone.Length == 0 ? $"DTSTART:{start}" : $"DTSTART;{zone}:{start}");
        return Regex.Replace(text, "RRULE:FREQ=WEEKLY[^\r]*", $"RRULE:{rule}");
    }
}
