using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>An event as its person sees it.</summary>
internal sealed record SeenEvent(string Id, string Title, LocalDateTime Start);

/// <summary>A link to any service, with what a person can do on both sides of it.</summary>
internal abstract class PlayedLink : IAsyncDisposable
{
    public abstract ICalendarStore Store { get; }

    public abstract Diary Diary { get; }

    public abstract LinkKey Key { get; }

    public abstract IClock Clock { get; }

    /// <summary>All that the service was ever asked: line of the request, headers and body.</summary>
    public abstract IReadOnlyList<string> Requests { get; }

    public abstract Task AdvanceAsync(Duration by);

    public abstract Task<PassResult> PassAsync(ICalendarStore? store = null);

    public abstract Task SettleAsync(string history);

    /// <summary>What the person sees; a series once.</summary>
    public abstract Task<IReadOnlyList<SeenEvent>> SeenAsync();

    /// <summary>Makes an event outside.</summary>
    public abstract Task CreateAsync(string title, LocalDateTime start, bool isPrivate);

    public abstract Task MoveAsync(SeenEvent one, LocalDateTime start);

    public abstract Task RetitleAsync(SeenEvent one, string title);

    public abstract Task MarkAsync(SeenEvent one, bool isPrivate);

    public abstract Task DeleteAsync(SeenEvent one);

    /// <summary>Lets something fail in the next pass; tells what.</summary>
    public abstract Task<string> FaultAsync(Random random);

    public abstract Task ClearFaultsAsync();

    /// <summary>What is the same in an id as the person sees it and as the link does.</summary>
    public abstract string KeyOf(string id);

    public abstract ValueTask DisposeAsync();

    public async Task<Link> LinkAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Link.FindAsync(snapshot, Key))!;
    }

    public async Task ChangeAsync(Func<Link, Link?> change)
    {
        if (change(await LinkAsync()) is { } changed) Assert.True((await Store.ApplyAsync(StoreBatch.Of(changed.Put()), TestContext.Current.CancellationToken)).Succeeded);
    }

    /// <summary>All appointments that are not the diary's alone, as they are stored.</summary>
    public async Task<IReadOnlyList<StoredObject>> StoredAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var hx = (await snapshot.FindCollectionAsync(Key.PractitionerId, HxCalendar.CollectionName))!;
        List<ObjectRow> rows = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id)) rows.Add(row);
        List<StoredObject> all = [];
        foreach (var row in rows.Where(row => row.Published)) all.Add((await snapshot.FindObjectAsync(hx.Id, row.Name))!);
        return all;
    }
}
