using System.Diagnostics;
using System.Globalization;
using System.Text;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Durability.Writer;
using NodaTime;
using Xunit;

namespace Durability;

/// <summary>A process that writes is killed again and again; after each time everything that it was told to be written is there, and nothing in parts.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 110;

    // on the wall, and the machine has other work: a few may be slow, none for long
    private const int SlowOpens = 5;
    private static readonly TimeSpan OpensWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OpensAtLast = TimeSpan.FromSeconds(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("durability-");
    private readonly int[] _acknowledged = new int[History.Writers];
    private readonly Dictionary<string, string> _synced = new(StringComparer.Ordinal);
    private string? _incarnation;
    private long _change;
    private long _token;
    private int _cutShort;
    private int _slow;

    private string FilePath => Path.Combine(_folder.FullName, "calendar.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task No_acknowledged_write_is_lost_or_torn_when_the_process_is_killed_a_hundred_times()
    {
        await MakeStoreAsync();
        var random = new Random(20260302);
        var next = new Child("load", FilePath);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                using var child = next;
                next = new Child("load", FilePath); // it starts and warms up meanwhile
                child.Begin();
                if (random.Next(5) > 0) await child.Spoken.WaitAsync(TimeSpan.FromSeconds(30)); // the others die while they open the store
                await Task.Delay(random.Next(1, 300));
                Assert.False(child.HasExited, child.HasExited ? await child.Errors : string.Empty);
                await child.KillAsync();
                ReadAcknowledged(await child.Output);
                await VerifyAsync();
            }
        }
        finally
        {
            next.Dispose();
        }
        Assert.True(_acknowledged.Sum() > Kills * 10, $"{_acknowledged.Sum()} steps are too few to prove anything.");
        Assert.True(_cutShort > 0, "No process was killed between its commit and its word.");
    }

    private async Task MakeStoreAsync()
    {
        await using var store = await SqliteStore.OpenAsync(FilePath, SystemClock.Instance);
        await History.MakeCollectionAsync(store);
    }

    private void ReadAcknowledged(string output)
    {
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            _acknowledged[int.Parse(words[0], CultureInfo.InvariantCulture)] = int.Parse(words[1], CultureInfo.InvariantCulture);
            _change = Math.Max(_change, long.Parse(words[2], CultureInfo.InvariantCulture));
        }
    }

    private async Task VerifyAsync()
    {
        var watch = Stopwatch.StartNew();
        await using var store = await SqliteStore.OpenAsync(FilePath, SystemClock.Instance);
        var taken = watch.Elapsed;
        if (taken > OpensWithin) _slow++;
        Assert.True(taken < OpensAtLast && _slow <= SlowOpens, $"Opening took {taken}; {_slow} took longer than {OpensWithin}.");
        Assert.Empty(await store.CheckAsync());
        using var snapshot = await store.OpenSnapshotAsync();
        var collection = (await snapshot.FindCollectionAsync(History.PrincipalId, History.CollectionName))!;
        Assert.True(collection.Change >= _change, $"The change number went back from {_change} to {collection.Change}.");
        _change = collection.Change;

        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var writer = 0; writer < History.Writers; writer++)
        {
            var step = await History.LastStepAsync(snapshot, writer);
            Assert.InRange(step, _acknowledged[writer], _acknowledged[writer] + 1);
            if (step > _acknowledged[writer]) _cutShort++;
            _acknowledged[writer] = step;
            foreach (var (name, text) in History.Objects(writer, step)) expected[name] = text;
        }
        await VerifyObjectsAsync(snapshot, collection.Id, expected);
        await SyncAsync(snapshot, collection);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), _synced.Keys.Order(StringComparer.Ordinal));
    }

    private static async Task VerifyObjectsAsync(IStoreSnapshot snapshot, long collectionId, Dictionary<string, string> expected)
    {
        var names = new List<string>();
        await foreach (var row in snapshot.ListRowsAsync(collectionId)) names.Add(row.Name);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            var found = await snapshot.FindObjectAsync(collectionId, name);
            Assert.Equal(expected[name], Encoding.UTF8.GetString(found!.Bytes.Span));
        }
    }

    /// <summary>A client that syncs after each kill from where it was.</summary>
    private async Task SyncAsync(IStoreSnapshot snapshot, Collection collection)
    {
        await foreach (var change in snapshot.ListChangesAsync(collection.Id, _token))
        {
            if (change.Row is { } row) _synced[change.Name] = row.ETag;
            else _synced.Remove(change.Name);
        }
        await foreach (var row in snapshot.ListRowsAsync(collection.Id)) Assert.Equal(row.ETag, _synced[row.Name]);

        // who watches the whole home is told the same, and its token is of the same home
        var home = await snapshot.GetHomeAsync(History.PrincipalId);
        Assert.Equal(_incarnation ??= home.Incarnation, home.Incarnation);
        Assert.True(home.Change >= collection.Change);
        var ofHome = await snapshot.ListHomeChangesAsync(History.PrincipalId, _token).Select(change => (change.Name, change.Change)).ToListAsync();
        Assert.Equal(await snapshot.ListChangesAsync(collection.Id, _token).Select(change => (change.Name, change.Change)).ToListAsync(), ofHome);
        _token = collection.Change;
    }
}
