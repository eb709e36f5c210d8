namespace Sandbox.Google.CalendarList;

public static class CalendarListPatch
{
    public static readonly GoogleMethod Method = new("calendar.calendarList.patch", "PATCH", "users/me/calendarList/{calendarId}", Handle, ["colorRgbFormat"], Shapes.CalendarListEntry, Cost: 3);

    private static Reply Handle(GoogleCall call) => ListEntry.Write(call, replace: false);
}
