using System.Text;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;

namespace Practice.Tests;

/// <summary>The audit logs: who, by what, when, which appointment, about whom; never content.</summary>
public sealed class AuditTests : PracticeFixture
{
    [Fact]
    public async Task A_history_tells_who_did_what_by_which_device_and_reads_no_other_appointment()
    {
        var id = await Diary.BookAsync(Session);
        var other = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("T100000", "T110000", StringComparison.Ordinal).Replace("T104500", "T114500", StringComparison.Ordinal));
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "again" });
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 4, 9, 0) });
        var history = await Diary.HistoryAsync(id);
        Assert.Equal([AuditAction.Booked, AuditAction.Moved, AuditAction.Edited, AuditAction.Moved], history.Select(entry => entry.Action));
        Assert.Equal(["Maya Lindqvist", "Maya's phone", "Maya Lindqvist", "Maya Lindqvist"], history.Select(entry => entry.Who));
        Assert.Equal(("phone", ActorVia.AppPassword), (history[1].DeviceId, history[1].Via));
        Assert.Single(await Diary.HistoryAsync(other));
    }

    [Fact]
    public async Task Of_a_series_one_occurrence_that_is_moved_is_named()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Week(2).PlusHours(2), Comments = "later" }, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(3)), new AppointmentEdit { Start = Week(3), Comments = "same time" }, SeriesScope.ThisOne);
        var history = await Diary.HistoryAsync(id);
        Assert.Equal([(AuditAction.Booked, null), (AuditAction.Moved, Week(2)), (AuditAction.Edited, (LocalDateTime?)Week(3))], history.Select(entry => (entry.Action, entry.Occurrence)));
        Assert.Equal(
            "Moved (the one of 10:00 on 17 March 2026) by Maya Lindqvist, 12:00 on 2 March 2026: before 10:00 on 17 March 2026 to 10:45, after 12:00 on 17 March 2026 to 12:45",
            AuditSentence.Of(history[1] with { At = Instant.FromUtc(2026, 3, 2, 1, 0) }, Melbourne, _ => null));
    }

    [Fact]
    public async Task No_line_has_content_of_an_appointment_and_all_are_chained()
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => text.Replace("Room 2", "Room 3", StringComparison.Ordinal));
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-77");
        await RemoveAsync(id);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListLastAsync(snapshot, DiaryAudit.Log, Practitioner.Id, long.MaxValue, 100);
        Assert.Equal([4, 3, 2, 1], lines.Select(line => line.Stored.Number));
        foreach (var line in lines)
        {
            var text = Encoding.UTF8.GetString(line.Stored.Document.Span);
            foreach (var secret in (string[])["Jane", "Brownlow", "Room", "Confidential", "0400 555", "0400555", "INV-77", "Standard"])
                Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Empty(await Store.CheckAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_people_do_is_a_line_of_their_practice_found_by_whom_it_concerns()
    {
        var admin = await Directory.CreatePersonAsync("admin", "Robin Ashford", null, PrincipalRole.Administrator, Group.Id, "robin");
        await ApplyAsync(
            PracticeAudit.Line(Group.Id, Clock.Now, AuditActor.OnPages(admin, "s1"), AuditAction.Invited, Practitioner.Id),
            PracticeAudit.Line(Group.Id, Clock.Now, AuditActor.OnPages(Practitioner, "session"), AuditAction.SignedIn),
            PracticeAudit.Line(Group.Id, Clock.Now, AuditActor.Server, AuditAction.SubscriptionRenewed, Practitioner.Id),
            PracticeAudit.Line(Group.Id, Clock.Now, AuditActor.OnPages(admin, "session"), AuditAction.SignedIn));
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var all = await AuditLine.ListLastAsync(snapshot, PracticeAudit.Log, Group.Id, long.MaxValue, 3);
        Assert.Equal([4, 3, 2], all.Select(line => line.Stored.Number));
        var ofMaya = await AuditLine.ListLastAsync(snapshot, PracticeAudit.Log, Group.Id, long.MaxValue, 10, Practitioner.Id);
        Assert.Equal([AuditAction.SubscriptionRenewed, AuditAction.SignedIn, AuditAction.Invited], ofMaya.Select(line => line.Entry!.Action));
        Assert.StartsWith("Calendar synchronisation renewed, for Maya Lindqvist by the server,", AuditSentence.Of(ofMaya[0].Entry!, Melbourne, id => id == "maya" ? "Maya Lindqvist" : null), StringComparison.Ordinal);
        Assert.StartsWith("Signed in by Maya Lindqvist,", AuditSentence.Of(ofMaya[1].Entry!, Melbourne, _ => null), StringComparison.Ordinal);
        Assert.StartsWith("Invited to the practice, for somebody who is no longer here by Robin Ashford", AuditSentence.Of(ofMaya[2].Entry!, Melbourne, _ => null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_from_before_devices_were_kept_and_one_that_cannot_be_read_are_no_hindrance()
    {
        await ApplyAsync(
            new AppendLine(DiaryAudit.Log, "maya", """{"at":"2026-03-04T01:03:00Z","who":"Maya's laptop","action":"Edited","appointmentId":"x"}"""u8.ToArray(), "x"),
            new AppendLine(DiaryAudit.Log, "maya", """{"at":"2026-03-04T01:03:00Z","who":"Maya","action":"OfALaterVersion","appointmentId":"x"}"""u8.ToArray(), "x"),
            new AppendLine(DiaryAudit.Log, "maya", "?"u8.ToArray(), "x"));
        var entry = Assert.Single(await Diary.HistoryAsync("x"));
        Assert.Equal("Edited by Maya's laptop, 12:03 on 4 March 2026", AuditSentence.Of(entry, Melbourne, _ => null));
        Assert.Equal(
            "Edited by Thunderbird on Maya's laptop, 12:03 on 4 March 2026",
            AuditSentence.Of(entry with { Who = "Maya", Device = "Maya's laptop", Client = "Thunderbird", Via = ActorVia.AppPassword }, Melbourne, _ => null));
    }

    [Fact]
    public void Each_action_has_words()
    {
        foreach (var action in Enum.GetValues<AuditAction>().Except([AuditAction.None]))
            Assert.NotEqual("Something was done", AuditSentence.WhatOf(new AuditEntry(default, "x", action), _ => null));
    }

    private async Task ApplyAsync(params StoreOperation[] operations) =>
        Assert.True((await Store.ApplyAsync(new StoreBatch(operations), TestContext.Current.CancellationToken)).Succeeded);
}
