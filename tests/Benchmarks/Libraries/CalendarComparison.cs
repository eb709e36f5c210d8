using System.Diagnostics;
using System.Globalization;
using System.Text;
using Benchmarks.Micro;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using NodaTime;
using Calendar = Ical.Net.Calendar;
using Duration = NodaTime.Duration;

namespace Benchmarks.Libraries;

/// <summary>Ical.Net and ours, side by side in one process: parsing, expansion far from DTSTART, rules of strangers, and what is left of the lines that were read.</summary>
internal static class CalendarComparison
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // legal, and next to nothing comes of them
    private static readonly string[] Hostile =
    [
        $"FREQ=YEARLY;BYHOUR={All(24)};BYMINUTE={All(60)};BYSECOND={All(60)};BYSETPOS=-1",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    ];

    // what clients send: a parameter and a property that few know, an attendee without mailto, a folded line in the midst of a word
    private const string Odd =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nX-WR-CALNAME;X-KIND=own:Mine\r\nBEGIN:VEVENT\r\nUID:odd@example.org\r\nDTSTAMP:20260101T000000Z\r\n"
        + "DTSTART:20260105T090000Z\r\nSUMMARY;LANGUAGE=en:Two \r\n words\r\nATTENDEE;CN=Ada:urn:uuid:c6b7d3a2-6a0f-4a3c-9d43-0f0c6f1d2c11\r\nX-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\r\n"
        + "BEGIN:VALARM\r\nACTION:NONE\r\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    // the second of three moved by an hour; iCloud and Exchange write RECURRENCE-ID in UTC
    private const string Moved =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nBEGIN:VEVENT\r\nUID:m\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260105T090000\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\n"
        + "BEGIN:VEVENT\r\nUID:m\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:20260106T080000Z\r\nDTSTART;TZID=Europe/Berlin:20260106T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    // a zone that only the object defines
    private const string OwnZone =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nBEGIN:VTIMEZONE\r\nTZID:Ship\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0345\r\nTZOFFSETTO:+0345\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        + "BEGIN:VEVENT\r\nUID:z\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Ship:20260105T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    public static int Run()
    {
        Console.WriteLine("| What | Ical.Net | ours | |\n|---|---|---|---|");
        var text = Encoding.UTF8.GetString(Samples.Event);
        Row("an event of 620 bytes parsed", Cost(() => Calendar.Load(text)), Cost(() => CalendarObject.Parse(Samples.Event)));
        var series = Samples.WeeklySeries(0);
        var theirs = Calendar.Load(Encoding.UTF8.GetString(series))!;
        var own = CalendarObject.Parse(series);
        var week = Instant.FromUtc(2036, 1, 7, 0, 0);
        Row("one week of a weekly series, ten years on", Cost(() => Week(theirs, week)), Cost(() => Week(own, week)));
        var written = new CalendarSerializer().SerializeToString(Calendar.Load(Odd))!;
        var ours = Encoding.UTF8.GetString(CalendarObject.Parse(Encoding.UTF8.GetBytes(Odd)).ToBytes());
        Console.WriteLine($"| an object of {Lines(Odd).Count} lines read and written: lines that are the same | {Kept(written)} | {Kept(ours)} | byte for byte: {written == Odd} and {ours == Odd} |");
        Console.WriteLine($"| lines that are lost or changed | {Lost(written)} | {Lost(ours)} | |");
        Row("three occurrences, one of them moved by a RECURRENCE-ID in UTC", Times(Moved), TimesOfOurs(Moved));
        Row("09:00 in a zone of the object's own, 3:45 before UTC", Times(OwnZone), TimesOfOurs(OwnZone));
        // last: what does not end goes on beside whatever follows
        foreach (var rule in Hostile) Row($"`{(rule.Length > 60 ? rule[..40] + "…" + rule[^12..] : rule)}`, its second occurrence", Hostilely(() => First(rule)), Hostilely(() => FirstOfOurs(rule)));
        return 0;
    }

    private static string All(int count) => string.Join(',', Enumerable.Range(0, count));

    private static List<string> Lines(string text) => [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];

    private static string Lost(string text)
    {
        var lines = Lines(text);
        var lost = Lines(Odd).Where(line => !lines.Remove(line)).Select(line => $"`{line}`").ToList();
        return lost.Count == 0 ? "none" : string.Join(", ", lost);
    }

    private static string Times(string text)
    {
        try
        {
            return string.Join(", ", Calendar.Load(text)!.GetOccurrences().Take(10).Select(occurrence => occurrence.Period.StartTime.AsUtc.ToString("dd HH:mm'Z'", CultureInfo.InvariantCulture)));
        }
        catch (Exception refused)
        {
            return refused.GetType().Name;
        }
    }

    private static string TimesOfOurs(string text)
    {
        var calendar = CalendarObject.Parse(Encoding.UTF8.GetBytes(text));
        var times = RecurrenceSet.Of(calendar, new ZoneResolver(calendar.Calendar, DateTimeZone.Utc)).Between(Instant.MinValue, Instant.MaxValue, new ExpansionBudget(ExpansionBudget.DefaultSteps)).Take(10);
        return string.Join(", ", times.Select(occurrence => occurrence.Start.ToString("dd HH:mm'Z'", CultureInfo.InvariantCulture)));
    }

    private static int Kept(string text)
    {
        var lines = Lines(text);
        return Lines(Odd).Count(lines.Remove);
    }

    private static int Week(Calendar calendar, Instant from) => calendar.GetOccurrences(new CalDateTime(from.ToDateTimeUtc()))
        .TakeWhile(occurrence => occurrence.Period.StartTime.AsUtc < (from + Duration.FromDays(7)).ToDateTimeUtc()).Count();

    private static int Week(CalendarObject calendar, Instant from) =>
        RecurrenceSet.Of(calendar, new ZoneResolver(calendar.Calendar, DateTimeZone.Utc)).Between(from, from + Duration.FromDays(7), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Count();

    private static string ObjectOf(string rule) => $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260105T090000Z\r\nRRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    // the second one: the first is DTSTART
    private static int First(string rule) => Calendar.Load(ObjectOf(rule))!.Events[0]!.GetOccurrences().Take(2).Count();

    private static int FirstOfOurs(string rule)
    {
        var calendar = CalendarObject.Parse(Encoding.UTF8.GetBytes(ObjectOf(rule)));
        return RecurrenceSet.Of(calendar, new ZoneResolver(calendar.Calendar, DateTimeZone.Utc)).Between(Instant.MinValue, Instant.MaxValue, new ExpansionBudget(ExpansionBudget.DefaultSteps)).Take(2).Count();
    }

    private static (double Microseconds, double Kilobytes) Cost<T>(Func<T> work)
    {
        var rounds = 0;
        var spent = Stopwatch.StartNew();
        // until it is compiled for speed
        while (spent.Elapsed < TimeSpan.FromSeconds(2)) work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        spent.Restart();
        while (spent.Elapsed < TimeSpan.FromSeconds(3))
        {
            work();
            rounds++;
        }

        return (spent.Elapsed.TotalMicroseconds / rounds, (GC.GetAllocatedBytesForCurrentThread() - before) / 1024.0 / rounds);
    }

    private static string Hostilely(Func<int> work)
    {
        var spent = Stopwatch.StartNew();
        var allocated = 0L;
        var failure = "";
        // nothing ends it but the end of the process
        var thread = new Thread(Work) { IsBackground = true };
        var before = GC.GetTotalAllocatedBytes();
        thread.Start();
        if (!thread.Join(Patience)) return $"not done after {Patience.TotalSeconds:F0} s, {(GC.GetTotalAllocatedBytes() - before) / 1048576.0:F0} MB so far";
        return string.Create(CultureInfo.InvariantCulture, $"{spent.Elapsed.TotalMilliseconds:F1} ms, {allocated / 1048576.0:F1} MB{failure}");

        void Work()
        {
            try
            {
                work();
            }
            catch (Exception refused)
            {
                failure = $", {refused.GetType().Name}";
            }

            allocated = GC.GetAllocatedBytesForCurrentThread();
        }
    }

    private static void Row(string what, (double Microseconds, double Kilobytes) theirs, (double Microseconds, double Kilobytes) ours) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {theirs.Microseconds:F1} µs, {theirs.Kilobytes:F1} KB | {ours.Microseconds:F2} µs, {ours.Kilobytes:F1} KB | {theirs.Microseconds / ours.Microseconds:F0} times the time |"));

    private static void Row(string what, string theirs, string ours) => Console.WriteLine($"| {what} | {theirs} | {ours} | |");
}
