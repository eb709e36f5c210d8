using Calendaring.Store;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>R5.</summary>
public sealed class R5_Only_what_is_made_or_edited_after_the_link_is_served : PracticeFixture
{
    [Fact]
    public async Task Before_the_link_nothing_is_served_and_an_edit_afterwards_serves_it()
    {
        await SetAsync(HxState.NotStarted);
        var (edited, left) = (await Diary.BookAsync(Session), await Diary.BookAsync(Session));
        Assert.Null(await ReadAsync(edited));
        await SetAsync(HxState.Active);
        await Diary.EditAsync(new AppointmentTarget(edited), new AppointmentEdit { Location = "Room 3" });
        Assert.NotNull(await ReadAsync(edited));
        Assert.Null(await ReadAsync(left));
        Assert.Equal(2, (await ListAsync()).Count);
    }

    [Fact]
    public async Task Including_existing_appointments_serves_all_but_the_cancelled()
    {
        await SetAsync(HxState.NotStarted);
        var (kept, cancelled) = (await Diary.BookAsync(Session), await Diary.BookAsync(Session));
        await Diary.CancelAsync(new AppointmentTarget(cancelled), CancelChoice.Cancel);
        await SetAsync(HxState.Active);
        Assert.Equal(1, await Diary.IncludeExistingAsync());
        Assert.NotNull(await ReadAsync(kept));
        Assert.Null(await ReadAsync(cancelled));
    }

    [Fact]
    public async Task R5_What_is_restored_before_the_link_is_not_served()
    {
        await SetAsync(HxState.NotStarted);
        var id = await Diary.BookAsync(Session);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        await Diary.RestoreAsync(new AppointmentTarget(id));
        Assert.Null(await ReadAsync(id));
        Assert.False((await FindAsync(id))!.Row.Published);
    }

    [Fact]
    public async Task R5_Before_the_link_existing_appointments_cannot_be_included()
    {
        await SetAsync(HxState.NotStarted);
        var id = await Diary.BookAsync(Session);
        Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => Diary.IncludeExistingAsync())).Fault);
        Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(Diary.BeginInclusionAsync)).Fault);
        Assert.False((await FindAsync(id))!.Row.Published);
    }

    [Fact]
    public async Task When_the_subscription_has_lapsed_a_change_from_outside_is_refused_with_a_sentence()
    {
        var id = await Diary.BookAsync(Session);
        var stored = (await FindAsync(id))!;
        var removal = new ExternalRemoval(Hx, stored.Row.Name, Phone(PrivacyLevel.FullName), Clock.Now, stored) { Access = new HxAccess(HxState.Lapsed) };
        Assert.EndsWith("it can be read, but not changed.", Assert.IsType<HxRefused>(HxCalendar.Accept(removal)).Reason, StringComparison.Ordinal);
    }

    private async Task SetAsync(HxState state) => await Store.ApplyAsync(StoreBatch.Of(new HxAccess(state).Put(Practitioner.Id)), TestContext.Current.CancellationToken);
}

/// <summary>R6, and docs/rules.md A5.</summary>
public sealed class R6_What_has_an_invoice_or_note_is_kept_when_removed_outside : PracticeFixture
{
    [Fact]
    public async Task An_unprotected_patient_appointment_is_cancelled_and_its_record_stays()
    {
        var id = await Diary.BookAsync(Session);
        await RemoveAsync(id);
        Assert.Null(await ReadAsync(id));
        var appointment = Assert.Single(await ListAsync());
        Assert.Equal((AppointmentStatus.Cancelled, false), (appointment.Status, appointment.Published));
        Assert.Null(appointment.Kept);
    }

    [Theory]
    [InlineData(true, false, "an invoice is")]
    [InlineData(false, true, "a clinical note is")]
    [InlineData(true, true, "an invoice and a clinical note are")]
    public async Task A_protected_one_stays_booked_with_the_reason_and_comes_back_with_one_call(bool invoice, bool note, string why)
    {
        var id = await Diary.BookAsync(Session);
        if (invoice) await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        if (note) await Diary.LinkNoteAsync(new AppointmentTarget(id), "NOTE-1");
        var before = await ReadAsync(id);
        await RemoveAsync(id, PrivacyLevel.Busy);
        Assert.Null(await ReadAsync(id));
        var kept = Assert.Single(await ListAsync());
        Assert.Equal((AppointmentStatus.Booked, false), (kept.Status, kept.Published));
        Assert.Equal($"Removed outside, but kept in the diary because {why} linked to it.", kept.Kept?.Reason);
        Assert.Equal("Maya's phone", kept.Kept?.By);
        await Diary.RestoreAsync(new AppointmentTarget(id));
        Assert.Equal(WithoutStamps(before!), WithoutStamps((await ReadAsync(id))!));
        Assert.Null((await GetAsync(id)).Kept);
        Assert.Equal([AuditAction.Booked, AuditAction.KeptInDiary, AuditAction.Restored], (await Diary.HistoryAsync(id)).Select(entry => entry.Action).Where(action => action is not (AuditAction.InvoiceLinked or AuditAction.NoteLinked)));
    }

    [Fact]
    public async Task STATUS_CANCELLED_is_a_removal_too()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("STATUS:CONFIRMED", "STATUS:CANCELLED", StringComparison.Ordinal), PrivacyLevel.Type);
        Assert.Equal(AppointmentStatus.Cancelled, (await GetAsync(id)).Status);
        Assert.Null(await ReadAsync(id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another-name.ics")]
    public async Task A_client_that_puts_back_what_was_kept_restores_it_and_meets_no_conflict(string? name)
    {
        var id = await Diary.BookAsync(Session);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        var undone = (await ReadAsync(id, PrivacyLevel.Initials))!;
        await RemoveAsync(id, PrivacyLevel.Initials);
        Assert.IsType<HxAccepted>(await PutAsync(undone.Replace("LOCATION:Room 2", "LOCATION:Room 5", StringComparison.Ordinal), PrivacyLevel.Initials, name));
        var appointment = await GetAsync(id);
        Assert.Equal((AppointmentKind.Patient, AppointmentStatus.Booked, "INV-1", "Room 5"), (appointment.Kind, appointment.Status, appointment.Invoice, appointment.Location));
        Assert.Null(appointment.Kept);
        Assert.Equal("Confidential remarks", appointment.Comments);
        if (name is not null) Assert.Equal(name, (await FindAsync(id))!.Row.Name);
    }

    [Fact]
    public async Task A_new_object_under_the_name_of_a_kept_one_leaves_that_in_the_diary()
    {
        var id = await Diary.BookAsync(Session);
        var name = (await FindAsync(id))!.Row.Name;
        await RemoveAsync(id);
        await PutAsync(Event("new-one", "DTSTART:20260304T020000Z\nSUMMARY:New"), PrivacyLevel.Initials, name);
        Assert.Equal(2, (await ListAsync()).Count);
        Assert.Equal(AppointmentStatus.Cancelled, (await GetAsync(id)).Status);
    }

    [Fact]
    public async Task An_occurrence_removed_outside_is_cancelled_and_can_be_put_back()
    {
        var id = await Diary.BookAsync(Weekly);
        await ExcludeAsync(id, 2);
        var all = await ListAsync();
        Assert.Equal(6, all.Count);
        Assert.Equal((AppointmentStatus.Cancelled, false), (all[2].Status, all[2].Published));
        Assert.All(all.Where((_, index) => index != 2), appointment => Assert.Equal((AppointmentStatus.Booked, true), (appointment.Status, appointment.Published)));
        await Diary.RestoreAsync(new AppointmentTarget(id, Week(2)));
        Assert.DoesNotContain("EXDATE", await ReadAsync(id), StringComparison.Ordinal);
        Assert.All(await ListAsync(), appointment => Assert.Equal(AppointmentStatus.Booked, appointment.Status));
    }

    [Fact]
    public async Task The_last_occurrence_is_still_in_the_diary_when_it_was_removed()
    {
        var id = await Diary.BookAsync(Weekly);
        await ExcludeAsync(id, 5);
        var from = PracticeFixture.Melbourne.AtStartOfDay(Week(5).Date).ToInstant();
        Assert.Equal(AppointmentStatus.Cancelled, Assert.Single(await Diary.ListAsync(from, from + NodaTime.Duration.FromDays(1))).Status);
    }

    [Fact]
    public async Task A_protected_occurrence_is_kept_with_its_moved_time_and_comes_back_as_it_was()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Week(2).PlusHours(3), Comments = "Only this one" }, SeriesScope.ThisOne);
        await Diary.LinkNoteAsync(new AppointmentTarget(id, Week(2)), "NOTE-9");
        await ExcludeAsync(id, 2, PrivacyLevel.Initials);
        var kept = (await ListAsync())[2];
        Assert.Equal((AppointmentStatus.Booked, false, Week(2).PlusHours(3), "Only this one"), (kept.Status, kept.Published, kept.Start.LocalDateTime, kept.Comments));
        Assert.Contains("a clinical note is linked", kept.Kept?.Reason, StringComparison.Ordinal);
        await Diary.RestoreAsync(new AppointmentTarget(id, Week(2)));
        var back = await GetAsync(id, Week(2));
        Assert.Equal((true, Week(2).PlusHours(3), "Only this one", "NOTE-9"), (back.Published, back.Start.LocalDateTime, back.Comments, back.Note));
    }

    [Fact]
    public async Task When_a_series_is_removed_its_protected_occurrence_alone_stays_booked()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Week(1)), "INV-7");
        await RemoveAsync(id);
        var all = await ListAsync();
        Assert.Equal(AppointmentStatus.Booked, all[1].Status);
        Assert.NotNull(all[1].Kept);
        Assert.Equal(5, all.Count(appointment => appointment.Status == AppointmentStatus.Cancelled));
    }

    [Fact]
    public async Task An_earlier_end_of_the_series_cancels_what_comes_after_and_that_can_be_restored()
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text.Replace("COUNT=6", "COUNT=4", StringComparison.Ordinal), PrivacyLevel.Initials);
        var all = await ListAsync();
        Assert.Equal(6, all.Count);
        Assert.Equal([Week(4), Week(5)], all.Where(appointment => appointment.Status == AppointmentStatus.Cancelled).Select(appointment => appointment.Start.LocalDateTime));
        Assert.Equal(all[5].Id, all[0].FollowedBy);
        await Diary.RestoreAsync(new AppointmentTarget(all[5].Id));
        Assert.All(await ListAsync(), appointment => Assert.Equal((AppointmentStatus.Booked, true), (appointment.Status, appointment.Published)));
    }

    [Fact]
    public async Task A_cancelled_override_cancels_its_occurrence()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Location = "Room 8" }, SeriesScope.ThisOne);
        await ClientEditAsync(id, text =>
        {
            var at = text.IndexOf("STATUS:CONFIRMED", text.IndexOf("Room 8", StringComparison.Ordinal) - 200, StringComparison.Ordinal);
            var last = text.LastIndexOf("STATUS:CONFIRMED", StringComparison.Ordinal);
            return string.Concat(text.AsSpan(0, Math.Max(at, last)), "STATUS:CANCELLED", text.AsSpan(Math.Max(at, last) + "STATUS:CONFIRMED".Length));
        });
        Assert.Equal(AppointmentStatus.Cancelled, (await ListAsync())[1].Status);
        Assert.DoesNotContain("Room 8", await ReadAsync(id), StringComparison.Ordinal);
    }

    private Task<HxDecision> ExcludeAsync(string id, int week, PrivacyLevel level = PrivacyLevel.FullName) => ClientEditAsync(
        id,
        text =>
        {
            var line = $"EXDATE;TZID=Australia/Melbourne:{Week(week).ToString("yyyyMMdd'T'HHmmss", null)}\r\nRRULE:FREQ=WEEKLY";
            return RemoveOverride(text).Replace("RRULE:FREQ=WEEKLY", line, StringComparison.Ordinal);
        },
        level);

    private static string RemoveOverride(string text)
    {
        var id = text.IndexOf("RECURRENCE-ID", StringComparison.Ordinal);
        if (id < 0) return text;
        var begin = text.LastIndexOf("BEGIN:VEVENT", id, StringComparison.Ordinal);
        return text.Remove(begin, text.IndexOf("END:VEVENT\r\n", id, StringComparison.Ordinal) + "END:VEVENT\r\n".Length - begin);
    }

    private static string WithoutStamps(string text) => string.Join('\n', text.Split("\r\n").Where(line =>
        !line.StartsWith("SEQUENCE", StringComparison.Ordinal) && !line.StartsWith("DTSTAMP", StringComparison.Ordinal) && !line.StartsWith("LAST-MODIFIED", StringComparison.Ordinal)));
}
