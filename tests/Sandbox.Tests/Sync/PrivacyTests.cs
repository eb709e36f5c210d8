using System.Text.Json.Nodes;
using Calendaring.Recurrence;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>What a link's privacy level hides is in no request that a service receives: not when something is made, changed, made again, refused, decided between two versions, or compared.</summary>
public abstract class What_a_level_hides
{
    private protected abstract Task<OutsideLink> StartAsync(PrivacyLevel level);

    private protected abstract string Refusal { get; }

    private static readonly Patient Patient = new("PT-7", "Xanthippe", "Quarrington", null);
    private static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);

    [Theory]
    [InlineData(PrivacyLevel.Busy, "Xanthippe", "Quarrington", "PT-7", "zebracomment", "Wombatology")]
    [InlineData(PrivacyLevel.Type, "Xanthippe", "Quarrington", "PT-7", "zebracomment")]
    [InlineData(PrivacyLevel.Initials, "Xanthippe", "Quarrington", "PT-7", "zebracomment")]
    [InlineData(PrivacyLevel.FirstName, "Quarrington", "PT-7", "zebracomment")]
    [InlineData(PrivacyLevel.FullName, "PT-7")]
    public async Task Is_in_no_request(PrivacyLevel level, params string[] hidden)
    {
        await using var link = await StartAsync(level);
        var single = await link.Diary.BookAsync(new Booking([Patient], "Wombatology", Tuesday, Duration.FromMinutes(45)) { Comments = "zebracomment", Location = "Room 7" });
        var series = await link.Diary.BookAsync(new Booking([Patient], "Wombatology", Tuesday.PlusDays(1), Duration.FromMinutes(45)) { Comments = "zebracomment", Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 5 } });
        await link.SettleAsync();
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Comments = "zebracomment again", Start = Tuesday.PlusHours(1) });
        await link.Diary.EditAsync(new AppointmentTarget(series, Tuesday.PlusDays(8)), new AppointmentEdit { Start = Tuesday.PlusDays(9) }, SeriesScope.ThisOne);
        await link.PassAsync();
        // two versions: both are kept, and one is written
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 11:00"), ["start"] = "2026-03-03T15:00", ["end"] = "2026-03-03T15:45" });
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Start = Tuesday.PlusHours(2) });
        await link.PassAsync();
        Assert.NotEmpty(await link.ConflictsAsync());
        // a refusal, a lost answer, a whole listing, an event that is gone
        await link.Scene.FaultAsync(link.Operation("update"), "status", new JsonObject { ["status"] = 400, ["reason"] = Refusal });
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Comments = "zebracomment third", Start = Tuesday.PlusHours(3) });
        await link.PassAsync();
        await link.Scene.FaultAsync(link.Operation("update"), "reset-after");
        await link.PassAsync();
        await link.PersonAsync("expire-tokens");
        await link.PersonAsync("delete", new JsonObject { ["event"] = (string)(await link.SeenAsync()).First(one => (bool)one["live"]! && one["series"] is null)["id"]! });
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Start = Tuesday.PlusHours(4) });
        await link.PassAsync();
        await link.SettleAsync();
        var all = link.Wire.Ever;
        Assert.True(all.Count(one => one.IsWrite) >= 7, $"{all.Count(one => one.IsWrite)} writes");
        var everything = string.Join('\n', all.Select(one => $"{one.Method} {Uri.UnescapeDataString(one.Path)}\n{one.Headers}\n{one.Body}"));
        Assert.All(hidden, word => Assert.DoesNotContain(word, everything, StringComparison.OrdinalIgnoreCase));
        if (level == PrivacyLevel.FullName) Assert.Contains("zebracomment", everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PrivacyLevel.Busy)]
    [InlineData(PrivacyLevel.Initials)]
    public async Task An_edited_title_is_put_back_and_the_time_is_taken(PrivacyLevel level)
    {
        await using var link = await StartAsync(level);
        var visit = await link.Diary.BookAsync(new Booking([Patient], "Wombatology", Tuesday, Duration.FromMinutes(45)));
        await link.SettleAsync();
        var title = (await link.ThereAsync()).Single();
        var changes = link.Saying("Something else", start: "2026-03-03T12:00:00", end: "2026-03-03T12:45:00");
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 10:00"), ["changes"] = changes });
        await link.SettleAsync();
        Assert.Equal(title.Replace("10:", "12:", StringComparison.Ordinal).Replace("10:45", "12:45", StringComparison.Ordinal)[^10..], (await link.ThereAsync()).Single()[^10..]);
        var after = await link.Diary.GetAsync(new AppointmentTarget(visit));
        Assert.Equal(Tuesday.PlusHours(2), after.Start.LocalDateTime);
        Assert.DoesNotContain("Something else", string.Join('\n', await link.HereAsync()), StringComparison.Ordinal);
    }

    /// <summary>Private is what a device marks so; it is busy outside at every level.</summary>
    [Fact]
    public async Task Of_a_private_appointment_the_time_is_there_and_its_time_alone_is_taken()
    {
        await using var link = await StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync("secret", "DTSTART;TZID=Australia/Melbourne:20260303T100000", "DURATION:PT45M", "SUMMARY:zebratitle", "DESCRIPTION:zebranotes", "LOCATION:zebraplace", "CLASS:PRIVATE");
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 Busy"], await link.ThereAsync());
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 10:00"), ["changes"] = link.Saying("Something else", "theirs", "there", "2026-03-03T12:00:00", "2026-03-03T12:45:00") });
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 12:00 to 2026-03-03 12:45 Busy"], await link.ThereAsync());
        var here = await link.Diary.GetAsync(new AppointmentTarget("secret"));
        Assert.Equal((Tuesday.PlusHours(2), "zebratitle", "zebranotes", "zebraplace", true), (here.Start.LocalDateTime, here.Title, here.Comments, here.Location, here.Private));
        await link.PutAsync((await link.LinkAsync()).ShowingPrivate(PrivateAs.Nothing, link.Now)!);
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
        Assert.Equal("zebratitle", (await link.Diary.GetAsync(new AppointmentTarget("secret"))).Title);
        Assert.DoesNotContain("zebra", string.Join('\n', link.Wire.Ever.Select(one => $"{one.Path}\n{one.Headers}\n{one.Body}")), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(PrivateAs.Busy)]
    [InlineData(PrivateAs.Nothing)]
    public async Task What_its_person_makes_private_stays_as_it_is_there(PrivateAs shown)
    {
        await using var link = await StartAsync(PrivacyLevel.Initials);
        await link.PutAsync(await link.LinkAsync() with { PrivateAs = shown });
        await link.PersonAsync("create", new JsonObject { ["title"] = "Doctor", ["start"] = "2026-03-03T10:00", ["end"] = "2026-03-03T10:45" });
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 10:00"), ["changes"] = link.MarkedPrivate });
        await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Tuesday.PlusHours(2), Duration.FromMinutes(45)));
        await link.SettleAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 12:00"), ["changes"] = link.MarkedPrivate });
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 Doctor", "2026-03-03 12:00 to 2026-03-03 12:45 Lunch"], await link.ThereAsync());
        Assert.All(await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0)), one => Assert.True(one.Private));
    }
}

public sealed class What_a_level_hides_from_Google : What_a_level_hides
{
    private protected override string Refusal => "invalid";

    private protected override Task<OutsideLink> StartAsync(PrivacyLevel level) => GoogleLink.StartAsync(level);
}

public sealed class What_a_level_hides_from_Microsoft : What_a_level_hides
{
    private protected override string Refusal => "ErrorInvalidRequest";

    private protected override Task<OutsideLink> StartAsync(PrivacyLevel level) => MicrosoftLink.StartAsync(level);
}
