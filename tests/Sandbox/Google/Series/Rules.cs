using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ical.Net.DataTypes;
using NodaTime;

namespace Sandbox.Google.Series;

/// <summary>What "recurrence" may hold (§A3).</summary>
public static partial class Rules
{
    public static void Check(JsonArray lines, When start)
    {
        foreach (var line in lines.Select(x => (string)x!))
        {
            var name = line.Split(':', ';')[0];
            if (name is not ("RRULE" or "EXRULE" or "EXDATE" or "RDATE") || !line.Contains(':')) throw Refusal.Invalid("Invalid recurrence rule.");
            var value = line[(line.IndexOf(':') + 1)..];
            if (name is "RRULE" or "EXRULE") CheckRule(value, start);
            else if (!Dates().IsMatch(value)) throw Refusal.Invalid("Invalid recurrence rule.");
        }
    }

    private static void CheckRule(string rule, When start)
    {
        try
        {
            _ = new RecurrencePattern(rule);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            throw Refusal.Invalid("Invalid recurrence rule.");
        }
        if (Until().Match(rule) is not { Success: true } until) return;
        if (rule.Contains("COUNT=", StringComparison.OrdinalIgnoreCase)) throw Refusal.Invalid("Invalid recurrence rule.");
        // §A3: UNTIL is in UTC for a timed series, a date for all-day
        var dated = until.Groups[1].Length == 8;
        if (dated != start.AllDay || (!dated && !until.Groups[1].Value.EndsWith('Z'))) throw Refusal.Invalid("Invalid recurrence rule.");
    }

    public static string WithoutEnd(string line) => End().Replace(line, "");

    public static int? Count(string line) => CountPart().Match(line) is { Success: true } count ? int.Parse(count.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>A weekly rule on one day of the week, on another: the calendar's page moves it with the series, since a series whose first is not one of its own means nothing (RFC 5545 §3.8.5.3).</summary>
    public static string OnDay(string line, IsoDayOfWeek day) =>
        line.Contains("FREQ=WEEKLY", StringComparison.OrdinalIgnoreCase) ? OneDay().Replace(line, $"BYDAY={day.ToString()[..2].ToUpperInvariant()}") : line;

    public static bool Same(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(a, b);

    [GeneratedRegex(@"^\d{8}(T\d{6}Z?)?(,\d{8}(T\d{6}Z?)?)*$")]
    private static partial Regex Dates();

    [GeneratedRegex(@"UNTIL=([0-9TZ]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Until();

    [GeneratedRegex(@";?(UNTIL=[0-9TZ]+|COUNT=\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex End();

    [GeneratedRegex(@"BYDAY=(MO|TU|WE|TH|FR|SA|SU)(?=;|$)", RegexOptions.IgnoreCase)]
    private static partial Regex OneDay();

    [GeneratedRegex(@"COUNT=(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex CountPart();
}
