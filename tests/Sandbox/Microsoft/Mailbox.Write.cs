using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.State;

namespace Sandbox.Microsoft;

public sealed partial class Mailbox
{
    /// <summary>POST: a transactionId that was used before answers with what it made (§B2).</summary>
    public Entry Create(CalendarRow calendar, JsonObject body, bool immutable)
    {
        var transaction = (string?)body["transactionId"] is { } given ? $"transaction.{account.Id}.{given}" : null;
        if (transaction is not null && store[transaction] is { } made && FindKey(made) is { } known) throw GraphRefusal.SameTransaction(IdOf(known.Key, immutable));
        var item = new JsonObject
        {
            ["_key"] = Ids.Key(),
            ["iCalUId"] = Ids.MailboxUid(),
            ["createdDateTime"] = GraphTime.Stamp(clock.GetCurrentInstant()),
        };
        Apply(item, body);
        Settle(item);
        if (transaction is not null) store[transaction] = (string)item["_key"]!;
        return Save(new Entry(calendar.Id, item), "created");
    }

    public Entry Update(Entry entry, JsonObject changes)
    {
        if (changes.ContainsKey("transactionId")) throw GraphRefusal.Property("The property 'transactionId' cannot be changed."); // §B2: only at creation
        return entry.Type is "occurrence" or "exception" ? UpdateOccurrence(entry, changes) : UpdateRoot(entry, changes);
    }

    private Entry UpdateRoot(Entry entry, JsonObject changes)
    {
        var item = entry.Item.DeepClone().AsObject();
        Apply(item, changes);
        Settle(item);
        if (entry.Type == "seriesMaster") Carry(entry, item, changes);
        return Save(entry with { Item = item }, "updated");
    }

    /// <summary>A new pattern or time drops what was changed and cancelled, an earlier end what comes after it; any other property reaches the exceptions that have none of their own.</summary>
    private void Carry(Entry before, JsonObject after, JsonObject changes)
    {
        var moved = ((string[])["start", "end", "isAllDay"]).Any(x => !JsonNode.DeepEquals(before.Item[x], after[x])) || !JsonNode.DeepEquals(before.Item["recurrence"]?["pattern"], after["recurrence"]?["pattern"]);
        if (moved) after.Remove("_cancelled");
        var days = after["recurrence"] is null ? [] : Occurrences(before with { Item = after }).Select(x => (string)x.Item["_day"]!).ToHashSet();
        foreach (var exception in Exceptions(before).ToList())
        {
            if (moved || !days.Contains((string)exception.Item["_day"]!))
            {
                Tombstone(exception, notify: false);
                continue;
            }
            var own = exception.Item["_own"]!.AsArray().Select(x => (string)x!).ToHashSet();
            Apply(exception.Item, new JsonObject(changes.Where(x => !own.Contains(x.Key)).Select(x => KeyValuePair.Create(x.Key, x.Value?.DeepClone()))));
            Save(exception, "updated");
        }
    }

    private Entry UpdateOccurrence(Entry entry, JsonObject changes)
    {
        if (changes["recurrence"] is not null) throw GraphRefusal.Property("An occurrence cannot have a recurrence.");
        var item = entry.Item.DeepClone().AsObject();
        Apply(item, changes);
        Settle(item);
        item["_type"] = "exception";
        if (entry.Type == "occurrence") item["iCalUId"] = Ids.MailboxUid(); // §B2: not the master's
        item["_own"] = new JsonArray([.. (item["_own"] as JsonArray ?? []).Select(x => (string)x!).Union(changes.Select(x => x.Key)).Select(x => (JsonNode)x)]);
        CheckNeighbours(entry, item);
        return Save(entry with { Item = item }, "updated");
    }

    /// <summary>§B6: an occurrence may not cross a neighbour, nor be on its day.</summary>
    private void CheckNeighbours(Entry entry, JsonObject item)
    {
        var all = Occurrences(FindKey((string)item["_master"]!)!).ToList();
        var at = all.FindIndex(x => x.Key == entry.Key);
        var zone = ZoneOf(item);
        LocalDate DayOf(JsonObject x) => GraphTime.At(x["start"]!).InZone(zone).Date;
        if ((at > 0 && DayOf(item) <= DayOf(all[at - 1].Item)) || (at + 1 < all.Count && DayOf(item) >= DayOf(all[at + 1].Item))) throw GraphRefusal.Crossing();
    }

    public void Delete(Entry entry)
    {
        if (entry.Type is "occurrence" or "exception")
        {
            // §B3: no tombstone; the series is sent again
            if (entry.Type == "exception") new Log(store, entry.Calendar).Drop(entry.Key, store.NextSequence());
            var master = FindKey((string)entry.Item["_master"]!)!;
            master.Item["_cancelled"] = new JsonArray([.. Cancelled(master).Append((string)entry.Item["_day"]!).Order().Select(x => (JsonNode)x)]);
            Save(master, "updated");
            return;
        }
        foreach (var exception in Exceptions(entry).ToList()) new Log(store, entry.Calendar).Drop(exception.Key, store.NextSequence());
        Tombstone(entry, notify: true);
    }

    /// <summary>§B2: what is recovered from the deleted items is a new item: it has another id, and the properties that applications gave it. Null when nothing was deleted under the id.</summary>
    public Entry? Restore(CalendarRow calendar, string id)
    {
        if (id.Length < 6 || Find(id) is not null || new Log(store, calendar.Id).Last(id[4..^1], static version => (string?)version["_type"] != "deleted") is not { } last) return null;
        last["_key"] = Ids.Key();
        return Save(new Entry(calendar.Id, last), "created");
    }
}
