using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;

namespace Practice.Tests;

/// <summary>One appointment and several practitioners: staff meetings, and what is given to a colleague.</summary>
public sealed class Appointments_and_colleagues : PracticeFixture
{
    private static readonly PersonalEntry Meeting = new("Staff meeting", Week(0), Duration.FromHours(1)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } };

    [Fact]
    public async Task A_staff_meeting_is_an_appointment_of_its_own_for_each()
    {
        var (tom, ana) = (await ColleagueAsync("tom"), await ColleagueAsync("ana"));
        var id = await Diary.AddPersonalAsync(Meeting, "tom", "ana", "tom", "maya");
        var each = new[] { await WeeksAsync(Diary), await WeeksAsync(tom), await WeeksAsync(ana) };
        Assert.All(each, all => Assert.Equal(["Staff meeting", "Staff meeting", "Staff meeting"], all.Select(appointment => appointment.Title)));
        Assert.Equal(3, each.Select(all => Assert.Single(all.Select(appointment => appointment.Id).Distinct())).Distinct().Count());
        Assert.Equal(id, each[0][0].Id);
        Assert.Equal(AuditAction.Added, Assert.Single(await tom.HistoryAsync(each[1][0].Id)).Action);
        await tom.CancelAsync(new AppointmentTarget(each[1][0].Id), CancelChoice.Delete);
        Assert.Empty(await WeeksAsync(tom));
        Assert.Equal(3, (await WeeksAsync(ana)).Count);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("stranger")]
    public async Task A_staff_meeting_is_for_all_or_for_none(string other)
    {
        var tom = await ColleagueAsync("tom");
        var elsewhere = await Directory.CreatePracticeAsync("Hillside", "Australia/Perth");
        await Directory.CreatePersonAsync("stranger", "Sam", null, PrincipalRole.Practitioner, elsewhere.Id, "stranger");
        var refused = await Assert.ThrowsAsync<DiaryException>(() => Diary.AddPersonalAsync(Meeting, "tom", other));
        Assert.Equal(DiaryFault.NotFound, refused.Fault);
        Assert.Empty(await WeeksAsync(Diary));
        Assert.Empty(await WeeksAsync(tom));
        var id = await Diary.BookAsync(Session);
        Assert.Equal(DiaryFault.NotFound, (await Assert.ThrowsAsync<DiaryException>(() => HandAsync(id, other))).Fault);
        Assert.Single(await WeeksAsync(Diary));
    }

    [Fact]
    public async Task A_patient_is_given_to_a_colleague_at_another_time_with_a_line_in_both_histories()
    {
        var tom = await ColleagueAsync("tom");
        var id = await Diary.BookAsync(Session with { Fee = 110 });
        await ClientEditAsync(id, text => text.Replace("SUMMARY:", "X-MINE:secret of an app\r\nSUMMARY:", StringComparison.Ordinal));
        Assert.True((await GetAsync(id)).AddedByApps);
        var there = await Diary.HandOverAsync(new AppointmentTarget(id), "tom", new AppointmentEdit { Start = Week(0).PlusHours(2) });
        Assert.Empty(await WeeksAsync(Diary));
        Assert.Null(await ReadAsync(id));
        var given = Assert.Single(await WeeksAsync(tom));
        Assert.Equal((there, Week(0).PlusHours(2), "Standard consultation · Jane Brownlow", "Room 2", "Confidential remarks", 110m, true),
            (given.Id, given.Start.LocalDateTime, given.Title, given.Location, given.Comments, given.Fee!.Value, given.Published));
        Assert.Equal(Duration.FromMinutes(45), given.End - given.Start);
        Assert.Equal((AuditAction.HandedOver, "tom"), Last(await Diary.HistoryAsync(id)));
        Assert.Equal((AuditAction.Received, "maya"), Last(await tom.HistoryAsync(there)));
        var text = await TextAsync("tom", there);
        Assert.DoesNotContain("X-MINE", text, StringComparison.Ordinal);
        Assert.Contains("CONTACT:Jane Brownlow", text, StringComparison.Ordinal);

        // and back: what the practice knows is as it was, what the app had added is lost
        Assert.Equal(id, await tom.HandOverAsync(new AppointmentTarget(there), "maya", new AppointmentEdit { Start = Week(0) }));
        Assert.Equal(Week(0), Assert.Single(await WeeksAsync(Diary)).Start.LocalDateTime);
        Assert.DoesNotContain("X-MINE", (await ReadAsync(id))!, StringComparison.Ordinal);
        Assert.False((await GetAsync(id)).AddedByApps);
    }

    [Fact]
    public async Task Of_a_series_one_is_given_or_one_and_all_that_follow_or_all()
    {
        var tom = await ColleagueAsync("tom");
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(4)), new AppointmentEdit { Location = "Pool" }, SeriesScope.ThisOne);
        await HandAsync(id, "tom", Week(1), SeriesScope.ThisOne);
        Assert.Equal([Week(0), Week(2), Week(3), Week(4), Week(5)], await StartsAsync(Diary));
        Assert.Equal([Week(1)], await StartsAsync(tom));
        await HandAsync(id, "tom", Week(3), SeriesScope.ThisAndFollowing, new AppointmentEdit { Start = Week(3).PlusHours(1) });
        Assert.Equal([Week(0), Week(2)], await StartsAsync(Diary));
        Assert.Equal([Week(1), Week(3).PlusHours(1), Week(4).PlusHours(1), Week(5).PlusHours(1)], await StartsAsync(tom));
        Assert.Equal("Pool", (await WeeksAsync(tom))[2].Location);
        Assert.All(await WeeksAsync(tom), appointment => Assert.Null(appointment.Follows));
        Assert.All(await WeeksAsync(Diary), appointment => Assert.Null(appointment.FollowedBy));
        await HandAsync(id, "tom", Week(2), SeriesScope.All);
        Assert.Empty(await WeeksAsync(Diary));
        Assert.Equal(6, (await WeeksAsync(tom)).Count);
    }

    [Fact]
    public async Task A_cancelled_occurrence_goes_along_and_can_be_put_back_there()
    {
        var tom = await ColleagueAsync("tom");
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Comments = "Only this one" }, SeriesScope.ThisOne);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(2)), CancelChoice.Cancel, SeriesScope.ThisOne);
        var there = await HandAsync(id, "tom");
        Assert.Equal(AppointmentStatus.Cancelled, (await WeeksAsync(tom))[2].Status);
        await tom.RestoreAsync(new AppointmentTarget(there, Week(2)));
        Assert.Equal(("Only this one", AppointmentStatus.Booked), ((await WeeksAsync(tom))[2].Comments, (await WeeksAsync(tom))[2].Status));
    }

    [Fact]
    public async Task What_has_been_or_has_an_invoice_stays_with_its_practitioner()
    {
        await ColleagueAsync("tom");
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(0)), new AppointmentEdit { Status = AppointmentStatus.Attended }, SeriesScope.ThisOne);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Week(1)), "INV-1");
        foreach (var (key, scope) in new[] { (Week(3), SeriesScope.All), (Week(0), SeriesScope.ThisOne), (Week(1), SeriesScope.ThisOne), (Week(1), SeriesScope.ThisAndFollowing) })
            Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => HandAsync(id, "tom", key, scope))).Fault);
        Assert.Equal(6, (await WeeksAsync(Diary)).Count);
        await HandAsync(id, "tom", Week(2), SeriesScope.ThisAndFollowing);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => HandAsync(id, "tom"))).Fault);
    }

    [Fact]
    public async Task What_is_over_stays_with_its_practitioner_also_when_nobody_has_marked_it()
    {
        var tom = await ColleagueAsync("tom");
        var id = await Diary.BookAsync(Weekly);
        var meeting = await Diary.AddPersonalAsync(Meeting);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(0)), CancelChoice.Cancel, SeriesScope.ThisOne);
        Clock.Now = Week(2).InZoneStrictly(Melbourne).ToInstant();
        foreach (var (key, scope) in new[] { (Week(3), SeriesScope.All), (Week(1), SeriesScope.ThisOne), (Week(1), SeriesScope.ThisAndFollowing) })
            Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => HandAsync(id, "tom", key, scope))).Fault);
        await HandAsync(id, "tom", Week(2), SeriesScope.ThisAndFollowing);
        Assert.Equal([Week(2), Week(3), Week(4), Week(5)], await StartsAsync(tom));
        await HandAsync(meeting, "tom");
    }

    [Fact]
    public async Task What_was_cancelled_and_is_over_goes_along_with_what_is_to_come()
    {
        var tom = await ColleagueAsync("tom");
        var id = await Diary.BookAsync(Weekly);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(0)), CancelChoice.Cancel, SeriesScope.ThisOne);
        Clock.Now = Week(1).InZoneStrictly(Melbourne).ToInstant();
        await HandAsync(id, "tom");
        Assert.Equal(6, (await WeeksAsync(tom)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_series_that_name_each_other_the_one_that_stays_names_none(bool later)
    {
        await ColleagueAsync("tom");
        var head = await Diary.AddPersonalAsync(Meeting);
        var tail = await Diary.EditAsync(new AppointmentTarget(head, Week(1)), new AppointmentEdit { Title = "Supper" }, SeriesScope.ThisAndFollowing);
        Assert.Equal((tail, head), ((await GetAsync(head)).FollowedBy, (await GetAsync(tail)).Follows));
        await HandAsync(later ? tail : head, "tom");
        var left = await GetAsync(later ? head : tail);
        Assert.Equal((null, null), (left.Follows, left.FollowedBy));
        // there is nothing to take a patient from, which a sentence says
        Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.ConvertToPatientAsync(new AppointmentTarget(left.Id)))).Fault);
    }

    [Fact]
    public async Task Nobody_gives_an_appointment_to_themselves_or_an_outdated_one_away()
    {
        await ColleagueAsync("tom");
        var id = await Diary.BookAsync(Session);
        Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => HandAsync(id, "maya"))).Fault);
        var stale = new AppointmentTarget(id, null, "0");
        Assert.Equal(DiaryFault.Stale, (await Assert.ThrowsAsync<DiaryException>(() => Diary.HandOverAsync(stale, "tom", new AppointmentEdit()))).Fault);
    }

    [Fact]
    public async Task What_a_device_named_by_any_text_is_given_too_also_where_that_name_is_taken()
    {
        var tom = await ColleagueAsync("tom");
        await PutAsync(Event("../den tist?", "DTSTART:20260304T020000Z\nDTEND:20260304T030000Z\nSUMMARY:Dentist\nATTENDEE:mailto:x@example.com"), name: "d.ics");
        Assert.Equal("../den tist?", await HandAsync("../den tist?", "tom"));
        Assert.DoesNotContain("ATTENDEE", await TextAsync("tom", "../den tist?"), StringComparison.Ordinal);
        await PutAsync(Event("../den tist?", "DTSTART:20260305T020000Z\nDTEND:20260305T030000Z\nSUMMARY:Dentist again"), name: "e.ics");
        Assert.NotEqual("../den tist?", await HandAsync("../den tist?", "tom"));
        Assert.Equal(["Dentist", "Dentist again"], (await WeeksAsync(tom)).Select(appointment => appointment.Title));
    }

    private async Task<Diary> ColleagueAsync(string id)
    {
        await Directory.CreatePersonAsync(id, id, null, PrincipalRole.Practitioner, Group.Id, id);
        return new Diary(Store, Clock, id, new AuditActor("Ruth", ActorVia.Web, null, "session"));
    }

    private Task<string> HandAsync(string id, string to, LocalDateTime? occurrence = null, SeriesScope scope = SeriesScope.All, AppointmentEdit? edit = null) =>
        Diary.HandOverAsync(new AppointmentTarget(id, occurrence), to, edit ?? new AppointmentEdit(), scope);

    private async Task<string> TextAsync(string practitioner, string uid)
    {
        var hx = await HxOfAsync(practitioner);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var row = (await snapshot.FindRowByUidAsync(hx.Id, uid))!;
        return System.Text.Encoding.UTF8.GetString((await snapshot.FindObjectAsync(hx.Id, row.Name))!.Bytes.Span);
    }

    private static Task<IReadOnlyList<Appointment>> WeeksAsync(Diary diary) => diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0));

    private static async Task<IEnumerable<LocalDateTime>> StartsAsync(Diary diary) => (await WeeksAsync(diary)).Select(appointment => appointment.Start.LocalDateTime);

    private static (AuditAction, string?) Last(IReadOnlyList<AuditEntry> lines) => (lines[^1].Action, lines[^1].About);
}
