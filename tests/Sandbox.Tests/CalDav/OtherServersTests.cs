using Calendaring.Recurrence;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.CalDav;

/// <summary>The same with a server of another make: what one server does is no rule.</summary>
public sealed class A_link_to_another_server
{
    /// <summary>The servers, with and without reports of changes. Only root can start Cyrus.</summary>
    public static TheoryData<string, bool> Servers =>
        Environment.IsPrivilegedProcess
            ? new() { { "xandikos", true }, { "xandikos", false }, { "cyrus", true }, { "cyrus", false } }
            : new() { { "xandikos", true }, { "xandikos", false } };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Brings_both_sides_to_agreement(string program, bool tellsChanges)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { TellsChanges = tellsChanges }, program: program);
        var team = await link.Diary.AddPersonalAsync(new PersonalEntry("Team", new LocalDateTime(2026, 3, 2, 9, 0), Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } });
        var lunch = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1)));
        var dentist = await link.User.CreateAsync("Dentist", new LocalDateTime(2026, 3, 5, 9, 0), Duration.FromHours(1));
        await link.SettleAsync();
        await link.Diary.EditAsync(new AppointmentTarget(team, new LocalDateTime(2026, 3, 9, 9, 0)), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 10, 15, 0) }, SeriesScope.ThisOne);
        await link.User.MoveAsync((await link.User.FindAsync("Lunch")).Path, new LocalDateTime(2026, 3, 4, 13, 0), Duration.FromHours(1));
        await link.User.DeleteAsync(dentist);
        await link.SettleAsync();
        Assert.Equal(7, (await link.HereAsync()).Count);
        Assert.Equal(13, (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Start.Hour);
        await link.Diary.CancelAsync(new AppointmentTarget(lunch), CancelChoice.Delete);
        await link.SettleAsync();
        Assert.Equal(6, (await link.ThereAsync()).Count);
    }
}
