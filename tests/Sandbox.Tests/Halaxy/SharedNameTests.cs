using System.Text.Json.Nodes;
using Calendaring.Store;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>Of an appointment that several practitioners have in Halaxy, only those have the patients' names in their diaries whose own devices, links or feeds show names.</summary>
public sealed class SharedNameTests
{
    [Fact]
    public async Task Who_shows_no_names_has_none_beside_a_colleague_who_does()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, role) = await scene.AddBenAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.AddDeviceAsync(PrivacyLevel.Busy, ben);
        var id = await BookAsync(scene, role);
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: false);
        // nor once something else is changed, or all is compared
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T15:00" });
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: false);
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: false);
        // and nothing is written anew for it
        var before = (await HistoryAsync(scene, scene.Maya), await HistoryAsync(scene, ben));
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        await scene.PassAsync();
        Assert.Equal(before, (await HistoryAsync(scene, scene.Maya), await HistoryAsync(scene, ben)));
    }

    [Fact]
    public async Task Names_come_and_go_for_each_as_their_own_need_does()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, role) = await scene.AddBenAsync();
        await BookAsync(scene, role);
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: false, isBens: false);
        var mayas = await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: false);
        var bens = await scene.AddDeviceAsync(PrivacyLevel.Initials, ben);
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: true);
        await RemoveAsync(scene, bens);
        await HaveAsync(scene, ben, isMayas: true, isBens: false);
        await RemoveAsync(scene, mayas);
        await HaveAsync(scene, ben, isMayas: false, isBens: false);
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
    }

    [Fact]
    public async Task A_name_that_was_written_for_a_colleague_before_goes_with_the_next_comparison_and_nobody_is_said_to_have_edited_anything()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, role) = await scene.AddBenAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await BookAsync(scene, role);
        await scene.PassAsync();
        var uid = Assert.Single(await scene.HereAsync(scene.DiaryOf(ben))).Id;
        using (var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var named = await Mirroring.RenameAsync(snapshot, scene.Now, new AppointmentKey(ben, uid), [new Patient(scene.Halaxy.Patient, "Zora", "Newman")]);
            Assert.True((await scene.Store.ApplyAsync(new StoreBatch([.. named]), TestContext.Current.CancellationToken)).Succeeded);
        }

        await HaveAsync(scene, ben, isMayas: true, isBens: true);
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: false);
        Assert.Equal(AuditAction.ShownAnew, (await scene.DiaryOf(ben).HistoryAsync(uid))[^1].Action);
    }

    [Fact]
    public async Task Who_is_not_matched_any_more_keeps_their_diary_as_it_is()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        var mayas = await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.AddDeviceAsync(PrivacyLevel.FullName, ben);
        await BookAsync(scene, role);
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: true);
        Assert.NotNull(await scene.Connections.MatchAsync(scene.Group, [new HalaxyMatch(scene.Maya, scene.Halaxy.Practitioner)], new AuditActor("Ruth", ActorVia.Web, "ruth", "session")));
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: true, isBens: true);
        await RemoveAsync(scene, mayas);
        await HaveAsync(scene, ben, isMayas: false, isBens: true);
        // matched again, it is as their own need has it
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        await scene.PassAsync();
        await HaveAsync(scene, ben, isMayas: false, isBens: true);
    }

    private static Task<string> BookAsync(MirrorScene scene, string role) => scene.Halaxy.IdAsync("book", new JsonObject
    {
        ["roles"] = $"{scene.Halaxy.Role} {role}",
        ["patients"] = scene.Halaxy.Patient,
        ["service"] = scene.Halaxy.Service,
        ["start"] = "2026-01-12T09:00",
        ["minutes"] = "50",
    });

    private static async Task RemoveAsync(MirrorScene scene, DeleteCredential device)
    {
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(device), TestContext.Current.CancellationToken)).Succeeded);
        await scene.PassAsync();
    }

    /// <summary>Who of the two has the patient by name, and who by number.</summary>
    private static async Task HaveAsync(MirrorScene scene, string ben, bool isMayas, bool isBens)
    {
        string Shown(bool isNamed) => isNamed ? "Zora Newman" : $"Client {scene.Halaxy.Patient}";
        var (mayas, bens) = (Assert.Single(await scene.HereAsync()), Assert.Single(await scene.HereAsync(scene.DiaryOf(ben))));
        Assert.Equal((Shown(isMayas), Shown(isBens)), (Assert.Single(mayas.Patients).FullName, Assert.Single(bens.Patients).FullName));
    }

    private static async Task<int> HistoryAsync(MirrorScene scene, string practitioner) =>
        (await scene.DiaryOf(practitioner).HistoryAsync(Assert.Single(await scene.HereAsync(scene.DiaryOf(practitioner))).Id)).Count;
}
