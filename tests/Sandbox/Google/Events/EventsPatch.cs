namespace Sandbox.Google.Events;

/// <summary>events.patch: merges, and costs three units (§A).</summary>
public static class EventsPatch
{
    public static readonly GoogleMethod Method = new("calendar.events.patch", "PATCH", "calendars/{calendarId}/events/{eventId}", Handle,
        ["alwaysIncludeEmail", "conferenceDataVersion", "maxAttendees", "sendNotifications", "sendUpdates", "supportsAttachments"], Shapes.Event, Cost: 3);

    private static Reply Handle(GoogleCall call) => Writes.Run(call, replace: false);
}
