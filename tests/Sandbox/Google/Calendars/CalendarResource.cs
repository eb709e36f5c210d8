using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.State;

namespace Sandbox.Google.Calendars;

/// <summary>The resource "Calendar".</summary>
public static class CalendarResource
{
    private static readonly string[] Writable = ["summary", "description", "location", "timeZone"];

    public static CalendarRow Create(Store store, Account account, string id, JsonObject body, string? madeBy, Instant now)
    {
        var calendar = new JsonObject { ["timeZone"] = account.TimeZone };
        Take(calendar, body);
        var row = new CalendarRow { Id = id, Account = account.Id, MadeBy = madeBy, CreatedAt = now.ToUnixTimeMilliseconds() };
        return Save(store, row, calendar);
    }

    public static JsonObject Show(CalendarRow row)
    {
        var shown = JsonNode.Parse(row.Json)!.AsObject();
        shown["kind"] = "calendar#calendar";
        shown["id"] = row.Id;
        foreach (var name in shown.Select(x => x.Key).Where(x => x.StartsWith("list.", StringComparison.Ordinal)).ToList()) shown.Remove(name);
        return shown;
    }

    public static Reply Write(GoogleCall call, bool replace)
    {
        var row = call.Calendar().Row;
        var calendar = JsonNode.Parse(row.Json)!.AsObject();
        if (call.Match("If-Match") is { } wanted && wanted != (string?)calendar["etag"]) throw Refusal.ConditionNotMet();
        if (replace && string.IsNullOrEmpty((string?)call.Body["summary"])) throw Refusal.Required("Missing title.");
        if (replace) foreach (var name in Writable.Except(["timeZone"])) calendar.Remove(name);
        Take(calendar, call.Body);
        return new Reply(200, Show(Save(call.Store, row, calendar)));
    }

    public static void Delete(Store store, GooglePush push, CalendarRow row)
    {
        row.Deleted = true;
        store.Calendars.Update(row);
        push.Changed(row.Id, "not_exists");
    }

    private static void Take(JsonObject calendar, JsonObject body)
    {
        if ((string?)body["timeZone"] is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null) throw Refusal.Invalid("Invalid time zone.");
        foreach (var name in Writable.Where(body.ContainsKey))
        {
            if (body[name] is { } value) calendar[name] = value.DeepClone();
            else calendar.Remove(name);
        }
    }

    public static CalendarRow Save(Store store, CalendarRow row, JsonObject calendar)
    {
        calendar["etag"] = $"\"c{store.NextSequence().ToString(CultureInfo.InvariantCulture)}\"";
        row.Json = calendar.ToJsonString();
        store.Calendars.Upsert(row);
        return row;
    }
}
