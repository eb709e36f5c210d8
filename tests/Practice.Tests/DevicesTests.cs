using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>What calendar apps do of themselves to a patient series, and what must be left of it.</summary>
public sealed class Habits_of_calendar_apps : PracticeFixture
{
    [Fact]
    public async Task Dismissing_an_alarm_is_kept_for_that_device_and_shown_to_no_lower_level()
    {
        var id = await Diary.BookAsync(Weekly);
        await AddAsync(id, "X-MOZ-LASTACK:20260303T000000Z\r\n");
        await ClientEditAsync(id, text => text.Replace("LASTACK:20260303", "LASTACK:20260310", StringComparison.Ordinal), PrivacyLevel.Initials);
        var text = (await ReadAsync(id, PrivacyLevel.Initials))!;
        Assert.Contains("X-MOZ-LASTACK:20260310T000000Z", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LASTACK:20260303", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LASTACK", await ReadAsync(id, PrivacyLevel.Type), StringComparison.Ordinal);
        await AssertIntactAsync();
    }

    [Fact]
    public async Task Travel_time_and_new_stamps_change_nothing_else()
    {
        var id = await Diary.BookAsync(Weekly);
        var decision = await ClientEditAsync(
            id,
            text => text.Replace("DTSTAMP:20260302T000000Z", "DTSTAMP:20260302T010203Z", StringComparison.Ordinal)
                .Replace("SEQUENCE:0", "SEQUENCE:7", StringComparison.Ordinal)
                .Replace("SUMMARY:", "X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT30M\r\nX-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\r\nSUMMARY:", StringComparison.Ordinal),
            PrivacyLevel.Initials);
        Assert.False(Assert.IsType<HxAccepted>(decision).StoredAsSent);
        Assert.Contains("X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT30M", await ReadAsync(id, PrivacyLevel.Initials), StringComparison.Ordinal);
        Assert.Contains("SEQUENCE:7", await ReadAsync(id, PrivacyLevel.Initials), StringComparison.Ordinal);
        await AssertIntactAsync();
    }

    [Theory]
    [InlineData("/freeassociation.sourceforge.net/Australia/Melbourne")]
    [InlineData("AUS Eastern Standard Time")]
    public async Task Another_name_for_the_same_zone_moves_and_cancels_nothing(string zone)
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Start = Week(1).PlusHours(2) }, SeriesScope.ThisOne);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(3)), CancelChoice.Cancel, SeriesScope.ThisOne);
        var before = (await ListAsync()).Select(appointment => (appointment.Start, appointment.Status));
        await ClientEditAsync(id, text => text.Replace("Australia/Melbourne", zone, StringComparison.Ordinal), PrivacyLevel.Initials);
        Assert.Equal(before, (await ListAsync()).Select(appointment => (appointment.Start, appointment.Status)));
    }

    [Fact]
    public async Task A_series_rewritten_in_UTC_by_a_client_stays_in_its_zone()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Start = Week(1).PlusHours(2) }, SeriesScope.ThisOne);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(3)), CancelChoice.Cancel, SeriesScope.ThisOne);
        var before = (await ListAsync()).Select(appointment => (appointment.Occurrence, appointment.Start, appointment.Status)).ToList();
        await ClientEditAsync(id, InUtc, PrivacyLevel.Initials);
        Assert.Equal(before, (await ListAsync()).Select(appointment => (appointment.Occurrence, appointment.Start, appointment.Status)));
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20260303T100000", await ReadAsync(id, PrivacyLevel.Initials), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_keeps_nothing_it_does_not_know_takes_only_its_own_away()
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text.Replace("SUMMARY:", "X-BUSY:1\r\nSUMMARY:", StringComparison.Ordinal), PrivacyLevel.Initials);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        var bare = $"UID:{id}\r\nDTSTAMP:20260302T000000Z\r\nDTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDTEND;TZID=Australia/Melbourne:20260303T104500\r\nRRULE:FREQ=WEEKLY;COUNT=6\r\nSUMMARY:Busy";
        await PutAsync($"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bare//EN\r\nBEGIN:VEVENT\r\n{bare}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", PrivacyLevel.Busy);
        await AssertIntactAsync();
        Assert.Contains("X-BUSY:1", await ReadAsync(id, PrivacyLevel.Initials), StringComparison.Ordinal);
        Assert.Equal("INV-1", (await GetAsync(id)).Invoice);
        Assert.Contains("0400 555 777", await ReadAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Excluded_and_described_at_once_an_occurrence_is_cancelled_and_there_once()
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text
            .Replace("RRULE:FREQ=WEEKLY", "EXDATE;TZID=Australia/Melbourne:20260317T100000\r\nRRULE:FREQ=WEEKLY", StringComparison.Ordinal)
            .Replace(
                "END:VCALENDAR",
                $"BEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:20260302T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:20260317T100000\r\nDTSTART;TZID=Australia/Melbourne:20260317T100000\r\nDTEND;TZID=Australia/Melbourne:20260317T104500\r\nSUMMARY:Standard consultation · Jane Brownlow\r\nSTATUS:CONFIRMED\r\nCONTACT:Jane Brownlow\\, 0400 555 777\r\nEND:VEVENT\r\nEND:VCALENDAR",
                StringComparison.Ordinal));
        Assert.Equal(6, (await ListAsync()).Count);
        Assert.Equal(AppointmentStatus.Cancelled, (await ListAsync())[2].Status);
        Assert.DoesNotContain("RECURRENCE-ID", await ReadAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_cannot_add_dates_to_a_patient_series()
    {
        var id = await Diary.BookAsync(Weekly);
        var decision = await ClientEditAsync(id, text => text.Replace(
            "RRULE:FREQ=WEEKLY", "RDATE;TZID=Australia/Melbourne:20260305T100000\r\nRRULE:FREQ=WEEKLY", StringComparison.Ordinal));
        Assert.False(Assert.IsType<HxAccepted>(decision).StoredAsSent);
        Assert.Equal(6, (await ListAsync()).Count);
    }

    [Fact]
    public async Task A_date_besides_the_rule_that_a_client_takes_out_is_cancelled_and_can_be_put_back()
    {
        var id = await WithOldSessionAsync();
        await ClientEditAsync(id, text => text.Replace("RDATE;TZID=Australia/Melbourne:20260310T100000\r\n", "", StringComparison.Ordinal));
        var removed = (await ListAsync())[1];
        Assert.Equal((Week(1), "INV-1", false), (removed.Start.LocalDateTime, removed.Invoice, removed.Published));
        await Diary.RestoreAsync(new AppointmentTarget(id, Week(1)));
        Assert.True((await ListAsync())[1].Published);
    }

    [Fact]
    public async Task Dates_besides_the_rule_move_along_with_the_series()
    {
        var id = await WithOldSessionAsync();
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Week(0).PlusHours(1) });
        Assert.Contains("RDATE;TZID=Australia/Melbourne:20260310T110000", await ReadAsync(id), StringComparison.Ordinal);
        // what has an invoice stays where it was
        Assert.Equal((Week(1), "INV-1"), ((await ListAsync())[1].Start.LocalDateTime, (await ListAsync())[1].Invoice));
    }

    [Fact]
    public async Task A_series_made_all_day_outside_ends_on_a_day()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Until = CalendarTime.OfDate(Week(3).Date) } });
        await ClientEditAsync(
            id,
            text => text.Replace("DTSTART;TZID=Australia/Melbourne:20260303T100000", "DTSTART;VALUE=DATE:20260303", StringComparison.Ordinal)
                .Replace("DTEND;TZID=Australia/Melbourne:20260303T104500", "DTEND;VALUE=DATE:20260304", StringComparison.Ordinal),
            PrivacyLevel.Initials);
        Assert.Contains("UNTIL=20260324\r\n", await ReadAsync(id), StringComparison.Ordinal);
        var all = await ListAsync();
        Assert.Equal(Enumerable.Range(0, 4).Select(week => Week(week).Date), all.Select(appointment => appointment.Start.Date));
        Assert.All(all, appointment => Assert.True(appointment.AllDay));
    }

    [Fact]
    public async Task An_appointment_that_lasts_to_the_end_of_the_calendar_hides_no_other()
    {
        await PutAsync(Event("endless", "DTSTART:20260101T000000Z\nDURATION:P306783378W\nSUMMARY:Sabbatical"));
        await Diary.BookAsync(Session);
        Assert.Equal(["Sabbatical", "Standard consultation · Jane Brownlow"], (await ListAsync()).Select(appointment => appointment.Title));
    }

    [Fact]
    public async Task A_patient_appointment_of_more_than_a_year_is_refused_and_so_is_turning_one_into_it()
    {
        var id = await Diary.BookAsync(Weekly);
        var decision = await ClientEditAsync(
            id, text => text.Replace("DTEND;TZID=Australia/Melbourne:20260303T104500", "DURATION:P306783378W", StringComparison.Ordinal), PrivacyLevel.Initials);
        Assert.Equal("A patient appointment lasts at most a year.", Assert.IsType<HxRefused>(decision).Reason);
        await AssertIntactAsync();
        await PutAsync(Event("endless", "DTSTART:20260101T000000Z\nDURATION:P306783378W\nSUMMARY:Sabbatical"));
        var error = await Assert.ThrowsAsync<DiaryException>(() => Diary.ConvertToPatientAsync(new AppointmentTarget("endless"), [Jane], "Session"));
        Assert.Equal(DiaryFault.Invalid, error.Fault);
    }

    [Fact]
    public async Task A_session_that_took_place_stays_attended_when_a_phone_is_tidied_up()
    {
        var (single, series) = (await Diary.BookAsync(Session with { Start = Week(-2) }), await Diary.BookAsync(Weekly));
        await Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Status = AppointmentStatus.Attended });
        await Diary.CancelAsync(new AppointmentTarget(series, Week(0)), CancelChoice.NonAttendance, SeriesScope.ThisOne);
        await RemoveAsync(single);
        await ClientEditAsync(series, text => text.Replace("RRULE:FREQ=WEEKLY", "EXDATE;TZID=Australia/Melbourne:20260303T100000\r\nRRULE:FREQ=WEEKLY", StringComparison.Ordinal), PrivacyLevel.Initials);
        var all = await ListAsync();
        Assert.Equal([AppointmentStatus.Attended, AppointmentStatus.DidNotAttend, AppointmentStatus.Booked], all.Take(3).Select(appointment => appointment.Status));
        Assert.Equal([false, false, true], all.Take(3).Select(appointment => appointment.Published));
        Assert.EndsWith("because it has taken place.", all[0].Kept?.Reason, StringComparison.Ordinal);
        Assert.EndsWith("because the patient did not attend it.", all[1].Kept?.Reason, StringComparison.Ordinal);
        await Diary.RestoreAsync(new AppointmentTarget(single));
        Assert.Equal(AppointmentStatus.Attended, (await GetAsync(single)).Status);
    }

    private async Task<string> WithOldSessionAsync()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Week(1)), "INV-1");
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly, 2) { Count = 3 } });
        return id;
    }

    private Task<HxDecision> AddAsync(string id, string lines) =>
        ClientEditAsync(id, text => text.Replace("SUMMARY:", lines + "SUMMARY:", StringComparison.Ordinal), PrivacyLevel.Initials);

    private static string InUtc(string text) => System.Text.RegularExpressions.Regex.Replace(text, ";TZID=Australia/Melbourne:([0-9T]+)", match =>
    {
        var local = NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss").Parse(match.Groups[1].Value).Value;
        return ":" + local.InZoneLeniently(Melbourne).ToInstant().InUtc().ToString("uuuuMMdd'T'HHmmss'Z'", null);
    });

    private async Task AssertIntactAsync()
    {
        var all = await ListAsync();
        Assert.Equal(Enumerable.Range(0, 6).Select(Week), all.Select(appointment => appointment.Start.LocalDateTime));
        Assert.All(all, appointment => Assert.Equal(
            (AppointmentKind.Patient, AppointmentStatus.Booked, "Standard consultation · Jane Brownlow", "Room 2", "Confidential remarks"),
            (appointment.Kind, appointment.Status, appointment.Title, appointment.Location, appointment.Comments)));
    }
}

/// <summary>The diary edits a series that has a past.</summary>
public sealed class A_series_with_a_past_in_the_diary : PracticeFixture
{
    [Fact]
    public async Task The_kept_occurrence_of_a_removed_series_comes_back_alone()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Start = Week(1).PlusHours(3), Comments = "Only this one" }, SeriesScope.ThisOne);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Week(1)), "INV-7");
        await RemoveAsync(id);
        var back = await Diary.RestoreAsync(new AppointmentTarget(id, Week(1)));
        Assert.NotEqual(id, back);
        Assert.Null(await ReadAsync(id));
        var all = await ListAsync();
        Assert.Equal(6, all.Count);
        Assert.Equal(5, all.Count(appointment => appointment.Status == AppointmentStatus.Cancelled));
        var alone = Assert.Single(all, appointment => appointment.Published);
        Assert.Equal((back, Week(1).PlusHours(3), "INV-7", "Only this one", id), (alone.Id, alone.Start.LocalDateTime, alone.Invoice, alone.Comments, alone.Follows));
        Assert.Null(alone.Kept);
        var text = (await ReadAsync(back, PrivacyLevel.Initials))!;
        Assert.DoesNotContain("RECURRENCE-ID", text, StringComparison.Ordinal);
        Assert.DoesNotContain("RRULE:FREQ=WEEKLY", text, StringComparison.Ordinal);
        await Diary.RestoreAsync(new AppointmentTarget(id));
        Assert.Equal(6, (await ListAsync()).Count(appointment => appointment is { Published: true, Status: AppointmentStatus.Booked }));
    }

    [Fact]
    public async Task Another_repeat_keeps_what_was_attended_or_invoiced_where_it_was()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(0)), new AppointmentEdit { Status = AppointmentStatus.Attended }, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Status = AppointmentStatus.Attended, Comments = "Only this one" }, SeriesScope.ThisOne);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Week(3)), "INV-3");
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly, 2) { Count = 3 } });
        var all = await ListAsync();
        Assert.Equal([Week(0), Week(1), Week(2), Week(3), Week(4)], all.Select(appointment => appointment.Start.LocalDateTime));
        Assert.Equal(AppointmentStatus.Attended, all[1].Status);
        Assert.Equal(("Only this one", "INV-3"), (all[1].Comments, all[3].Invoice));
        Assert.Contains("RDATE;TZID=Australia/Melbourne:20260324T100000", await ReadAsync(id, PrivacyLevel.Initials), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_of_all_leaves_an_occurrence_what_it_says_by_itself_and_changes_the_rest()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Comments = "Only this one" }, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "For all", Location = "Room 9", Length = Duration.FromMinutes(60) });
        var all = await ListAsync();
        Assert.All(all, appointment => Assert.Equal(("Room 9", Duration.FromMinutes(60)), (appointment.Location, appointment.End - appointment.Start)));
        Assert.Equal(["For all", "For all", "Only this one", "For all", "For all", "For all"], all.Select(appointment => appointment.Comments));
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(0)]
    [InlineData(2_000_000)]
    public async Task A_length_that_makes_no_sense_is_refused_in_an_edit_too(int minutes)
    {
        var id = await Diary.BookAsync(Weekly);
        var edit = new AppointmentEdit { Length = Duration.FromMinutes(minutes) };
        Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(id), edit))).Fault);
        var late = new AppointmentEdit { Start = new(9999, 12, 31, 23, 0) };
        Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(id, Week(1)), late, SeriesScope.ThisOne))).Fault);
    }

    [Fact]
    public async Task Details_of_an_earlier_version_that_say_less_are_read()
    {
        var id = await Diary.BookAsync(Session);
        var stored = (await FindAsync(id))!;
        var row = stored.Row;
        await Store.ApplyAsync(
            Calendaring.Store.StoreBatch.Of(new Calendaring.Store.PutObject(
                row.CollectionId, row.Name, stored.Bytes, row.Index, Calendaring.Store.Expectation.AtChange(row.Change), true, new Calendaring.Store.ObjectDetails((int)AppointmentKind.Patient, "{\"kind\":\"Patient\",\"type\":\"Session\"}"u8.ToArray()))),
            TestContext.Current.CancellationToken);
        Assert.Equal(("Session", "diary"), ((await GetAsync(id)).Title, (await GetAsync(id)).Origin));
        Assert.Contains("SUMMARY:Session", await ReadAsync(id, PrivacyLevel.Initials), StringComparison.Ordinal);
    }
}
