namespace Sandbox.Microsoft.Events;

/// <summary>PATCH: only what is sent is changed (§B2).</summary>
public static class EventsUpdate
{
    public static readonly GraphMethod Method = new("graph.events.update", "PATCH", ["me/events/{eventId}", "me/calendars/{calendarId}/events/{eventId}"], Handle, Body: GraphShapes.Event);

    private static Reply Handle(GraphCall call)
    {
        var target = call.Event();
        call.CheckMatch(target.Item);
        var mailbox = call.Mailbox();
        return new Reply(200, mailbox.Show(mailbox.Update(target, call.Body), call));
    }
}
