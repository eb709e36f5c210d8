namespace Sandbox.Google.Calendars;

public static class CalendarsPatch
{
    public static readonly GoogleMethod Method = new("calendar.calendars.patch", "PATCH", "calendars/{calendarId}", Handle, [], Shapes.Calendar, Cost: 3);

    private static Reply Handle(GoogleCall call) => CalendarResource.Write(call, replace: false);
}
