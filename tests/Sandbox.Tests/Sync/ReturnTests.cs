using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>A person takes out of the bin outside what was deleted: it is the appointment that it was, and never another one that carries a patient's data.</summary>
public abstract class What_returns_from_the_bin
{
    private protected abstract Task<OutsideLink> StartAsync();

    private static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);

    private protected static Booking Visit(OutsideLink link) => new([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45));

    [Fact]
    public async Task Is_the_patients_appointment_that_its_deletion_had_cancelled()
    {
        await using var link = await StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        for (var n = 0; n < 2; n++)
        {
            var seen = await link.IdAtAsync("2026-03-03 10:00");
            await link.PersonAsync("delete", new JsonObject { ["event"] = seen });
            await link.SettleAsync();
            Assert.Equal(AppointmentStatus.Cancelled, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Status);
            await link.PersonAsync("restore", new JsonObject { ["event"] = seen });
            await link.SettleAsync();
            await AssertOnlyAsync(link, visit, AppointmentStatus.Booked);
            Assert.Single(await link.ThereAsync());
            Assert.Empty(await link.ConflictsAsync());
        }
    }

    [Fact]
    public async Task Is_the_whole_series_with_what_its_occurrences_had_by_themselves()
    {
        await using var link = await StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link) with { Repeat = new Calendaring.Recurrence.RecurrenceRule(Calendaring.Recurrence.Frequency.Weekly) { Count = 4 } });
        await link.Diary.CancelAsync(new AppointmentTarget(visit, Tuesday.PlusDays(7)), CancelChoice.Cancel, SeriesScope.ThisOne);
        await link.SettleAsync();
        var (series, before) = (await link.SeriesAtAsync("2026-03-03 10:00"), await link.HereAsync());
        await link.PersonAsync("delete", new JsonObject { ["event"] = series });
        await link.SettleAsync();
        Assert.Empty(await link.HereAsync());
        await link.PersonAsync("restore", new JsonObject { ["event"] = series });
        await link.SettleAsync();
        Assert.Equal(before, await link.HereAsync());
        Assert.Equal([visit], (await link.ShownAsync()).Keys);
        await AssertPatientsOnlyAsync(link);
    }

    /// <summary>What a link shows of a private appointment says nothing but when: neither its words nor that it is private may be lost by that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_private_appointment_that_the_link_shows_no_more_is_removed_again(bool wasPrivate)
    {
        await using var link = await StartAsync();
        await DeviceHasAsync(link, "Doctor", wasPrivate);
        await link.SettleAsync();
        var seen = await link.IdAtAsync("2026-03-03 10:00");
        if (!wasPrivate) await DeviceHasAsync(link, "Doctor", isPrivate: true);
        await link.PutAsync((await link.LinkAsync()).ShowingPrivate(PrivateAs.Nothing, link.Now)!);
        await link.PassAsync();
        await link.PassAsync();
        Assert.Empty(await link.ThereAsync());
        await link.PersonAsync("restore", new JsonObject { ["event"] = seen });
        for (var n = 0; n < 3; n++) await link.PassAsync();
        Assert.Empty(await link.ThereAsync());
        Assert.Equal("Doctor", Assert.Single(await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0))).Title);
    }

    [Fact]
    public async Task Of_a_private_appointment_that_was_shown_as_busy_is_removed_again_and_its_words_can_be_put_back()
    {
        await using var link = await StartAsync();
        await DeviceHasAsync(link, "Doctor", isPrivate: true);
        await link.SettleAsync();
        var seen = await link.IdAtAsync("2026-03-03 10:00");
        await link.PersonAsync("delete", new JsonObject { ["event"] = seen });
        await link.SettleAsync();
        await link.PersonAsync("restore", new JsonObject { ["event"] = seen });
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
        Assert.Empty(await link.HereAsync());
        var (changes, _) = await link.Diary.ListOutsideAsync(0, long.MaxValue, 20, TestContext.Current.CancellationToken);
        await link.Diary.TurnBackAsync(changes[0].Number);
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 Busy"], await link.ThereAsync());
        Assert.Equal("Doctor", Assert.Single(await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0))).Title);
    }

    [Fact]
    public async Task A_private_appointment_that_is_deleted_here_stays_deleted_though_its_busy_copy_was_moved()
    {
        await using var link = await StartAsync();
        await DeviceHasAsync(link, "Doctor", isPrivate: true);
        await link.SettleAsync();
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 10:00"), ["start"] = "2026-03-04T10:00", ["end"] = "2026-03-04T10:45" });
        await link.Diary.CancelAsync(new AppointmentTarget("private-1"), CancelChoice.Delete);
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
        Assert.Empty(await link.HereAsync());
    }

    private static Task DeviceHasAsync(OutsideLink link, string title, bool isPrivate) =>
        link.DevicePutsAsync("private-1", ["DTSTART;TZID=Australia/Melbourne:20260303T100000", "DTEND;TZID=Australia/Melbourne:20260303T104500", $"SUMMARY:{title}", .. (string[])(isPrivate ? ["CLASS:PRIVATE"] : [])]);

    [Theory]
    [InlineData(CancelChoice.Cancel)]
    [InlineData(CancelChoice.Delete)]
    public async Task Is_removed_again_where_the_practice_has_taken_it_out_and_the_practitioner_is_asked(CancelChoice choice)
    {
        await using var link = await StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        var seen = await link.IdAtAsync("2026-03-03 10:00");
        await link.Diary.CancelAsync(new AppointmentTarget(visit), choice);
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
        await link.PersonAsync("restore", new JsonObject { ["event"] = seen });
        await link.SettleAsync();
        Assert.Empty(await link.HereAsync());
        Assert.Empty(await link.ThereAsync());
        Assert.Equal(visit, Assert.Single(await link.Diary.ListRejectedAsync()).AppointmentId);
    }

    [Fact]
    public async Task Is_what_it_was_when_both_happen_before_the_link_looks()
    {
        await using var link = await StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        var seen = await link.IdAtAsync("2026-03-03 10:00");
        await link.PersonAsync("delete", new JsonObject { ["event"] = seen });
        await link.PersonAsync("restore", new JsonObject { ["event"] = seen });
        await link.SettleAsync();
        await AssertOnlyAsync(link, visit, AppointmentStatus.Booked);
        Assert.Single(await link.ThereAsync());
    }

    [Fact]
    public async Task Is_the_personal_appointment_that_it_was_whoever_made_it()
    {
        await using var link = await StartAsync();
        var lunch = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1)));
        await link.PersonAsync("create", new JsonObject { ["title"] = "Dentist", ["start"] = "2026-03-05T09:00", ["end"] = "2026-03-05T09:30" });
        await link.SettleAsync();
        string[] seen = [await link.IdAtAsync("2026-03-04 12:00"), await link.IdAtAsync("2026-03-05 09:00")];
        foreach (var one in seen) await link.PersonAsync("delete", new JsonObject { ["event"] = one });
        await link.SettleAsync();
        Assert.Empty(await link.HereAsync());
        foreach (var one in seen) await link.PersonAsync("restore", new JsonObject { ["event"] = one });
        await link.SettleAsync();
        Assert.Contains(lunch, (await link.ShownAsync()).Keys);
        Assert.Equal(["2026-03-04 12:00 to 2026-03-04 13:00 Lunch", "2026-03-05 09:00 to 2026-03-05 09:30 Dentist"], await link.HereAsync());
    }

    private protected static async Task AssertOnlyAsync(OutsideLink link, string visit, AppointmentStatus status)
    {
        Assert.Equal(status, (await link.Diary.GetAsync(new AppointmentTarget(visit))).Status);
        await AssertPatientsOnlyAsync(link);
    }

    private static async Task AssertPatientsOnlyAsync(OutsideLink link) =>
        Assert.All(await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0)), one => Assert.Equal(AppointmentKind.Patient, one.Kind));
}

public sealed class What_returns_from_the_bin_at_Google : What_returns_from_the_bin
{
    private protected override Task<OutsideLink> StartAsync() => GoogleLink.StartAsync();

    // with another id, as at Microsoft, it is a copy, as far as anybody can tell
    [Fact]
    public async Task Is_not_there_twice_when_the_practice_has_put_it_back_before()
    {
        await using var link = await StartAsync();
        var visit = await link.Diary.BookAsync(Visit(link));
        await link.SettleAsync();
        var seen = await link.IdAtAsync("2026-03-03 10:00");
        await link.PersonAsync("delete", new JsonObject { ["event"] = seen });
        await link.SettleAsync();
        await link.Diary.RestoreAsync(new AppointmentTarget(visit));
        await link.SettleAsync();
        await link.PersonAsync("restore", new JsonObject { ["event"] = seen });
        await link.SettleAsync();
        await AssertOnlyAsync(link, visit, AppointmentStatus.Booked);
        Assert.Single(await link.ThereAsync());
    }
}

public sealed class What_returns_from_the_bin_at_Microsoft : What_returns_from_the_bin
{
    private protected override Task<OutsideLink> StartAsync() => MicrosoftLink.StartAsync();
}
