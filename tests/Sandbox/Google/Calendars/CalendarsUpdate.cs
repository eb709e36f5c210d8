namespace Sandbox.Google.Calendars;

public static class CalendarsUpdate
{
    public static readonly GoogleMethod Method = new("calendar.calendars.update", "PUT", "calendars/{calendarId}", Handle, [], Shapes.Calendar);

    private static Reply Handle(GoogleCall call) => CalendarResource.Write(call, replace: true);
}
