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
    private static readonly LocalDateTime Noon = new(2026, 3, 4, 12, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_comes_back_does_not_share_an_event_with_what_was_made_of_it_meanwhile(bool isGoogle)
    {
        await using var link = isGoogle ? await GoogleLink.StartAsync(PrivacyLevel.FullName) : await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        var uid = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(30)));
        await link.Scene.FaultAsync(link.Operation("insert"), "reset-after");
        await link.PassAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 12:00"), ["changes"] = link.Saying(title: "Lunch with Sam") });
        await link.Diary.CancelAsync(new AppointmentTarget(uid), CancelChoice.Delete);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(["2026-03-04 12:00 to 2026-03-04 12:30 Lunch with Sam"], await link.HereAsync());

        await link.DevicePutsAsync(uid, "DTSTART;TZID=Australia/Melbourne:20260304T130000", "DURATION:PT30M", "SUMMARY:Lunch");
        await link.SettleAsync();
        Assert.Equal(["2026-03-04 12:00 to 2026-03-04 12:30 Lunch with Sam", "2026-03-04 13:00 to 2026-03-04 13:30 Lunch"], await link.ThereAsync());
        // each is moved by itself
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-04 13:00"), ["start"] = "2026-03-05T13:00", ["end"] = "2026-03-05T13:30" });
        await link.SettleAsync();
        Assert.Equal(["2026-03-04 12:00 to 2026-03-04 12:30 Lunch with Sam", "2026-03-05 13:00 to 2026-03-05 13:30 Lunch"], await link.HereAsync());
    }
}
