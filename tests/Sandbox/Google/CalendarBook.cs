using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Google.Series;
using Sandbox.State;

namespace Sandbox.Google;

/// <summary>One calendar with its events, as the API and the person both see it.</summary>
public sealed partial class CalendarBook(Store store, VirtualClock clock, GooglePush push, CalendarRow row, Account account, string origin)
{
    private static readonly InstantPattern Stamp = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");
    private readonly Log _log = new(store, row.Id);

    public CalendarRow Row => row;
    public Log Log => _log;
    public string Zone => (string?)JsonNode.Parse(row.Json)!["timeZone"] ?? account.TimeZone;

    public JsonObject? Find(string id) => _log.Find(id)?.Json;

    public IEnumerable<JsonObject> Exceptions(string master) => _log.Now().Select(x => x.Json).Where(x => (string?)x["recurringEventId"] == master);

    /// <summary>The event of an id: a kept one, or an instance that no one has changed yet.</summary>
    public JsonObject? Resolve(string id)
    {
        if (Find(id) is { } kept) return kept;
        if (InstanceId.MasterOf(id) is not { } root) return null;
        var masters = _log.Now().Select(x => x.Json).Where(x => IsMaster(x) && IsLive(x) && InstanceId.Base(Id(x)) == root);
        return masters.SelectMany(Instances).FirstOrDefault(x => Id(x) == id);
    }

    /// <summary>Every instance of a series, the changed and the cancelled ones in their place.</summary>
    public IEnumerable<JsonObject> Instances(JsonObject master)
    {
        if (!IsLive(master)) yield break; // probe of 2026-10-05: a cancelled series has no instances, not even cancelled ones
        var changed = Exceptions(Id(master)).ToDictionary(Id);
        foreach (var occurrence in Expansion.Of(master, Zone))
        {
            var id = InstanceId.Of(Id(master), occurrence.Start);
            yield return changed.TryGetValue(id, out var exception) ? exception : Instance(master, id, occurrence);
        }
    }

    private static JsonObject Instance(JsonObject master, string id, Expansion.Occurrence occurrence)
    {
        var instance = master.DeepClone().AsObject();
        instance.Remove("recurrence");
        instance["id"] = id;
        instance["recurringEventId"] = Id(master);
        instance["originalStartTime"] = occurrence.Start.Keep();
        instance["start"] = occurrence.Start.Keep();
        instance["end"] = occurrence.End.Keep();
        return instance;
    }

    /// <summary>Keeps a version: a new sequence number, a new ETag, a line in the change log, and a notification.</summary>
    public JsonObject Save(JsonObject version, bool touched = true)
    {
        var sequence = store.NextSequence();
        if (touched || version["updated"] is null) version["updated"] = Stamp.Format(clock.GetCurrentInstant());
        version["etag"] = $"\"{(3_000_000_000_000_000 + (sequence * 2)).ToString(CultureInfo.InvariantCulture)}\"";
        _log.Append(Id(version), sequence, version);
        push.Changed(row.Id);
        return version;
    }

    private void Drop(string id) => _log.Drop(id, store.NextSequence());

    /// <summary>Adds the properties that the server sets.</summary>
    public JsonObject Create(JsonObject version, string id, string uid)
    {
        version["kind"] = "calendar#event";
        version["id"] = id;
        version["iCalUID"] = uid;
        version["status"] ??= "confirmed";
        version["created"] = Stamp.Format(clock.GetCurrentInstant());
        version["htmlLink"] = $"{origin}/?calendar={Uri.EscapeDataString(row.Id)}#{id}";
        version["creator"] = new JsonObject { ["email"] = account.Email };
        version["organizer"] ??= new JsonObject { ["email"] = row.Id, ["displayName"] = (string?)JsonNode.Parse(row.Json)!["summary"], ["self"] = true };
        version["sequence"] = 0;
        version["reminders"] ??= new JsonObject { ["useDefault"] = true };
        version["eventType"] ??= "default";
        EventRules.Check(version);
        return Save(version);
    }

    /// <summary>An answer: times at the offset of the asked zone.</summary>
    public JsonObject Show(JsonObject version, string? zone = null)
    {
        var shown = version.DeepClone().AsObject();
        foreach (var name in (string[])["start", "end", "originalStartTime"])
            if (shown[name] is { } time) shown[name] = When.Kept(time).Show(zone ?? Zone);
        return shown;
    }

    public bool Overlaps(JsonObject item, Instant? from, Instant? to)
    {
        if (from is null && to is null) return true;
        if (IsMaster(item)) return Instances(item).Any(x => IsLive(x) && Overlaps(x, from, to));
        var start = When.Kept(item["start"]!).Moment(Zone);
        return (to is null || start < to) && (from is null || When.Kept(item["end"]!).Moment(Zone) > from);
    }

    public static string Id(JsonObject item) => (string)item["id"]!;

    public static bool IsLive(JsonObject item) => (string?)item["status"] != "cancelled";

    public static bool IsMaster(JsonObject item) => item["recurrence"] is JsonArray { Count: > 0 };

    public static bool IsInstance(JsonObject item) => item["recurringEventId"] is not null;
}
