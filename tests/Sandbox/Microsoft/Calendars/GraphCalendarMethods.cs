using System.Text.Json.Nodes;

namespace Sandbox.Microsoft.Calendars;

/// <summary>Calendars: with Calendars.ReadWrite an app sees all of them (§B1: there is no scope for its own only).</summary>
public static class GraphCalendarMethods
{
    private const string One = "me/calendars/{calendarId}";

    public static IReadOnlyList<GraphMethod> All { get; } =
    [
        new("graph.calendars.list", "GET", ["me/calendars"], List, ["$select", "$top"]),
        new("graph.calendars.create", "POST", ["me/calendars"], Create, Body: GraphShapes.Calendar),
        new("graph.calendars.get", "GET", [One, "me/calendar"], call => Show(call), ["$select"]),
        new("graph.calendars.update", "PATCH", [One], Update, Body: GraphShapes.Calendar),
        new("graph.calendars.delete", "DELETE", [One], Delete),
    ];

    private static Reply Show(GraphCall call) => new(200, GraphCalendar.Show(call.Calendar(), call.Account));

    private static Reply List(GraphCall call) =>
        new(200, new JsonObject { ["value"] = new JsonArray([.. GraphCalendar.Of(call.Store, call.Account).Select(x => GraphCalendar.Show(x, call.Account))]) });

    private static Reply Create(GraphCall call)
    {
        if ((string?)call.Body["name"] is not { Length: > 0 } name) throw GraphRefusal.Property("The property 'name' is required.");
        return new Reply(201, GraphCalendar.Show(GraphCalendar.Create(call.Store, call.Account, name, call.Grant.Client, call.Clock.GetCurrentInstant()), call.Account));
    }

    private static Reply Update(GraphCall call)
    {
        var row = call.Calendar();
        var kept = JsonNode.Parse(row.Json)!.AsObject();
        foreach (var name in (string[])["name", "color"])
            if ((string?)call.Body[name] is { } value) kept[name] = value;
        row.Json = kept.ToJsonString();
        call.Store.Calendars.Update(row);
        return Show(call);
    }

    private static Reply Delete(GraphCall call)
    {
        var row = call.Calendar();
        if (row.MadeBy is null && GraphCalendar.NameOf(row) == "Calendar") throw new GraphException(400, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted.");
        GraphCalendar.Delete(call.Store, row);
        return new Reply(204);
    }
}
