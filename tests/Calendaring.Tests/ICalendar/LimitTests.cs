using System.Text;
using Calendaring.ICalendar;
using Xunit;

namespace Calendaring.Tests.ICalendar;

public sealed class LimitTests
{
    private static readonly ICalendarLimits Open = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);

    public static TheoryData<string, ICalendarLimits, int, string> Exceeded => new()
    {
        { "A:1\n", Open with { MaxBytes = 33 }, 1, "The object is larger than 33 bytes." },
        { "A:1\nA:2\nA:3\n", Open with { MaxLines = 4 }, 5, "The object has more than 4 lines." },
        { "BEGIN:X\nBEGIN:Y\n", Open with { MaxDepth = 2 }, 3, "Components are nested deeper than 2." },
        { "A:1\nAAAA:6\n 78901234\n 56\n", Open with { MaxLineBytes = 15 }, 3, "The line is longer than 15 bytes." },
        { "A;B=1;C=2;D=3:4\n", Open with { MaxParameters = 2 }, 2, "The line has more than 2 parameters." },
    };

    [Theory]
    [MemberData(nameof(Exceeded))]
    public void Each_limit_is_met_with_line_and_reason(string lines, ICalendarLimits limits, int lineNumber, string reason)
    {
        Assert.False(CalendarObject.TryParse(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\n{lines}END:VCALENDAR\n"), out _, out var error, limits));
        Assert.Equal(new ICalendarError(lineNumber, reason, LimitExceeded: true), error);
    }

    [Fact]
    public void What_just_meets_the_limits_is_taken()
    {
        var limits = new ICalendarLimits(0, 5, 2, 15, 2);
        var bytes = "BEGIN:VCALENDAR\nBEGIN:X\nA;B=1;C=2:3\n 456\nEND:X\nEND:VCALENDAR\n"u8.ToArray();
        Assert.True(CalendarObject.TryParse(bytes, out _, out _, limits with { MaxBytes = bytes.Length }));
        Assert.False(CalendarObject.TryParse(bytes, out _, out _, limits with { MaxBytes = bytes.Length - 1 }));
        Assert.False(CalendarObject.TryParse(bytes, out _, out _, limits with { MaxBytes = bytes.Length, MaxLines = 4 }));
        Assert.False(CalendarObject.TryParse(bytes, out _, out _, limits with { MaxBytes = bytes.Length, MaxDepth = 1 }));
    }

    public static TheoryData<string, string, int, string> Hostile => new()
    {
        { "one line of 10 MB", "X:", 10_000_000, "a" },
        { "200 000 parameters", "X", 200_000, ";A=b" },
        { "300 000 values of one parameter", "X;A=b", 300_000, ",\"c\"" },
        { "1 000 000 folds", "X:", 1_000_000, "\n " },
        { "1 000 000 blank lines", "X:\n", 1_000_000, "\r\n" },
        { "300 000 lines", "X:\n", 300_000, "A:\n" },
        { "folds within a name", "X", 600_000, "\n A" },
        { "100 000 components", "X:\n", 100_000, "BEGIN:A\nEND:A\n" },
        { "1 000 000 carriage returns", "X:", 1_000_000, "\r\n " },
        { "300 000 quotes", "X;A=\"", 300_000, "\";A=\"" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_input_is_read_or_refused_in_bounded_time(string what, string head, int count, string repeated)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\n").Append(head);
        for (var index = 0; index < count; index++) text.Append(repeated);
        if (head.StartsWith("X;A=\"", StringComparison.Ordinal)) text.Append('"');
        if (!head.Contains(':', StringComparison.Ordinal)) text.Append(":x");
        var bytes = Encoding.UTF8.GetBytes(text.Append("\nEND:VCALENDAR\n").ToString());
        var start = ThreadClock.Milliseconds;
        Assert.False(CalendarObject.TryParse(bytes, out _, out var error));
        Assert.True(error.LimitExceeded, what);
        Assert.True(ThreadClock.Milliseconds - start < 1000, $"{what}: {ThreadClock.Milliseconds - start} ms to refuse");

        start = ThreadClock.Milliseconds;
        Assert.True(CalendarObject.TryParse(bytes, out var result, out _, Open), what);
        foreach (var line in result.Calendar.Properties.Take(3)) _ = (line.Parameters.Count, line.Text.Length);
        Assert.Equal(bytes, result.ToBytes());
        Assert.True(ThreadClock.Milliseconds - start < 5000, $"{what}: {ThreadClock.Milliseconds - start} ms to read");
    }

    [Fact]
    public void Deep_nesting_is_refused_without_deep_recursion()
    {
        var bytes = Encoding.UTF8.GetBytes("BEGIN:VCALENDAR\n" + string.Concat(Enumerable.Repeat("BEGIN:A\n", 100_000)));
        Assert.False(CalendarObject.TryParse(bytes, out _, out var error));
        Assert.Equal(new ICalendarError(9, "Components are nested deeper than 8.", LimitExceeded: true), error);
        Assert.False(CalendarObject.TryParse(bytes, out _, out error, Open));
        Assert.Equal("The component A has no END.", error.Reason);
    }

    [Fact]
    public void A_typical_event_is_parsed_with_at_most_4_KB_of_memory()
    {
        var bytes = Encoding.UTF8.GetBytes(
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Example//Client//EN
            BEGIN:VTIMEZONE
            TZID:Europe/Berlin
            BEGIN:STANDARD
            DTSTART:19701025T030000
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:19700329T020000
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            END:DAYLIGHT
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:3f0a1e7c-5d1e-4a0b-9a3b-0e6a4d2f9c11
            DTSTAMP:20260101T000000Z
            DTSTART;TZID=Europe/Berlin:20260105T090000
            DTEND;TZID=Europe/Berlin:20260105T100000
            SUMMARY:Check-up
            END:VEVENT
            END:VCALENDAR
            """.Replace("\n", "\r\n", StringComparison.Ordinal));
        CalendarObject.Parse(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        CalendarObject.Parse(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4096);
    }
}
