using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>A series whose rule names days is moved to other days: all of it, or not at all and with the reason.</summary>
public sealed class A_series_is_moved_to_another_day : PracticeFixture
{
    [Theory]
    [InlineData("FREQ=MONTHLY;BYDAY=2TU;COUNT=6", "20260310", 0, 1, "FREQ=MONTHLY;BYDAY=2WE;COUNT=6", "20260311,20260408,20260513,20260610,20260708,20260812")]
    [InlineData("FREQ=MONTHLY;BYDAY=2TU;COUNT=6", "20260310", 1, 1, "FREQ=MONTHLY;BYDAY=3WE;COUNT=6", "20260318,20260415,20260520,20260617,20260715,20260819")]
    [InlineData("FREQ=MONTHLY;BYDAY=2TU;COUNT=4", "20260310", 0, -1, "FREQ=MONTHLY;BYDAY=2MO;COUNT=4", "20260309,20260413,20260511,20260608")]
    [InlineData("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "20260310", 0, 7, "FREQ=MONTHLY;BYDAY=3TU;COUNT=3", "20260317,20260421,20260519")]
    [InlineData("FREQ=MONTHLY;BYDAY=2TU;UNTIL=20260609T000000Z", "20260310", 0, -1, null, "20260309,20260413,20260511,20260608")]
    [InlineData("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2;COUNT=3", "20260310", 0, 1, "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=2;COUNT=3", "20260311,20260408,20260513")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "20260327", 0, -1, "FREQ=MONTHLY;BYDAY=-1TH;COUNT=3", "20260326,20260430,20260528")]
    [InlineData("FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU,4TU;COUNT=4", "20260310", 0, 1, null, "20260311,20260325,20260513,20260527")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=10;COUNT=3", "20260310", 0, 2, "FREQ=MONTHLY;BYMONTHDAY=12;COUNT=3", "20260312,20260412,20260512")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=4", "20260305", 0, 1, null, "20260306,20260321,20260406,20260421")]
    [InlineData("FREQ=YEARLY;BYMONTH=3;BYDAY=2TU;COUNT=3", "20260310", 0, 1, "FREQ=YEARLY;BYMONTH=3;BYDAY=2WE;COUNT=3", "20260311,20270310,20280308")]
    [InlineData("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31;COUNT=3", "20260331", 0, 1, "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1;COUNT=3", "20260401,20270401,20280401")]
    [InlineData("FREQ=YEARLY;BYDAY=10TU;COUNT=3", "20260310", 0, 1, "FREQ=YEARLY;BYDAY=10WE;COUNT=3", "20260311,20270310,20280308")]
    [InlineData("FREQ=YEARLY;COUNT=3", "20260310", 0, 1, "FREQ=YEARLY;COUNT=3", "20260311,20270311,20280311")]
    [InlineData("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", "20260310", 0, 1, "FREQ=WEEKLY;BYDAY=WE,FR;COUNT=4", "20260311,20260313,20260318,20260320")]
    public async Task All_of_it(string rule, string first, int occurrence, int days, string? expected, string dates)
    {
        foreach (var outside in new[] { false, true })
        {
            if (outside && occurrence > 0) continue;
            var id = $"{(outside ? "device" : "diary")}-{Guid.NewGuid():N}";
            await PutAsync(Event(id, $"DTSTART;TZID=Australia/Melbourne:{first}T100000\r\nDURATION:PT45M\r\nSUMMARY:x\r\nRRULE:{rule}"));
            await Diary.ConvertToPatientAsync(new AppointmentTarget(id), [Jane], "Standard consultation");
            var before = await StartsAsync(id);
            await Diary.CancelAsync(new AppointmentTarget(id, before[1]), CancelChoice.Cancel, SeriesScope.ThisOne);
            if (!outside) await Diary.EditAsync(new AppointmentTarget(id, before[^1]), new AppointmentEdit { Location = "Room 9" }, SeriesScope.ThisOne);
            var to = before[occurrence].PlusDays(days);
            if (!outside) await Diary.EditAsync(new AppointmentTarget(id, before[occurrence]), new AppointmentEdit { Start = to });
            else await ClientEditAsync(id, text => text.Replace($"DTSTART;TZID=Australia/Melbourne:{first}T100000", $"DTSTART;TZID=Australia/Melbourne:{to:uuuuMMdd'T'HHmmss}", StringComparison.Ordinal), PrivacyLevel.Initials);
            var all = await AllAsync(id);
            Assert.Equal(dates.Split(','), all.Select(one => one.Start.LocalDateTime.ToString("uuuuMMdd", null)));
            Assert.All(all, one => Assert.Equal(new LocalTime(10, 0), one.Start.TimeOfDay));
            Assert.Equal([1], all.Select((one, index) => (one, index)).Where(pair => pair.one.Status == AppointmentStatus.Cancelled).Select(pair => pair.index));
            Assert.Equal(outside ? null : "Room 9", all[^1].Location);
            if (expected is not null) Assert.Equal(expected.Split(';').Order(), (await GetAsync(id)).Rule!.Split(';').Order());
            await Diary.RestoreAsync(new AppointmentTarget(id, all[1].Occurrence));
            Assert.Equal(dates.Split(','), (await AllAsync(id)).Select(one => one.Start.LocalDateTime.ToString("uuuuMMdd", null)));
        }
    }

    [Theory]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "20260331", 1)]
    [InlineData("FREQ=MONTHLY;BYDAY=5TU", "20260331", 1)]
    [InlineData("FREQ=MONTHLY;BYDAY=4TU", "20260324", 7)]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=15", "20260315", 15)]
    [InlineData("FREQ=MONTHLY", "20260331", -1)]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1", "20260331", 1)]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "20280229", -1)]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=1,31", "20260301", 1)]
    public async Task Or_not_at_all_and_with_the_reason(string rule, string first, int days)
    {
        await PutAsync(Event("series", $"DTSTART;TZID=Australia/Melbourne:{first}T100000\r\nDURATION:PT45M\r\nSUMMARY:x\r\nRRULE:{rule}"));
        await Diary.ConvertToPatientAsync(new AppointmentTarget("series"), [Jane], "Standard consultation");
        var before = await ReadAsync("series");
        var start = (await GetAsync("series")).Start.LocalDateTime;
        var refused = await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget("series", start), new AppointmentEdit { Start = start.PlusDays(days) }));
        Assert.Contains("cannot be moved like this", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await ReadAsync("series"));
        var decision = await ClientEditAsync("series", text => text.Replace($"{first}T100000", $"{start.PlusDays(days):uuuuMMdd'T'HHmmss}", StringComparison.Ordinal));
        Assert.Contains("cannot be moved like this", Assert.IsType<HxRefused>(decision).Reason, StringComparison.Ordinal);
        await Diary.EditAsync(new AppointmentTarget("series", start), new AppointmentEdit { Start = start.PlusHours(3) });
        Assert.Equal(13, (await GetAsync("series")).Start.Hour);
    }

    private async Task<IReadOnlyList<Appointment>> AllAsync(string id) =>
        [.. (await Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2029, 1, 1, 0, 0))).Where(one => one.Id == id)];

    private async Task<List<LocalDateTime>> StartsAsync(string id) => [.. (await AllAsync(id)).Select(one => one.Start.LocalDateTime)];
}

/// <summary>"The whole series" never moves sessions that took place, or have an invoice or a clinical note.</summary>
public sealed class Sessions_that_took_place_stay_when_the_series_is_moved : PracticeFixture
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Those_that_are_marked_billed_or_noted_stay_and_the_rest_moves(bool outside)
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(0)), new AppointmentEdit { Status = AppointmentStatus.Attended }, SeriesScope.ThisOne);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(1)), CancelChoice.NonAttendance, SeriesScope.ThisOne);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Week(3)), "INV-1");
        await Diary.LinkNoteAsync(new AppointmentTarget(id, Week(4)), "NOTE-1");
        var stayed = 0;
        if (!outside) await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Week(2).PlusDays(1).PlusHours(2) }, SeriesScope.All, count => stayed = count);
        else await ClientEditAsync(id, text => text.Replace("20260303T100000", "20260304T120000", StringComparison.Ordinal).Replace("20260303T104500", "20260304T124500", StringComparison.Ordinal));
        Assert.Equal(outside ? 0 : 4, stayed);
        var all = await ListAsync();
        Assert.Equal([Week(0), Week(1), Moved(2), Week(3), Week(4), Moved(5)], all.Select(one => one.Start.LocalDateTime));
        Assert.Equal([AppointmentStatus.Attended, AppointmentStatus.DidNotAttend], all.Take(2).Select(one => one.Status));
        Assert.Equal((null, "INV-1", "NOTE-1", null), (all[2].Invoice, all[3].Invoice, all[4].Note, all[5].Invoice));
        await Diary.EditAsync(new AppointmentTarget(id, all[5].Occurrence), new AppointmentEdit { Start = Week(5) });
        Assert.Equal(Enumerable.Range(0, 6).Select(Week), (await ListAsync()).Select(one => one.Start.LocalDateTime));
    }

    [Theory]
    [InlineData(SeriesScope.All)]
    [InlineData(SeriesScope.ThisAndFollowing)]
    public async Task Those_that_are_over_stay_marked_or_not(SeriesScope scope)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        Clock.Now = Week(3).InZoneStrictly(Melbourne).ToInstant() + Duration.FromMinutes(50);
        var stayed = 0;
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Start = Moved(1), Length = Duration.FromHours(2) }, scope, count => stayed = count);
        Assert.Equal(scope == SeriesScope.All ? 4 : 3, stayed);
        var all = await ListAsync();
        Assert.Equal([Week(0), Week(1), Week(2), Week(3), Moved(4), Moved(5)], all.Take(6).Select(one => one.Start.LocalDateTime));
        Assert.Equal([45, 45, 45, 45, 120, 120], all.Take(6).Select(one => (int)(one.End.ToInstant() - one.Start.ToInstant()).TotalMinutes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Those_that_stay_keep_what_every_level_added_to_the_series(bool outside)
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text.Replace("END:VEVENT", "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT9M\r\nEND:VALARM\r\nEND:VEVENT", StringComparison.Ordinal), PrivacyLevel.Busy);
        Clock.Now = Week(1).InZoneStrictly(Melbourne).ToInstant() + Duration.FromMinutes(50);
        if (!outside) await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Moved(2) });
        else await ClientEditAsync(id, text => text.Replace("20260303T100000", "20260304T120000", StringComparison.Ordinal).Replace("20260303T104500", "20260304T124500", StringComparison.Ordinal));
        foreach (var level in new[] { PrivacyLevel.Busy, PrivacyLevel.FullName })
        {
            var shown = (await ReadAsync(id, level))!;
            Assert.Equal(3, shown.Split("BEGIN:VEVENT").Length - 1);
            Assert.Equal(3, shown.Split("TRIGGER:-PT9M").Length - 1);
        }
    }

    [Fact]
    public async Task Where_none_is_left_that_may_move_the_reason_is_said()
    {
        var over = await Diary.BookAsync(Weekly);
        var billed = await Diary.BookAsync(Weekly with { Start = new LocalDateTime(2026, 6, 2, 10, 0) });
        await Diary.LinkInvoiceAsync(new AppointmentTarget(billed), "INV-1");
        Clock.Now = Instant.FromUtc(2026, 5, 1, 0, 0);
        foreach (var id in new[] { over, billed })
        {
            var refused = await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Week(0).PlusHours(1) }));
            Assert.Equal((DiaryFault.Conflict, "Every appointment of this series has taken place, or has an invoice or a clinical note: they all stay as they are."), (refused.Fault, refused.Message));
        }

        await Diary.EditAsync(new AppointmentTarget(over), new AppointmentEdit { Location = "Room 9" });
        Assert.Equal("Room 9", (await GetAsync(over)).Location);
    }

    [Fact]
    public async Task A_personal_series_moves_as_a_whole()
    {
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Team", Week(0), Duration.FromHours(1)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        Clock.Now = Week(1).InZoneStrictly(Melbourne).ToInstant() + Duration.FromHours(3);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Moved(0) });
        Assert.Equal([Moved(0), Moved(1), Moved(2)], (await ListAsync()).Select(one => one.Start.LocalDateTime));
    }

    private static LocalDateTime Moved(int week) => Week(week).PlusDays(1).PlusHours(2);
}
