using System.Text;
using System.Text.Json.Nodes;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.People;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is kept of Halaxy's appointments beside the diaries: no name, no comments, and nothing of who is erased.</summary>
public sealed class KeptTests
{
    private static readonly string[] Kinds = ["halaxy-item", "halaxy-item-name", "halaxy-task", "halaxy-overruled", "halaxy-intent", "halaxy-cursor", "halaxy-patient", "halaxy-connection"];

    [Fact]
    public async Task Holds_no_name_and_no_comments()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var id = await scene.Halaxy.BookAsync();
        await CommentAsync(scene, id, "a secret of theirs");
        await scene.PassAsync();
        Assert.Equal(("Zora Newman", "a secret of theirs"), (await scene.HereAsync()).Single() is var here ? (here.Patients[0].FullName, here.Comments) : default);
        await scene.PhoneChangesAsync(here.Id, text => text.Replace("DESCRIPTION:a secret of theirs", "DESCRIPTION:a secret of ours", StringComparison.Ordinal));
        await CommentAsync(scene, id, "another secret");
        await scene.PassAsync();
        Assert.Equal(MirroredFields.Comments, Assert.Single(await scene.OverruledAsync()).Fields);
        var kept = await KeptAsync(scene);
        foreach (var said in new[] { "Zora", "Newman", "secret" }) Assert.DoesNotContain(said, kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_was_kept_whole_is_read_and_is_kept_so_no_longer()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var id = await scene.Halaxy.BookAsync();
        await CommentAsync(scene, id, "a secret of theirs");
        await scene.PassAsync();
        await KeepWholeAsync(scene, id, "a secret of theirs");
        Assert.Contains("Newman", await KeptAsync(scene), StringComparison.Ordinal);
        await scene.PhoneChangesAsync((await scene.HereAsync()).Single().Id, text => text.Replace("DESCRIPTION:a secret of theirs", "DESCRIPTION:ours", StringComparison.Ordinal));
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(("ours", "ours"), ((string?)(await scene.ThereAsync(id))["comments"], (await scene.HereAsync()).Single().Comments));
        Assert.Empty(await scene.OverruledAsync());
        Assert.Empty(await scene.TasksAsync());
        var kept = await KeptAsync(scene);
        foreach (var said in new[] { "Zora", "Newman", "secret" }) Assert.DoesNotContain(said, kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HalaxyState.Active)]
    [InlineData(HalaxyState.KeyRefused)]
    [InlineData(HalaxyState.Disconnected)]
    public async Task Goes_with_a_practitioner_who_is_erased_however_the_connection_stands(HalaxyState state)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, bensRole) = await scene.AddBenAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.AddDeviceAsync(PrivacyLevel.FullName, ben);
        var bens = await BookAsync(scene, bensRole);
        var mayas = await scene.Halaxy.BookAsync();
        var both = await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = $"{scene.Halaxy.Role} {bensRole}", ["title"] = "Team", ["start"] = "2026-01-15T12:00", ["minutes"] = "30" });
        await scene.PassAsync();
        var here = (await scene.HereAsync()).First(one => one.HalaxyId == mayas);
        await KeepWholeAsync(scene, mayas, "a secret");
        var lost = new HalaxyOverruled(scene.Group, mayas, scene.Maya, here.Id, scene.Now, MirroredFields.Times, scene.Now, scene.Now);
        var task = new HalaxyTask(scene.Group, mayas, scene.Maya, here.Id, HalaxyTaskReason.NotTaken, scene.Now, scene.Now, scene.Now);
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(lost.Put(), task.Put(), (lost with { Id = bens, PractitionerId = ben }).Put()), TestContext.Current.CancellationToken)).Succeeded);
        await scene.ChangeAsync(connection => connection with { State = state }, isConnected: state != HalaxyState.Disconnected);
        Assert.Contains("Newman", await KeptAsync(scene), StringComparison.Ordinal);

        Principal maya;
        using (var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) maya = (await snapshot.FindPrincipalAsync(scene.Maya))!;
        var erased = await Erasure.ApplyAsync(scene.Store, maya, scene.Now, AuditActor.Command, HalaxyErasure.OfAsync);
        Assert.True(erased.Succeeded, erased.Failure?.ToString());

        var kept = await KeptAsync(scene);
        foreach (var said in new[] { scene.Maya, "Newman", "secret", $"\"{mayas}\"", "Maya" }) Assert.DoesNotContain(said, kept, StringComparison.Ordinal);
        Assert.Equal(ben, Assert.Single(await scene.OverruledAsync()).PractitionerId);
        using var after = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var items = await HalaxyItem.ListAsync(after, scene.Group);
        Assert.Equal(new[] { bens, both }.Order(StringComparer.Ordinal), items.Select(item => item.Id));
        Assert.All(items, item => Assert.Equal(ben, Assert.Single(item.Copies).PractitionerId));
        Assert.Equal(state == HalaxyState.Disconnected ? null : [ben], (await PracticeGroup.FindAsync(after, scene.Group))!.ConnectedPractitioners);
        Assert.Equal(state == HalaxyState.Disconnected ? 0 : 1, (await after.ListRecordsAsync("halaxy-patient", scene.Group)).Count);
        if (state == HalaxyState.Active) Assert.Equal(PassResult.Done, await scene.PassAsync());
    }

    [Fact]
    public async Task Whose_names_were_missing_and_what_Halaxy_was_told_go_with_a_practitioner_who_is_erased()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.ChangeAsync(connection => connection with { LacksNames = true, MissingNames = [new HalaxyMissingName(scene.Halaxy.Patient, scene.Now, scene.Now)] });
        Principal maya;
        using (var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            Assert.NotNull(await snapshot.FindRecordAsync("halaxy-cursor", scene.Group, scene.Maya));
            maya = (await snapshot.FindPrincipalAsync(scene.Maya))!;
        }

        Assert.True((await Erasure.ApplyAsync(scene.Store, maya, scene.Now, AuditActor.Command, HalaxyErasure.OfAsync)).Succeeded);
        using var after = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Null(await after.FindRecordAsync("halaxy-cursor", scene.Group, scene.Maya));
        Assert.Equal((false, 0), (await scene.ConnectionAsync())! is var left ? (left.LacksNames, left.MissingNames.Count) : default);
    }

    [Fact]
    public async Task Names_go_with_the_device_of_the_one_practitioner_who_needed_them()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, bensRole) = await scene.AddBenAsync();
        await scene.Halaxy.BookAsync();
        await BookAsync(scene, bensRole);
        var mayas = await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.PassAsync();
        // of a patient whose practitioner needs no names none was asked for
        Assert.Single(await NamesAsync(scene));
        Assert.StartsWith("Client", (await scene.HereAsync(scene.DiaryOf(ben))).Single().Patients[0].FullName, StringComparison.Ordinal);
        await scene.AddDeviceAsync(PrivacyLevel.Initials, ben);
        await scene.PassAsync();
        Assert.Equal(2, (await NamesAsync(scene)).Count);
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(mayas), TestContext.Current.CancellationToken)).Succeeded);
        await scene.PassAsync();
        Assert.NotEqual(scene.Halaxy.Patient, Assert.Single(await NamesAsync(scene)));
        Assert.StartsWith("Client", (await scene.HereAsync()).Single().Patients[0].FullName, StringComparison.Ordinal);
        Assert.Equal("Quentin Oldham", (await scene.HereAsync(scene.DiaryOf(ben))).Single().Patients[0].FullName);
    }

    [Theory]
    [InlineData(HalaxyState.KeyRefused)]
    [InlineData(HalaxyState.MissingScope)]
    [InlineData(HalaxyState.DeletionsHeld)]
    public async Task Names_go_though_the_connection_is_stopped(HalaxyState state)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, _, bensRole) = await scene.AddBenAsync();
        await scene.Halaxy.BookAsync();
        await BookAsync(scene, bensRole);
        var mayas = await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.AddDeviceAsync(PrivacyLevel.FullName, ben);
        await scene.PassAsync();
        await scene.ChangeAsync(connection => connection with { State = state });
        await ForgetAsync(scene);
        Assert.Equal(2, (await NamesAsync(scene)).Count);
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(mayas), TestContext.Current.CancellationToken)).Succeeded);
        await ForgetAsync(scene);
        Assert.NotEqual(scene.Halaxy.Patient, Assert.Single(await NamesAsync(scene)));
        await scene.AdvanceAsync(Duration.FromDays(30));
        await ForgetAsync(scene);
        Assert.Empty(await NamesAsync(scene));
    }

    [Fact]
    public async Task An_appointment_in_which_nobody_takes_part_for_once_stays_a_patients()
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        scene.Asked.Garbles = WithoutParticipants;
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal((AppointmentKind.Patient, 1), (await scene.HereAsync()).Single() is var here ? (here.Kind, here.Patients.Count) : default);
        Assert.Equal((id, HalaxyTaskReason.Unreadable), Assert.Single(await scene.TasksAsync()) is var task ? (task.Id, task.Reason) : default);
        scene.Asked.Garbles = null;
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        Assert.Empty(await scene.TasksAsync());
        Assert.Equal(AppointmentKind.Patient, (await scene.HereAsync()).Single().Kind);
    }

    private static string WithoutParticipants(string body)
    {
        if (JsonNode.Parse(body) is not JsonObject answer) return body;
        answer.Remove("participant");
        foreach (var entry in answer["entry"] as JsonArray ?? []) (entry!["resource"] as JsonObject)?.Remove("participant");
        return answer.ToJsonString();
    }

    private static Task<JsonNode?> CommentAsync(MirrorScene scene, string id, string comments) => scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = comments });

    private static Task ForgetAsync(MirrorScene scene) => new HalaxyNames(scene.Store, scene.Clock, scene.Protection).ForgetAsync(scene.Group, thorough: false, TestContext.Current.CancellationToken);

    private static async Task<string> BookAsync(MirrorScene scene, string role)
    {
        var patient = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "Quentin", ["family"] = "Oldham" });
        return await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = role, ["patients"] = patient, ["service"] = scene.Halaxy.Service, ["start"] = "2026-01-13T09:00", ["minutes"] = "50" });
    }

    /// <summary>Stores an appointment as it was stored before there was a hash.</summary>
    private static async Task KeepWholeAsync(MirrorScene scene, string id, string comments)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var document = JsonNode.Parse(Encoding.UTF8.GetString((await snapshot.FindRecordAsync("halaxy-item", scene.Group, id))!.Document.Span))!.AsObject();
        var shown = document["compared"]!.DeepClone().AsObject();
        document.Remove("compared");
        shown.Remove("commentsHash");
        shown.Remove("patientIds");
        shown["patients"] = new JsonArray(new JsonObject { ["reference"] = scene.Halaxy.Patient, ["givenName"] = "Zora", ["familyName"] = "Newman" });
        shown["comments"] = comments;
        document["shown"] = shown;
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(new PutRecord("halaxy-item", scene.Group, id, Encoding.UTF8.GetBytes(document.ToJsonString()))), TestContext.Current.CancellationToken)).Succeeded);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(MirrorScene scene)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return [.. (await snapshot.ListRecordsAsync("halaxy-patient", scene.Group)).Select(record => record.Id)];
    }

    /// <summary>All that is kept of Halaxy's appointments, as it is stored.</summary>
    private static async Task<string> KeptAsync(MirrorScene scene)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var kept = new StringBuilder();
        foreach (var kind in Kinds)
        {
            foreach (var record in await snapshot.ListRecordsOfAllAsync(kind)) kept.Append(record.Owner).Append(" \"").Append(record.Id).Append("\" ").AppendLine(Encoding.UTF8.GetString(record.Document.Span));
        }

        return kept.ToString();
    }
}
