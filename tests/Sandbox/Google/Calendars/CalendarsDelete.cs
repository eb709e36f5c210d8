namespace Sandbox.Google.Calendars;

public static class CalendarsDelete
{
    public static readonly GoogleMethod Method = new("calendar.calendars.delete", "DELETE", "calendars/{calendarId}", Handle, []);

    private static Reply Handle(GoogleCall call)
    {
        var row = call.Calendar().Row;
        if (row.Id == call.Account.Email) throw Refusal.Invalid("Cannot delete primary calendar.");
        CalendarResource.Delete(call.Store, call.Push, row);
        return new Reply(204);
    }
}
