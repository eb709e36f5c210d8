using System.Text;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;
using NodaTime.Text;

namespace Calendaring.Tests.Recurrence;

/// <summary>Short forms for tests of recurrence sets.</summary>
internal static class Sets
{
    private static readonly InstantPattern Basic = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");

    public static readonly DateTimeZone Sydney = DateTimeZoneProviders.Tzdb["Australia/Sydney"];

    public static Instant At(string text) => Basic.Parse(text).Value;

    /// <summary>A VCALENDAR around components, which are given as lines separated by blanks around "|": BEGIN and END are added.</summary>
    public static CalendarObject Calendar(params string[] components)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n");
        foreach (var component in components)
        {
            if (component.StartsWith("BEGIN:", StringComparison.Ordinal))
            {
                text.Append(component.ReplaceLineEndings("\r\n").TrimEnd()).Append("\r\n");
                continue;
            }
            var lines = component.Split('|', StringSplitOptions.TrimEntries);
            text.Append("BEGIN:").Append(lines[0]).Append("\r\nUID:u\r\n");
            foreach (var line in lines[1..]) text.Append(line).Append("\r\n");
            text.Append("END:").Append(lines[0]).Append("\r\n");
        }
        return CalendarObject.Parse(Encoding.UTF8.GetBytes(text.Append("END:VCALENDAR\r\n").ToString()));
    }

    public static RecurrenceSet Set(params string[] components) => Set(Sydney, components);

    public static RecurrenceSet Set(DateTimeZone floating, params string[] components)
    {
        var calendar = Calendar(components);
        return RecurrenceSet.Of(calendar, new ZoneResolver(calendar.Calendar, floating));
    }

    public static List<Occurrence> Between(this RecurrenceSet set, string from, string until) =>
        [.. set.Between(At(from), At(until), new(ExpansionBudget.DefaultSteps))];

    public static List<Occurrence> First(this RecurrenceSet set, int count) =>
        [.. set.Between(Instant.MinValue, Instant.MaxValue, new(ExpansionBudget.DefaultSteps)).Take(count)];

    /// <summary>Starts as text: UTC.</summary>
    public static string Starts(this IEnumerable<Occurrence> occurrences) => string.Join(' ', occurrences.Select(o => Basic.Format(o.Start)));

    /// <summary>Starts and ends as text: UTC.</summary>
    public static string Spans(this IEnumerable<Occurrence> occurrences) =>
        string.Join(' ', occurrences.Select(o => Basic.Format(o.Start) + "/" + Basic.Format(o.End)));

    public static string? Summary(this Occurrence occurrence) => occurrence.Component.Find("SUMMARY")?.Text;
}
