using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>A practitioner's calendar, and the outside calendar that is linked to it.</summary>
internal abstract class ModelLink(IClock clock, Random faults, PrivacyLevel level)
{
    public OutsideModel Outside { get; } = new(faults, clock);

    public PrivacyLevel Level { get; } = level;

    public ICalendarStore Store { get; set; } = null!;

    public string Practitioner { get; set; } = "";

    public LinkKey Key => new(Practitioner, "l1");

    public async Task ConnectAsync(long from)
    {
        Outside.Owners = new EventOwners(Store, Key);
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(new Link("l1", Practitioner, "model", "Model", Level) { HxCursor = from, From = from }.Put()), TestContext.Current.CancellationToken)).Succeeded);
    }

    public Task<PassResult> PassAsync(ICalendarStore? store = null) => new LinkPass(store ?? Store, clock, Outside).RunAsync(Key, TestContext.Current.CancellationToken);

    public async Task<Link> LinkAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Link.FindAsync(snapshot, Key))!;
    }

    public async Task<IReadOnlyList<Conflict>> ConflictsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Conflict.ListAsync(snapshot, Practitioner);
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
}
