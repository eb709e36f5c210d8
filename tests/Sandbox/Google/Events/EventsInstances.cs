using System.Text.Json.Nodes;

namespace Sandbox.Google.Events;

/// <summary>events.instances: the series instance by instance, changed ones in their place, cancelled ones with showDeleted.</summary>
public static class EventsInstances
{
    public static readonly GoogleMethod Method = new("calendar.events.instances", "GET", "calendars/{calendarId}/events/{eventId}/instances", Handle,
        ["alwaysIncludeEmail", "maxAttendees", "maxResults", "originalStart", "pageToken", "showDeleted", "timeMax", "timeMin", "timeZone"]);

    private static Reply Handle(GoogleCall call)
    {
        var calendar = call.Calendar();
        var master = calendar.Find(call.Route("eventId")) ?? throw Refusal.NotFound();
        var (from, to) = (call.Time("timeMin"), call.Time("timeMax"));
        var items = CalendarBook.IsMaster(master)
            ? calendar.Instances(master).Where(x => (CalendarBook.IsLive(x) || call.Flag("showDeleted")) && calendar.Overlaps(x, from, to)) : [];
        if (call.Text("originalStart") is { } original) items = items.Where(x => IsAt(x, original));
        var sequence = call.Store.Sequence;
        return ListPage.Answer(call, calendar, [.. items.Select(x => calendar.Show(x, call.Text("timeZone")))], new ListPage.Position(sequence, 0, 0), token: null);
    }

    private static bool IsAt(JsonObject item, string original)
    {
        var when = When.Kept(item["originalStartTime"]!);
        return when.AllDay ? (string?)item["originalStartTime"]!["date"] == original
            : NodaTime.Text.OffsetDateTimePattern.ExtendedIso.Parse(original) is { Success: true } asked && asked.Value.ToInstant() == when.At;
    }
}
