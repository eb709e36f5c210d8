using Sandbox.State;

namespace Sandbox.Google.Events;

/// <summary>events.insert: with an id of the client's own, which stays taken for good (§A3).</summary>
public static class EventsInsert
{
    public static readonly GoogleMethod Method = new("calendar.events.insert", "POST", "calendars/{calendarId}/events", Handle,
        ["conferenceDataVersion", "maxAttendees", "sendNotifications", "sendUpdates", "supportsAttachments"], Shapes.Event);

    private static Reply Handle(GoogleCall call)
    {
        var calendar = call.Calendar();
        var id = (string?)call.Body["id"];
        var uid = (string?)call.Body["iCalUID"];
        if (id is not null) EventRules.CheckId(id);
        // §A3: only one of id and iCalUID at creation
        if (id is not null && uid is not null && uid != id + "@google.com") throw Refusal.Invalid("Only one of id and iCalUID may be set.");
        if (id is not null && calendar.Log.IsTaken(id)) throw Refusal.Duplicate();
        id ??= Ids.Event();
        return Answers.Event(calendar, calendar.Create(Answers.Fresh(call.Body), id, uid ?? id + "@google.com"));
    }
}
