using System.Text;
using System.Text.Json.Nodes;
using Ical.Net.Evaluation;
using NodaTime;
using NodaTime.Extensions;
using NodaTime.Text;

namespace Sandbox.Google.Series;

/// <summary>The occurrences of a series, by Ical.Net: a judge that shares no code with the product.</summary>
public static class Expansion
{
    /// <summary>Google's own bound for an endless series is not documented.</summary>
    public const int Most = 730;

    private static readonly EvaluationOptions Limit = new() { MaxUnmatchedIncrementsLimit = 1000 };

    public sealed record Occurrence(When Start, When End);

    public static IEnumerable<Occurrence> Of(JsonObject master, string calendarZone)
    {
        var start = When.Kept(master["start"]!);
        var end = When.Kept(master["end"]!);
        var zone = start.ZoneOr(calendarZone);
        var calendar = Ical.Net.Calendar.Load(Text(start, zone, master["recurrence"]!.AsArray()))!;
        foreach (var occurrence in calendar.Events[0]!.GetOccurrences(null, Limit).Take(Most).TakeWhile(x => x.Period.StartTime.Year <= Years.Last))
        {
            var at = occurrence.Period.StartTime;
            if (start.Date is { } first)
            {
                var day = new LocalDate(at.Year, at.Month, at.Day);
                yield return new Occurrence(new When(day, default, null), new When(day + Period.DaysBetween(first, end.Date!.Value).Days(), default, null));
            }
            else
            {
                var moment = at.AsUtc.ToInstant();
                yield return new Occurrence(new When(null, moment, start.Zone), new When(null, moment + (end.At - start.At), end.Zone));
            }
        }
    }

    /// <summary>Whether Ical.Net can read the lines, and finds an occurrence before it gives up.</summary>
    public static bool IsPossible(JsonObject master)
    {
        try
        {
            return Of(master, "UTC").ToList() is [_, ..]; // all of them: a later one may be out of range
        }
        catch (Exception exception) when (exception is not GoogleException)
        {
            return false;
        }
    }

    private static Period Days(this int days) => Period.FromDays(days);

    private static string Text(When start, DateTimeZone zone, JsonArray rules)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:sandbox\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n");
        if (start.Date is { } day) text.Append("DTSTART;VALUE=DATE:").Append(LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd").Format(day));
        else text.Append("DTSTART;TZID=").Append(zone.Id).Append(':').Append(LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss").Format(start.At.InZone(zone).LocalDateTime));
        text.Append("\r\n");
        foreach (var rule in rules) text.Append((string)rule!).Append("\r\n");
        return text.Append("END:VEVENT\r\nEND:VCALENDAR\r\n").ToString();
    }
}
