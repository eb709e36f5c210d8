using System.Text;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using Practice.People;

namespace Practice.Tests;

/// <summary>A6: what a device wrote and was not taken is kept until the practitioner decides.</summary>
public sealed class RejectedTests : PracticeFixture
{
    private const string Kind = "rejected-edit";

    [Fact]
    public async Task A6_Another_title_is_kept_and_goes_into_the_comments_when_it_is_taken_over()
    {
        var id = await RenameAsync("Sarah Black");
        var rejected = Assert.Single(await Diary.ListRejectedAsync());
        Assert.Equal((id, "Maya's phone"), (rejected.AppointmentId, rejected.Device));
        Assert.Equal([new RejectedField(RejectionKind.Title, "Sarah Black")], rejected.Fields);
        Assert.Equal(id, await Diary.TakeOverAsync(rejected.Id, (await GetAsync(id)).Version));
        var after = await GetAsync(id);
        Assert.Equal("Confidential remarks\nFrom Maya's phone, title: Sarah Black", after.Comments);
        Assert.Equal(("Standard consultation · Jane Brownlow", "PT-1"), (after.Title, after.Patients.Single().Reference));
        Assert.Empty(await Diary.ListRejectedAsync());
        Assert.Equal(AuditAction.TakenOver, (await Diary.HistoryAsync(id))[^1].Action);
        Assert.DoesNotContain("Sarah", await ReadAsync(id, PrivacyLevel.Initials), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A6_What_is_left_as_it_is_changes_nothing_and_is_in_the_history()
    {
        var id = await RenameAsync("Sarah Black");
        var before = await GetAsync(id);
        await Diary.LeaveAsItIsAsync((await Diary.ListRejectedAsync()).Single().Id);
        Assert.Equal(before.Version, (await GetAsync(id)).Version);
        Assert.Empty(await Diary.ListRejectedAsync());
        Assert.Equal(AuditAction.LeftAsItIs, (await Diary.HistoryAsync(id))[^1].Action);
    }

    [Fact]
    public async Task A_choice_is_made_once()
    {
        var id = await RenameAsync("Sarah Black");
        var rejected = (await Diary.ListRejectedAsync()).Single().Id;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TryAsync(() => Diary.TakeOverAsync(rejected))));
        Assert.Equal("Confidential remarks\nFrom Maya's phone, title: Sarah Black", (await GetAsync(id)).Comments);
        Assert.Single(await Diary.HistoryAsync(id), entry => entry.Action == AuditAction.TakenOver);
        Assert.Equal(DiaryFault.NotFound, await FaultAsync(() => Diary.LeaveAsItIsAsync(rejected)));
    }

    [Fact]
    public async Task What_was_looked_at_is_what_is_decided_on()
    {
        var id = await RenameAsync("Sarah Black");
        var (rejected, version) = ((await Diary.ListRejectedAsync()).Single().Id, (await GetAsync(id)).Version);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "Other remarks" });
        Assert.Equal(DiaryFault.Stale, await FaultAsync(() => Diary.TakeOverAsync(rejected, version)));
        Assert.Equal("Other remarks", (await GetAsync(id)).Comments);
        Assert.Single(await Diary.ListRejectedAsync());
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        Assert.Equal(DiaryFault.Conflict, await FaultAsync(() => Diary.TakeOverAsync(rejected)));
        await Diary.LeaveAsItIsAsync(rejected);
    }

    [Fact]
    public async Task It_goes_with_its_appointment()
    {
        var id = await RenameAsync("Sarah Black");
        await RenameAsync("Somebody else");
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        Assert.DoesNotContain(await Diary.ListRejectedAsync(), rejected => rejected.AppointmentId == id);
        Assert.Single(await Diary.ListRejectedAsync());
    }

    [Fact]
    public async Task It_goes_with_its_practitioner()
    {
        await RenameAsync("Sarah Black");
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
            await Store.ApplyAsync(new StoreBatch(await Erasure.OfAsync(snapshot, Practitioner, Clock.Now, AuditActor.Command)), TestContext.Current.CancellationToken);
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task It_is_kept_for_ninety_days()
    {
        await RenameAsync("Sarah Black");
        Clock.Now += Duration.FromDays(90) - Duration.FromSeconds(1);
        Assert.Single(await Diary.ListRejectedAsync());
        await ForgetAsync();
        Assert.Single(await RecordsAsync());
        var id = (await Diary.ListRejectedAsync()).Single().Id;
        Clock.Now += Duration.FromSeconds(1);
        Assert.Empty(await Diary.ListRejectedAsync());
        Assert.Equal(DiaryFault.NotFound, await FaultAsync(() => Diary.TakeOverAsync(id)));
        await ForgetAsync();
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task What_a_device_writes_again_takes_the_place_of_what_it_wrote_before()
    {
        var id = await RenameAsync("Sarah Black");
        await ClientEditAsync(id, text => text.Replace("SUMMARY:Standard", "CONTACT:0400 111 222\r\nSUMMARY:Standard", StringComparison.Ordinal));
        await ClientEditAsync(id, text => text.Replace("SUMMARY:Standard consultation", "SUMMARY:Sarah White", StringComparison.Ordinal));
        var fields = Assert.Single(await Diary.ListRejectedAsync()).Fields;
        Assert.Equal(new HashSet<string> { "0400 111 222", "Sarah White" }, fields.Select(field => field.Sent.Split(" ·")[0]).ToHashSet());
    }

    [Fact]
    public async Task There_are_only_so_many_and_they_are_only_so_large()
    {
        for (var n = 0; n < RejectedEdit.MaxKept; n++)
        {
            var edit = new RejectedEdit(Clock.Now + Duration.FromSeconds(n), $"uid-{n}", "phone", "Maya's phone", [new RejectedField(RejectionKind.Title, "x")]);
            using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            await Store.ApplyAsync(new StoreBatch(await edit.KeepAsync(snapshot, new ExternalRemoval(Hx, "x.ics", Phone(PrivacyLevel.FullName), Clock.Now, null!) { Access = HxAccess.Active })), TestContext.Current.CancellationToken);
        }

        Clock.Now += Duration.FromHours(1);
        await RenameAsync(new string('y', 10_000));
        var kept = await Diary.ListRejectedAsync();
        Assert.Equal(RejectedEdit.MaxKept, kept.Count);
        Assert.Equal(RejectedEdit.MaxText, kept[0].Fields[0].Sent.Length);
        Assert.DoesNotContain(kept, rejected => rejected.AppointmentId == "uid-0");
        Assert.Contains(kept, rejected => rejected.AppointmentId == "uid-1");
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_hides_no_other_and_goes()
    {
        await RenameAsync("Sarah Black");
        await Store.ApplyAsync(StoreBatch.Of(new PutRecord(Kind, Practitioner.Id, "0", "damaged"u8.ToArray()), new PutRecord(Kind, Practitioner.Id, "1", "{}"u8.ToArray())), TestContext.Current.CancellationToken);
        Assert.Single(await Diary.ListRejectedAsync());
        await RenameAsync("Somebody else");
        Assert.Equal(2, (await RecordsAsync()).Count);
    }

    [Fact]
    public async Task A6_Where_no_comments_and_no_location_are_shown_what_is_written_is_kept_and_can_be_taken_over()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("SUMMARY:", "LOCATION:Home\r\nDESCRIPTION:Bring\\nthe file\r\nSUMMARY:", StringComparison.Ordinal), PrivacyLevel.Busy);
        var rejected = (await Diary.ListRejectedAsync()).Single();
        Assert.Equal(
            new HashSet<RejectedField> { new(RejectionKind.Location, "Home"), new(RejectionKind.Comments, "Bring\nthe file") }, rejected.Fields.ToHashSet());
        Assert.Equal("Room 2", (await GetAsync(id)).Location);
        await Diary.TakeOverAsync(rejected.Id);
        Assert.Equal(("Home", "Confidential remarks\nFrom Maya's phone: Bring\nthe file"), ((await GetAsync(id)).Location, (await GetAsync(id)).Comments));
    }

    [Fact]
    public async Task A6_A_repeat_is_taken_over_where_the_diary_could_repeat_so()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("SUMMARY:", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=3\r\nSUMMARY:", StringComparison.Ordinal));
        Assert.Null((await GetAsync(id)).Rule);
        var rejected = (await Diary.ListRejectedAsync()).Single();
        Assert.Equal([new RejectedField(RejectionKind.Repeat, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=3")], rejected.Fields);
        await Diary.TakeOverAsync(rejected.Id);
        Assert.Equal(3, (await ListAsync()).Count(appointment => appointment.Id == id));
        Assert.Equal(Jane.Reference, (await ListAsync())[^1].Patients.Single().Reference);
    }

    [Theory]
    [InlineData("FREQ=MONTHLY;BYDAY=1TU")]
    [InlineData("FREQ=YEARLY")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU")]
    [InlineData("FREQ=DAILY;BYHOUR=10,12")]
    [InlineData("no rule")]
    public void A_rule_that_says_more_than_a_repeat_of_the_diary_cannot_be_taken_over(string rule) =>
        Assert.Equal(TakeOver.Cannot, TakingOver.WayOf(new RejectedField(RejectionKind.Repeat, rule)));

    [Fact]
    public async Task A6_A_status_and_an_appointment_more_are_told_and_cannot_be_taken_over()
    {
        var id = await Diary.BookAsync(Weekly);
        await ClientEditAsync(id, text => text.Replace("STATUS:CONFIRMED", "STATUS:TENTATIVE\r\nRDATE;TZID=Australia/Melbourne:20260304T090000", StringComparison.Ordinal));
        var rejected = (await Diary.ListRejectedAsync()).Single();
        Assert.Equal(
            new HashSet<RejectedField> { new(RejectionKind.Status, "tentative"), new(RejectionKind.Session, "2026-03-04T09:00:00") }, rejected.Fields.ToHashSet());
        Assert.Equal(DiaryFault.Conflict, await FaultAsync(() => Diary.TakeOverAsync(rejected.Id)));
        Assert.Single(await Diary.ListRejectedAsync());
    }

    [Fact]
    public async Task A6_What_was_written_of_one_occurrence_goes_into_the_comments_of_that_one()
    {
        var id = await RenameOneAsync();
        var rejected = (await Diary.ListRejectedAsync()).Single();
        Assert.Equal(
            new HashSet<RejectedField> { new(RejectionKind.Title, "Sarah Black", Week(1)), new(RejectionKind.People, "Ann (ann@example.org)", Week(1)) }, rejected.Fields.ToHashSet());
        await Diary.TakeOverAsync(rejected.Id);
        Assert.Equal(
            "Confidential remarks\nFrom Maya's phone, title: Sarah Black\nFrom Maya's phone, invited: Ann (ann@example.org)", (await GetAsync(id, Week(1))).Comments);
        Assert.Equal("Confidential remarks", (await GetAsync(id, Week(2))).Comments);
    }

    // a title and somebody invited, in the second session of a weekly series
    private async Task<string> RenameOneAsync()
    {
        var id = await Diary.BookAsync(Weekly);
        var single = $"BEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:20260310T100000\r\n"
            + "DTSTART;TZID=Australia/Melbourne:20260310T100000\r\nDTEND;TZID=Australia/Melbourne:20260310T104500\r\nSUMMARY:Sarah Black\r\nSTATUS:CONFIRMED\r\nLOCATION:Room 2\r\nDESCRIPTION:Confidential remarks\r\n"
            + "CONTACT:Jane Brownlow\\, 0400 555 777\r\nATTENDEE;CN=Ann:mailto:ann@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR";
        await ClientEditAsync(id, text => text.Replace("END:VCALENDAR", single, StringComparison.Ordinal));
        return id;
    }

    [Fact]
    public async Task A6_What_cannot_be_taken_over_waits_on_when_the_rest_is()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("STATUS:CONFIRMED", "STATUS:TENTATIVE\r\nATTENDEE;CN=Ann:mailto:ann@example.org", StringComparison.Ordinal));
        await Diary.TakeOverAsync((await Diary.ListRejectedAsync()).Single().Id);
        Assert.Equal("Confidential remarks\nFrom Maya's phone, invited: Ann (ann@example.org)", (await GetAsync(id)).Comments);
        var left = (await Diary.ListRejectedAsync()).Single();
        Assert.Equal([new RejectedField(RejectionKind.Status, "tentative")], left.Fields);
        Assert.Equal(DiaryFault.Conflict, await FaultAsync(() => Diary.TakeOverAsync(left.Id)));
        await Diary.LeaveAsItIsAsync(left.Id);
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task A6_What_the_diary_has_meanwhile_is_not_taken_over_again()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("SUMMARY:", "LOCATION:Home\r\nDESCRIPTION:Bring the file\r\nSUMMARY:", StringComparison.Ordinal), PrivacyLevel.Busy);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "Jane: Bring the file" });
        await Diary.TakeOverAsync((await Diary.ListRejectedAsync()).Single().Id);
        Assert.Equal(("Home", "Jane: Bring the file"), ((await GetAsync(id)).Location, (await GetAsync(id)).Comments));
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task It_goes_when_its_appointment_is_handed_over()
    {
        await Directory.CreatePersonAsync("tom", "Tom", null, PrincipalRole.Practitioner, Group.Id, "tom");
        var id = await RenameAsync("Sarah Black");
        await Diary.HandOverAsync(new AppointmentTarget(id), "tom", new AppointmentEdit());
        Assert.Empty(await RecordsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(168)]
    public async Task A6_What_was_written_of_one_occurrence_goes_with_a_series_that_is_moved(int hours)
    {
        var id = await RenameOneAsync();
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Week(0).PlusHours(hours) });
        await Diary.TakeOverAsync((await Diary.ListRejectedAsync()).Single().Id);
        Assert.Contains("Sarah Black", (await GetAsync(id, Week(1).PlusHours(hours))).Comments, StringComparison.Ordinal);
        Assert.Single(await ListAsync(), appointment => appointment.Comments!.Contains("Sarah Black", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A6_What_was_written_of_one_occurrence_goes_with_all_that_follow()
    {
        var id = await RenameOneAsync();
        var after = await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Start = Week(1).PlusHours(1) }, SeriesScope.ThisAndFollowing);
        var rejected = (await Diary.ListRejectedAsync()).Single();
        Assert.Equal(after, await Diary.TakeOverAsync(rejected.Id));
        Assert.Contains("Sarah Black", (await GetAsync(after, Week(1).PlusHours(1))).Comments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A6_An_occurrence_that_is_not_there_any_more_holds_up_nothing_else()
    {
        var id = await RenameOneAsync();
        await ClientEditAsync(id, text => text.Replace("SUMMARY:Standard", "SUMMARY:Strange", StringComparison.Ordinal));
        await Diary.CancelAsync(new AppointmentTarget(id, Week(1)), CancelChoice.Delete, SeriesScope.ThisOne);
        await Diary.TakeOverAsync((await Diary.ListRejectedAsync()).Single().Id);
        Assert.Contains("title: Strange", (await GetAsync(id)).Comments, StringComparison.Ordinal);
        var left = (await Diary.ListRejectedAsync()).Single();
        Assert.All(left.Fields, field => Assert.Equal(Week(1), field.Occurrence));
        Assert.Equal(TakeOver.Cannot, TakingOver.WayOf(left.Fields[0], null, mirrorsHalaxy: false));
    }

    [Fact]
    public async Task What_was_taken_whole_is_not_kept()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("Room 2", "Room 9", StringComparison.Ordinal));
        await ClientEditAsync(id, text => text.Replace("DTEND;TZID=Australia/Melbourne:20260303T104500", "DTEND;TZID=Australia/Melbourne:20260303T110000", StringComparison.Ordinal), PrivacyLevel.Initials);
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task No_log_has_what_was_written_in_it()
    {
        var id = await RenameAsync("Sarah Black");
        await Diary.TakeOverAsync((await Diary.ListRejectedAsync()).Single().Id);
        await RenameAsync("Sarah Black");
        await Diary.LeaveAsItIsAsync((await Diary.ListRejectedAsync()).Single().Id);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await snapshot.ListLinesAsync(DiaryAudit.Log, Practitioner.Id);
        Assert.Contains(lines, line => AuditEntry.Read(line) is { Action: AuditAction.TakenOver } entry && entry.AppointmentId == id);
        Assert.All(lines, line => Assert.DoesNotContain("Sarah", Encoding.UTF8.GetString(line.Document.Span), StringComparison.Ordinal));
    }

    private async Task<string> RenameAsync(string title)
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => System.Text.RegularExpressions.Regex.Replace(text, "SUMMARY:[^\r]*(\r\n [^\r]*)*", $"SUMMARY:{title}"));
        return id;
    }

    private async Task ForgetAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var steps = await RejectedEdit.ForgetOldAsync(snapshot, Practitioner.Id, Clock.Now);
        if (steps.Count > 0) Assert.True((await Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken)).Succeeded);
    }

    private async Task<IReadOnlyList<StoredRecord>> RecordsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await snapshot.ListRecordsAsync(Kind, Practitioner.Id);
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (DiaryException)
        {
            // somebody was faster
        }
    }

    private static async Task<DiaryFault> FaultAsync(Func<Task> act) => (await Assert.ThrowsAsync<DiaryException>(act)).Fault;
}
