namespace Sandbox.Microsoft.Events;

/// <summary>Everything that takes place in a window, occurrence by occurrence.</summary>
public static class CalendarView
{
    public static readonly GraphMethod Method = new("graph.calendarView.list", "GET", ["me/calendars/{calendarId}/calendarView", "me/calendar/calendarView", "me/calendarView"], Handle,
        ["startDateTime", "endDateTime", "$select", "$expand", "$top", "$skip"]);

    private static Reply Handle(GraphCall call)
    {
        var (from, to) = (call.Time("startDateTime"), call.Time("endDateTime"));
        var mailbox = call.Mailbox();
        return GraphPage.Answer(call, mailbox.Roots(call.Calendar().Id).SelectMany(x => x.Type == "seriesMaster" ? mailbox.Occurrences(x) : [x])
            .Where(x => Mailbox.Overlaps(x.Item, from, to)).OrderBy(x => GraphTime.At(x.Item["start"]!)));
    }
}
