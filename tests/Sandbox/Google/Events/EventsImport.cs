using System.Text.Json.Nodes;
using Sandbox.Google.Series;
using Sandbox.State;

namespace Sandbox.Google.Events;

/// <summary>events.import: the iCalUID is the key; the UID of a split ("BASE_R…@google.com") splits the series (§A3).</summary>
public static class EventsImport
{
    public static readonly GoogleMethod Method = new("calendar.events.import", "POST", "calendars/{calendarId}/events/import", Handle,
        ["conferenceDataVersion", "supportsAttachments"], Shapes.Event);

    private static Reply Handle(GoogleCall call)
    {
        var calendar = call.Calendar();
        var uid = (string?)call.Body["iCalUID"] ?? throw Refusal.Required("Missing iCalUID.");
        if (call.Body["id"] is not null) throw Refusal.Invalid("An id may not be set on import.", "id");
        if ((string?)call.Body["eventType"] is not (null or "default")) throw Refusal.Invalid("Only default events can be imported.", "eventType");
        return Answers.Event(calendar, Split(calendar, uid, call.Body) ?? Again(calendar, uid, call.Body) ?? calendar.Create(Answers.Fresh(call.Body), Ids.Event(), uid));
    }

    private static JsonObject? Again(CalendarBook calendar, string uid, JsonObject body) =>
        calendar.Log.Now().Select(x => x.Json).FirstOrDefault(x => (string?)x["iCalUID"] == uid && !CalendarBook.IsInstance(x)) is { } known
            ? calendar.Write(known, body, replace: true) : null;

    private static JsonObject? Split(CalendarBook calendar, string uid, JsonObject body)
    {
        var id = uid.Replace("@google.com", "", StringComparison.Ordinal);
        if (!InstanceId.IsSplit(id)) return null;
        if (calendar.Find(id) is { } known) return known; // its own UID again, with whatever rules, changes nothing
        var at = When.Read(body["start"] as JsonObject ?? throw Refusal.Required("Missing start time."), "start");
        var instance = InstanceId.Of(InstanceId.Base(id), at);
        if (calendar.Resolve(instance) is not { } target) return null;
        var changes = new JsonObject();
        foreach (var name in (string[])["summary", "description", "extendedProperties", "colorId"])
            if (body[name] is { } value) changes[name] = value.DeepClone();
        return calendar.Split(calendar.Find((string)target["recurringEventId"]!)!, at, changes);
    }
}
