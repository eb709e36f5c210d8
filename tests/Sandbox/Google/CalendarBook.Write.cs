using System.Text.Json.Nodes;
using Sandbox.Google.Series;

namespace Sandbox.Google;

public sealed partial class CalendarBook
{
    /// <summary>What a client may send but only the server sets: it is ignored, as Google does.</summary>
    private static readonly string[] ServerSet =
        ["kind", "etag", "id", "iCalUID", "created", "updated", "htmlLink", "creator", "organizer", "sequence", "recurringEventId", "originalStartTime", "eventType"];

    /// <summary>PUT replaces the whole resource, PATCH merges into it (§A3); both on a single event, a series or an instance.</summary>
    public JsonObject Write(JsonObject before, JsonObject sent, bool replace)
    {
        var after = replace ? new JsonObject() : before.DeepClone().AsObject();
        Merge.Into(after, Without(sent, ServerSet), replace);
        foreach (var name in ServerSet) after[name] = before[name]?.DeepClone();
        foreach (var name in ServerSet.Where(x => after[x] is null)) after.Remove(name);
        after["status"] ??= "confirmed";
        after["reminders"] ??= new JsonObject { ["useDefault"] = true };
        EventRules.Check(after);
        if (IsInstance(before) && after["recurrence"] is JsonArray { Count: > 0 }) throw Refusal.Invalid("Invalid recurrence rule.", "recurrence");
        if (IsInstance(before) && !IsLive(after)) return CancelInstance(before);
        if (IsMaster(before)) return WriteMaster(before, after);
        if (!SameTimes(before, after)) after["sequence"] = (int)after["sequence"]! + 1;
        return Save(after, touched: !OnlyReminders(before, after));
    }

    /// <summary>§A3: DELETE of an instance leaves a cancelled exception; of an event its id, which stays taken.</summary>
    public void Delete(JsonObject item)
    {
        if (IsInstance(item)) CancelInstance(item);
        else if (IsMaster(item)) CancelSeries(item);
        else Save(Cancelled(item));
    }

    /// <summary>Brought back from the bin, it is the event that it was.</summary>
    public JsonObject Restore(JsonObject deleted)
    {
        var restored = deleted.DeepClone().AsObject();
        restored["status"] = "confirmed";
        return Save(restored);
    }

    private JsonObject CancelInstance(JsonObject instance) => Save(Cancelled(instance));

    private static JsonObject Cancelled(JsonObject item)
    {
        var cancelled = item.DeepClone().AsObject();
        cancelled["status"] = "cancelled";
        return cancelled;
    }

    /// <summary>A2: a change of reminders only does not change "updated".</summary>
    private static bool OnlyReminders(JsonObject before, JsonObject after)
    {
        var a = Without(before, ["reminders", "etag", "updated"]);
        var b = Without(after, ["reminders", "etag", "updated"]);
        return JsonNode.DeepEquals(a, b) && !JsonNode.DeepEquals(before["reminders"], after["reminders"]);
    }

    private static bool SameTimes(JsonObject before, JsonObject after) =>
        JsonNode.DeepEquals(before["start"], after["start"]) && JsonNode.DeepEquals(before["end"], after["end"]) && Rules.Same(before["recurrence"], after["recurrence"]);

    private static JsonObject Without(JsonObject item, string[] names)
    {
        var copy = item.DeepClone().AsObject();
        foreach (var name in names) copy.Remove(name);
        return copy;
    }
}
