namespace Sandbox.Microsoft.Events;

/// <summary>The occurrences and exceptions of a series in a window.</summary>
public static class EventsInstances
{
    public static readonly GraphMethod Method = new("graph.events.instances", "GET", ["me/events/{eventId}/instances", "me/calendars/{calendarId}/events/{eventId}/instances"], Handle,
        ["startDateTime", "endDateTime", "$select", "$expand", "$top", "$skip"]);

    private static Reply Handle(GraphCall call)
    {
        var (from, to) = (call.Time("startDateTime"), call.Time("endDateTime"));
        var master = call.Event();
        if (master.Type != "seriesMaster") throw GraphRefusal.BadRequest("The event is not a series master.");
        return GraphPage.Answer(call, call.Mailbox().Occurrences(master).Where(x => Mailbox.Overlaps(x.Item, from, to)));
    }
}
