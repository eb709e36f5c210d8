using System.Globalization;
using System.Text.Json.Nodes;

namespace Sandbox.Google.CalendarList;

/// <summary>calendarList.list: 403 with calendar.app.created, so that an app cannot find its calendar again by listing (§A1).</summary>
public static class CalendarListList
{
    public static readonly GoogleMethod Method = new("calendar.calendarList.list", "GET", "users/me/calendarList", Handle,
        ["maxResults", "minAccessRole", "showDeleted", "showHidden"], AppCreated: false);

    private static Reply Handle(GoogleCall call) => new(200, new JsonObject
    {
        ["kind"] = "calendar#calendarList",
        ["etag"] = $"\"p{call.Store.Sequence.ToString(CultureInfo.InvariantCulture)}\"",
        ["items"] = new JsonArray([.. call.Store.Calendars.Find(x => x.Account == call.Grant.Account && !x.Deleted).Select(x => ListEntry.Show(x, call.Account))]),
    });
}
