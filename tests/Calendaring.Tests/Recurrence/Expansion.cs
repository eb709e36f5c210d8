using System.Globalization;
using Calendaring.Recurrence;
using NodaTime;
using NodaTime.Text;

namespace Calendaring.Tests.Recurrence;

/// <summary>Short forms for tests of expansion.</summary>
internal static class Expansion
{
    private static readonly LocalDateTimePattern Basic = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    public static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    public static LocalDateTime Local(string text) => Basic.Parse(text.Length == 8 ? text + "T000000" : text).Value;

    public static RecurrenceRule Rule(string text) =>
        RecurrenceRule.TryParse(text, out var rule, out var reason) ? rule : throw new FormatException(reason);

    public static List<LocalDateTime> Expand(string start, string rule, int max, string? from = null, DateTimeZone? zone = null, ExpansionBudget? budget = null) =>
        [.. Rule(rule).Expand(Local(start), Local(from ?? start), budget ?? new(ExpansionBudget.DefaultSteps), zone).Take(max)];

    /// <summary>Reads "1997-09: 2 9 16; 1997-10: 7-9" into local times at an hour of the day.</summary>
    public static List<LocalDateTime> Days(string text, int hour = 9)
    {
        var days = new List<LocalDateTime>();
        foreach (var month in text.Split(';', StringSplitOptions.TrimEntries))
        {
            var (year, number) = (int.Parse(month[..4], CultureInfo.InvariantCulture), int.Parse(month[5..7], CultureInfo.InvariantCulture));
            foreach (var part in month[(month.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var range = part.Split('-');
                var first = int.Parse(range[0], CultureInfo.InvariantCulture);
                var last = int.Parse(range[^1], CultureInfo.InvariantCulture);
                for (var day = first; day <= last; day++) days.Add(new(year, number, day, hour, 0));
            }
        }
        return days;
    }
}
