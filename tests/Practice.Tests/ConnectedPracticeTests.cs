using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>In a practice that is connected to Halaxy the diary does what Halaxy can be told, and leaves it the rest.</summary>
public sealed class ConnectedPracticeTests : PracticeFixture
{
    private static readonly LocalDateTime Nine = new(2026, 3, 4, 9, 0);

    [Fact]
    public async Task A_patient_appointment_is_not_booked_here()
    {
        await ConnectAsync(true);
        await RefusedAsync(() => Diary.BookAsync(new Booking([Jane], "Consultation", Nine, Duration.FromMinutes(50))));
        var own = await Diary.AddPersonalAsync(new PersonalEntry("Dentist", Nine, Duration.FromMinutes(30)));
        await RefusedAsync(() => Diary.ConvertToPatientAsync(new AppointmentTarget(own), [Jane], "Consultation"));
        // what is in this diary only is this diary's
        await Diary.EditAsync(new AppointmentTarget(own), new AppointmentEdit { Title = "Optician" });
        await ConnectAsync(false);
        await Diary.ConvertToPatientAsync(new AppointmentTarget(own), [Jane], "Consultation");
    }

    [Fact]
    public async Task What_Halaxy_takes_is_changed_here_and_nothing_else()
    {
        await ConnectAsync(true);
        var target = new AppointmentTarget(await MirrorAsync(Jane));
        foreach (var edit in new AppointmentEdit[]
        {
            new() { Patients = [Jane with { GivenName = "Zoe" }] }, new() { Type = "Other" }, new() { Fee = 1 }, new() { WithoutFee = true }, new() { Status = AppointmentStatus.Attended }, new() { Location = "Elsewhere" }, new() { AllDay = true },
        })
        {
            await RefusedAsync(() => Diary.EditAsync(target, edit));
        }

        foreach (var choice in new[] { CancelChoice.Delete, CancelChoice.NonAttendance, CancelChoice.CancelAndDeleteInvoice }) await RefusedAsync(() => Diary.CancelAsync(target, choice));
        await RefusedAsync(() => Diary.LinkInvoiceAsync(target, "INV-1"));
        await RefusedAsync(() => Diary.LinkNoteAsync(target, "N-1"));
        var colleague = await Directory.CreatePersonAsync("ben", "Ben Ito", null, PrincipalRole.Practitioner, Group.Id);
        await RefusedAsync(() => Diary.HandOverAsync(target, colleague.Id, new AppointmentEdit()));
        await Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(2), Comments = "Later" });
        await Diary.CancelAsync(target, CancelChoice.Cancel);
        await Diary.RestoreAsync(target);
    }

    [Fact]
    public async Task A_meeting_of_Halaxy_is_moved_and_deleted_here()
    {
        await ConnectAsync(true);
        var target = new AppointmentTarget(await MirrorAsync());
        await RefusedAsync(() => Diary.EditAsync(target, new AppointmentEdit { Title = "Other" }));
        await Diary.EditAsync(target, new AppointmentEdit { Length = Duration.FromMinutes(20) });
        await Diary.CancelAsync(target, CancelChoice.Delete);
    }

    [Fact]
    public async Task A_practice_that_is_not_connected_any_more_has_its_diary_back()
    {
        await ConnectAsync(true);
        var target = new AppointmentTarget(await MirrorAsync(Jane));
        await ConnectAsync(false);
        await Diary.EditAsync(target, new AppointmentEdit { Type = "Other" });
        Assert.Equal("Other", (await Diary.GetAsync(target)).Type);
    }

    [Fact]
    public async Task What_was_mirrored_of_who_is_nobody_in_Halaxy_any_more_is_the_practices_own()
    {
        await ConnectAsync(true);
        var target = new AppointmentTarget(await MirrorAsync(Jane));
        await RefusedAsync(() => Diary.LinkNoteAsync(target, "N-1"));
        await ConnectAsync(true, "somebody-else");
        await Diary.EditAsync(target, new AppointmentEdit { Type = "Other", Location = "Room 4" });
        await Diary.LinkNoteAsync(target, "N-1");
        await Diary.LinkNoteAsync(target, null);
        await Diary.CancelAsync(target, CancelChoice.NonAttendance);
        await Diary.BookAsync(new Booking([Jane], "Consultation", Nine, Duration.FromMinutes(50)));
        await ConnectAsync(true, Practitioner.Id);
        await RefusedAsync(() => Diary.LinkNoteAsync(target, "N-1"));
    }

    [Fact]
    public async Task Between_one_who_is_in_Halaxy_and_one_who_is_not_what_Halaxy_would_have_to_know_is_not_given()
    {
        var ben = await Directory.CreatePersonAsync("ben", "Ben Ito", null, PrincipalRole.Practitioner, Group.Id);
        await ConnectAsync(true, ben.Id);
        var edit = new AppointmentEdit();
        var patient = new AppointmentTarget(await MirrorAsync(Jane));
        await RefusedAsync(() => Diary.HandOverAsync(patient, ben.Id, edit));
        // what is personal may be in a diary only, there too, and is no longer what Halaxy had
        var meeting = await Diary.HandOverAsync(new AppointmentTarget(await MirrorAsync()), ben.Id, edit);
        Assert.Null((await Diary.Of(ben.Id).GetAsync(new AppointmentTarget(meeting))).HalaxyId);
        await ConnectAsync(true, Practitioner.Id);
        await RefusedAsync(() => Diary.HandOverAsync(patient, ben.Id, edit));
        // booked here while nobody was in Halaxy
        await ConnectAsync(false);
        var own = await Diary.BookAsync(new Booking([Jane], "Consultation", Nine, Duration.FromMinutes(50)));
        await ConnectAsync(true, Practitioner.Id);
        await Diary.HandOverAsync(new AppointmentTarget(own), ben.Id, edit);
        await ConnectAsync(false);
        await Diary.HandOverAsync(patient, ben.Id, edit);
    }

    [Fact]
    public async Task A_device_does_not_change_where_an_appointment_of_Halaxy_is()
    {
        await ConnectAsync(true, Practitioner.Id);
        var id = await MirrorAsync(Jane);
        var applied = Assert.IsType<ExternalApplied>(await WriteAsync(id, ("LOCATION:Main Street", "LOCATION:Home"), ("DESCRIPTION:None", "DESCRIPTION:Later")));
        Assert.Equal([new RejectedField(RejectionKind.Location, "Home")], applied.NotTaken);
        Assert.False(applied.IsAsSent);
        Assert.Equal(("Main Street", "Later"), ((await GetAsync(id)).Location, (await GetAsync(id)).Comments));
        // a link tells what its calendar changed in the same way
        var (before, sent) = (CalendarObject.Parse(Encoding.UTF8.GetBytes((await ReadAsync(id))!)), CalendarObject.Parse(Encoding.UTF8.GetBytes((await ReadAsync(id))!.Replace("Main Street", "Elsewhere", StringComparison.Ordinal))));
        await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), new ExternalOrigin("link-1", "Google", PrivacyLevel.FullName), before, sent, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("Main Street", (await GetAsync(id)).Location);
        // of who is nobody in Halaxy it is the practice's own
        await ConnectAsync(true, "somebody-else");
        await WriteAsync(id, ("LOCATION:Main Street", "LOCATION:Home"));
        Assert.Equal("Home", (await GetAsync(id)).Location);
    }

    [Fact]
    public async Task What_Halaxy_alone_changes_is_not_taken_over_from_a_device()
    {
        await ConnectAsync(true, Practitioner.Id);
        var id = await MirrorAsync(Jane);
        await WriteAsync(id, ("LOCATION:Main Street", "LOCATION:Home"));
        var rejected = (await Diary.ListRejectedAsync()).Single();
        await RefusedAsync(() => Diary.TakeOverAsync(rejected.Id));
        await WriteAsync(id, ("LOCATION:Main Street", "LOCATION:Home\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nCONTACT:0400 000 000"));
        rejected = (await Diary.ListRejectedAsync()).Single();
        await Diary.TakeOverAsync(rejected.Id);
        var now = await GetAsync(id);
        Assert.Equal(("Main Street", "None\nFrom Maya's phone, contact: 0400 000 000", null), (now.Location, now.Comments, now.Rule));
        rejected = (await Diary.ListRejectedAsync()).Single();
        Assert.Equal(new HashSet<RejectionKind> { RejectionKind.Location, RejectionKind.Repeat }, rejected.Fields.Select(field => field.Kind).ToHashSet());
        Assert.All(rejected.Fields, field => Assert.Equal(TakeOver.DoneInHalaxy, TakingOver.WayOf(field, now, mirrorsHalaxy: true)));
        await ConnectAsync(false);
        await Diary.TakeOverAsync(rejected.Id);
        now = await GetAsync(id);
        Assert.Equal("Home", now.Location);
        Assert.NotNull(now.Rule);
    }

    private ExternalChanges Changes => new(Store, Clock, PracticeGroup.MirrorsHalaxyAsync);

    /// <summary>A device writes what it has of an appointment, with some of it replaced.</summary>
    private async Task<ExternalOutcome> WriteAsync(string id, params (string From, string To)[] changes)
    {
        var text = (await ReadAsync(id))!;
        foreach (var (from, to) in changes)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var sending = new ExternalSending(bytes, CalendarObject.Parse(bytes), id) { Knows = true };
        return await Changes.PutAsync(Practitioner.Id, (await FindAsync(id))!.Row.Name, Phone(PrivacyLevel.FullName), (_, _) => ValueTask.FromResult<ExternalSending?>(sending), cancellationToken: TestContext.Current.CancellationToken);
    }

    private async Task<string> MirrorAsync(params Patient[] patients)
    {
        var uid = Guid.NewGuid().ToString();
        var start = Nine.InZoneLeniently(Melbourne).ToInstant();
        var wanted = new MirroredAppointment("123", start, start + Duration.FromMinutes(50)) { Patients = patients, Type = patients.Length > 0 ? "Consultation" : null, Location = "Main Street", Comments = "None" };
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var steps = await Mirroring.WriteAsync(snapshot, Clock.GetCurrentInstant(), AuditActor.InHalaxy("halaxy-1"), new AppointmentKey(Practitioner.Id, uid), wanted, MirroredFields.All);
        Assert.True((await Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken)).Succeeded);
        return uid;
    }

    private async Task ConnectAsync(bool isConnected, params string[] practitioners)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.True((await Store.ApplyAsync(new StoreBatch(await PracticeGroup.SetConnectedAsync(snapshot, Group.Id, isConnected, practitioners.Length == 0 ? null : practitioners)))).Succeeded);
    }

    private static async Task RefusedAsync(Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<DiaryException>(act);
        Assert.Equal(DiaryFault.Conflict, refused.Fault);
        Assert.Contains("Halaxy", refused.Message, StringComparison.Ordinal);
    }
}
