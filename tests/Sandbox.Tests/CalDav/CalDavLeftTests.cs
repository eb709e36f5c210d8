using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;

namespace Sandbox.Tests.CalDav;

/// <summary>What a link that ended has left in the calendar of a CalDAV account, when another is made to the same calendar.</summary>
public sealed class What_a_link_of_before_has_left_in_a_CalDAV_account
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    private static PersonalEntry Team => new("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

    private static Booking Visit(CalDavLink link) => new([link.Jane], "Consultation", new LocalDateTime(2026, 3, 3, 10, 0), Duration.FromMinutes(45));

    [Fact]
    public async Task Goes_with_its_appointment_and_is_nobodys_own()
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.Diary.AddPersonalAsync(Team);
        await link.SettleAsync();
        await link.EndAsync();
        await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        await link.MakeAgainAsync();
        await link.SettleAsync();
        Assert.Equal(6, (await link.HereAsync()).Count);
        Assert.DoesNotContain(await link.ThereAsync(), one => one.EndsWith("Lunch", StringComparison.Ordinal));
    }

    /// <summary>A server may write the lines in another order, and an application its own stamps: that is nobody's edit.</summary>
    [Fact]
    public async Task Goes_with_its_appointment_where_it_is_only_written_otherwise()
    {
        await using var link = await CalDavLink.StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        await link.EndAsync();
        link.Advance(Duration.FromHours(1));
        await link.User.EditAsync(Assert.Single(await link.User.ListAsync()).Path, _ => { });
        await link.Diary.CancelAsync(new AppointmentTarget(visit), CancelChoice.Delete);
        await link.MakeAgainAsync();
        await link.SettleAsync();
        Assert.Empty(await link.User.ListAsync());
    }

    [Fact]
    public async Task Is_its_persons_where_they_changed_it()
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.EndAsync();
        await link.User.EditAsync((await link.User.FindAsync("Lunch")).Path, one => one.Location = "Hall");
        await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        await link.MakeAgainAsync();
        await link.SettleAsync();
        Assert.Contains("LOCATION:Hall", Assert.Single(await link.User.ListAsync()).Text, StringComparison.Ordinal);
        Assert.Single(await link.HereAsync());
    }

    /// <summary>The practice has cancelled it: it is not in the diary again, nor is what its person wrote lost.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stays_outside_as_it_was_changed_where_it_is_of_a_patient_or_nobody_knows(bool isKnown)
    {
        await using var link = await CalDavLink.StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        await link.EndAsync(isNoted: isKnown);
        await link.User.EditAsync(Assert.Single(await link.User.ListAsync()).Path, one => one.Location = "Hall");
        await link.Diary.CancelAsync(new AppointmentTarget(visit), CancelChoice.Cancel);
        await link.MakeAgainAsync();
        for (var n = 0; n < 3; n++)
        {
            await link.PassAsync();
            await link.PutAsync((await link.LinkAsync()).Resynced());
        }

        Assert.Contains("LOCATION:Hall", Assert.Single(await link.User.ListAsync()).Text, StringComparison.Ordinal);
        Assert.Empty(await link.HereAsync());

        // and when the appointment comes back it is the practice's again, at the time that it has now
        await link.Diary.RestoreAsync(new AppointmentTarget(visit));
        await link.Diary.EditAsync(new AppointmentTarget(visit), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 3, 15, 0) });
        await link.SettleAsync();
        Assert.Equal(15, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Start.Hour);
        Assert.Contains("LOCATION:Hall", Assert.Single(await link.ConflictsAsync()).Outside, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Is_a_conflict_with_an_appointment_that_was_moved_only_where_its_person_changed_it(bool isEdited, bool isNewer)
    {
        await using var link = await CalDavLink.StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(Lunch);
        await link.SettleAsync();
        await link.EndAsync();
        var path = (await link.User.FindAsync("Lunch")).Path;
        if (isNewer) await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 4, 13, 0) });
        link.Advance(Duration.FromHours(1));
        if (isEdited) await link.User.EditAsync(path, one => one.Location = "Hall");
        link.Advance(Duration.FromHours(1));
        if (!isNewer) await link.Diary.EditAsync(new AppointmentTarget(lunch), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 4, 13, 0) });
        await link.MakeAgainAsync();
        await link.SettleAsync();
        Assert.Equal(isNewer ? 12 : 13, (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Start.Hour);
        var conflicts = await link.ConflictsAsync();
        Assert.Equal(isEdited ? 1 : 0, conflicts.Count);
        Assert.All(conflicts, conflict => Assert.Contains("LOCATION:Hall", conflict.Outside, StringComparison.Ordinal));
        Assert.All(conflicts, conflict => Assert.Contains("T130000", conflict.Practice, StringComparison.Ordinal));
    }
}
