using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>A meeting of Halaxy that became a patient appointment here while its diary was not connected: it is the practice's own from then on, and the meeting is beside it.</summary>
public sealed class MadeOwnTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_keeps_its_patient_note_and_invoice_and_the_meeting_comes_beside_it(bool isOnlyUnmatched)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, own) = await TurnAsync(scene, isOnlyUnmatched);
        await ReconnectAsync(scene);
        await scene.PassAsync();
        await CheckBesideAsync(scene, id, own);
        var lost = Assert.Single(await scene.OverruledAsync());
        Assert.Equal((own, true, id), (lost.Uid, lost.IsOwnNow, lost.Id));
        Assert.Equal("", (string?)(await scene.ThereAsync(id))["comments"] ?? "");
    }

    [Fact]
    public async Task Nothing_is_doubled_or_told_when_it_is_compared_again_or_connected_again()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, own) = await TurnAsync(scene);
        for (var n = 0; n < 3; n++)
        {
            await ReconnectAsync(scene);
            await scene.PassAsync(id);
            await scene.PassAsync();
            if (n == 1) await scene.DisconnectAsync();
        }

        await CheckBesideAsync(scene, id, own);
        Assert.DoesNotContain(scene.Asked.Paths, path => path.StartsWith("PATCH", StringComparison.Ordinal));
        await scene.Diary.EditAsync(new AppointmentTarget(own), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 17, 0), Comments = "Ours" });
        await scene.PassAsync();
        Assert.DoesNotContain(scene.Asked.Paths, path => path.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Equal(17, (await scene.HereAsync()).Single(one => one.Id == own).Start.Hour);
    }

    [Fact]
    public async Task It_stays_when_the_meeting_is_deleted_in_Halaxy_meanwhile()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, own) = await TurnAsync(scene);
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await ReconnectAsync(scene);
        await scene.PassAsync(id);
        await scene.PassAsync();
        CheckOwn(Assert.Single(await scene.HereAsync()), own);
        Assert.True(Assert.Single(await scene.OverruledAsync()).IsOwnNow);
    }

    [Fact]
    public async Task It_stays_when_the_meeting_is_somebody_elses_by_then_and_when_that_comes_back()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, id, own) = await GivenToBenAsync(scene);
        CheckOwn(Assert.Single(await scene.HereAsync()), own);
        Assert.Equal(id, Assert.Single(await scene.HereAsync(scene.DiaryOf(ben))).HalaxyId);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = scene.Halaxy.Role });
        await scene.PassAsync();
        await CheckBesideAsync(scene, id, own);
    }

    [Fact]
    public async Task It_stays_when_the_meeting_goes_to_somebody_else_and_comes_back_with_another_patient()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, id, own) = await GivenToBenAsync(scene);
        await scene.Halaxy.DoAsync("patients", new JsonObject { ["appointment"] = id, ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service });
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = scene.Halaxy.Role });
        await scene.PassAsync();
        await scene.PassAsync();
        var here = await scene.HereAsync();
        Assert.Equal(2, here.Count);
        CheckOwn(here.Single(one => one.Id == own), own);
        var theirs = here.Single(one => one.HalaxyId == id);
        Assert.Equal((AppointmentKind.Patient, scene.Halaxy.Patient), (theirs.Kind, Assert.Single(theirs.Patients).Reference));
        Assert.Empty(await scene.HereAsync(scene.DiaryOf(ben)));
    }

    [Fact]
    public async Task Patients_that_were_changed_here_meanwhile_do_not_go_without_a_word()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        var before = Assert.Single(await scene.HereAsync());
        await scene.Diary.EditAsync(new AppointmentTarget(before.Id), new AppointmentEdit { Patients = [new Patient("jane", "Jane", "Doe")] });
        await ReconnectAsync(scene);
        await scene.PassAsync();
        Assert.Equal(before.Patients, Assert.Single(await scene.HereAsync()).Patients);
        Assert.Equal((id, MirroredFields.Patients), Assert.Single(await scene.OverruledAsync()) is var lost ? (lost.Id, lost.Fields) : default);
    }

    /// <summary>One that was made own, and whose meeting is Ben's in Halaxy when the practice connects again.</summary>
    private static async Task<(string Ben, string Id, string Own)> GivenToBenAsync(MirrorScene scene)
    {
        var (ben, there, role) = await scene.AddBenAsync();
        var (id, own) = await TurnAsync(scene);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        await scene.PassAsync();
        return (ben, id, own);
    }

    private static async Task<(string Id, string Own)> TurnAsync(MirrorScene scene, bool isOnlyUnmatched = false)
    {
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        if (isOnlyUnmatched) await scene.ConnectAsync();
        else await scene.DisconnectAsync();
        if (isOnlyUnmatched) await scene.PassAsync();
        var target = new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id);
        await scene.Diary.ConvertToPatientAsync(target, [new Patient("jane", "Jane", "Doe")], "Initial consultation");
        await scene.Diary.LinkNoteAsync(target, "note-1");
        await scene.Diary.LinkInvoiceAsync(target, "INV-1");
        return (id, target.Id);
    }

    private static Task ReconnectAsync(MirrorScene scene) => scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));

    private static async Task CheckBesideAsync(MirrorScene scene, string id, string own)
    {
        var here = await scene.HereAsync();
        Assert.Equal(2, here.Count);
        CheckOwn(here.Single(one => one.Id == own), own);
        var meeting = here.Single(one => one.HalaxyId == id);
        Assert.Equal((AppointmentKind.Personal, true), (meeting.Kind, meeting.TakesPlace));
    }

    private static void CheckOwn(Appointment one, string own)
    {
        Assert.Equal((own, null, AppointmentKind.Patient, true), (one.Id, one.HalaxyId, one.Kind, one.TakesPlace));
        Assert.Equal(("Jane", "note-1", "INV-1"), (Assert.Single(one.Patients).GivenName, one.Note, one.Invoice));
    }
}
