using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>A clinic in another time zone than the practice's: what happens at nine there is in the diary when it is nine there, and what is moved here is moved to that moment.</summary>
public sealed class ClinicZoneTests
{
    [Theory]
    [InlineData("2026-01-12T09:00", 12)]
    [InlineData("2026-04-13T09:00", 11)]
    public async Task An_appointment_at_a_clinic_in_Perth_is_in_Sydneys_diary_at_its_moment(string there, int hourHere)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await BookInPerthAsync(scene, await PerthAsync(scene), there);
        await scene.PassAsync();
        var here = await HereAsync(scene);
        Assert.Equal(("Australia/Sydney", hourHere), (here.Start.Zone.Id, here.Start.Hour));
        Assert.Equal("Perth", here.Location);
        await scene.Diary.EditAsync(new AppointmentTarget(here.Id), new AppointmentEdit { Start = here.Start.LocalDateTime.PlusHours(2) });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(there.Replace("T09:00", "T11:00:00+08:00", StringComparison.Ordinal), (string?)(await scene.ThereAsync(id))["start"]);
        await scene.PassAsync();
        Assert.Equal(hourHere + 2, (await HereAsync(scene)).Start.Hour);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_is_moved_in_Perth_moves_by_as_much_in_Sydney()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await BookInPerthAsync(scene, await PerthAsync(scene), "2026-01-12T09:00");
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-13T22:30" });
        await scene.PassAsync();
        Assert.Equal(new LocalDateTime(2026, 1, 14, 1, 30), (await scene.HereAsync()).Single().Start.LocalDateTime);
    }

    [Fact]
    public async Task What_is_booked_from_here_at_that_clinic_is_at_its_moment_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        var role = await PerthAsync(scene);
        await scene.PassAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Zora rang", new LocalDateTime(2026, 1, 12, 14, 0), Duration.FromMinutes(50)));
        var id = (await scene.BookAsync(uid, new HalaxyWish(scene.Halaxy.Patient, scene.Halaxy.Service, role)))!;
        Assert.Equal("2026-01-12T11:00:00+08:00", (string?)(await scene.ThereAsync(id))["start"]);
        await scene.PassAsync();
        Assert.Equal((14, id), Assert.Single(await scene.HereAsync()) is var here ? (here.Start.Hour, here.HalaxyId) : default);
    }

    private static async Task<Appointment> HereAsync(MirrorScene scene) => Assert.Single(await scene.Diary.ListAsync(scene.Now, scene.Now + Duration.FromDays(200)));

    private static async Task<string> PerthAsync(MirrorScene scene)
    {
        var clinic = await scene.Halaxy.IdAsync("clinic", new JsonObject { ["name"] = "Perth", ["timeZone"] = "Australia/Perth" });
        return await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = scene.Halaxy.Practitioner, ["clinic"] = clinic });
    }

    private static Task<string> BookInPerthAsync(MirrorScene scene, string role, string start) =>
        scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = role, ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service, ["start"] = start, ["minutes"] = 50.ToString(CultureInfo.InvariantCulture) });
}
