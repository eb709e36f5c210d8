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

/// <summary>A practitioner with a diary on a real store and a link to an outside calendar.</summary>
internal sealed class LinkFixture : ModelLink, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("link-").FullName;

    private LinkFixture(HandClock clock, Random random, PrivacyLevel level)
        : base(clock, random, level) => Clock = clock;

    public HandClock Clock { get; }

    public Diary Diary => new(Store, Clock, Practitioner, new AuditActor("Maya", ActorVia.Web, Practitioner, "session")) { NewId = NewId };

    /// <summary>Gives the ids of what is new in the diary.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    public Patient Jane { get; } = new("PT-1", "Jane", "Brownlow", null);

    public static async Task<LinkFixture> StartAsync(Random? random = null, PrivacyLevel level = PrivacyLevel.Initials, bool includesExisting = true, Func<Guid>? newId = null)
    {
        var made = new LinkFixture(new HandClock(), random ?? new Random(1), level) { NewId = newId ?? Guid.NewGuid };
        await made.OpenAsync();
        var directory = new PracticeDirectory(made.Store, made.Clock);
        var group = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        made.Practitioner = (await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, group.Id, "maya")).Id;
        await made.ConnectAsync(includesExisting ? 0 : (await made.HxAsync()).Change);
        return made;
    }

    public async Task ChangeAsync(Func<Link, Link> change) =>
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(change(await LinkAsync()).Put()), TestContext.Current.CancellationToken)).Succeeded);

    public async Task<LinkItem?> ItemAsync(string uid)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await LinkItem.FindAsync(snapshot, Key, uid);
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

    private async Task OpenAsync() => Store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), Clock);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
