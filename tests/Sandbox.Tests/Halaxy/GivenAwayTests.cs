using System.Text.Json.Nodes;
using Practice.Appointments;
using Practice.Diaries;

namespace Sandbox.Tests.Halaxy;

/// <summary>Halaxy gives an appointment to somebody else, and there is a note here, or an invoice of the practice's own: the record stays, and does not take place.</summary>
public sealed class GivenAwayTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task The_record_stays_and_does_not_take_place(bool hasNote, bool isStranger)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        var (id, uid) = await LinkedAsync(scene, hasNote);
        if (isStranger) role = await StrangerAsync(scene);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        await scene.PassAsync();
        Assert.Equal((uid, hasNote ? "note-1" : null, hasNote ? null : "INV-1", null, false), Assert.Single(await scene.HereAsync()) is var kept ? (kept.Id, kept.Note, kept.Invoice, kept.HalaxyId, kept.TakesPlace) : default);
        Assert.Equal(isStranger ? [] : [(id, true)], (await scene.HereAsync(scene.DiaryOf(ben))).Select(one => (one.HalaxyId!, one.TakesPlace)));
    }

    [Fact]
    public async Task With_its_note_it_comes_back_when_Halaxy_gives_it_back()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        var (id, uid) = await LinkedAsync(scene, hasNote: true);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        foreach (var next in new[] { role, scene.Halaxy.Role })
        {
            await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = next });
            await scene.PassAsync();
        }

        Assert.Equal((uid, id, "note-1", true), Assert.Single(await scene.HereAsync()) is var back ? (back.Id, back.HalaxyId, back.Note, back.TakesPlace) : default);
        Assert.Empty(await scene.HereAsync(scene.DiaryOf(ben)));
    }

    private static async Task<(string Id, string Uid)> LinkedAsync(MirrorScene scene, bool hasNote)
    {
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        var target = new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id);
        await (hasNote ? scene.Diary.LinkNoteAsync(target, "note-1") : scene.Diary.LinkInvoiceAsync(target, "INV-1"));
        return (id, target.Id);
    }

    private static async Task<string> StrangerAsync(MirrorScene scene)
    {
        var there = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Cleo", ["family"] = "Park" });
        return await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = there, ["clinic"] = scene.Halaxy.Clinic });
    }
}
