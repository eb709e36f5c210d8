using System.Globalization;
using System.Text;

namespace Benchmarks.Micro;

/// <summary>The objects that are measured.</summary>
internal static class Samples
{
    /// <summary>620 bytes as clients send them: an event with its VTIMEZONE, the one that <c>caldav_bench.py</c> stores.</summary>
    public static byte[] Event { get; } = Bytes($"""
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//caldav-bench//EN
        {Berlin}
        BEGIN:VEVENT
        UID:ev-1000-000042@caldav-bench
        DTSTAMP:20260101T000000Z
        DTSTART;TZID=Europe/Berlin:20260601T090000
        DTEND;TZID=Europe/Berlin:20260601T100000
        SEQUENCE:0
        SUMMARY:planning review 42
        LOCATION:Room 7\, Building C
        END:VEVENT
        END:VCALENDAR

        """);

    private const string Berlin = """
        BEGIN:VTIMEZONE
        TZID:Europe/Berlin
        BEGIN:STANDARD
        DTSTART:19701025T030000
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0100
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:19700329T020000
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        END:DAYLIGHT
        END:VTIMEZONE
        """;

    /// <summary>A series every week from 2026-01-05 without an end, with 10 EXDATE and 10 moved occurrences.</summary>
    public static byte[] WeeklySeries(int number)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//caldav-bench//EN\n").Append(Berlin).Append('\n');
        var first = new DateTime(2026, 1, 5, 8 + number, 0, 0);
        AppendEvent(text, number, $"DTSTART;TZID=Europe/Berlin:{Local(first)}\nDURATION:PT50M\nRRULE:FREQ=WEEKLY\n"
            + string.Concat(Enumerable.Range(1, 10).Select(week => $"EXDATE;TZID=Europe/Berlin:{Local(first.AddDays(7 * 4 * week))}\n")));
        for (var week = 1; week <= 10; week++)
        {
            var original = first.AddDays((7 * 4 * week) + 7);
            AppendEvent(text, number, $"RECURRENCE-ID;TZID=Europe/Berlin:{Local(original)}\nDTSTART;TZID=Europe/Berlin:{Local(original.AddDays(1))}\nDURATION:PT50M\n");
        }

        return Bytes(text.Append("END:VCALENDAR\n").ToString());
    }

    private static void AppendEvent(StringBuilder text, int number, string times) =>
        text.Append(CultureInfo.InvariantCulture, $"BEGIN:VEVENT\nUID:series-{number}@caldav-bench\nDTSTAMP:20260101T000000Z\n{times}SUMMARY:Weekly {number}\nEND:VEVENT\n");

    private static string Local(DateTime time) => time.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
