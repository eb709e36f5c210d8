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
