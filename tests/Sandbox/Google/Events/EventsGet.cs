namespace Sandbox.Google.Events;

/// <summary>events.get: a deleted event is still answered, with status "cancelled" (§A3: 409, then GET, then adopt or bring back).</summary>
public static class EventsGet
{
    public static readonly GoogleMethod Method = new("calendar.events.get", "GET", "calendars/{calendarId}/events/{eventId}", Handle, ["timeZone", "maxAttendees", "alwaysIncludeEmail"]);

    private static Reply Handle(GoogleCall call)
    {
        var calendar = call.Calendar();
        var found = calendar.Resolve(call.Route("eventId")) ?? throw Refusal.NotFound();
        if (Preconditions.IsUnchanged(call, found)) return new Reply(304);
        return Answers.Event(calendar, found, call.Text("timeZone"));
    }
}
