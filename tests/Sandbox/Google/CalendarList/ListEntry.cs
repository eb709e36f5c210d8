using System.Text.Json.Nodes;
using Sandbox.Google.Calendars;
using Sandbox.State;

namespace Sandbox.Google.CalendarList;

/// <summary>The resource "CalendarListEntry": how one person sees a calendar.</summary>
public static class ListEntry
{
    private static readonly string[] Writable = ["summaryOverride", "colorId", "backgroundColor", "foregroundColor", "hidden", "selected", "defaultReminders"];

    public static JsonObject Show(CalendarRow row, Account account)
    {
        var kept = JsonNode.Parse(row.Json)!.AsObject();
        var shown = CalendarResource.Show(row);
        shown["kind"] = "calendar#calendarListEntry";
        shown["accessRole"] = "owner";
        shown["selected"] = true;
        shown["defaultReminders"] = new JsonArray();
        if (row.Id == account.Email) shown["primary"] = true;
        foreach (var name in Writable)
            if (kept["list." + name] is { } value) shown[name] = value.DeepClone();
        return shown;
    }

    public static Reply Write(GoogleCall call, bool replace)
    {
        var row = call.Calendar().Row;
        var kept = JsonNode.Parse(row.Json)!.AsObject();
        foreach (var name in Writable.Where(x => replace || call.Body.ContainsKey(x)))
        {
            if (call.Body[name] is { } value) kept["list." + name] = value.DeepClone();
            else kept.Remove("list." + name);
        }
        return new Reply(200, Show(CalendarResource.Save(call.Store, row, kept), call.Account));
    }
}
