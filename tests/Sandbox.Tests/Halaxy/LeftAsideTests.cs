using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;

namespace Sandbox.Tests.Halaxy;

/// <summary>What happens on either side while a practitioner is matched with nobody in Halaxy, once they are matched again.</summary>
public sealed class LeftAsideTests : OddAnswerTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_changed_here_while_a_practitioner_is_not_matched_is_told_afterwards_or_said_to_be_overruled(bool changesThere)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.ConnectAsync();
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(3) });
        if (changesThere) await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T15:00" });
        await scene.PassAsync();
        Assert.Equal(12, (await scene.HereAsync()).Single().Start.Hour);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(changesThere ? 15 : 12, (await scene.HereAsync()).Single().Start.Hour);
        Assert.StartsWith(changesThere ? "2026-01-12T15:00" : "2026-01-12T12:00", (string?)(await scene.ThereAsync(id))["start"], StringComparison.Ordinal);
        Assert.Equal(changesThere ? [MirroredFields.Times] : [], (await scene.OverruledAsync()).Select(one => one.Fields));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_deleted_in_Halaxy_while_a_practitioner_is_not_matched_stays_with_them_until_they_are(bool passesBefore)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.ConnectAsync();
        if (passesBefore) await scene.PassAsync();
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        await scene.PassAsync();
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal((false, null), Assert.Single(await scene.HereAsync()) is var here ? (here.TakesPlace, here.HalaxyId) : default);
        Assert.Equal(0, (await scene.ConnectionAsync())!.Count);
    }

    [Fact]
    public async Task What_is_changed_here_meanwhile_is_said_to_be_overruled_when_it_is_somebody_elses_by_then()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.ConnectAsync((ben, there));
        await scene.PassAsync();
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), new AppointmentEdit { Start = Nine.PlusHours(3) });
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.PassAsync();
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        await scene.PassAsync();
        Assert.DoesNotContain(await scene.HereAsync(), one => one.TakesPlace);
        Assert.Equal((scene.Maya, MirroredFields.Times), Assert.Single(await scene.OverruledAsync()) is var lost ? (lost.PractitionerId, lost.Fields) : default);
    }

    [Fact]
    public async Task What_was_deleted_there_and_put_back_here_stays_whoever_is_matched_later()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        var id = await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = $"{scene.Halaxy.Role} {role}", ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-12T09:00", ["minutes"] = "50" });
        await scene.PassAsync();
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        await scene.Diary.RestoreAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id));
        await scene.ConnectAsync((ben, there));
        await scene.PassAsync();
        Assert.DoesNotContain(await scene.HereAsync(scene.DiaryOf(ben)), one => one.TakesPlace);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        await scene.PassAsync();
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
    }
}
