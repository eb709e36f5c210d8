using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Sandbox.Microsoft.Series;

/// <summary>patternedRecurrence as a rule that Ical.Net can expand (§B6), with what each type must have.</summary>
public static class Pattern
{
    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    private static readonly string[] Indexes = ["first", "second", "third", "fourth", "last"];

    public static string Rule(JsonObject recurrence)
    {
        var pattern = recurrence["pattern"] as JsonObject ?? throw Missing("pattern");
        var range = recurrence["range"] as JsonObject ?? throw Missing("range");
        var interval = Number(pattern, "interval", 1, 999);
        return $"{Type(pattern)};INTERVAL={interval}{End(range)}";
    }

    private static string Type(JsonObject pattern) => (string?)pattern["type"] switch
    {
        "daily" => "FREQ=DAILY",
        // §B6: Graph's weeks begin on Sunday unless it is told otherwise
        "weekly" => $"FREQ=WEEKLY;BYDAY={DaysOf(pattern)};WKST={Day((string?)pattern["firstDayOfWeek"] ?? "sunday")}",
        "absoluteMonthly" => "FREQ=MONTHLY;" + MonthDay(Number(pattern, "dayOfMonth", 1, 31)),
        "relativeMonthly" => "FREQ=MONTHLY;" + Relative(pattern),
        "absoluteYearly" => $"FREQ=YEARLY;BYMONTH={Number(pattern, "month", 1, 12)};" + MonthDay(Number(pattern, "dayOfMonth", 1, 31)),
        "relativeYearly" => $"FREQ=YEARLY;BYMONTH={Number(pattern, "month", 1, 12)};" + Relative(pattern),
        _ => throw GraphRefusal.Property("The recurrence pattern's type is not known."),
    };

    /// <summary>§B6: day 29, 30 or 31 is the last day of a shorter month; iCalendar would skip it.</summary>
    private static string MonthDay(int day) => day <= 28 ? $"BYMONTHDAY={day}" : $"BYMONTHDAY={string.Join(',', Enumerable.Range(28, day - 27))};BYSETPOS=-1";

    /// <summary>The first, …, last of the days that satisfy (§B6).</summary>
    private static string Relative(JsonObject pattern)
    {
        var index = Array.IndexOf(Indexes, (string?)pattern["index"] ?? "first");
        if (index < 0) throw GraphRefusal.Property("The recurrence pattern's index is not known.");
        return $"BYDAY={DaysOf(pattern)};BYSETPOS={(index == 4 ? -1 : index + 1)}";
    }

    private static string DaysOf(JsonObject pattern) =>
        pattern["daysOfWeek"] is JsonArray { Count: > 0 } days ? string.Join(',', days.Select(x => Day((string)x!))) : throw Missing("daysOfWeek");

    private static string Day(string name) => Array.IndexOf(Days, name.ToLowerInvariant()) is >= 0 and var at ? Days[at][..2].ToUpperInvariant() : throw GraphRefusal.Property($"'{name}' is not a day of the week.");

    private static string End(JsonObject range)
    {
        if (LocalDatePattern.Iso.Parse((string?)range["startDate"] ?? "") is not { Success: true } start || !Years.Hold(start.Value.Year)) throw Missing("startDate");
        switch ((string?)range["type"])
        {
            case "noEnd":
                return "";
            case "numbered":
                return $";COUNT={Number(range, "numberOfOccurrences", 1, 999)}";
            case "endDate":
                if (LocalDatePattern.Iso.Parse((string?)range["endDate"] ?? "") is not { Success: true } end) throw Missing("endDate");
                return end.Value < start.Value ? throw GraphRefusal.Property("The recurrence ends before it starts.") : $";UNTIL={end.Value.ToString("uuuuMMdd", CultureInfo.InvariantCulture)}T235959";
            default:
                throw GraphRefusal.Property("The recurrence range's type is not known.");
        }
    }

    public static LocalDate Start(JsonObject recurrence) => LocalDatePattern.Iso.Parse((string)recurrence["range"]!["startDate"]!).Value;

    private static int Number(JsonObject from, string name, int least, int most) =>
        (int?)from[name] is { } number ? number >= least && number <= most ? number : throw GraphRefusal.Property($"'{name}' must be from {least} to {most}.") : throw Missing(name);

    private static GraphException Missing(string name) => GraphRefusal.Property($"The recurrence's property '{name}' is required.");
}
