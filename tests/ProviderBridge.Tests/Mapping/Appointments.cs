using System.Text;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace ProviderBridge.Tests.Mapping;

/// <summary>Appointments of every kind, and what people see of them.</summary>
internal static class Appointments
{
    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];

    private static readonly string[] Zones = ["Australia/Melbourne", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca", "UTC"];

    public static CalendarObject Make(Random random, string[] rules)
    {
        var zone = Zones[random.Next(Zones.Length)];
        var allDay = random.Next(4) == 0;
        var start = new LocalDateTime(2026, 1 + random.Next(12), 1 + random.Next(28), random.Next(24), 15 * random.Next(4));
        var rule = rules[random.Next(rules.Length)];
        string Time(LocalDateTime local) => local.ToString("uuuuMMdd'T'HHmmss", null) + (zone == "UTC" ? "Z" : "");
        string Line(string name, LocalDateTime local) => allDay ? $"{name};VALUE=DATE:{local:uuuuMMdd}\r\n" : $"{name}{(zone == "UTC" ? "" : $";TZID={zone}")}:{Time(local)}\r\n";
        var body = Line("DTSTART", start) + (random.Next(3) switch { 0 when !allDay => $"DURATION:PT{5 + random.Next(200)}M\r\n", 1 => Line("DTEND", start.PlusDays(allDay ? 2 : 0).PlusMinutes(allDay ? 0 : 45)), _ => allDay ? "" : "DURATION:PT1H\r\n" });
        body += $"SUMMARY:One\\, {random.Next(9)}\r\n" + (random.Next(2) == 0 ? "DESCRIPTION:a\\nb\r\nLOCATION:Room\r\n" : "") + (random.Next(3) == 0 ? "TRANSP:TRANSPARENT\r\n" : "") + (random.Next(4) == 0 ? "STATUS:TENTATIVE\r\n" : "");
        if (random.Next(4) == 0) return Parse(body);
        if (allDay && rule.Contains("BYHOUR", StringComparison.Ordinal)) rule = rules[0];
        body += $"RRULE:{rule}\r\n";
        var series = Parse(body);
        var occurrences = RecurrenceSet.Of(series, new ZoneResolver(series.Calendar, Melbourne)).Between(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2029, 1, 1, 0, 0), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Skip(1).Take(6).ToList();
        var single = "";
        foreach (var occurrence in occurrences)
        {
            var at = occurrence.StartTime.Local;
            switch (random.Next(5))
            {
                case 0:
                    body += Line("EXDATE", at);
                    break;
                case 1:
                    single += $"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n{Line("RECURRENCE-ID", at)}{Line("DTSTART", at.PlusDays(1).PlusHours(1))}{(allDay ? "" : "DURATION:PT20M\r\n")}SUMMARY:Moved\r\nEND:VEVENT\r\n";
                    break;
                case 2:
                    body += Line("RDATE", at.PlusDays(3).PlusMinutes(7));
                    break;
            }
        }

        return Parse(body, "", single);
    }

    public static CalendarObject Parse(string lines, string before = "", string after = "") => CalendarObject.Parse(Encoding.UTF8.GetBytes(
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\n{before}BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n{lines}END:VEVENT\r\n{after}END:VCALENDAR\r\n"));

    public static string Text(CalendarObject content) => Encoding.UTF8.GetString(content.ToText());

    public static List<string> View(CalendarObject content)
    {
        var zones = new ZoneResolver(content.Calendar, Melbourne);
        var all = RecurrenceSet.Of(content, zones).Between(Instant.FromUtc(2025, 12, 1, 0, 0), Instant.FromUtc(2028, 6, 1, 0, 0), new ExpansionBudget(ExpansionBudget.DefaultSteps));
        return [.. all.Select(Tell).Order(StringComparer.Ordinal)];
        static string Tell(Occurrence one)
        {
            string Of(string name) => one.Component.Find(name)?.Text ?? "";
            return $"{one.Start} {one.End} {one.StartTime.IsDate} {Of("SUMMARY")} {Of("DESCRIPTION")} {Of("LOCATION")} {Of("TRANSP") == "TRANSPARENT"} {Of("STATUS") == "TENTATIVE"}";
        }
    }
}
