using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>Before a practice connects again, what was changed in its diaries meanwhile, and Halaxy is to be told, is counted for each practitioner; nothing is sent by that.</summary>
public sealed class UnsentTests
{
    private static readonly AuditActor Ruth = new("Ruth", ActorVia.Web, "ruth", "session");

    [Fact]
    public async Task What_was_changed_here_meanwhile_is_counted_by_what_was_done()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        List<AppointmentTarget> all = [];
        for (var day = 6; day < 12; day++) await scene.Halaxy.BookAsync($"2026-01-{day:00}T09:00");
        await scene.Halaxy.MeetAsync("Team");
        await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = role, ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-14T09:00", ["minutes"] = "50" });
        await scene.PassAsync();
        await scene.PassAsync();
        all.AddRange((await scene.HereAsync()).OrderBy(one => one.Start.ToInstant()).Select(one => new AppointmentTarget(one.Id)));
        Assert.Equal(7, all.Count);
        await scene.DisconnectAsync();
        Assert.All(await CountAsync(scene), one => Assert.Equal(new HalaxyUnsent(), one.Unsent));
        await scene.Diary.EditAsync(all[0], new AppointmentEdit { Start = new LocalDateTime(2026, 1, 6, 15, 0), Comments = "Ours" });
        await scene.Diary.EditAsync(all[1], new AppointmentEdit { Start = new LocalDateTime(2026, 1, 7, 15, 0) });
        await scene.Diary.CancelAsync(all[2], CancelChoice.Cancel);
        await scene.Diary.HandOverAsync(all[3], ben, new AppointmentEdit());
        // what is Halaxy's alone to say is not told
        await scene.Diary.LinkInvoiceAsync(all[4], "INV-1");
        await scene.Diary.CancelAsync(all[6], CancelChoice.Delete, SeriesScope.All);
        var counted = await CountAsync(scene);
        Assert.Equal(new HalaxyUnsent { Moved = 2, Cancelled = 1, Commented = 1, ByHand = 2 }, counted.Single(one => one.PractitionerId == scene.Maya).Unsent);
        Assert.Equal(new HalaxyUnsent(), counted.Single(one => one.PractitionerId == ben).Unsent);
        Assert.DoesNotContain(scene.BookAsked.Paths.Concat(scene.Asked.Paths), path => path.StartsWith("PATCH", StringComparison.Ordinal) || path.StartsWith("DELETE", StringComparison.Ordinal));
        // and it is what is sent then
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, there));
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Equal(3, scene.Asked.Paths.Where(path => path.StartsWith("PATCH", StringComparison.Ordinal)).Distinct().Count());
        Assert.Equal(2, (await scene.TasksAsync()).Count);
        Assert.All(await CountAsync(scene), one => Assert.Equal(0, one.Unsent.Moved + one.Unsent.Cancelled + one.Unsent.Commented + one.Unsent.PutBack));
    }

    [Fact]
    public async Task What_is_put_back_here_or_deleted_where_Halaxy_can_delete_is_counted_so()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "delete" });
        var id = await scene.Halaxy.BookAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.Halaxy.DoAsync("cancel", new JsonObject { ["appointment"] = id });
        await scene.PassAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        await scene.Diary.RestoreAsync(new AppointmentTarget((await scene.HereAsync()).Single(one => one.Kind == AppointmentKind.Patient).Id));
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single(one => one.Kind == AppointmentKind.Personal).Id), CancelChoice.Delete, SeriesScope.All);
        Assert.Equal(new HalaxyUnsent { PutBack = 1, Deleted = 1 }, Assert.Single(await CountAsync(scene)).Unsent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_former_match_had_is_counted_unless_it_leaves(bool isArchived)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        if (isArchived) await scene.Halaxy.DoAsync("archive", new JsonObject { ["role"] = scene.Halaxy.Role });
        await scene.PassAsync();
        var other = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Mia", ["family"] = "Reed" });
        await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = other, ["clinic"] = scene.Halaxy.Clinic });
        Assert.NotNull(await scene.Connections.MatchAsync(scene.Group, [new HalaxyMatch(scene.Maya, other)], Ruth));
        if (isArchived) await scene.PassAsync();
        await scene.DisconnectAsync();
        await scene.Diary.EditAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), new AppointmentEdit { Comments = "Ours" });
        Assert.Equal(isArchived ? 1 : 0, Assert.Single(await CountAsync(scene)).Unsent.Commented);
    }

    [Fact]
    public async Task What_Halaxy_did_not_take_before_and_is_told_again_is_counted_by_itself()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        var (booked, met) = (await scene.HereAsync() is var here ? (here.Single(one => one.Kind == AppointmentKind.Patient).Id, here.Single(one => one.Kind == AppointmentKind.Personal).Id) : default);
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "ignore-times" });
        await scene.Diary.EditAsync(new AppointmentTarget(booked), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 15, 0) });
        await scene.Diary.CancelAsync(new AppointmentTarget(met), CancelChoice.Delete, SeriesScope.All);
        for (var n = 0; n < 2; n++) await scene.PassAsync();
        Assert.Equal(2, (await scene.TasksAsync()).Count);
        await scene.DisconnectAsync();
        Assert.Equal(new HalaxyUnsent(), Assert.Single(await CountAsync(scene)).Unsent);
        await scene.AdvanceAsync(Duration.FromHours(2));
        Assert.Equal(new HalaxyUnsent { TriedAgain = 1, ByHand = 1 }, Assert.Single(await CountAsync(scene)).Unsent);
        // what is changed again meanwhile is a change of now
        await scene.Diary.EditAsync(new AppointmentTarget(booked), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 16, 0) });
        Assert.Equal(new HalaxyUnsent { Moved = 1, ByHand = 1 }, Assert.Single(await CountAsync(scene)).Unsent);
        // and it is told then
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "ignore-times", ["on"] = "false" });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(new LocalDateTime(2026, 1, 12, 16, 0), (await scene.HereAsync()).Single(one => one.Id == booked).Start.LocalDateTime);
        Assert.Equal(HalaxyTaskReason.CannotDelete, Assert.Single(await scene.TasksAsync()).Reason);
    }

    [Fact]
    public async Task What_became_the_practices_own_is_not_told()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        var target = new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id);
        await scene.Diary.ConvertToPatientAsync(target, [new Patient("jane", "Jane", "Doe")], "Initial consultation");
        await scene.Diary.EditAsync(target, new AppointmentEdit { Comments = "Ours" });
        Assert.Equal(new HalaxyUnsent(), Assert.Single(await CountAsync(scene)).Unsent);
    }

    private static async Task<IReadOnlyList<HalaxyForecast>> CountAsync(MirrorScene scene) =>
        await scene.Connections.CountAsync((await scene.ConnectionAsync())!, Ruth, TestContext.Current.CancellationToken);
}
