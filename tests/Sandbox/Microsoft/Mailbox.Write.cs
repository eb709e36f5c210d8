using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using Sandbox.Microsoft.Series;
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
            ["_key"] = NewKey(),
            ["iCalUId"] = NewUid(),
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
        if (entry.Type == "occurrence") item["iCalUId"] = NewUid(); // §B2: not the master's
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

    private static string NewKey() => System.Security.Cryptography.RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 40);

    /// <summary>PATCH: what is sent is set, null clears (§B2); extended properties are merged by id.</summary>
    private static void Apply(JsonObject item, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (name == "singleValueExtendedProperties") Tag(item, value as JsonArray ?? []);
            else if (name is "start" or "end") Set(item, name, value);
            else if (value is null && name != "subject") item.Remove(name);
            else item[name] = value?.DeepClone();
        }
    }

    private static void Set(JsonObject item, string name, JsonNode? value)
    {
        var (at, wall, zone) = GraphTime.Read(value, name);
        item[name] = GraphTime.Keep(at);
        item["_wall." + name] = LocalDateTimePattern.ExtendedIso.Format(wall);
        item[name == "start" ? "_zone" : "_endZone"] = zone;
    }

    private static void Tag(JsonObject item, JsonArray tags)
    {
        var kept = item["_tags"] as JsonObject ?? [];
        foreach (var tag in tags.Select(x => x!.AsObject()))
        {
            var id = (string?)tag["id"] ?? "";
            if (!TagId().IsMatch(id)) throw GraphRefusal.BadRequest($"The extended property id '{id}' is not well formed.");
            kept[id] = (string?)tag["value"];
        }
        item["_tags"] = kept.DeepClone();
    }

    /// <summary>Brings an event to the form in which it is kept, or refuses it.</summary>
    private static void Settle(JsonObject item)
    {
        if (item["start"] is null || item["end"] is null) throw GraphRefusal.Property("The properties 'start' and 'end' are required.");
        if (IsAllDay(item)) SettleAllDay(item);
        if (GraphTime.At(item["end"]!) < GraphTime.At(item["start"]!)) throw new GraphException(400, "ErrorCalendarEndDateIsEarlierThanStartDate", "The start date must be earlier than the end date.");
        if (item["_master"] is not null) return;
        item["_type"] = item["recurrence"] is null ? "singleInstance" : "seriesMaster";
        if (item["recurrence"] is JsonObject recurrence) SettleSeries(item, recurrence);
    }

    private static void SettleAllDay(JsonObject item)
    {
        foreach (var name in (string[])["start", "end"])
        {
            if ((string?)item["_wall." + name] is not { } text) continue;
            var wall = LocalDateTimePattern.ExtendedIso.Parse(text).Value;
            if (wall.TimeOfDay != LocalTime.Midnight) throw GraphRefusal.Property($"The Event.{(name == "start" ? "Start" : "End")} property for an all-day event needs to be set to midnight.");
            item[name] = GraphTime.Keep(wall.InUtc().ToInstant());
        }
        // §B8: a range of less than a day must be widened by the client
        if (GraphTime.At(item["end"]!) - GraphTime.At(item["start"]!) < Duration.FromDays(1)) throw GraphRefusal.Property("The duration of an event marked as All day must be at least 24 hours.");
    }

    /// <summary>§B6: a start that does not fit the pattern is moved to the first that does.</summary>
    private static void SettleSeries(JsonObject item, JsonObject recurrence)
    {
        var zone = ZoneOf(item);
        var length = GraphTime.At(item["end"]!) - GraphTime.At(item["start"]!);
        var wall = GraphTime.At(item["start"]!).InZone(zone).LocalDateTime;
        if (recurrence["range"] is JsonObject range) range["startDate"] ??= LocalDatePattern.Iso.Format(wall.Date);
        var first = GraphExpansion.First(recurrence, wall) ?? throw GraphRefusal.Property("The recurrence has no occurrence.");
        item["start"] = GraphTime.Keep(first.InZoneLeniently(zone).ToInstant());
        item["end"] = GraphTime.Keep(first.InZoneLeniently(zone).ToInstant() + length);
        recurrence["range"]!["startDate"] = LocalDatePattern.Iso.Format(first.Date);
        recurrence["range"]!["recurrenceTimeZone"] ??= GraphTime.Windows((string)item["_zone"]!);
        recurrence["range"]!["endDate"] ??= "0001-01-01";
        recurrence["range"]!["numberOfOccurrences"] ??= 0;
        foreach (var (name, missing) in (IEnumerable<(string, JsonNode)>)[("month", 0), ("dayOfMonth", 0), ("firstDayOfWeek", "sunday"), ("index", "first")]) recurrence["pattern"]![name] ??= missing;
    }

    [GeneratedRegex(@"^String \{[0-9a-fA-F-]{36}\} (Name \S+|Id 0x[0-9a-fA-F]+)$")]
    private static partial Regex TagId();
}
