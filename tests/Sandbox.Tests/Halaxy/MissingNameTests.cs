using System.Text.Json.Nodes;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>A patient whose name Halaxy never gives costs next to nothing, and nobody else their name.</summary>
public sealed class MissingNameTests : OddAnswerTest
{
    [Fact]
    public async Task A_patient_whom_Halaxy_never_gives_makes_no_pass_walk_the_calendar_and_has_a_name_once_it_does()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var bad = await scene.Halaxy.BookAsync("2026-01-12T08:00");
        List<string> good = [];
        for (var n = 0; n < 5; n++) good.Add(await BookAsync(scene, n));
        scene.Asked.Instead = r => Asks(r, "GET", $"/Patient/{scene.Halaxy.Patient}") ? Reply(500, "") : null;
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        // nobody else is without a name for that
        Assert.All((await scene.HereAsync()).Where(one => good.Contains(one.HalaxyId!)), one => Assert.StartsWith("P Number", one.Patients[0].FullName, StringComparison.Ordinal));
        Assert.Equal(scene.Halaxy.Patient, Assert.Single((await scene.ConnectionAsync())!.MissingNames).PatientId);

        // what was booked last is listed each time
        await scene.AdvanceAsync(Duration.FromMinutes(10));
        await BookAsync(scene, 9);
        await scene.PassAsync();
        var store = new CountingStore(scene.Store);
        var asked = scene.Asked.Paths.Count(path => path.Contains("/Patient", StringComparison.Ordinal));
        for (var n = 0; n < 60; n++) await scene.PassAsync(store);
        Assert.Equal(0, store.CountOf("ListRecords halaxy-item"));
        // less often the longer it lasts, each time with three tries
        Assert.InRange(scene.Asked.Paths.Count(path => path.Contains("/Patient", StringComparison.Ordinal)) - asked, 1, 8 * 3);
        Assert.True((await scene.ConnectionAsync())!.LacksNames);

        scene.Asked.Instead = null;
        await scene.AdvanceAsync(Duration.FromHours(1));
        store.Clear();
        await scene.PassAsync(store);
        Assert.Equal("Zora Newman", (await scene.HereAsync()).Single(one => one.HalaxyId == bad).Patients[0].FullName);
        Assert.False((await scene.ConnectionAsync())!.LacksNames);
        // only what is theirs is looked at, and what was booked last
        Assert.Equal(2, store.Parsed.Count);
    }

    [Fact]
    public async Task Somebody_who_has_a_name_keeps_it_though_Halaxy_fails_at_it_later_and_one_who_comes_to_no_appointment_any_more_is_forgotten()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        scene.Asked.Instead = r => Asks(r, "GET", $"/Patient/{scene.Halaxy.Patient}") ? Reply(500, "") : null;
        // what is kept of it is too old
        await scene.AdvanceAsync(Duration.FromDays(31));
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-03-02T10:00" });
        await scene.PassAsync();
        Assert.Equal("Zora Newman", Assert.Single(await scene.HereAsync()).Patients[0].FullName);
        Assert.True((await scene.ConnectionAsync())!.LacksNames);
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        await scene.ChangeAsync(connection => connection with { LastCompare = null, MissingNames = [.. connection.MissingNames, new HalaxyMissingName("nobody", scene.Now, scene.Now - Duration.FromMinutes(1))] });
        await scene.PassAsync();
        Assert.DoesNotContain((await scene.ConnectionAsync())!.MissingNames, one => one.PatientId == "nobody");
    }

    [Fact]
    public async Task A_name_that_nobody_needs_any_more_goes_though_Halaxy_fails_at_it()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, role) = await scene.AddBenAsync();
        var device = await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.AddDeviceAsync(PrivacyLevel.FullName, ben);
        var id = await scene.Halaxy.BookAsync();
        var other = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Jane", ["family"] = "Doe" });
        await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = role, ["patients"] = other, ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-14T09:00", ["minutes"] = "50" });
        await scene.PassAsync();
        scene.Asked.Instead = r => Asks(r, "GET", $"/Patient/{scene.Halaxy.Patient}") ? Reply(500, "") : null;
        // what is kept of it is too old
        await scene.AdvanceAsync(Duration.FromDays(31));
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-03-02T10:00" });
        await scene.PassAsync();
        Assert.Equal(scene.Halaxy.Patient, Assert.Single((await scene.ConnectionAsync())!.MissingNames).PatientId);
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(device), TestContext.Current.CancellationToken)).Succeeded);
        await scene.PassAsync();
        Assert.Equal($"Client {scene.Halaxy.Patient}", Assert.Single(await scene.HereAsync()).Patients[0].FullName);
        Assert.Equal("Jane Doe", Assert.Single(await scene.HereAsync(scene.DiaryOf(ben))).Patients[0].FullName);
        Assert.Equal((false, 0), (await scene.ConnectionAsync())! is var after ? (after.LacksNames, after.MissingNames.Count) : default);
    }

    [Fact]
    public async Task Patients_at_whom_Halaxy_always_fails_keep_nobody_from_a_name()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        List<string> bad = [];
        for (var n = 0; n < 4; n++)
        {
            bad.Add(await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "P", ["family"] = $"Number{n}" }));
            await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = bad[^1], ["service"] = scene.Halaxy.Service, ["start"] = $"2026-01-{n + 6:00}T09:00", ["minutes"] = "50" });
        }

        var good = await scene.Halaxy.BookAsync();
        scene.Asked.Instead = r => Asks(r, "GET", "/Patient") ? Reply(500, "") : null;
        await scene.PassAsync();
        Assert.Equal(5, (await scene.ConnectionAsync())!.MissingNames.Count);
        scene.Asked.Instead = r => bad.Any(id => Asks(r, "GET", $"/Patient/{id}")) ? Reply(500, "") : null;
        for (var n = 0; n < 4; n++) await scene.PassAsync();
        Assert.Equal("Zora Newman", (await scene.HereAsync()).Single(one => one.HalaxyId == good).Patients[0].FullName);
        Assert.Equal(4, (await scene.ConnectionAsync())!.MissingNames.Count);
    }

    [Fact]
    public async Task Whose_names_are_missing_is_forgotten_with_the_connection()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.ChangeAsync(connection => connection with { LacksNames = true, MissingNames = [new HalaxyMissingName(scene.Halaxy.Patient, scene.Now, scene.Now)] });
        Assert.NotNull(await scene.Connections.DisconnectAsync(scene.Group, new AuditActor("Ruth", ActorVia.Web, "ruth", "session")));
        Assert.Equal((false, 0), (await scene.ConnectionAsync())! is var after ? (after.LacksNames, after.MissingNames.Count) : default);
    }

    private static async Task<string> BookAsync(MirrorScene scene, int n)
    {
        var patient = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "P", ["family"] = $"Number{n}" });
        return await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = patient, ["service"] = scene.Halaxy.Service, ["start"] = $"2026-01-{n + 12:00}T09:00", ["minutes"] = "50" });
    }
}
