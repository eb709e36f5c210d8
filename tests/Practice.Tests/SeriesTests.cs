using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>Repeats, in the diary and from outside.</summary>
public sealed class Repeats_in_both_directions : PracticeFixture
{
    [Fact]
    public async Task The_diary_moves_one_occurrence_and_the_client_sees_it()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Week(2).PlusHours(5), Length = Duration.FromHours(1) }, SeriesScope.ThisOne);
        var text = (await ReadAsync(id, PrivacyLevel.Initials))!;
        Assert.Contains("RECURRENCE-ID;TZID=Australia/Melbourne:20260317T100000", text, StringComparison.Ordinal);
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20260317T150000", text, StringComparison.Ordinal);
        Assert.Contains("DTEND;TZID=Australia/Melbourne:20260317T160000", text, StringComparison.Ordinal);
        Assert.Equal([Week(0), Week(1), Week(2).PlusHours(5), Week(3), Week(4), Week(5)], await StartsAsync());
    }

    [Theory]
    [InlineData("RECURRENCE-ID;TZID=Australia/Melbourne:20260317T100000")]
    [InlineData("RECURRENCE-ID:20260316T230000Z")]
    public async Task A_client_moves_one_occurrence_and_the_diary_sees_it(string recurrenceId)
    {
        var id = await Diary.BookAsync(Weekly);
        await OverrideAsync(id, $"{recurrenceId}\r\nDTSTART;TZID=Australia/Melbourne:20260318T090000\r\nDTEND;TZID=Australia/Melbourne:20260318T094500");
        Assert.Equal([Week(0), Week(1), Week(2).PlusDays(1).PlusHours(-1), Week(3), Week(4), Week(5)], await StartsAsync());
        Assert.All(await ListAsync(), appointment => Assert.Equal((AppointmentKind.Patient, "Confidential remarks"), (appointment.Kind, appointment.Comments)));
        Assert.Equal(Week(2), (await ListAsync())[2].Occurrence);
    }

    [Fact]
    public async Task A_client_moves_it_back_by_dropping_the_override()
    {
        var id = await Diary.BookAsync(Weekly);
        var before = (await ReadAsync(id, PrivacyLevel.Initials))!;
        await OverrideAsync(id, "RECURRENCE-ID;TZID=Australia/Melbourne:20260317T100000\r\nDTSTART;TZID=Australia/Melbourne:20260318T090000\r\nDTEND;TZID=Australia/Melbourne:20260318T094500");
        await PutAsync(before, PrivacyLevel.Initials);
        Assert.Equal(Enumerable.Range(0, 6).Select(Week), await StartsAsync());
    }

    [Fact]
    public async Task A_client_cannot_invent_an_occurrence()
    {
        var id = await Diary.BookAsync(Weekly);
        await OverrideAsync(id, "RECURRENCE-ID;TZID=Australia/Melbourne:20260319T100000\r\nDTSTART;TZID=Australia/Melbourne:20260319T100000\r\nDTEND;TZID=Australia/Melbourne:20260319T104500");
        Assert.Equal(6, (await ListAsync()).Count);
        Assert.DoesNotContain("RECURRENCE-ID", await ReadAsync(id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_moves_the_whole_series_and_cancelled_occurrences_move_along(bool exclusionsMovedToo)
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(3)), CancelChoice.Cancel, SeriesScope.ThisOne);
        await ClientEditAsync(
            id,
            text =>
            {
                var moved = text.Replace("DTSTART;TZID=Australia/Melbourne:20260303T100000", "DTSTART;TZID=Australia/Melbourne:20260303T130000", StringComparison.Ordinal)
                    .Replace("DTEND;TZID=Australia/Melbourne:20260303T104500", "DTEND;TZID=Australia/Melbourne:20260303T134500", StringComparison.Ordinal);
                return exclusionsMovedToo ? moved.Replace("EXDATE;TZID=Australia/Melbourne:20260324T100000", "EXDATE;TZID=Australia/Melbourne:20260324T130000", StringComparison.Ordinal) : moved;
            },
            PrivacyLevel.Initials);
        Assert.Equal(Enumerable.Range(0, 6).Select(week => Week(week).PlusHours(3)), await StartsAsync());
        Assert.Equal(AppointmentStatus.Cancelled, (await ListAsync())[3].Status);
        Assert.Contains("EXDATE;TZID=Australia/Melbourne:20260324T130000", await ReadAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_diary_moves_a_whole_series_to_another_day_and_keeps_an_override_where_it_was_put()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { ByDay = [new ByDay(0, IsoDayOfWeek.Tuesday)], Count = 4 } });
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Start = Week(1).PlusHours(6) }, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Week(2).PlusDays(1) });
        Assert.Equal([Week(0).PlusDays(1), Week(1).PlusHours(6), Week(2).PlusDays(1), Week(3).PlusDays(1)], await StartsAsync());
        Assert.Contains("BYDAY=WE", await ReadAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task This_and_following_splits_the_series()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(4)), new AppointmentEdit { Location = "Override" }, SeriesScope.ThisOne);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(1)), CancelChoice.Cancel, SeriesScope.ThisOne);
        var tail = await Diary.EditAsync(new AppointmentTarget(id, Week(3)), new AppointmentEdit { Start = Week(3).PlusHours(2) }, SeriesScope.ThisAndFollowing);
        Assert.NotEqual(id, tail);
        Assert.Equal([Week(0), Week(1), Week(2), Week(3).PlusHours(2), Week(4).PlusHours(2), Week(5).PlusHours(2)], await StartsAsync());
        Assert.Contains("UNTIL=20260323T225959Z", await ReadAsync(id), StringComparison.Ordinal);
        Assert.Contains("COUNT=3", await ReadAsync(tail), StringComparison.Ordinal);
        Assert.DoesNotContain("RECURRENCE-ID", await ReadAsync(id), StringComparison.Ordinal);
        Assert.DoesNotContain("EXDATE", await ReadAsync(tail), StringComparison.Ordinal);
        Assert.Equal(("Override", id), ((await ListAsync())[4].Location, (await GetAsync(tail)).Follows));
        Assert.Equal(tail, (await GetAsync(id)).FollowedBy);
    }

    [Fact]
    public async Task A_series_keeps_its_local_time_across_the_end_of_DST()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(5)), new AppointmentEdit { Start = new(2026, 4, 7, 16, 0) }, SeriesScope.ThisAndFollowing);
        var all = await ListAsync();
        Assert.Equal(new(2026, 4, 7, 16, 0), all[5].Start.LocalDateTime);
        Assert.Equal(Offset.FromHours(10), all[5].Start.Offset);
        Assert.Equal(Offset.FromHours(11), all[0].Start.Offset);
    }

    [Fact]
    public async Task One_session_is_attended_and_another_not()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(0)), new AppointmentEdit { Status = AppointmentStatus.Attended }, SeriesScope.ThisOne);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(1)), CancelChoice.NonAttendance, SeriesScope.ThisOne);
        var all = await ListAsync();
        Assert.Equal([AppointmentStatus.Attended, AppointmentStatus.DidNotAttend, AppointmentStatus.Booked], all.Take(3).Select(appointment => appointment.Status));
        Assert.All(all, appointment => Assert.True(appointment.Published));
    }

    [Fact]
    public async Task Cancelling_this_and_following_keeps_a_record_of_what_will_not_be()
    {
        var id = await Diary.BookAsync(Weekly);
        var tail = await Diary.CancelAsync(new AppointmentTarget(id, Week(2)), CancelChoice.Cancel, SeriesScope.ThisAndFollowing);
        var all = await ListAsync();
        Assert.Equal([true, true, false, false, false, false], all.Select(appointment => appointment.Published));
        Assert.Equal(4, all.Count(appointment => appointment.Status == AppointmentStatus.Cancelled && appointment.Id == tail));
    }

    [Theory]
    [InlineData(CancelChoice.Cancel, AppointmentStatus.Cancelled, "INV-1", false)]
    [InlineData(CancelChoice.CancelAndDeleteInvoice, AppointmentStatus.Cancelled, null, false)]
    [InlineData(CancelChoice.NonAttendance, AppointmentStatus.DidNotAttend, "INV-1", true)]
    public async Task The_choices_of_cancelling(CancelChoice choice, AppointmentStatus status, string? invoice, bool published)
    {
        var id = await Diary.BookAsync(Session);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        await Diary.CancelAsync(new AppointmentTarget(id), choice);
        var appointment = await GetAsync(id);
        Assert.Equal((status, invoice, published), (appointment.Status, appointment.Invoice, appointment.Published));
    }

    [Fact]
    public async Task Delete_is_for_what_has_neither_invoice_nor_note()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete))).Fault);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), null);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        Assert.Null(await FindAsync(id));
    }

    [Fact]
    public async Task A_stale_version_is_refused()
    {
        var id = await Diary.BookAsync(Session);
        var version = (await GetAsync(id)).Version;
        await Diary.EditAsync(new AppointmentTarget(id, null, version), new AppointmentEdit { Location = "A" });
        var error = await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(id, null, version), new AppointmentEdit { Location = "B" }));
        Assert.Equal(DiaryFault.Stale, error.Fault);
    }

    [Fact]
    public async Task Edits_at_the_same_time_are_all_carried_out()
    {
        var id = await Diary.BookAsync(Weekly);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(week =>
            Diary.EditAsync(new AppointmentTarget(id, Week(week)), new AppointmentEdit { Location = $"Room {week}" }, SeriesScope.ThisOne)));
        Assert.Equal(Enumerable.Range(0, 6).Select(week => $"Room {week}"), (await ListAsync()).Select(appointment => appointment.Location));
    }

    [Fact]
    public async Task A_start_in_the_gap_of_DST_is_refused()
    {
        var error = await Assert.ThrowsAsync<DiaryException>(() => Diary.BookAsync(Session with { Start = new LocalDateTime(2026, 10, 4, 2, 30) }));
        Assert.Equal("That local time does not exist: the clocks go forward over it.", error.Message);
    }

    private async Task<IEnumerable<LocalDateTime>> StartsAsync() => (await ListAsync()).Select(appointment => appointment.Start.LocalDateTime);

    private Task<HxDecision> OverrideAsync(string id, string times) => ClientEditAsync(
        id,
        text => text.Replace(
            "END:VCALENDAR",
            $"BEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:20260302T000000Z\r\n{times}\r\nSUMMARY:Standard consultation · JB\r\nLOCATION:Room 2\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR",
            StringComparison.Ordinal),
        PrivacyLevel.Initials);
}

/// <summary>Bounds on what a client can make the server do.</summary>
public sealed class Hostile_edits_of_a_patient_series_end_soon : PracticeFixture
{
    [Theory]
    [InlineData(900, true)]
    [InlineData(20_000, false)]
    public async Task Many_exclusions_are_taken_up_to_a_limit(int count, bool taken)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Daily) });
        var dates = Enumerable.Range(1, count).Select(day => Week(0).PlusDays(day).ToString("uuuuMMdd'T'HHmmss", null));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var decision = await ClientEditAsync(
            id,
            text => text.Replace("RRULE:FREQ=DAILY", $"EXDATE;TZID=Australia/Melbourne:{string.Join(',', dates)}\r\nRRULE:FREQ=DAILY", StringComparison.Ordinal),
            PrivacyLevel.Initials);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        Assert.Equal(taken, decision is HxAccepted);
        var cancelled = (await Diary.ListAsync(Clock.Now, Clock.Now + Duration.FromDays(1000))).Count(appointment => appointment.Status == AppointmentStatus.Cancelled);
        Assert.Equal(taken ? count : 0, cancelled);
    }
}

/// <summary>More of what calendar apps do to a patient series.</summary>
public sealed class A_patient_series_edited_outside : PracticeFixture
{
    [Fact]
    public async Task An_end_date_moves_along_with_the_series()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Until = CalendarTime.OfDate(Week(3).Date) } });
        await MoveAsync(id, "20260303T200000", "20260303T204500");
        Assert.Equal(Enumerable.Range(0, 4).Select(week => Week(week).PlusHours(10)), (await ListAsync()).Select(appointment => appointment.Start.LocalDateTime));
    }

    [Fact]
    public async Task Moved_to_another_day_its_weekday_turns_when_the_client_turns_it()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { ByDay = [new ByDay(0, IsoDayOfWeek.Tuesday)], Count = 3 } });
        await MoveAsync(id, "20260304T100000", "20260304T104500", text => text.Replace("BYDAY=TU", "BYDAY=WE", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 3).Select(week => Week(week).PlusDays(1)), (await ListAsync()).Select(appointment => appointment.Start.LocalDateTime));
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;COUNT=6", "FREQ=DAILY;COUNT=6")]
    [InlineData("FREQ=WEEKLY;COUNT=6", "FREQ=WEEKLY;COUNT=9")]
    [InlineData("RRULE:FREQ=WEEKLY;COUNT=6\r\n", "")]
    public async Task Another_rule_a_longer_one_or_none_is_not_taken(string before, string after)
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text.Replace(before, after, StringComparison.Ordinal));
        Assert.Equal("FREQ=WEEKLY;COUNT=6", (await GetAsync(id)).Rule);
        Assert.Equal(Enumerable.Range(0, 6).Select(Week), (await ListAsync()).Select(appointment => appointment.Start.LocalDateTime));
    }

    [Fact]
    public async Task An_earlier_end_of_a_protected_series_is_kept_in_the_diary()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.LinkNoteAsync(new AppointmentTarget(id), "NOTE-1");
        await ClientEditAsync(id, text => text.Replace("COUNT=6", "UNTIL=20260310T230000Z", StringComparison.Ordinal));
        var all = await ListAsync();
        Assert.Equal([true, true, false, false, false, false], all.Select(appointment => appointment.Published));
        Assert.All(all, appointment => Assert.Equal(AppointmentStatus.Booked, appointment.Status));
        Assert.All(all.Skip(2), appointment => Assert.Contains("a clinical note is linked", appointment.Kept?.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Taking_an_exclusion_away_puts_the_occurrence_back_with_what_was_hidden()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Comments = "Only this one" }, SeriesScope.ThisOne);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(2)), CancelChoice.Cancel, SeriesScope.ThisOne);
        await ClientEditAsync(id, text => text.Replace("EXDATE;TZID=Australia/Melbourne:20260317T100000\r\n", "", StringComparison.Ordinal), PrivacyLevel.Initials);
        var back = (await ListAsync())[2];
        Assert.Equal((AppointmentStatus.Booked, true, "Only this one"), (back.Status, back.Published, back.Comments));
    }

    [Fact]
    public async Task Hidden_comments_of_one_occurrence_outlive_its_move_back_by_a_client()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(
            new AppointmentTarget(id, Week(2)), new AppointmentEdit { Comments = "Only this one", Start = Week(2).PlusHours(2) }, SeriesScope.ThisOne);
        await ClientEditAsync(
            id,
            text =>
            {
                var begin = text.LastIndexOf("BEGIN:VEVENT", StringComparison.Ordinal);
                return text.Remove(begin, text.LastIndexOf("END:VCALENDAR", StringComparison.Ordinal) - begin);
            },
            PrivacyLevel.Initials);
        var back = (await ListAsync())[2];
        Assert.Equal((Week(2), "Only this one"), (back.Start.LocalDateTime, back.Comments));
    }

    [Fact]
    public async Task What_follows_an_occurrence_moved_as_this_and_following_is_a_personal_series_and_the_rest_is_cancelled()
    {
        // calendar apps end the old series and add a new one: to the server that is a removal and an addition (R4)
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text.Replace("COUNT=6", "COUNT=3", StringComparison.Ordinal), PrivacyLevel.Initials);
        await PutAsync(Event("moved-tail", "DTSTART;TZID=Australia/Melbourne:20260324T150000\nDURATION:PT45M\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Standard consultation · JB"), PrivacyLevel.Initials);
        var all = await ListAsync();
        Assert.Equal(3, all.Count(appointment => appointment.Kind == AppointmentKind.Personal));
        Assert.Equal(3, all.Count(appointment => appointment.Status == AppointmentStatus.Cancelled));

        // and each says what became of the other
        var ended = all.First(appointment => appointment.Status == AppointmentStatus.Cancelled);
        Assert.Equal("moved-tail", ended.FollowedBy);
        Assert.All(all.Where(appointment => appointment.Kind == AppointmentKind.Personal), appointment => Assert.Equal(ended.Id, appointment.Follows));
        Assert.Contains(await Diary.HistoryAsync(ended.Id), entry => entry is { Action: Audit.AuditAction.Split, Who: "Maya's phone" });
    }

    [Fact]
    public async Task What_continues_a_patient_series_becomes_one_with_the_same_patients_by_a_yes_in_the_diary()
    {
        var id = await Diary.BookAsync(Weekly with { Fee = 95m });
        await ClientEditAsync(id, text => text.Replace("COUNT=6", "COUNT=3", StringComparison.Ordinal), PrivacyLevel.Initials);
        await PutAsync(Event("moved-tail", "DTSTART;TZID=Australia/Melbourne:20260324T150000\nDURATION:PT45M\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Standard consultation · JB"), PrivacyLevel.Initials);
        await Diary.ConvertToPatientAsync(new AppointmentTarget("moved-tail"));
        var moved = await GetAsync("moved-tail");
        Assert.Equal((AppointmentKind.Patient, "Standard consultation · Jane Brownlow", "Confidential remarks", 95m), (moved.Kind, moved.Title, moved.Comments, moved.Fee));
        Assert.DoesNotContain("Confidential", await ReadAsync("moved-tail", PrivacyLevel.Initials), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SUMMARY:Yoga", 0)]
    [InlineData("SUMMARY:Standard consultation · JB", 2)]
    public async Task A_new_series_of_another_title_or_much_later_continues_nothing(string title, int hours)
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text.Replace("COUNT=6", "COUNT=3", StringComparison.Ordinal), PrivacyLevel.Initials);
        Clock.Now += Duration.FromHours(hours);
        await PutAsync(Event("new", "DTSTART;TZID=Australia/Melbourne:20260324T150000\nDURATION:PT45M\nRRULE:FREQ=WEEKLY;COUNT=3\n" + title), PrivacyLevel.Initials);
        Assert.Null((await GetAsync("new")).Follows);
        var error = await Assert.ThrowsAsync<DiaryException>(() => Diary.ConvertToPatientAsync(new AppointmentTarget("new")));
        Assert.Equal(DiaryFault.Invalid, error.Fault);
    }

    private Task<HxDecision> MoveAsync(string id, string start, string end, Func<string, string>? also = null) => ClientEditAsync(
        id,
        text => (also ?? (same => same))(text
            .Replace("DTSTART;TZID=Australia/Melbourne:20260303T100000", $"DTSTART;TZID=Australia/Melbourne:{start}", StringComparison.Ordinal)
            .Replace("DTEND;TZID=Australia/Melbourne:20260303T104500", $"DTEND;TZID=Australia/Melbourne:{end}", StringComparison.Ordinal)),
        PrivacyLevel.Initials);
}
