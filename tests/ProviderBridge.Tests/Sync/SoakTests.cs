using System.Globalization;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>
/// Days of work over many links in one store, looked at every quarter of an hour: by day people edit on both sides and services fail, by night nothing changes. By night nothing is written on either side, in the end both sides agree,
/// and the memory that is in use after a day stays what it was. A run of the tests plays a few links for three days; <c>SOAK_LINKS=200 SOAK_DAYS=10 dotnet test --project tests/ProviderBridge.Tests --filter-class "*Days_of_many_links"</c>
/// plays more, and says what it measured.
/// </summary>
public sealed class Days_of_many_links : IAsyncLifetime
{
    private const int Kept = 40;
    private static readonly Duration Step = Duration.FromMinutes(15);
    private readonly string _folder = Directory.CreateTempSubdirectory("soak-").FullName;
    private readonly HandClock _clock = new();
    private readonly Random _random = new(20260302);
    private readonly List<One> _links = [];
    private SqliteStore _store = null!;
    private int _passes;
    private int _edits;

    [Fact]
    public async Task End_with_a_quiet_night_and_no_more_memory_than_they_began_with()
    {
        var (links, days) = (Setting("SOAK_LINKS", 4), Setting("SOAK_DAYS", 3));
        await StartAsync(links);
        List<long> memory = [];
        for (var day = 0; day < days; day++)
        {
            await WorkAsync();
            await SleepAsync($"night {day + 1}");
            memory.Add(GC.GetTotalMemory(forceFullCollection: true));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"day {day + 1}: {_passes} passes, {_edits} edits, {memory[^1] / 1024.0 / 1024.0:0.0} MB"));
        }

        foreach (var one in _links) await AssertAgreeAsync(one);
        Assert.True(_edits > links * days * 5, $"{_edits} edits");
        Assert.True(IsFlat(memory), string.Join(", ", memory));
    }

    [Theory]
    [InlineData(true, 30, 40, 41, 40, 41)]
    [InlineData(true, 100, 102)]
    [InlineData(false, 30, 40, 45, 50, 55)]
    [InlineData(false, 30, 40, 41, 60)]
    public void Memory_that_grows_from_day_to_day_is_seen(bool isFlat, params int[] megabytes) => Assert.Equal(isFlat, IsFlat([.. megabytes.Select(one => one * 1024L * 1024)]));

    public async ValueTask InitializeAsync() => _store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), _clock);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Whether there is no more in use at the end than after the first two days, in which caches fill.</summary>
    private static bool IsFlat(List<long> memory) => memory.Count < 3 || memory[^1] <= (memory[1] * 1.1) + (2 << 20);

    private static int Setting(string name, int usual) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{usual}", CultureInfo.InvariantCulture);

    private async Task StartAsync(int count)
    {
        var directory = new PracticeDirectory(_store, _clock);
        var group = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        for (var n = 0; n < count; n++)
        {
            var person = await directory.CreatePersonAsync($"p{n}", $"Practitioner {n}", null, PrincipalRole.Practitioner, group.Id);
            var link = new Link($"l{n}", person.Id, "model", "Model", PrivacyLevel.Initials);
            Assert.True((await _store.ApplyAsync(StoreBatch.Of(link.Put()), TestContext.Current.CancellationToken)).Succeeded);
            _links.Add(new One(link, new Diary(_store, _clock, person.Id, new AuditActor("Maya", ActorVia.Web, person.Id, "session")), new OutsideModel(_random, _clock) { Owners = new EventOwners(_store, link.Key) }));
        }
    }

    /// <summary>From eight in the morning until eight in the evening; after six everybody has gone home.</summary>
    private async Task WorkAsync()
    {
        for (var hour = 0; hour < 48; hour++)
        {
            foreach (var one in _links)
            {
                one.Outside.Trouble = hour < 40 ? 3 : 0;
                if (hour < 40 && _random.Next(3) == 0) await EditAsync(one);
            }

            await PassAsync();
        }
    }

    private async Task SleepAsync(string when)
    {
        var before = await WrittenAsync();
        for (var hour = 48; hour < 96; hour++) Assert.All(await PassAsync(), result => Assert.Equal(PassResult.Done, result));
        Assert.True(before.SequenceEqual(await WrittenAsync()), $"{when} was not quiet");
    }

    private async Task<List<PassResult>> PassAsync()
    {
        List<PassResult> results = [];
        foreach (var one in _links)
        {
            results.Add(await new LinkPass(_store, _clock, one.Outside).RunAsync(one.Link.Key, TestContext.Current.CancellationToken));
            _passes++;
            if (results[^1] == PassResult.Stopped) await AllowAsync(one);
        }

        _clock.Now += Step;
        return results;
    }

    /// <summary>All that there was is deleted: its person is asked, and it is meant.</summary>
    private async Task AllowAsync(One one)
    {
        using var snapshot = await _store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        if (await Link.FindAsync(snapshot, one.Link.Key) is not { State: LinkState.DeletesHeld } held) return;
        var allowed = held with { State = LinkState.Active, AllowedDeletions = held.HeldDeletions };
        Assert.True((await _store.ApplyAsync(StoreBatch.Of(allowed.Put()), TestContext.Current.CancellationToken)).Succeeded);
    }

    /// <summary>How much was ever written outside, and the state of the calendar here.</summary>
    private async Task<List<(int, int, long)>> WrittenAsync()
    {
        List<(int, int, long)> all = [];
        using var snapshot = await _store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        foreach (var one in _links) all.Add((one.Outside.Writes, one.Outside.Deletes, (await snapshot.FindCollectionAsync(one.Link.PractitionerId, HxCalendar.CollectionName))!.Change));
        return all;
    }

    /// <summary>Something is added, changed or removed on one of the sides; there are never more than some appointments.</summary>
    private async Task EditAsync(One one)
    {
        _edits++;
        var (start, ids) = (_clock.Now.InUtc().LocalDateTime.PlusDays(_random.Next(20)), one.Outside.Events.Keys.ToList());
        var id = ids.Count == 0 ? null : ids[_random.Next(ids.Count)];
        var isFull = ids.Count >= Kept;
        switch (_random.Next(5))
        {
            case 0 when !isFull:
                await one.Diary.AddPersonalAsync(new PersonalEntry($"Own {_edits}", start, Duration.FromMinutes(30)) { Repeat = _random.Next(4) == 0 ? new RecurrenceRule(Frequency.Weekly) { Count = 4 } : null });
                break;
            case 1 when !isFull:
                one.Outside.UserMakes($"Theirs {_edits}", start);
                break;
            case 2 when id is not null:
                one.Outside.UserMoves(id, start);
                break;
            case 3:
                await EditHereAsync(one, start);
                break;
            default:
                if (id is not null) one.Outside.UserDeletes(id);
                break;
        }
    }

    private async Task EditHereAsync(One one, LocalDateTime start)
    {
        var all = await one.Diary.ListAsync(_clock.Now - Duration.FromDays(30), _clock.Now + Duration.FromDays(60));
        if (all.Count == 0) return;
        try
        {
            await one.Diary.EditAsync(new AppointmentTarget(all[_random.Next(all.Count)].Id), new AppointmentEdit { Start = start, Title = $"Moved {_edits}" });
        }
        catch (DiaryException)
        {
            // what the diary does not take is no edit
        }
    }

    private async Task AssertAgreeAsync(One one)
    {
        using var snapshot = await _store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var link = (await Link.FindAsync(snapshot, one.Link.Key))!;
        var compared = await LinkComparison.MakeAsync(_store, one.Outside, link, TestContext.Current.CancellationToken);
        Assert.True(compared.IsAgreed && link is { State: LinkState.Active, Quarantined.Count: 0 }, $"{link.Id} does not agree: {compared}");
    }

    private sealed record One(Link Link, Diary Diary, OutsideModel Outside);
}
