namespace Sandbox.Google.Events;

/// <summary>events.update: replaces the whole resource (§A3).</summary>
public static class EventsUpdate
{
    public static readonly GoogleMethod Method = new("calendar.events.update", "PUT", "calendars/{calendarId}/events/{eventId}", Handle,
        ["alwaysIncludeEmail", "conferenceDataVersion", "maxAttendees", "sendNotifications", "sendUpdates", "supportsAttachments"], Shapes.Event);

    private static Reply Handle(GoogleCall call) => Writes.Run(call, replace: true);
}
