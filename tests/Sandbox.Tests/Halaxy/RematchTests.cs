using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>Somebody is matched with another person in Halaxy: what the former person has there leaves their diary, however old it is, and very much of it only when an administrator says so.</summary>
public sealed class RematchTests
{
    private static readonly AuditActor Ruth = new("Ruth", ActorVia.Web, "ruth", "session");

    [Fact]
    public async Task Very_many_appointments_of_the_former_person_wait_for_an_administrator()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var day = 6; day < 18; day++) await scene.Halaxy.BookAsync(string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:00}T09:00"));
        await scene.PassAsync();
        var other = await OtherAsync(scene);
        await MatchAsync(scene, other);
        Assert.Equal(PassResult.Stopped, await scene.PassAsync());
        var held = (await scene.ConnectionAsync())!;
        Assert.Equal((HalaxyState.DeletionsHeld, 12), (held.State, held.HeldDeletions));
        Assert.Equal(12, (await scene.HereAsync()).Count);
        await scene.ChangeAsync(connection => connection.AllowingDeletions());
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Empty(await scene.HereAsync());
        Assert.Equal(0, (await scene.ConnectionAsync())!.Count);
        // nothing was done in Halaxy
        Assert.All(await scene.ThereAsync(), one => Assert.True((bool)one["takesPlace"]!));
        Assert.DoesNotContain(scene.Asked.Paths, path => path.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_they_wait_matching_them_as_before_keeps_all()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var day = 6; day < 18; day++) await scene.Halaxy.BookAsync(string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:00}T09:00"));
        await scene.PassAsync();
        await MatchAsync(scene, await OtherAsync(scene));
        await scene.PassAsync();
        await MatchAsync(scene, scene.Halaxy.Practitioner);
        await scene.ChangeAsync(connection => connection.Comparing());
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal((12, 12), ((await scene.HereAsync()).Count(one => one.TakesPlace), (await scene.ConnectionAsync())!.Count));
        await scene.Diary.EditAsync(new AppointmentTarget((await scene.HereAsync())[0].Id), new AppointmentEdit { Comments = "Bring the letter" });
        await scene.PassAsync();
        Assert.Contains(await scene.ThereAsync(), one => (string?)one["comments"] == "Bring the letter");
    }

    [Fact]
    public async Task Nothing_leaves_when_somebody_who_was_matched_with_nobody_meanwhile_is_matched_as_before()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var day = 6; day < 9; day++) await scene.Halaxy.BookAsync(string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:00}T09:00"));
        await scene.PassAsync();
        await MatchAsync(scene, Array.Empty<(string, string)>());
        await scene.PassAsync();
        Assert.Empty(await LeavingAsync(scene, scene.Halaxy.Practitioner));
        // what came from somebody else is known still
        Assert.Equal(3, Assert.Single(await LeavingAsync(scene, await OtherAsync(scene))).Count);
        await MatchAsync(scene, (scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(3, (await AllAsync(scene, scene.Maya)).Count);
    }

    [Fact]
    public async Task What_is_older_than_a_month_goes_to_its_person_too_and_what_the_other_person_has_comes()
    {
        await using var scene = await MirrorScene.StartAsync();
        var old = await scene.Halaxy.BookAsync("2025-12-20T09:00");
        await scene.PassAsync();
        await LaterAsync(scene, Duration.FromDays(40));
        var ben = await scene.PractitionerAsync("ben", "Ben Ito");
        var there = await OtherAsync(scene);
        var role = await RoleAsync(scene, there);
        var others = await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = role, ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service, ["start"] = "2025-12-21T09:00", ["minutes"] = "50" });
        await MatchAsync(scene, (scene.Maya, there), (ben, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal([others], (await AllAsync(scene, scene.Maya)).Select(one => one.HalaxyId));
        Assert.Equal([old], (await AllAsync(scene, ben)).Select(one => one.HalaxyId));
    }

    [Fact]
    public async Task What_was_booked_before_the_practice_connected_and_came_later_goes_too()
    {
        await using var scene = await MirrorScene.StartAsync();
        var old = await scene.Halaxy.BookAsync("2025-10-20T09:00");
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = old, ["comments"] = "Late" });
        await scene.PassAsync(old);
        Assert.Single(await AllAsync(scene, scene.Maya));
        await LaterAsync(scene, Duration.FromHours(1));
        await MatchAsync(scene, await OtherAsync(scene));
        await scene.PassAsync();
        Assert.Empty(await AllAsync(scene, scene.Maya));
    }

    [Fact]
    public async Task A_note_or_an_edit_that_Halaxy_does_not_know_does_not_go_without_a_word()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        await scene.Diary.LinkNoteAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), "note-1");
        await scene.Diary.EditAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), new AppointmentEdit { Comments = "Ours" });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await MatchAsync(scene, await OtherAsync(scene));
        await scene.PassAsync();
        // the record with the note stays, and does not take place
        var kept = Assert.Single(await scene.HereAsync());
        Assert.Equal(("note-1", null, false), (kept.Note, kept.HalaxyId, kept.TakesPlace));
        Assert.Equal((id, scene.Maya, MirroredFields.Comments), Assert.Single(await scene.OverruledAsync()) is var lost ? (lost.Id, lost.PractitionerId, lost.Fields) : default);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_that_was_kept_for_its_invoice_keeps_it_when_its_person_is_matched_again(bool hasNote)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        var target = new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id);
        await scene.Diary.LinkInvoiceAsync(target, "INV-1");
        if (hasNote) await scene.Diary.LinkNoteAsync(target, "note-1");
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await MatchAsync(scene, await OtherAsync(scene));
        await scene.PassAsync();
        await MatchAsync(scene, scene.Halaxy.Practitioner);
        await scene.PassAsync();
        await scene.PassAsync();
        var here = await scene.HereAsync();
        Assert.Equal(("INV-1", null, false), here.Single(one => one.Id == target.Id) is var kept ? (kept.Invoice, kept.HalaxyId, kept.TakesPlace) : default);
        Assert.Equal((id, null), here.Single(one => one.TakesPlace) is var back ? (back.HalaxyId, back.Invoice) : default);
        Assert.Equal(2, here.Count);
    }

    [Fact]
    public async Task A_record_that_was_kept_for_its_note_comes_back_with_it_when_its_person_is_matched_again()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        await scene.Diary.LinkNoteAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), "note-1");
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await MatchAsync(scene, await OtherAsync(scene));
        await scene.PassAsync();
        await MatchAsync(scene, scene.Halaxy.Practitioner);
        await scene.PassAsync();
        Assert.Equal((id, "note-1", true), Assert.Single(await scene.HereAsync()) is var back ? (back.HalaxyId, back.Note, back.TakesPlace) : default);
    }

    [Fact]
    public async Task What_would_leave_is_counted_for_somebody_who_is_matched_as_before_too()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var day = 6; day < 18; day++) await scene.Halaxy.BookAsync(string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:00}T09:00"));
        await scene.PassAsync();
        var other = await OtherAsync(scene);
        var role = await RoleAsync(scene, other);
        for (var day = 6; day < 9; day++) await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = role, ["title"] = "Team", ["start"] = string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:00}T15:00"), ["minutes"] = "30" });
        await MatchAsync(scene, (scene.Maya, other));
        // nothing of the other person has come yet
        Assert.Empty(await LeavingAsync(scene, scene.Halaxy.Practitioner));
        Assert.Equal(PassResult.Stopped, await scene.PassAsync());
        Assert.Equal(new HalaxyLeaving(scene.Maya, 3), Assert.Single(await LeavingAsync(scene, scene.Halaxy.Practitioner)));
        Assert.Empty(await LeavingAsync(scene, other));
    }

    [Fact]
    public async Task What_would_leave_is_counted_for_somebody_who_is_matched_with_an_archived_person_again()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("archive", new JsonObject { ["role"] = scene.Halaxy.Role });
        await scene.PassAsync();
        var other = await OtherAsync(scene);
        var role = await RoleAsync(scene, other);
        await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = role, ["title"] = "Team", ["start"] = "2026-01-14T15:00", ["minutes"] = "30" });
        await MatchAsync(scene, (scene.Maya, other));
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Equal(2, (await scene.HereAsync()).Count);
        Assert.Equal(new HalaxyLeaving(scene.Maya, 1), Assert.Single(await LeavingAsync(scene, scene.Halaxy.Practitioner)));
    }

    [Fact]
    public async Task What_an_archived_person_has_stays_and_is_mirrored_still()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("archive", new JsonObject { ["role"] = scene.Halaxy.Role });
        await scene.PassAsync();
        await MatchAsync(scene, await OtherAsync(scene));
        await scene.PassAsync();
        Assert.Equal(id, Assert.Single(await scene.HereAsync()).HalaxyId);
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T15:00" });
        await scene.PassAsync();
        Assert.Equal(15, Assert.Single(await scene.HereAsync()).Start.Hour);
    }

    [Fact]
    public async Task What_is_given_to_a_colleague_later_is_handed_over_at_once()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        await scene.PassAsync();
        await MatchAsync(scene, (scene.Maya, there), (ben, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        List<string> ids = [];
        for (var day = 6; day < 18; day++) ids.Add(await scene.Halaxy.BookAsync(string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:00}T09:00")));
        await scene.PassAsync();
        Assert.Equal(12, (await AllAsync(scene, ben)).Count);
        foreach (var id in ids) await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal((12, 0), ((await AllAsync(scene, scene.Maya)).Count, (await AllAsync(scene, ben)).Count));
    }

    /// <summary>Something else is booked and gone again later: what was changed before is not asked for any more.</summary>
    private static async Task LaterAsync(MirrorScene scene, Duration later)
    {
        await scene.AdvanceAsync(later);
        var id = await scene.Halaxy.BookAsync("2026-03-20T09:00");
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromHours(1));
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
    }

    private static async Task<IReadOnlyList<HalaxyLeaving>> LeavingAsync(MirrorScene scene, string there) =>
        await scene.Connections.CountLeavingAsync((await scene.ConnectionAsync())!, [new HalaxyMatch(scene.Maya, there)], TestContext.Current.CancellationToken);

    private static Task<string> OtherAsync(MirrorScene scene) => scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Mia", ["family"] = "Reed" });

    private static Task<string> RoleAsync(MirrorScene scene, string there) => scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = there, ["clinic"] = scene.Halaxy.Clinic });

    private static async Task MatchAsync(MirrorScene scene, string there)
    {
        await RoleAsync(scene, there);
        await MatchAsync(scene, (scene.Maya, there));
    }

    private static async Task MatchAsync(MirrorScene scene, params (string Here, string There)[] matches) =>
        Assert.NotNull(await scene.Connections.MatchAsync(scene.Group, [.. matches.Select(match => new HalaxyMatch(match.Here, match.There))], Ruth));

    private static async Task<IReadOnlyList<Appointment>> AllAsync(MirrorScene scene, string practitioner) =>
        [.. (await scene.DiaryOf(practitioner).ListAsync(scene.Now - Duration.FromDays(120), scene.Now + Duration.FromDays(60))).Where(one => one.TakesPlace)];
}
