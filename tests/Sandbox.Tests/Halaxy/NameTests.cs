using System.Text;
using System.Text.Json.Nodes;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>Patients' names are asked for where a device shows them, kept encrypted for a time, and gone when no device shows them any more.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData(PrivacyLevel.Busy, false)]
    [InlineData(PrivacyLevel.Type, false)]
    [InlineData(PrivacyLevel.Initials, true)]
    [InlineData(PrivacyLevel.FullName, true)]
    public async Task A_name_is_asked_for_where_a_device_shows_it(PrivacyLevel level, bool isNamed)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(level);
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        Assert.Equal(isNamed ? "Zora Newman" : $"Client {scene.Halaxy.Patient}", Assert.Single((await scene.HereAsync()).Single().Patients).FullName);
        Assert.Equal(isNamed, scene.Asked.Paths.Any(path => path.Contains("/Patient", StringComparison.Ordinal)));
        var records = await RecordsAsync(scene);
        Assert.Equal(isNamed ? 1 : 0, records.Count);
        Assert.DoesNotContain("Newman", string.Concat(records), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_come_with_a_device_and_go_with_it_in_what_is_mirrored_already()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.Halaxy.BookAsync("2026-01-13T09:00");
        await scene.PassAsync();
        Assert.All(await scene.HereAsync(), one => Assert.StartsWith("Client", one.Patients[0].FullName, StringComparison.Ordinal));
        var device = await scene.AddDeviceAsync(PrivacyLevel.Initials);
        await scene.PassAsync();
        Assert.All(await scene.HereAsync(), one => Assert.Equal("Zora Newman", one.Patients[0].FullName));
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(device), TestContext.Current.CancellationToken)).Succeeded);
        await scene.PassAsync();
        Assert.All(await scene.HereAsync(), one => Assert.StartsWith("Client", one.Patients[0].FullName, StringComparison.Ordinal));
        Assert.Empty(await RecordsAsync(scene));
        Assert.Empty(await scene.TasksAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Names_come_with_a_feed_or_link_alone_and_go_with_it(bool isFeed)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        Assert.Empty(await RecordsAsync(scene));
        var (feeds, link) = (new FeedBook(scene.Store, scene.Clock), new Link("link-1", scene.Maya, "google", "Google", PrivacyLevel.Initials));
        var maya = await PrincipalAsync(scene);
        var by = new AuditActor("Maya", ActorVia.Web, scene.Maya, "session");
        if (isFeed) Assert.True(await feeds.SetAddressAsync(maya, null, "hash", "secret", PrivacyLevel.Initials, by));
        else Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(link.Put()), TestContext.Current.CancellationToken)).Succeeded);
        await scene.PassAsync();
        Assert.Equal("Zora Newman", Assert.Single(await scene.HereAsync()).Patients[0].FullName);
        Assert.Single(await RecordsAsync(scene));

        if (isFeed) await feeds.EndAsync(maya, by);
        else Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(new DeleteRecord("link", scene.Maya, link.Id)), TestContext.Current.CancellationToken)).Succeeded);
        await scene.PassAsync();
        Assert.Equal($"Client {scene.Halaxy.Patient}", Assert.Single(await scene.HereAsync()).Patients[0].FullName);
        Assert.Empty(await RecordsAsync(scene));
    }

    [Fact]
    public async Task Without_the_scope_no_patient_is_asked_for_twice_and_appointments_come_all_the_same()
    {
        await using var scene = await MirrorScene.StartAsync(scopes: "Appointment PractitionerRole Practitioner Organization HealthcareService");
        await scene.ChangeAsync(connection => connection with { MissingScopes = ["Patient"] });
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        Assert.StartsWith("Client", (await scene.HereAsync()).Single().Patients[0].FullName, StringComparison.Ordinal);
        Assert.DoesNotContain(scene.Asked.Paths, path => path.Contains("/Patient", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scope_that_is_taken_away_later_fails_no_appointment()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        await scene.Halaxy.DoAsync("untick", new JsonObject { ["client"] = scene.Halaxy.Client, ["scope"] = "Patient" });
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        Assert.StartsWith("Client", (await scene.HereAsync()).Single().Patients[0].FullName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_very_many_are_read_from_a_list_and_only_those_that_are_needed_are_kept()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        for (var n = 0; n < 25; n++)
        {
            var patient = await scene.Halaxy.IdAsync("patient", new JsonObject { ["given"] = "P", ["family"] = $"Number{n}" });
            await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = scene.Halaxy.Role, ["patients"] = patient, ["service"] = scene.Halaxy.Service, ["start"] = $"2026-01-{n + 6:00}T09:00", ["minutes"] = "50" });
        }

        await scene.PassAsync();
        Assert.All(await scene.HereAsync(), one => Assert.StartsWith("P Number", one.Patients[0].FullName, StringComparison.Ordinal));
        Assert.Equal(25, (await RecordsAsync(scene)).Count);
        // after a month they are asked for again, and what nobody needs is gone
        await scene.AdvanceAsync(Duration.FromDays(31));
        await scene.PassAsync();
        Assert.True((await RecordsAsync(scene)).Count <= 25);
    }

    [Fact]
    public async Task Names_go_from_everywhere_once_the_key_may_not_see_patients_and_nobody_is_said_to_have_edited_anything()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var (kept, cancelled, gone) = (await scene.Halaxy.BookAsync(), await scene.Halaxy.BookAsync("2026-01-13T09:00"), await scene.Halaxy.BookAsync("2026-01-14T09:00"));
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single(one => one.HalaxyId == cancelled).Id), CancelChoice.Cancel);
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = gone });
        await scene.PassAsync(gone);
        Assert.All(await scene.HereAsync(), one => Assert.Equal("Zora Newman", one.Patients[0].FullName));
        await scene.Halaxy.DoAsync("untick", new JsonObject { ["client"] = scene.Halaxy.Client, ["scope"] = "Patient" });
        await scene.ChangeAsync(connection => connection with { MissingScopes = ["Patient"], LastCompare = null });
        await scene.PassAsync();
        var after = await scene.HereAsync();
        Assert.All(after, one => Assert.Equal($"Client {scene.Halaxy.Patient}", one.Patients[0].FullName));
        // the one that is gone is not in Halaxy again for that
        Assert.Equal(new[] { kept, cancelled }.Order(), after.Select(one => one.HalaxyId).OfType<string>().Order());
        Assert.Empty(await RecordsAsync(scene));
        foreach (var one in after) Assert.Equal((AuditAction.ShownAnew, ActorVia.Server), (await scene.Diary.HistoryAsync(one.Id))[^1] is var line ? (line.Action, line.Via) : default);
        await scene.ChangeAsync(connection => connection with { MissingScopes = [], LastCompare = null });
        await scene.Halaxy.DoAsync("tick", new JsonObject { ["client"] = scene.Halaxy.Client, ["scope"] = "Patient" });
        await scene.PassAsync();
        Assert.Equal("Zora Newman", (await scene.HereAsync()).Single(one => one.HalaxyId == kept).Patients[0].FullName);
    }

    [Fact]
    public async Task Types_that_the_key_may_see_later_are_no_edit_of_anybody()
    {
        await using var scene = await MirrorScene.StartAsync(scopes: "Appointment PractitionerRole Practitioner Patient");
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        Assert.Null((await scene.HereAsync()).Single().Location);
        foreach (var scope in (string[])["HealthcareService", "Organization"]) await scene.Halaxy.DoAsync("tick", new JsonObject { ["client"] = scene.Halaxy.Client, ["scope"] = scope });
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        await scene.PassAsync();
        var here = (await scene.HereAsync()).Single();
        Assert.Equal("Initial consultation", here.Type);
        Assert.NotNull(here.Location);
        Assert.Equal((AuditAction.ShownAnew, ActorVia.Server), (await scene.Diary.HistoryAsync(here.Id))[^1] is var line ? (line.Action, line.Via) : default);
    }

    [Fact]
    public async Task Types_that_the_key_may_not_see_are_not_looked_for_at_each_pass()
    {
        await using var scene = await MirrorScene.StartAsync(scopes: "Appointment PractitionerRole Practitioner Organization");
        var id = await scene.Halaxy.BookAsync();
        for (var n = 0; n < 10; n++)
        {
            await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = $"Room {n}" });
            await scene.PassAsync();
        }

        Assert.Equal("Room 9", (await scene.HereAsync()).Single().Comments);
        // at the first comparison, and at the first appointment of which the type is not known
        Assert.InRange(scene.Asked.Paths.Count(path => path.Contains("/PractitionerRole?", StringComparison.Ordinal)), 1, 3);
    }

    private static async Task<Principal> PrincipalAsync(MirrorScene scene)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindPrincipalAsync(scene.Maya))!;
    }

    private static async Task<IReadOnlyList<string>> RecordsAsync(MirrorScene scene)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return [.. (await snapshot.ListRecordsAsync("halaxy-patient", scene.Group)).Select(record => Encoding.UTF8.GetString(record.Document.Span))];
    }
}
