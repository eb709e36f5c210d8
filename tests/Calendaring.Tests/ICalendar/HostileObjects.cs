using System.Text;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.TimeZones;
using Calendaring.Validation;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.ICalendar;

/// <summary>Objects far beyond the limits, read without them: whatever is done with an object costs time and memory in proportion to its size.</summary>
public sealed class HostileObjects
{
    private static readonly ICalendarLimits Open = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);
    private static readonly LocalDateTime Start = new(2026, 1, 5, 9, 0);
    private static readonly Instant Monday = Instant.FromUtc(2026, 3, 2, 0, 0);

    /// <summary>What there is many of, how many, and how an object with so many is made.</summary>
    public static TheoryData<string, int> Kinds => new()
    {
        { "overrides", 20_000 },
        { "overrides of this and future", 1_000 },
        { "EXDATE lines", 100_000 },
        { "EXDATE in one line", 100_000 },
        { "EXDATE days", 100_000 },
        { "RDATE lines", 100_000 },
        { "RDATE periods in one line", 100_000 },
        { "rules", 2_000 },
        { "zones", 20_000 },
        { "nested components", 100_000 },
        { "components", 100_000 },
        { "bytes in a line", 10_000_000 },
        { "folds", 1_000_000 },
        { "parameters", 200_000 },
        { "values of a parameter", 300_000 },
        { "attendees", 100_000 },
        { "alarms", 50_000 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Twice_as_many_cost_at_most_twice_as_much(string kind, int count)
    {
        AssertLinear(kind, count, "parse", static bytes => Parse(bytes));
        if (kind == "nested components") return; // what is below recurses, and the parser takes eight levels
        AssertLinear(kind, count, "check", static bytes => CalendarObjectRules.Check(Parse(bytes), ["VEVENT"], new(int.MaxValue, int.MaxValue, Instant.MinValue, Instant.MaxValue)));
        AssertLinear(kind, count, "index", static bytes => ObjectIndexer.Index(Parse(bytes)));
        AssertLinear(kind, count, "a week of occurrences", static bytes => Week(Parse(bytes)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_limits_refuse_it_at_once(string kind, int count)
    {
        var bytes = Bytes(kind, count);
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var start = ThreadClock.Milliseconds;
            var refused = !CalendarObject.TryParse(bytes, out var calendar, out _)
                || CalendarObjectRules.Check(calendar, ["VEVENT"]) is not null;
            best = Math.Min(best, ThreadClock.Milliseconds - start);
            Assert.True(refused || kind is "rules" or "overrides of this and future", kind);
        }

        Assert.True(best < 50, $"{kind}: {best:F1} ms to refuse");
    }

    private static CalendarObject Parse(byte[] bytes) => CalendarObject.TryParse(bytes, out var calendar, out var error, Open) ? calendar : throw new FormatException(error.Reason);

    private static int Week(CalendarObject calendar)
    {
        var set = RecurrenceSet.Of(calendar, new ZoneResolver(calendar.Calendar, DateTimeZone.Utc));
        return set.Between(Monday, Monday + Duration.FromDays(7), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Count();
    }

    private static void AssertLinear(string kind, int count, string what, Action<byte[]> work)
    {
        var (half, whole) = (Bytes(kind, count / 2), Bytes(kind, count));
        work(half);
        // other work on the machine disturbs even a thread's own time: one good measurement is enough
        var (time, bytes, report) = (false, false, "");
        for (var i = 0; i < 10 && !(time && bytes); i++)
        {
            var (halfTime, halfBytes) = Cost(half, work);
            var (wholeTime, wholeBytes) = Cost(whole, work);
            // a quadratic cost would be four times as much; half a millisecond is what the measurement itself may be off
            time |= wholeTime <= (3.3 * halfTime) + 0.5;
            bytes |= wholeBytes <= (2.2 * halfBytes) + 4096;
            report = $"{kind}, {what}: {count / 2} take {halfTime:F2} ms and {halfBytes} bytes, {count} take {wholeTime:F2} ms and {wholeBytes} bytes";
        }

        Assert.True(time && bytes, report);
    }

    /// <summary>Bytes that the work, and the other tests meanwhile, may take without a collection.</summary>
    private const long Room = 200_000_000;

    private static (double Time, long Bytes) Cost(byte[] bytes, Action<byte[]> work)
    {
        var (time, allocated) = (double.MaxValue, long.MaxValue);
        for (var i = 0; i < 3; i++)
        {
            // a collection within the larger of the two, and none within the smaller, would be taken for a cost of the work
            WithoutOthers(static () => GC.TryStartNoGCRegion(Room));
            var (start, before) = (ThreadClock.Milliseconds, GC.GetAllocatedBytesForCurrentThread());
            work(bytes);
            time = Math.Min(time, ThreadClock.Milliseconds - start);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            WithoutOthers(GC.EndNoGCRegion);
        }

        return (time, allocated);
    }

    // tests that run meanwhile may take the room, which ends the region: then the measurement is one with a collection, and others follow
    private static void WithoutOthers(Action change)
    {
        try
        {
            change();
        }
        catch (InvalidOperationException)
        {
            // the region is over already, or still there
        }
    }

    private static byte[] Bytes(string kind, int count)
    {
        const string Rule = "RRULE:FREQ=DAILY\n";
        const string Head = "UID:u\nDTSTAMP:20260101T000000Z\n";
        const string Zone = "BEGIN:VTIMEZONE\nTZID:z{0}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";
        var first = $"DTSTART:{Text(0)}\nDURATION:PT1H\n";
        var text = new StringBuilder("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n");
        if (kind == "zones") Repeat(text, count, i => string.Format(null, Zone, i));
        text.Append("BEGIN:VEVENT\n").Append(Head).Append(first);
        switch (kind)
        {
            case "EXDATE lines": Repeat(text.Append(Rule), count, i => $"EXDATE:{Text(i)}\n"); break;
            case "EXDATE in one line": Repeat(text.Append(Rule).Append("EXDATE:").Append(Text(0)), count, i => $",{Text(i)}").Append('\n'); break;
            case "EXDATE days": Repeat(text.Append(Rule), count, i => $"EXDATE;VALUE=DATE:{Text(i)[..8]}\n"); break;
            case "RDATE lines": Repeat(text, count, i => $"RDATE:{Text(i)}\n"); break;
            case "RDATE periods in one line": Repeat(text.Append("RDATE;VALUE=PERIOD:").Append(Text(0)).Append("/PT1H"), count, i => $",{Text(i)}/PT5M").Append('\n'); break;
            case "rules": Repeat(text, count, i => $"RRULE:FREQ=WEEKLY;INTERVAL={i + 1}\n"); break;
            case "nested components": Repeat(Repeat(text, count, _ => "BEGIN:A\n"), count, _ => "END:A\n"); break;
            case "components": Repeat(text, count, _ => "BEGIN:X-A\nEND:X-A\n"); break;
            case "bytes in a line": text.Append("SUMMARY:").Append('a', count).Append('\n'); break;
            case "folds": Repeat(text.Append("SUMMARY:"), count, _ => "a\n ").Append('\n'); break;
            case "parameters": Repeat(text.Append("X-A"), count, _ => ";A=b").Append(":x\n"); break;
            case "values of a parameter": Repeat(text.Append("X-A;A=b"), count, _ => ",\"c\"").Append(":x\n"); break;
            case "attendees": Repeat(text, count, i => $"ATTENDEE:mailto:{i}@example.com\n"); break;
            case "alarms": Repeat(text, count, _ => "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT5M\nEND:VALARM\n"); break;
            default: text.Append(Rule); break;
        }

        text.Append("END:VEVENT\n");
        var range = kind == "overrides of this and future" ? ";RANGE=THISANDFUTURE" : "";
        if (kind.StartsWith("overrides", StringComparison.Ordinal))
            Repeat(text, count, i => $"BEGIN:VEVENT\n{Head}RECURRENCE-ID{range}:{Text(i)}\nDTSTART:{Text(i)[..9]}100000Z\nDURATION:PT1H\nEND:VEVENT\n");
        return Encoding.UTF8.GetBytes(text.Append("END:VCALENDAR\n").ToString());
    }

    private static StringBuilder Repeat(StringBuilder text, int count, Func<int, string> make)
    {
        for (var i = 0; i < count; i++) text.Append(make(i));
        return text;
    }

    private static string Text(int day) => Start.PlusDays(day).ToString("uuuuMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
