using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Microsoft.Series;
using Sandbox.State;

namespace Sandbox.Microsoft;

/// <summary>The events of an account, as the API and the person both see them. Properties that begin with "_" are the mailbox's own.</summary>
public sealed partial class Mailbox(Store store, VirtualClock clock, GraphPush push, Account account)
{
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    public sealed record Entry(string Calendar, JsonObject Item)
    {
        public string Key => (string)Item["_key"]!;

        public string Type => (string)Item["_type"]!;
    }

    public Account Account => account;

    /// <summary>§B2: two ids for one event; both are taken, and Prefer says which is given.</summary>
    public static string IdOf(string key, bool immutable) => (immutable ? "AAkA" : "AAMk") + key + "=";

    public Entry? Find(string id)
    {
        if (id.Length < 6 || id[..4] is not ("AAkA" or "AAMk") || id[^1] != '=') return null;
        return FindKey(id[4..^1]);
    }

    private Entry? FindKey(string key)
    {
        foreach (var calendar in store.Calendars.Find(x => x.Account == account.Id && !x.Deleted))
            if (new Log(store, calendar.Id).Find(key) is { } version && (string?)version.Json["_type"] != "deleted") return new Entry(calendar.Id, version.Json);
        // an occurrence that is not changed any more is there again as its series says
        if (key.Split('_') is not [var master, var day] || FindKey(master) is not { Type: "seriesMaster" } series) return null;
        return Occurrences(series).FirstOrDefault(x => (string)x.Item["_day"]! == day);
    }

    /// <summary>Everything in a calendar: single events and masters, exceptions apart.</summary>
    public IEnumerable<Entry> Roots(string calendar) => Live(calendar).Where(x => x.Type != "exception");

    private IEnumerable<Entry> Live(string calendar) => new Log(store, calendar).Now().Where(x => (string?)x.Json["_type"] != "deleted").Select(x => new Entry(calendar, x.Json));

    public IEnumerable<Entry> Exceptions(Entry master) => Live(master.Calendar).Where(x => (string?)x.Item["_master"] == master.Key);

    /// <summary>The occurrences that take place, changed ones in their place.</summary>
    public IEnumerable<Entry> Occurrences(Entry master)
    {
        var changed = Exceptions(master).ToDictionary(x => (string)x.Item["_day"]!);
        var cancelled = Cancelled(master).ToHashSet();
        var zone = ZoneOf(master.Item);
        var first = GraphTime.At(master.Item["start"]!).InZone(zone).LocalDateTime;
        var length = GraphTime.At(master.Item["end"]!) - GraphTime.At(master.Item["start"]!);
        foreach (var wall in GraphExpansion.Of(master.Item["recurrence"]!.AsObject(), first))
        {
            var day = Day.Format(wall.Date);
            if (cancelled.Contains(day)) continue;
            yield return changed.TryGetValue(day, out var exception) ? exception : Occurrence(master, day, wall.InZoneLeniently(zone).ToInstant(), length);
        }
    }

    private static Entry Occurrence(Entry master, string day, Instant start, Duration length)
    {
        var item = master.Item.DeepClone().AsObject();
        item.Remove("recurrence");
        item.Remove("transactionId");
        item["_key"] = $"{master.Key}_{day}";
        item["_type"] = "occurrence";
        item["_master"] = master.Key;
        item["_day"] = day;
        item["_original"] = InstantPattern.General.Format(start);
        item["start"] = GraphTime.Keep(start);
        item["end"] = GraphTime.Keep(start + length);
        return new Entry(master.Calendar, item);
    }

    public static IEnumerable<string> Cancelled(Entry master) => (master.Item["_cancelled"] as JsonArray ?? []).Select(x => (string)x!);

    /// <summary>A whole day has no zone: it is kept as midnight in UTC, and shown as midnight in any (§B7).</summary>
    public static DateTimeZone ZoneOf(JsonObject item) => IsAllDay(item) ? DateTimeZone.Utc : GraphTime.Zone((string)item["_zone"]!);

    public static bool IsAllDay(JsonObject item) => (bool?)item["isAllDay"] ?? false;

    public string ETag(JsonObject item) => $"W/\"{(string)item["changeKey"]!}\"";

    public static bool Overlaps(JsonObject item, Instant from, Instant to) => GraphTime.At(item["start"]!) < to && GraphTime.At(item["end"]!) > from;

    private Entry Save(Entry entry, string change)
    {
        var sequence = store.NextSequence();
        entry.Item["lastModifiedDateTime"] = GraphTime.Stamp(clock.GetCurrentInstant());
        entry.Item["changeKey"] = Convert.ToBase64String(BitConverter.GetBytes(0x7700_0000_0000_0000 + sequence));
        new Log(store, entry.Calendar).Append(entry.Key, sequence, entry.Item);
        push.Changed(account, entry, change, ETag(entry.Item));
        return entry;
    }

    private void Tombstone(Entry entry, bool notify)
    {
        var item = new JsonObject { ["_key"] = entry.Key, ["_type"] = "deleted", ["changeKey"] = "" };
        new Log(store, entry.Calendar).Append(entry.Key, store.NextSequence(), item);
        if (notify) push.Changed(account, entry, "deleted", ETag(entry.Item));
    }
}
