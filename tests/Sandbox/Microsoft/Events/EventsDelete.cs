namespace Sandbox.Microsoft.Events;

public static class EventsDelete
{
    public static readonly GraphMethod Method = new("graph.events.delete", "DELETE", ["me/events/{eventId}", "me/calendars/{calendarId}/events/{eventId}"], Handle);

    private static Reply Handle(GraphCall call)
    {
        var target = call.Event();
        call.CheckMatch(target.Item);
        call.Mailbox().Delete(target);
        return new Reply(204);
    }
}
