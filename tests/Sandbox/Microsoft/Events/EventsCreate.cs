namespace Sandbox.Microsoft.Events;

public static class EventsCreate
{
    public static readonly GraphMethod Method = new("graph.events.create", "POST", ["me/calendars/{calendarId}/events", "me/calendar/events", "me/events"],
        call => new Reply(201, call.Mailbox().Show(call.Mailbox().Create(call.Calendar(), call.Body, call.Immutable), call)), Body: GraphShapes.Event);
}
