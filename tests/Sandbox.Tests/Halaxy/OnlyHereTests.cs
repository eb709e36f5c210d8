using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is in the diary only is found, and what is known of one appointment, without reading all that is in Halaxy too.</summary>
public sealed class OnlyHereTests
{
    [Fact]
    public async Task Of_the_coming_year_only_what_is_not_in_Halaxy_is_read_and_costs_anything()
    {
        await using var scene = await MirrorScene.StartAsync();
        for (var day = 12; day < 18; day++) await scene.Halaxy.BookAsync($"2026-01-{day}T09:00");
        await scene.PassAsync();
        var (first, last) = (await AddAsync(scene, 1), await AddAsync(scene, 300));
        var store = new CountingStore(scene.Store);
        var budget = new DiaryBudget(2, 2, 2);
        var found = await HalaxyOnlyHere.ListAsync(new Diary(store, scene.Clock, scene.Maya, new AuditActor("Maya", ActorVia.Web, scene.Maya, "session")), scene.Now, budget);
        Assert.Equal([first, last], found.Select(one => one.Id));
        Assert.False(budget.Exceeded);
        Assert.Equal(2, store.Parsed.Count);
    }

    [Fact]
    public async Task What_is_in_Halaxy_too_and_damaged_on_the_disk_is_not_said_to_be_here_only()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var own = await AddAsync(scene, 1);
        await scene.DamageAsync((await scene.HereAsync()).Single(one => one.HalaxyId is not null).Id);
        Assert.Equal(own, Assert.Single(await HalaxyOnlyHere.ListAsync(scene.Diary, scene.Now, DiaryBudget.OfPage())).Id);
    }

    [Fact]
    public async Task What_is_known_of_one_appointment_is_asked_for_by_its_name()
    {
        await using var scene = await MirrorScene.StartAsync();
        var other = await scene.Halaxy.MeetAsync("Team");
        await scene.Halaxy.MeetAsync("Other", "2026-01-13T12:00");
        await scene.PassAsync();
        var here = await scene.HereAsync();
        foreach (var one in here) await scene.Diary.CancelAsync(new AppointmentTarget(one.Id), CancelChoice.Delete, SeriesScope.All);
        await scene.PassAsync();
        Assert.Equal(2, (await scene.TasksAsync()).Count);
        var booked = await scene.Halaxy.BookAsync("2026-01-14T09:00");
        await scene.PassAsync();
        var appointment = (await scene.HereAsync()).Single(one => one.HalaxyId == booked);
        var key = new AppointmentKey(scene.Maya, appointment.Id);
        foreach (var of in new[] { booked, other }) Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(OverruledOf(scene, of, appointment.Id).Put()), TestContext.Current.CancellationToken)).Succeeded);
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(new HalaxyTask(scene.Group, booked, scene.Maya, appointment.Id, HalaxyTaskReason.NotTaken, scene.Now, scene.Now, scene.Now).Put()), TestContext.Current.CancellationToken)).Succeeded);
        var store = new CountingStore(scene.Store);
        var (tasks, overruled) = await new HalaxyConnections(store, scene.Clock, new HalaxyClients(new HttpClient(), new HalaxySecrets(scene.Protection), scene.Clock), new HalaxySecrets(scene.Protection)).ReportAsync(scene.Group, key, TestContext.Current.CancellationToken);
        Assert.Equal(booked, Assert.Single(tasks).Id);
        Assert.Equal(booked, Assert.Single(overruled).Id);
        Assert.DoesNotContain(store.Calls.Keys, call => call == "ListRecords halaxy-overruled");
    }

    private static HalaxyOverruled OverruledOf(MirrorScene scene, string id, string uid) => new(scene.Group, id, scene.Maya, uid, scene.Now, MirroredFields.Times, scene.Now, scene.Now + Duration.FromHours(1));

    private static Task<string> AddAsync(MirrorScene scene, int days) => scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", scene.Now.InUtc().LocalDateTime.PlusDays(days), Duration.FromMinutes(30)));
}
