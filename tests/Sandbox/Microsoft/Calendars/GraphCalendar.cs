using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.State;

namespace Sandbox.Microsoft.Calendars;

/// <summary>The resource "calendar".</summary>
public static class GraphCalendar
{
    public static CalendarRow Create(Store store, Account account, string name, string? madeBy, Instant now)
    {
        if (Of(store, account).Any(x => NameOf(x) == name)) throw new GraphException(409, "ErrorFolderExists", "A folder with the specified name already exists.");
        var row = new CalendarRow { Id = Ids.Item(), Account = account.Id, MadeBy = madeBy, CreatedAt = now.ToUnixTimeMilliseconds(), Json = new JsonObject { ["name"] = name, ["color"] = "auto" }.ToJsonString() };
        store.Calendars.Insert(row);
        return row;
    }

    public static IEnumerable<CalendarRow> Of(Store store, Account account) => store.Calendars.Find(x => x.Account == account.Id && !x.Deleted);

    public static string NameOf(CalendarRow row) => (string)JsonNode.Parse(row.Json)!["name"]!;

    public static JsonObject Show(CalendarRow row, Account account)
    {
        var kept = JsonNode.Parse(row.Json)!;
        return new JsonObject
        {
            ["id"] = row.Id,
            ["name"] = (string)kept["name"]!,
            ["color"] = (string)kept["color"]!,
            ["isDefaultCalendar"] = row.MadeBy is null && NameOf(row) == "Calendar",
            ["canEdit"] = true,
            ["canShare"] = true,
            ["canViewPrivateItems"] = true,
            ["isRemovable"] = NameOf(row) != "Calendar",
            ["owner"] = new JsonObject { ["name"] = account.Email.Split('@')[0], ["address"] = account.Email },
        };
    }

    public static void Delete(Store store, CalendarRow row)
    {
        row.Deleted = true;
        store.Calendars.Update(row);
    }
}
