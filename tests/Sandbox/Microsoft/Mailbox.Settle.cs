using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using Sandbox.Microsoft.Series;

namespace Sandbox.Microsoft;

public sealed partial class Mailbox
{
    /// <summary>PATCH: what is sent is set, null clears (§B2); extended properties are merged by id.</summary>
    private static void Apply(JsonObject item, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (name == "singleValueExtendedProperties") Tag(item, value as JsonArray ?? []);
            else if (name is "start" or "end") Set(item, name, value);
            else if (value is null && name != "subject") item.Remove(name);
            else item[name] = value?.DeepClone();
        }
    }

    private static void Set(JsonObject item, string name, JsonNode? value)
    {
        var (at, wall, zone) = GraphTime.Read(value, name);
        item[name] = GraphTime.Keep(at);
        item["_wall." + name] = LocalDateTimePattern.ExtendedIso.Format(wall);
        item[name == "start" ? "_zone" : "_endZone"] = zone;
    }

    private static void Tag(JsonObject item, JsonArray tags)
    {
        var kept = item["_tags"] as JsonObject ?? [];
        foreach (var tag in tags.Select(x => x!.AsObject()))
        {
            var id = (string?)tag["id"] ?? "";
            if (!TagId().IsMatch(id)) throw GraphRefusal.BadRequest($"The extended property id '{id}' is not well formed.");
            kept[id] = (string?)tag["value"];
        }
        item["_tags"] = kept.DeepClone();
    }

    /// <summary>Brings an event to the form in which it is kept, or refuses it.</summary>
    private static void Settle(JsonObject item)
    {
        if (item["start"] is null || item["end"] is null) throw GraphRefusal.Property("The properties 'start' and 'end' are required.");
        if (IsAllDay(item)) SettleAllDay(item);
        if (GraphTime.At(item["end"]!) < GraphTime.At(item["start"]!)) throw new GraphException(400, "ErrorCalendarEndDateIsEarlierThanStartDate", "The start date must be earlier than the end date.");
        if (item["_master"] is not null) return;
        item["_type"] = item["recurrence"] is null ? "singleInstance" : "seriesMaster";
        if (item["recurrence"] is JsonObject recurrence) SettleSeries(item, recurrence);
    }

    private static void SettleAllDay(JsonObject item)
    {
        foreach (var name in (string[])["start", "end"])
        {
            if ((string?)item["_wall." + name] is not { } text) continue;
            var wall = LocalDateTimePattern.ExtendedIso.Parse(text).Value;
            if (wall.TimeOfDay != LocalTime.Midnight) throw GraphRefusal.Property($"The Event.{(name == "start" ? "Start" : "End")} property for an all-day event needs to be set to midnight.");
            item[name] = GraphTime.Keep(wall.InUtc().ToInstant());
        }
        // §B8: a range of less than a day must be widened by the client
        if (GraphTime.At(item["end"]!) - GraphTime.At(item["start"]!) < Duration.FromDays(1)) throw GraphRefusal.Property("The duration of an event marked as All day must be at least 24 hours.");
    }

    /// <summary>§B6: a start that does not fit the pattern is moved to the first that does.</summary>
    private static void SettleSeries(JsonObject item, JsonObject recurrence)
    {
        var zone = ZoneOf(item);
        var length = GraphTime.At(item["end"]!) - GraphTime.At(item["start"]!);
        var wall = GraphTime.At(item["start"]!).InZone(zone).LocalDateTime;
        if (recurrence["range"] is JsonObject range) range["startDate"] ??= LocalDatePattern.Iso.Format(wall.Date);
        var first = GraphExpansion.First(recurrence, wall) ?? throw GraphRefusal.Property("The recurrence has no occurrence.");
        item["start"] = GraphTime.Keep(first.InZoneLeniently(zone).ToInstant());
        item["end"] = GraphTime.Keep(first.InZoneLeniently(zone).ToInstant() + length);
        recurrence["range"]!["startDate"] = LocalDatePattern.Iso.Format(first.Date);
        recurrence["range"]!["recurrenceTimeZone"] ??= GraphTime.Windows((string)item["_zone"]!);
        recurrence["range"]!["endDate"] ??= "0001-01-01";
        recurrence["range"]!["numberOfOccurrences"] ??= 0;
        foreach (var (name, missing) in (IEnumerable<(string, JsonNode)>)[("month", 0), ("dayOfMonth", 0), ("firstDayOfWeek", "sunday"), ("index", "first")]) recurrence["pattern"]![name] ??= missing;
    }

    [GeneratedRegex(@"^String \{[0-9a-fA-F-]{36}\} (Name \S+|Id 0x[0-9a-fA-F]+)$")]
    private static partial Regex TagId();
}
