using System.Diagnostics;
using System.Globalization;
using System.Text;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Tests;
using Calendaring.TimeZones;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Speed;

/// <summary>What reading and expanding may cost; <c>tests/Benchmarks/Micro</c> measures the same at leisure.</summary>
[Collection(Alone.Name)]
public sealed class FigureTests
{
    private const string Zone = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n"
        + "BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

    private static readonly Instant Year = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant Week = Instant.FromUtc(2036, 1, 7, 0, 0);

    [Fact]
    public void An_event_of_600_bytes_is_parsed_in_5_microseconds_and_4_KB()
    {
        var bytes = Bytes(Event("DTSTART;TZID=Europe/Berlin:20260601T090000\nDTEND;TZID=Europe/Berlin:20260601T100000\nSEQUENCE:0\nLOCATION:Room 7\\, Building C\n"));
        Assert.InRange(bytes.Length, 560, 660);
        AssertBounded(5, 4096, () => CalendarObject.Parse(bytes).Calendar.Components.Count);
    }

    [Fact]
    public void A_year_of_5_weekly_series_with_10_EXDATE_and_10_overrides_takes_less_than_200_microseconds()
    {
        var series = Enumerable.Range(0, 5).Select(Weekly).ToArray();
        var count = 0;
        AssertBounded(200, 200_000, () => count = series.Sum(one => Count(one, Year, Year + Duration.FromDays(365))));
        Assert.InRange(count, 5 * 40, 5 * 52);
    }

    [Fact]
    public void One_week_ten_years_on_takes_less_than_20_microseconds()
    {
        var series = Weekly(0);
        var count = 0;
        AssertBounded(20, 20_000, () => count = Count(series, Week, Week + Duration.FromDays(7)));
        Assert.Equal(1, count);
    }

    private static int Count(CalendarObject series, Instant from, Instant until) =>
        RecurrenceSet.Of(series, new ZoneResolver(series.Calendar, DateTimeZone.Utc)).Between(from, until, new ExpansionBudget(ExpansionBudget.DefaultSteps)).Count();

    private static CalendarObject Weekly(int number)
    {
        var first = new LocalDateTime(2026, 1, 5, 8 + number, 0);
        string Text(LocalDateTime time) => time.ToString("uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var master = $"DTSTART;TZID=Europe/Berlin:{Text(first)}\nDURATION:PT50M\nRRULE:FREQ=WEEKLY\n"
            + string.Concat(Enumerable.Range(1, 10).Select(week => $"EXDATE;TZID=Europe/Berlin:{Text(first.PlusDays(28 * week))}\n"));
        var overrides = Enumerable.Range(1, 10).Select(week => first.PlusDays((28 * week) + 7))
            .Select(time => $"RECURRENCE-ID;TZID=Europe/Berlin:{Text(time)}\nDTSTART;TZID=Europe/Berlin:{Text(time.PlusDays(1))}\nDURATION:PT50M\n");
        return CalendarObject.Parse(Bytes([.. Event(master), .. overrides.SelectMany(lines => Event(lines))]));
    }

    private static string[] Event(string lines) => ["BEGIN:VEVENT\nUID:ev-1000-000042@caldav-bench\nDTSTAMP:20260101T000000Z\n", lines, "SUMMARY:planning review 42\nEND:VEVENT\n"];

    private static byte[] Bytes(string[] parts) =>
        Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//caldav-bench//EN\n{Zone}{string.Concat(parts)}END:VCALENDAR\n".ReplaceLineEndings("\r\n"));

    /// <summary>The best of many short runs, until the compiler has seen the work often enough: other work on the machine disturbs even a thread's own time.</summary>
    private static void AssertBounded(double microseconds, long bytes, Func<int> work)
    {
        const int Runs = 50;
        var patience = Stopwatch.StartNew();
        var (best, allocated) = (double.MaxValue, long.MaxValue);
        for (var batch = 0; batch < 20 || ((best >= microseconds || allocated > bytes) && patience.Elapsed < TimeSpan.FromSeconds(20)); batch++)
        {
            if (batch > 20) Thread.Sleep(10);
            var (start, before) = (ThreadClock.Milliseconds, GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < Runs; i++) work();
            best = Math.Min(best, (ThreadClock.Milliseconds - start) * 1000 / Runs);
            allocated = Math.Min(allocated, (GC.GetAllocatedBytesForCurrentThread() - before) / Runs);
        }

        TestContext.Current.SendDiagnosticMessage($"{best:F2} µs, {allocated} bytes");
        Assert.True(best < microseconds && allocated <= bytes, $"{best:F2} µs, {allocated} bytes");
    }
}
