using System.Text.Json.Nodes;
using Ical.Net.Evaluation;
using NodaTime;
using NodaTime.Text;

namespace Sandbox.Microsoft.Series;

/// <summary>The days of a series by Ical.Net, on the wall clock of the series' own zone.</summary>
public static class GraphExpansion
{
    /// <summary>Graph's own bound for an endless series is not documented.</summary>
    public const int Most = 999;

    private static readonly EvaluationOptions Limit = new() { MaxUnmatchedIncrementsLimit = 1000 };

    /// <summary>The first, when there is one and all of them can be said.</summary>
    public static LocalDateTime? First(JsonObject recurrence, LocalDateTime first)
    {
        try
        {
            return Of(recurrence, first).ToList() is [var found, ..] ? found : null;
        }
        catch (Exception exception) when (exception is not GraphException)
        {
            return null;
        }
    }

    public static IEnumerable<LocalDateTime> Of(JsonObject recurrence, LocalDateTime first)
    {
        var start = Pattern.Start(recurrence).At(first.TimeOfDay);
        var text = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:sandbox\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss").Format(start)}\r\nRRULE:{Pattern.Rule(recurrence)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        var calendar = Ical.Net.Calendar.Load(text)!;
        return calendar.Events[0]!.GetOccurrences(null, Limit).Take(Most).TakeWhile(x => x.Period.StartTime.Year <= Years.Last).Select(x => LocalDateTime.FromDateTime(x.Period.StartTime.Value));
    }
}
