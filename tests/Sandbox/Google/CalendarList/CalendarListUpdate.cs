namespace Sandbox.Google.CalendarList;

public static class CalendarListUpdate
{
    public static readonly GoogleMethod Method = new("calendar.calendarList.update", "PUT", "users/me/calendarList/{calendarId}", Handle, ["colorRgbFormat"], Shapes.CalendarListEntry);

    private static Reply Handle(GoogleCall call) => ListEntry.Write(call, replace: true);
}
