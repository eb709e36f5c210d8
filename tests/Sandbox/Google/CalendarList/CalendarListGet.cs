namespace Sandbox.Google.CalendarList;

public static class CalendarListGet
{
    public static readonly GoogleMethod Method = new("calendar.calendarList.get", "GET", "users/me/calendarList/{calendarId}", Handle, []);

    private static Reply Handle(GoogleCall call) => new(200, ListEntry.Show(call.Calendar().Row, call.Account));
}
