using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Faults;

namespace Sandbox.Google.Events;

/// <summary>events.list: everything, or what changed since a sync token (§A2).</summary>
public static class EventsList
{
    private static readonly string[] NotWithToken =
        ["iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin"];

    public static readonly GoogleMethod Method = new("calendar.events.list", "GET", "calendars/{calendarId}/events", Handle,
        ["alwaysIncludeEmail", "eventTypes", "iCalUID", "maxAttendees", "maxResults", "orderBy", "pageToken", "privateExtendedProperty", "q", "sharedExtendedProperty",
         "showDeleted", "showHiddenInvitations", "singleEvents", "syncToken", "timeMax", "timeMin", "timeZone", "updatedMin"]);

    private static Reply Handle(GoogleCall call)
    {
        var calendar = call.Calendar();
        Check(call);
        var since = ListPage.Since(call, calendar);
        var at = ListPage.PageOf(call, calendar) ?? new ListPage.Position(call.Store.Sequence - call.Struck.Amount(FaultKinds.StaleList), since, 0);
        var items = calendar.Log.Between(at.Since, at.AsOf).Select(x => x.Json).ToList();
        var shown = Wanted(call, calendar, items).Select(x => Show(call, calendar, x)).ToList();
        return ListPage.Answer(call, calendar, shown, at, CanSync(call) ? ListPage.Token(call, calendar, at.AsOf) : null);
    }

    private static void Check(GoogleCall call)
    {
        var incremental = call.Text("syncToken") is not null;
        if (incremental && NotWithToken.FirstOrDefault(x => call.Text(x) is not null) is { } name)
            throw Refusal.Invalid($"Sync token cannot be used with {name}.", name);
        if (incremental && call.FlagOrNull("showDeleted") == false) throw Refusal.Invalid("Sync token cannot be used with showDeleted=false.", "showDeleted");
        if (call.Text("orderBy") is not (null or "startTime" or "updated")) throw Refusal.Invalid("Invalid value for: orderBy", "orderBy");
        if (call.Text("orderBy") == "startTime" && !call.Flag("singleEvents"))
            throw Refusal.Invalid("The requested ordering is not available for the particular query.", "orderBy");
        if (call.Time("updatedMin") < call.Clock.GetCurrentInstant() - Duration.FromDays(28)) throw Refusal.UpdatedMinTooLongAgo();
    }

    private static bool CanSync(GoogleCall call) =>
        !((string[])["iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "updatedMin"]).Any(x => call.Text(x) is not null);

    private static IEnumerable<JsonObject> Wanted(GoogleCall call, CalendarBook calendar, List<JsonObject> items)
    {
        var (from, to, updated) = (call.Time("timeMin"), call.Time("timeMax"), call.Time("updatedMin"));
        var single = call.Flag("singleEvents");
        var deleted = call.Text("syncToken") is not null || call.Flag("showDeleted") || updated is not null;
        var hidden = !items.Any(CalendarBook.IsInstance) ? [] : calendar.Log.Now().Select(x => x.Json).Where(x => CalendarBook.IsMaster(x) && !CalendarBook.IsLive(x)).Select(CalendarBook.Id).ToHashSet();
        // the exceptions of a cancelled series are not listed: it has no instances (§A3, probe of 2026-10-05)
        var all = items.Where(x => !CalendarBook.IsInstance(x) || !hidden.Contains((string)x["recurringEventId"]!));
        if (single) all = all.Where(x => !CalendarBook.IsInstance(x) || !items.Any(y => CalendarBook.Id(y) == (string?)x["recurringEventId"]))
            .SelectMany(x => CalendarBook.IsMaster(x) && CalendarBook.IsLive(x) ? calendar.Instances(x) : [x]);
        // cancelled instances are listed without showDeleted too, unless singleEvents expands (reference of events.list, showDeleted)
        all = all.Where(x => CalendarBook.IsLive(x) || deleted || (!single && CalendarBook.IsInstance(x)));
        all = all.Where(x => calendar.Overlaps(x, from, to) && Matches(call, x));
        if (updated is not null) all = all.Where(x => InstantPattern.ExtendedIso.Parse((string)x["updated"]!).Value >= updated);
        return call.Text("orderBy") == "startTime" ? all.OrderBy(x => When.Kept(x["start"]!).Moment(calendar.Zone)) : all;
    }

    private static bool Matches(GoogleCall call, JsonObject item) =>
        (call.Text("iCalUID") is not { } uid || uid == (string?)item["iCalUID"])
        && (call.Text("q") is not { } words || Text(item).Contains(words, StringComparison.OrdinalIgnoreCase))
        && call.Texts("privateExtendedProperty").All(x => Has(item, "private", x))
        && call.Texts("sharedExtendedProperty").All(x => Has(item, "shared", x));

    private static string Text(JsonObject item) => $"{item["summary"]}\n{item["description"]}\n{item["location"]}";

    private static bool Has(JsonObject item, string kind, string wanted)
    {
        var parts = wanted.Split('=', 2);
        if (parts.Length != 2) throw Refusal.Invalid("Invalid value for: " + kind + "ExtendedProperty");
        return (string?)item["extendedProperties"]?[kind]?[parts[0]] == parts[1];
    }

    /// <summary>Of a deleted event only the id is promised, of a cancelled instance also where it belongs (§A2).</summary>
    private static JsonObject Show(GoogleCall call, CalendarBook calendar, JsonObject item)
    {
        var shown = calendar.Show(item, call.Text("timeZone"));
        if (CalendarBook.IsLive(item)) return shown;
        string[] promised = CalendarBook.IsInstance(item) ? ["kind", "etag", "id", "status", "recurringEventId", "originalStartTime"] : ["kind", "etag", "id", "status"];
        foreach (var name in shown.Select(x => x.Key).Except(promised).ToList()) shown.Remove(name);
        return shown;
    }
}
