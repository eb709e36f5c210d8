using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.Data.Sqlite;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

internal sealed class HandClock : IClock
{
    public Instant Now { get; set; } = Instant.FromUtc(2026, 3, 2, 0, 0);

    public Instant GetCurrentInstant() => Now;
}

/// <summary>A practitioner with a diary on a real store and a link to an outside calendar.</summary>
internal sealed class LinkFixture : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("link-").FullName;

    private LinkFixture(Random random, PrivacyLevel level) => (Outside, Level) = (new OutsideModel(random, Clock), level);

    public HandClock Clock { get; } = new();

    public ICalendarStore Store { get; private set; } = null!;

    public Diary Diary => new(Store, Clock, Practitioner, new AuditActor("Maya", ActorVia.Web, Practitioner, "session")) { NewId = NewId };

    /// <summary>Gives the ids of what is new in the diary.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    public OutsideModel Outside { get; }

    public PrivacyLevel Level { get; }

    public string Practitioner { get; private set; } = "";

    public LinkKey Key => new(Practitioner, "l1");

    public Patient Jane { get; } = new("PT-1", "Jane", "Brownlow", null);

    public static async Task<LinkFixture> StartAsync(Random? random = null, PrivacyLevel level = PrivacyLevel.Initials, bool includesExisting = true, Func<Guid>? newId = null)
    {
        var made = new LinkFixture(random ?? new Random(1), level) { NewId = newId ?? Guid.NewGuid };
        await made.OpenAsync();
        var directory = new PracticeDirectory(made.Store, made.Clock);
        var group = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        made.Practitioner = (await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, group.Id, "maya")).Id;
        await made.ConnectAsync(includesExisting ? 0 : (await made.HxAsync()).Change);
        return made;
    }

    public async Task ConnectAsync(long from) =>
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(new Link("l1", Practitioner, "model", "Model", Level) { HxCursor = from, From = from }.Put()), TestContext.Current.CancellationToken)).Succeeded);

    public Task<PassResult> PassAsync(ICalendarStore? store = null) => new LinkPass(store ?? Store, Clock, Outside).RunAsync(Key, TestContext.Current.CancellationToken);

    public async Task<Link> LinkAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Link.FindAsync(snapshot, Key))!;
    }

    public async Task ChangeAsync(Func<Link, Link> change) =>
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(change(await LinkAsync()).Put()), TestContext.Current.CancellationToken)).Succeeded);

    public async Task<LinkItem?> ItemAsync(string uid)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await LinkItem.FindAsync(snapshot, Key, uid);
    }

    public async Task<IReadOnlyList<Conflict>> ConflictsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Conflict.ListAsync(snapshot, Practitioner);
    }

    /// <summary>What is stored of an appointment cannot be read any more.</summary>
    public async Task DamageAsync(string uid)
    {
        var name = (await ItemAsync(uid))!.HxName;
        // what was just written is still in memory
        await Store.DisposeAsync();
        await using var file = new SqliteConnection($"Data Source={Path.Combine(_folder, "store.db")};Pooling=False");
        await file.OpenAsync(TestContext.Current.CancellationToken);
        var change = file.CreateCommand();
        change.CommandText = "UPDATE bodies SET bytes = zeroblob(length(bytes)) WHERE id = (SELECT id FROM objects WHERE name = $name)";
        change.Parameters.AddWithValue("$name", name);
        Assert.Equal(1, await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        await OpenAsync();
    }

    public async Task<Collection> HxAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindCollectionAsync(Practitioner, HxCalendar.CollectionName))!;
    }

    /// <summary>What the link is shown of the calendar, by UID.</summary>
    public async Task<Dictionary<string, CalendarObject>> ShownAsync()
    {
        var hx = await HxAsync();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        List<ObjectRow> rows = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id)) rows.Add(row);
        Dictionary<string, CalendarObject> shown = [];
        foreach (var row in rows.Where(row => row.Published))
            shown[row.Index.Uid] = CalendarObject.Parse(HxCalendar.Represent((await snapshot.FindObjectAsync(hx.Id, row.Name))!, Level));
        return shown;
    }

    /// <summary>Both sides have the same, each once.</summary>
    public async Task AssertAgreeAsync(string history)
    {
        var shown = await ShownAsync();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var items = await LinkItem.ListAsync(snapshot, Key);
        Assert.True(shown.Count == Outside.Events.Count, $"{shown.Count} here, {Outside.Events.Count} outside\n{history}\n{string.Join('\n', shown.Keys)}\n{string.Join("\n", items.Select(one => $"{one.Uid} {one.OutsideId} owed {one.IsOwed} asked {one.Asked is not null} untaken {one.IsRejected} {one.Quarantine}"))}\n{string.Join("\n", Outside.Events.Keys)}");
        foreach (var (uid, content) in shown)
        {
            var item = await LinkItem.FindAsync(snapshot, Key, uid);
            Assert.True(item?.OutsideId is not null && Outside.Events.ContainsKey(item.OutsideId), $"{uid} is not outside\n{history}");
            var differences = ExternalPatch.Differences(content, Outside.Events[item!.OutsideId!].Content);
            Assert.True(differences.Count == 0, $"{uid}: {string.Join(", ", differences)}\n{LinkItem.Text(content)}\n{LinkItem.Text(Outside.Events[item.OutsideId!].Content)}\n{history}");
        }
    }

    private async Task OpenAsync() => Store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), Clock);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
