using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is Halaxy's alone to say of an appointment, and was changed here while its diary was not connected: it is as Halaxy has it afterwards, and somebody is told.</summary>
public sealed class HalaxysToSayTests
{
    [Theory]
    [InlineData(MirroredFields.Status, false)]
    [InlineData(MirroredFields.Status, true)]
    [InlineData(MirroredFields.Invoice, false)]
    [InlineData(MirroredFields.Invoice, true)]
    [InlineData(MirroredFields.Location, false)]
    [InlineData(MirroredFields.Location, true)]
    public async Task It_is_as_Halaxy_has_it_and_not_without_a_word(MirroredFields field, bool isOnlyUnmatched)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, before) = await LeaveAsync(scene, isOnlyUnmatched);
        await ChangeAsync(scene, before.Id, field);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(PartsOf(before), PartsOf(Assert.Single(await scene.HereAsync())));
        Assert.Equal((id, field), Assert.Single(await scene.OverruledAsync()) is var lost ? (lost.Id, lost.Fields) : default);
        await scene.PassAsync();
        Assert.DoesNotContain(scene.Asked.Paths, path => path.StartsWith("PATCH", StringComparison.Ordinal));
        // and nothing holds up a phone that Halaxy knows nothing of
        Assert.IsType<ExternalApplied>(await scene.PhoneRemovesAsync(before.Id));
        await scene.PassAsync();
        Assert.False((bool)(await scene.ThereAsync(id))["takesPlace"]!);
    }

    [Fact]
    public async Task What_is_changed_here_long_ago_is_as_Halaxy_has_it_too()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (_, before) = await LeaveAsync(scene, isOnlyUnmatched: false);
        await ChangeAsync(scene, before.Id, MirroredFields.Invoice);
        await scene.AdvanceAsync(Duration.FromDays(50));
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Null((await FindAsync(scene, before.Id)).Invoice);
    }

    [Fact]
    public async Task What_both_sides_say_alike_is_no_quarrel()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, before) = await LeaveAsync(scene, isOnlyUnmatched: false);
        await ChangeAsync(scene, before.Id, MirroredFields.Status);
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["status"] = "attended" });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(AppointmentStatus.Attended, Assert.Single(await scene.HereAsync()).Status);
        Assert.Empty(await scene.OverruledAsync());
    }

    [Fact]
    public async Task A_note_that_was_linked_here_stays()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (_, before) = await LeaveAsync(scene, isOnlyUnmatched: false);
        await scene.Diary.LinkNoteAsync(new AppointmentTarget(before.Id), "note-1");
        await ChangeAsync(scene, before.Id, MirroredFields.Status);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal("note-1", Assert.Single(await scene.HereAsync()).Note);
    }

    private static async Task<(string Id, Appointment Before)> LeaveAsync(MirrorScene scene, bool isOnlyUnmatched)
    {
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        if (isOnlyUnmatched) await scene.ConnectAsync();
        else await scene.DisconnectAsync();
        if (isOnlyUnmatched) await scene.PassAsync();
        return (id, Assert.Single(await scene.HereAsync()));
    }

    private static Task<string> ChangeAsync(MirrorScene scene, string uid, MirroredFields field) => field switch
    {
        MirroredFields.Invoice => scene.Diary.LinkInvoiceAsync(new AppointmentTarget(uid), "INV-1"),
        MirroredFields.Location => scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Location = "Home" }),
        _ => scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Status = AppointmentStatus.Attended }),
    };

    private static async Task<Appointment> FindAsync(MirrorScene scene, string uid) =>
        (await scene.Diary.ListAsync(scene.Now - Duration.FromDays(60), scene.Now)).Single(one => one.Id == uid);

    private static (AppointmentStatus Status, string? Invoice, string? Location) PartsOf(Appointment one) => (one.Status, one.Invoice, one.Location);
}
