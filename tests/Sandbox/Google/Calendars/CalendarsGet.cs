namespace Sandbox.Google.Calendars;

public static class CalendarsGet
{
    public static readonly GoogleMethod Method = new("calendar.calendars.get", "GET", "calendars/{calendarId}", Handle, []);

    private static Reply Handle(GoogleCall call) => new(200, CalendarResource.Show(call.Calendar().Row));
}
