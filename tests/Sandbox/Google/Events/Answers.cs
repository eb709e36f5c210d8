using System.Text.Json.Nodes;

namespace Sandbox.Google.Events;

public static class Answers
{
    public static Reply Event(CalendarBook calendar, JsonObject item, string? zone = null) =>
        new(200, calendar.Show(item, zone)) { Headers = { ["ETag"] = (string)item["etag"]! } };

    /// <summary>What a client sent, without what only the server sets.</summary>
    public static JsonObject Fresh(JsonObject body)
    {
        var fresh = new JsonObject();
        Merge.Into(fresh, body, replace: false);
        foreach (var name in (string[])["etag", "created", "updated", "creator", "organizer", "htmlLink", "recurringEventId", "originalStartTime", "sequence"]) fresh.Remove(name);
        return fresh;
    }
}
