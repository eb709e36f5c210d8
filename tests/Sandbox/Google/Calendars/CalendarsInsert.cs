using NodaTime;
using Sandbox.State;

namespace Sandbox.Google.Calendars;

/// <summary>calendars.insert: a secondary calendar; more than 60 in a short time are refused (§A3, limits).</summary>
public static class CalendarsInsert
{
    public static readonly GoogleMethod Method = new("calendar.calendars.insert", "POST", "calendars", Handle, [], Shapes.Calendar);

    private static Reply Handle(GoogleCall call)
    {
        if (string.IsNullOrEmpty((string?)call.Body["summary"])) throw Refusal.Required("Missing title.");
        var now = call.Clock.GetCurrentInstant();
        var dayAgo = (now - Duration.FromDays(1)).ToUnixTimeMilliseconds();
        if (call.Store.Calendars.Find(x => x.Account == call.Grant.Account).Count(x => x.CreatedAt > dayAgo && x.MadeBy is not null) >= 60) throw Refusal.CalendarLimits();
        var row = CalendarResource.Create(call.Store, call.Account, Ids.Calendar(), call.Body, call.Grant.Client, now);
        return new Reply(200, CalendarResource.Show(row));
    }
}
