using Calendaring.ICalendar;
using Calendaring.Validation;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>docs/rules.md A6: which fields of a patient appointment an edit from outside may change.</summary>
public sealed class Permitted_edits_of_a_patient_appointment : PracticeFixture
{
    public static TheoryData<PrivacyLevel> Levels => [.. Enum.GetValues<PrivacyLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Start_and_end_are_taken_at_every_level(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text
            .Replace("Melbourne:20260303T100000", "Melbourne:20260304T140000", StringComparison.Ordinal)
            .Replace("Melbourne:20260303T104500", "Melbourne:20260304T150000", StringComparison.Ordinal), level);
        var appointment = await GetAsync(id);
        Assert.Equal((new(2026, 3, 4, 14, 0), new(2026, 3, 4, 15, 0)), (appointment.Start.LocalDateTime, appointment.End.LocalDateTime));
        AssertUntouched(appointment);
    }

    [Fact]
    public async Task A_time_in_another_zone_brings_that_zone_along()
    {
        var id = await Diary.BookAsync(Session);
        const string Zone = "BEGIN:VTIMEZONE\r\nTZID:Custom\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT";
        await ClientEditAsync(id, text => text
            .Replace("BEGIN:VEVENT", Zone, StringComparison.Ordinal)
            .Replace("DTSTART;TZID=Australia/Melbourne:20260303T100000", "DTSTART;TZID=Custom:20260303T100000", StringComparison.Ordinal)
            .Replace("DTEND;TZID=Australia/Melbourne:20260303T104500", "DTEND;TZID=Custom:20260303T104500", StringComparison.Ordinal), PrivacyLevel.Initials);
        Assert.Equal(new(2026, 3, 3, 12, 0), (await GetAsync(id)).Start.LocalDateTime);
        // its rules, under a name that says nothing
        var shown = await ReadAsync(id, PrivacyLevel.Busy);
        Assert.Contains("DTSTART;TZID=Zone-1:20260303T100000\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("TZID:Zone-1\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DURATION_instead_of_DTEND_is_the_same_end()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("DTEND;TZID=Australia/Melbourne:20260303T104500", "DURATION:PT90M", StringComparison.Ordinal), PrivacyLevel.Initials);
        Assert.Equal(new(2026, 3, 3, 11, 30), (await GetAsync(id)).End.LocalDateTime);
    }

    [Theory]
    [InlineData(PrivacyLevel.Type, true)]
    [InlineData(PrivacyLevel.Initials, true)]
    [InlineData(PrivacyLevel.FullName, true)]
    public async Task Location_is_taken_where_it_is_shown(PrivacyLevel level, bool taken)
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("LOCATION:Room 2", "LOCATION:Annex\\, upstairs", StringComparison.Ordinal), level);
        Assert.Equal(taken ? "Annex, upstairs" : "Room 2", (await GetAsync(id)).Location);
    }

    [Fact]
    public async Task Location_is_hidden_and_not_taken_at_busy()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("SUMMARY:Busy", "SUMMARY:Busy\r\nLOCATION:Elsewhere", StringComparison.Ordinal), PrivacyLevel.Busy);
        Assert.Equal("Room 2", (await GetAsync(id)).Location);
        Assert.DoesNotContain("LOCATION", await ReadAsync(id, PrivacyLevel.Busy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comments_are_taken_at_full_name_and_stored_as_sent()
    {
        var id = await Diary.BookAsync(Session);
        var sent = (await ReadAsync(id))!.Replace("DESCRIPTION:Confidential remarks", "DESCRIPTION:Called back", StringComparison.Ordinal);
        Assert.True(Assert.IsType<HxAccepted>(await PutAsync(sent)).StoredAsSent);
        Assert.Equal(sent, await ReadAsync(id));
        Assert.Equal("Called back", (await GetAsync(id)).Comments);
    }

    [Theory]
    [InlineData(PrivacyLevel.Busy)]
    [InlineData(PrivacyLevel.Initials)]
    [InlineData(PrivacyLevel.FirstName)]
    public async Task Comments_that_are_hidden_are_neither_taken_nor_lost(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session);
        var decision = await ClientEditAsync(id, text => text.Replace("SUMMARY:", "DESCRIPTION:typed here\r\nSUMMARY:", StringComparison.Ordinal), level);
        Assert.False(Assert.IsType<HxAccepted>(decision).StoredAsSent);
        AssertUntouched(await GetAsync(id));
    }

    [Theory]
    [InlineData("SUMMARY:", "SUMMARY:Somebody else ")]
    [InlineData("STATUS:CONFIRMED", "STATUS:TENTATIVE")]
    [InlineData("STATUS:CONFIRMED", "STATUS:CONFIRMED\r\nATTENDEE:mailto:a@example.com\r\nORGANIZER:mailto:b@example.com")]
    [InlineData("STATUS:CONFIRMED", "STATUS:CONFIRMED\r\nCONTACT:Other, 1")]
    [InlineData("STATUS:CONFIRMED", "STATUS:CONFIRMED\r\nRRULE:FREQ=DAILY")]
    public async Task Who_the_patient_is_status_attendees_and_more_appointments_are_not_taken(string what, string by)
    {
        var id = await Diary.BookAsync(Session);
        var before = await GetAsync(id);
        var decision = await ClientEditAsync(id, text => text.Replace(what, by, StringComparison.Ordinal).Replace("BEGIN:VTIMEZONE\r\nRRULE:FREQ=DAILY", "BEGIN:VTIMEZONE", StringComparison.Ordinal));
        Assert.False(Assert.IsType<HxAccepted>(decision).StoredAsSent);
        var after = await GetAsync(id);
        Assert.Equal((before.Title, before.Status, before.Rule), (after.Title, after.Status, after.Rule));
        AssertUntouched(after);
        var text = (await ReadAsync(id))!;
        Assert.DoesNotContain("Somebody else", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mailto:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TENTATIVE", text, StringComparison.Ordinal);
        Assert.NotEqual(before.Version, after.Version);
    }

    [Fact]
    public async Task What_is_not_taken_does_not_stop_what_is()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("SUMMARY:Standard", "SUMMARY:Other", StringComparison.Ordinal).Replace("Room 2", "Room 9", StringComparison.Ordinal), PrivacyLevel.Initials);
        Assert.Equal(("Standard consultation · Jane Brownlow", "Room 9"), ((await GetAsync(id)).Title, (await GetAsync(id)).Location));
        Assert.Contains(await Diary.HistoryAsync(id), entry => entry is { Action: AuditAction.EditedInPart, Who: "Maya's phone" });
    }

    [Fact]
    public async Task The_fee_and_the_links_are_in_nothing_that_leaves()
    {
        var id = await Diary.BookAsync(Session with { Fee = 98765m });
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-SECRET");
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            Assert.DoesNotContain("98765", await ReadAsync(id, level), StringComparison.Ordinal);
            Assert.DoesNotContain("SECRET", await ReadAsync(id, level), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_diary_edit_raises_SEQUENCE_and_sets_the_stamps()
    {
        var id = await Diary.BookAsync(Session);
        Clock.Now += NodaTime.Duration.FromHours(1);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = new(2026, 3, 5, 9, 0) });
        var text = (await ReadAsync(id))!;
        Assert.Contains("SEQUENCE:1\r\n", text, StringComparison.Ordinal);
        Assert.Contains("DTSTAMP:20260302T010000Z", text, StringComparison.Ordinal);
        Assert.Contains("LAST-MODIFIED:20260302T010000Z", text, StringComparison.Ordinal);
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20260305T090000", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_served_keeps_every_rule_of_a_calendar_object()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Week(2).PlusHours(3) }, SeriesScope.ThisOne);
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            var shown = CalendarObject.Parse(System.Text.Encoding.UTF8.GetBytes((await ReadAsync(id, level))!));
            Assert.Null(CalendarObjectRules.Check(shown, ["VEVENT"]));
        }
    }

    private static void AssertUntouched(Appointment appointment)
    {
        Assert.Equal([Jane], appointment.Patients);
        Assert.Equal("Confidential remarks", appointment.Comments);
        Assert.Equal((AppointmentKind.Patient, AppointmentStatus.Booked, "Standard consultation"), (appointment.Kind, appointment.Status, appointment.Type));
    }
}

/// <summary>docs/rules.md A7.</summary>
public sealed class Additions_of_a_client_are_kept_and_returned : PracticeFixture
{
    private const string Alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Event reminder\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n";
    private const string Lines = "CATEGORIES:Work\r\nCOLOR:teal\r\nX-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT20M\r\n";

    [Fact]
    public async Task They_come_back_at_the_level_they_were_written_at_and_above_and_not_below()
    {
        var id = await AddAsync(PrivacyLevel.Initials);
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            var expected = level >= PrivacyLevel.Initials;
            var text = (await ReadAsync(id, level))!;
            foreach (var part in (string[])["TRIGGER:-PT15M", "CATEGORIES:Work", "COLOR:teal", "X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT20M"])
                Assert.Equal(expected, text.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task They_survive_edits_in_the_diary()
    {
        var id = await AddAsync(PrivacyLevel.Busy);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = new(2026, 3, 9, 9, 0), Type = "Follow-up", Comments = "", Location = "Room 4" });
        var text = (await ReadAsync(id, PrivacyLevel.Busy))!;
        Assert.Contains(Alarm, text, StringComparison.Ordinal);
        Assert.Contains(Lines.Split("\r\n")[0], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_survive_edits_by_another_client()
    {
        var id = await AddAsync(PrivacyLevel.Initials);
        await ClientEditAsync(id, text => text.Replace("SUMMARY:Busy", "X-BUSY:1\r\nSUMMARY:Busy", StringComparison.Ordinal), PrivacyLevel.Busy);
        var text = (await ReadAsync(id, PrivacyLevel.Initials))!;
        Assert.Contains("TRIGGER:-PT15M", text, StringComparison.Ordinal);
        Assert.Contains("X-BUSY:1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Their_writer_may_change_and_remove_them()
    {
        var id = await AddAsync(PrivacyLevel.Initials);
        await ClientEditAsync(id, text => text.Replace("TRIGGER:-PT15M", "TRIGGER:-PT5M", StringComparison.Ordinal).Replace("COLOR:teal\r\n", "", StringComparison.Ordinal), PrivacyLevel.Initials);
        var text = (await ReadAsync(id))!;
        Assert.Contains("TRIGGER:-PT5M", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TRIGGER:-PT15M", text, StringComparison.Ordinal);
        Assert.DoesNotContain("COLOR", text, StringComparison.Ordinal);
        Assert.Contains("CATEGORIES:Work", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_on_one_occurrence_is_on_that_occurrence_only()
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(
            id,
            text => text.Replace(
                "END:VCALENDAR",
                "BEGIN:VEVENT\r\nUID:" + id + "\r\nDTSTAMP:20260302T000000Z\r\nRECURRENCE-ID:20260309T230000Z\r\nDTSTART:20260309T230000Z\r\nDTEND:20260309T234500Z\r\nSUMMARY:Standard consultation · JB\r\nLOCATION:Room 2\r\nSTATUS:CONFIRMED\r\n" + Alarm + "END:VEVENT\r\nEND:VCALENDAR",
                StringComparison.Ordinal),
            PrivacyLevel.Initials);
        Assert.Equal(1, (await ReadAsync(id, PrivacyLevel.Initials))!.Split("TRIGGER").Length - 1);
        Assert.DoesNotContain("TRIGGER", await ReadAsync(id, PrivacyLevel.Type), StringComparison.Ordinal);
        Assert.Equal([Week(0), Week(1), Week(2), Week(3), Week(4), Week(5)], (await ListAsync()).Select(appointment => appointment.Start.LocalDateTime));
        Assert.All(await ListAsync(), appointment => Assert.Equal("Confidential remarks", appointment.Comments));
    }

    private async Task<string> AddAsync(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("END:VEVENT", Lines + Alarm + "END:VEVENT", StringComparison.Ordinal), level);
        return id;
    }
}
