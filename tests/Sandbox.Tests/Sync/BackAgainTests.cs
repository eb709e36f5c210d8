using System.Text.Json.Nodes;
using NodaTime;
using Practice;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>
/// An appointment of which the outside calendar got an event, and nobody was told; its person changed that event, while the appointment was deleted here: so it is an appointment of its own. When the first one comes back it gets an
/// event of its own too.
/// </summary>
public sealed class BackAgainTests
{
    private const string WithSam = "2026-03-04 12:00 to 2026-03-04 12:30 Lunch with Sam";
    private static readonly string[] AtOne = ["DTSTART;TZID=Australia/Melbourne:20260304T130000", "DURATION:PT30M"];
    private static readonly LocalDateTime Noon = new(2026, 3, 4, 12, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_comes_back_does_not_share_an_event_with_what_was_made_of_it_meanwhile(bool isGoogle)
    {
        await using var link = await StartAsync(isGoogle);
        var uid = await IsBackAsync(link, "SUMMARY:Lunch");
        Assert.Equal([WithSam, "2026-03-04 13:00 to 2026-03-04 13:30 Lunch"], await link.ThereAsync());
        Assert.Contains(uid, (await link.ShownAsync()).Keys);
        // each is moved by itself
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 13:00"), ["start"] = "2026-03-05T13:00", ["end"] = "2026-03-05T13:30" });
        await link.SettleAsync();
        Assert.Equal([WithSam, "2026-03-05 13:00 to 2026-03-05 13:30 Lunch"], await link.HereAsync());
    }

    /// <summary>Google refuses an occurrence each time: another series takes the place of the whole.</summary>
    [Fact]
    public async Task What_takes_the_place_of_a_series_at_Google_does_not_share_it_either()
    {
        await using var link = await StartAsync(isGoogle: true);
        string[] weekly = ["RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Lunch"];
        var uid = await IsBackAsync(link, weekly);
        await link.Scene.FaultAsync(link.Operation("update"), "status", new JsonObject { ["status"] = 412, ["reason"] = "conditionNotMet", ["times"] = 3 });
        await link.DevicePutsAsync(uid, [.. AtOne, .. weekly, "", "RECURRENCE-ID;TZID=Australia/Melbourne:20260311T130000", "DTSTART;TZID=Australia/Melbourne:20260311T140000", "DURATION:PT30M", "SUMMARY:Lunch"]);
        var before = await link.SeriesAtAsync("2026-03-04 13:00");
        await link.SettleAsync();
        Assert.NotEqual(before, await link.SeriesAtAsync("2026-03-04 13:00"));
        Assert.Equal([WithSam, "2026-03-04 13:00 to 2026-03-04 13:30 Lunch", "2026-03-11 14:00 to 2026-03-11 14:30 Lunch", "2026-03-18 13:00 to 2026-03-18 13:30 Lunch"], await link.ThereAsync());
    }

    /// <summary>At Microsoft a series cannot become a single event: another takes its place.</summary>
    [Fact]
    public async Task What_takes_the_place_of_a_series_at_Microsoft_does_not_share_it_either()
    {
        await using var link = await StartAsync(isGoogle: false);
        var uid = await IsBackAsync(link, "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Lunch");
        await link.DevicePutsAsync(uid, [.. AtOne, "SUMMARY:Lunch"]);
        await link.SettleAsync();
        Assert.Equal([WithSam, "2026-03-04 13:00 to 2026-03-04 13:30 Lunch"], await link.ThereAsync());
    }

    /// <summary>One date of a series that is at Microsoft in parts, and of which no date was left here for a while.</summary>
    [Fact]
    public async Task A_series_in_parts_does_not_share_a_date_with_what_was_made_of_it_meanwhile()
    {
        await using var link = await StartAsync(isGoogle: false);
        string[] parts = [.. AtOne, "RRULE:FREQ=MONTHLY;BYMONTHDAY=4,18;COUNT=4", "SUMMARY:Lunch"];
        string[] all = ["2026-03-04 13:00 to 2026-03-04 13:30 Lunch", "2026-03-18 13:00 to 2026-03-18 13:30 Lunch", "2026-04-04 13:00 to 2026-04-04 13:30 Lunch", "2026-04-18 13:00 to 2026-04-18 13:30 Lunch"];
        await link.DevicePutsAsync("in-parts", parts);
        await link.Scene.FaultAsync(link.Operation("insert"), "reset-after");
        await link.PassAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 13:00"), ["changes"] = link.Saying(title: "Lunch with Sam") });
        await link.DevicePutsAsync("in-parts", [.. parts, "EXDATE;TZID=Australia/Melbourne:20260304T130000,20260318T130000,20260404T130000,20260418T130000"]);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        const string Own = "2026-03-04 13:00 to 2026-03-04 13:30 Lunch with Sam";
        Assert.Equal([Own], await link.HereAsync());

        await link.DevicePutsAsync("in-parts", parts);
        await link.SettleAsync();
        Assert.Equal([all[0], Own, .. all[1..]], await link.ThereAsync());
    }

    private static async Task<OutsideLink> StartAsync(bool isGoogle) => isGoogle ? await GoogleLink.StartAsync(PrivacyLevel.FullName) : await MicrosoftLink.StartAsync(PrivacyLevel.FullName);

    /// <summary>What was deleted here, and became an appointment of its own there, is back at one o'clock.</summary>
    private static async Task<string> IsBackAsync(OutsideLink link, params string[] lines)
    {
        var uid = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(30)));
        await link.Scene.FaultAsync(link.Operation("insert"), "reset-after");
        await link.PassAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 12:00"), ["changes"] = link.Saying(title: "Lunch with Sam") });
        await link.Diary.CancelAsync(new AppointmentTarget(uid), CancelChoice.Delete);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal([WithSam], await link.HereAsync());
        await link.DevicePutsAsync(uid, [.. AtOne, .. lines]);
        await link.SettleAsync();
        return uid;
    }
}
