using System.Text.Json.Nodes;
using LiteDB;

namespace Sandbox.State;

/// <summary>The items of one calendar as a change log, so that a listing can show any moment of it.</summary>
public sealed class Log(Store store, string calendar)
{
    public sealed record Version(string Item, long Sequence, JsonObject Json);

    public Version? Find(string item) =>
        store.Items.FindById(Key(item)) is { Gone: false } row ? new Version(row.Item, row.Sequence, Read(row.Json)) : null;

    /// <summary>The last version of an item that is of a kind; null when there was none.</summary>
    public JsonObject? Last(string item, Func<JsonObject, bool> isOfKind) =>
        store.Changes.Find(x => x.Calendar == calendar && x.Item == item).Where(x => !x.Gone).OrderByDescending(x => x.Id).Select(x => Read(x.Json)).FirstOrDefault(isOfKind);

    /// <summary>An id is taken by whatever ever had it.</summary>
    public bool IsTaken(string item) => store.Items.FindById(Key(item)) is not null;

    public IReadOnlyList<Version> Now() =>
        [.. store.Items.Find(x => x.Calendar == calendar).Where(x => !x.Gone).OrderBy(x => x.Sequence).Select(x => new Version(x.Item, x.Sequence, Read(x.Json)))];

    /// <summary>What changed after one moment, as it was at another.</summary>
    public IReadOnlyList<Version> Between(long since, long asOf) =>
        [.. Rows(since, asOf).GroupBy(x => x.Item).Select(x => x.MaxBy(y => y.Id)!)
            .Where(x => x.Id > since && !x.Gone).OrderBy(x => x.Id).Select(x => new Version(x.Item, x.Id, Read(x.Json)))];

    /// <summary>A short stretch is found by its numbers, the whole by its calendar.</summary>
    private IEnumerable<ChangeRow> Rows(long since, long asOf) =>
        since == 0 ? store.Changes.Find(x => x.Calendar == calendar).Where(x => x.Id <= asOf) : store.Changes.Find(Query.Between("_id", since + 1, asOf)).Where(x => x.Calendar == calendar);

    public void Append(string item, long sequence, JsonObject json) => Append(item, sequence, json.ToJsonString(), gone: false);

    public void Drop(string item, long sequence) => Append(item, sequence, "{}", gone: true);

    private void Append(string item, long sequence, string json, bool gone)
    {
        store.Changes.Insert(new ChangeRow { Id = sequence, Calendar = calendar, Item = item, Json = json, Gone = gone });
        store.Items.Upsert(new ItemRow { Id = Key(item), Calendar = calendar, Item = item, Sequence = sequence, Json = json, Gone = gone });
    }

    private string Key(string item) => calendar + "\n" + item;

    private static JsonObject Read(string json) => JsonNode.Parse(json)!.AsObject();
}
