namespace Sandbox.Microsoft.Events;

/// <summary>GET by id: the only place where exceptions and cancelled occurrences come with their master (§B3).</summary>
public static class EventsGet
{
    public static readonly GraphMethod Method = new("graph.events.get", "GET", ["me/events/{eventId}", "me/calendars/{calendarId}/events/{eventId}"],
        call => new Reply(200, call.Mailbox().Show(call.Event(), call, call.Option("$expand"), call.Option("$select"))), ["$select", "$expand"]);
}
