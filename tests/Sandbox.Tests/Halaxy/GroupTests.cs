using System.Text.Json.Nodes;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>Of a group, those who attended or missed it stay as they are in Halaxy, whatever becomes of it here.</summary>
public sealed class GroupTests
{
    [Fact]
    public async Task What_somebody_attended_stays_when_a_phone_removes_it()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, second) = await BookAsync(scene);
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["patient"] = second, ["status"] = "attended" });
        await scene.PassAsync();
        var group = (await scene.HereAsync()).Single();
        Assert.Equal(AppointmentStatus.Attended, group.Status);
        await scene.PhoneRemovesAsync(group.Id);
        await scene.PassAsync();
        Assert.Equal(["attended", "booked"], await StatusesAsync(scene, id));
        Assert.Contains("it has taken place", (await scene.HereAsync()).Single().Kept!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attended")]
    [InlineData("did not attend (charge)")]
    public async Task What_has_taken_place_is_not_cancelled_from_the_diary(string status)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["status"] = status });
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => scene.Diary.CancelAsync(target, CancelChoice.Cancel))).Fault);
        Assert.NotEqual(AppointmentStatus.Cancelled, (await scene.HereAsync()).Single().Status);
    }

    [Fact]
    public async Task Who_missed_it_is_not_cancelled_with_the_others_nor_put_back_with_them()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, second) = await BookAsync(scene);
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["patient"] = second, ["status"] = "did not attend (charge)" });
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), CancelChoice.Cancel);
        await scene.PassAsync();
        Assert.Equal(["cancelled", "did not attend (charge)"], await StatusesAsync(scene, id));
        var left = (await scene.HereAsync()).Single();
        Assert.Equal((AppointmentStatus.DidNotAttend, second), (left.Status, Assert.Single(left.Patients).Reference));
        Assert.True(Assert.Single(await scene.OverruledAsync()).HasTakenPlace);
        Assert.Empty(await scene.TasksAsync());
        // there is no more to say
        var asked = scene.Asked.Paths.Count;
        await scene.PassAsync(id);
        Assert.DoesNotContain(scene.Asked.Paths.Skip(asked), path => path.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task What_took_place_while_it_was_cancelled_by_somebody_who_was_not_matched_has_taken_place()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id, ["status"] = "attended" });
        await scene.PassAsync();
        await scene.ConnectAsync();
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single().Id), CancelChoice.Cancel);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(["attended"], await StatusesAsync(scene, id));
        Assert.Equal(AppointmentStatus.Attended, (await scene.HereAsync()).Single().Status);
        Assert.True(Assert.Single(await scene.OverruledAsync()) is { HasTakenPlace: true, WasCancelled: true });
    }

    private static async Task<(string Id, string Second)> BookAsync(MirrorScene scene)
    {
        var second = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ida", ["family"] = "Okoro" });
        return (await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = $"{scene.Halaxy.Patient} {second}", ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-12T09:00", ["minutes"] = "50" }), second);
    }

    private static async Task<IEnumerable<string>> StatusesAsync(MirrorScene scene, string id)
    {
        using var client = scene.Halaxy.Open();
        return HalaxyAppointment.Of((await client.FindAsync<Hl7.Fhir.Model.Appointment>(id, TestContext.Current.CancellationToken))!).Patients.Select(patient => patient.Status).Order(StringComparer.Ordinal);
    }
}
