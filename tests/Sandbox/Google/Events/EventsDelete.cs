namespace Sandbox.Google.Events;

/// <summary>events.delete: 204; a second time 410 with the reason "deleted" (guides/errors).</summary>
public static class EventsDelete
{
    public static readonly GoogleMethod Method = new("calendar.events.delete", "DELETE", "calendars/{calendarId}/events/{eventId}", Handle, ["sendNotifications", "sendUpdates"]);

    private static Reply Handle(GoogleCall call)
    {
        var calendar = call.Calendar();
        var target = calendar.Resolve(call.Route("eventId")) ?? throw Refusal.NotFound();
        if (!CalendarBook.IsLive(target)) throw Refusal.Deleted();
        Preconditions.Check(call, target);
        calendar.Delete(target);
        return new Reply(204);
    }
}
