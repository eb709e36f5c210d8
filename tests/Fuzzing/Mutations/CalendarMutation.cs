namespace Fuzzing.Mutations;

/// <summary>Content lines of an iCalendar body that are left out, doubled, moved, or have another name, parameter or value.</summary>
internal static class CalendarMutation
{
    private const int MaxLength = 400_000;

    private static readonly string[] Lines =
    [
        "RRULE:FREQ=SECONDLY", "RRULE:FREQ=DAILY;INTERVAL=2147483647", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=-1", "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,TU",
        "RRULE:FREQ=YEARLY;BYYEARDAY=366;BYHOUR=0,1,2;BYMINUTE=0,59;BYSECOND=0,60", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "RRULE:RSCALE=HEBREW;FREQ=YEARLY", "RRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYMONTHDAY=31",
        "RRULE:FREQ=WEEKLY;UNTIL=16010101T000000Z", "RRULE:FREQ=DAILY;COUNT=2147483647", "RRULE:FREQ=MINUTELY;BYSETPOS=366,-366;BYSECOND=0,1,2,3", "RDATE:20260601T090000Z,20260602T090000Z", "RDATE;VALUE=PERIOD:20260601T090000Z/P30D",
        "EXDATE:20260601T090000Z", "EXDATE;VALUE=DATE:20260601", "EXDATE;TZID=Europe/Berlin:20260601T110000", "RECURRENCE-ID:20260602T090000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260602T090000Z", "RECURRENCE-ID;VALUE=DATE:20260602",
        "DTSTART;VALUE=DATE:20260601", "DTSTART:20260601T090000", "DTSTART;TZID=Europe/Berlin:20260329T023000", "DTSTART;TZID=America/New_York:20261101T013000", "DTSTART;TZID=Mine:20260601T090000", "DTSTART;TZID=\"W. Europe Standard Time\":20260601T090000",
        "DTSTART:16000101T000000Z", "DTSTART:29991231T235959Z", "DTSTART:00010101T000000Z", "DTEND:29991231T235959Z", "DTEND;VALUE=DATE:20260602", "DTEND:20260601T090000Z", "DURATION:P100000W", "DURATION:PT0S", "DURATION:-P1D",
        "DUE:20260601T090000Z", "COMPLETED:20260601T090000Z", "STATUS:CANCELLED", "STATUS:COMPLETED", "TRANSP:TRANSPARENT", "METHOD:REQUEST", "CALSCALE:GREGORIAN", "VERSION:2.0", "UID:a", "UID:b", "UID:", "ATTENDEE;CN=\"x\";PARTSTAT=ACCEPTED:mailto:bob@example.com",
        "ORGANIZER:mailto:alice@example.com", "ATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA", "X-ODD;P=^n^^':v", "SUMMARY;LANGUAGE=de:\xc3\x84", "GEO:1;2", "FREEBUSY:20260601T090000Z/PT1H", "TRIGGER:-PT15M", "TRIGGER;VALUE=DATE-TIME:20260601T080000Z",
        "TRIGGER;RELATED=END:PT0S", "REPEAT:2147483647", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTODO", "END:VTODO", "BEGIN:VALARM", "END:VALARM", "BEGIN:X-NEW", "END:X-NEW", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:VCALENDAR", "END:VCALENDAR",
        "BEGIN:STANDARD", "END:STANDARD", "TZOFFSETFROM:+2359", "TZOFFSETTO:-2359", "TZOFFSETTO:+9999", "TZID:Mine", "TZUNTIL:20260101T000000Z", " folded", "\tfolded", "", "nonsense", ":", ";", "X;Y:", "X;Y=\":z",
    ];

    private static readonly string[] Names =
    [
        "DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SUMMARY", "SEQUENCE", "TRIGGER", "TZID", "TZOFFSETTO", "FREEBUSY", "DTSTAMP", "COMPLETED", "PERCENT-COMPLETE", "X-HX", "ATTENDEE", "BEGIN", "END",
    ];

    private static readonly string[] Parameters =
        [";VALUE=DATE", ";VALUE=PERIOD", ";VALUE=TEXT", ";TZID=Europe/Berlin", ";TZID=Mine", ";TZID=", ";TZID=\"/x/y/Europe/Berlin\"", ";RANGE=THISANDFUTURE", ";X=\"a,b\",c", ";X", ";=", ";VALUE=DATE;VALUE=DATE"];

    public static FuzzRequest? Apply(FuzzRequest request, Random random)
    {
        if (!request.Body.Contains("BEGIN:V", StringComparison.Ordinal) || request.Body.Length > MaxLength) return null;
        var lines = request.Body.Split("\r\n").ToList();
        for (var times = 1 + random.Next(3); times > 0 && lines.Count > 0; times--) Change(lines, random);
        return request with { Body = string.Join(random.Next(30) == 0 ? random.Of<string>(["\n", "\r", "\r\n\r\n", "\r\n "]) : "\r\n", lines) };
    }

    private static void Change(List<string> lines, Random random)
    {
        var at = random.Next(lines.Count);
        var colon = lines[at].IndexOf(':', StringComparison.Ordinal);
        switch (random.Next(12))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(random.Next(lines.Count), lines[at]);
                break;
            case 2 or 3 or 4:
                lines.Insert(at, random.Of(Lines));
                break;
            case 5:
                lines[at] = random.Of(Lines);
                break;
            case 6 when colon > 0:
                lines[at] = random.Of(Names) + lines[at][colon..];
                break;
            case 7 when colon > 0:
                lines[at] = lines[at].Insert(colon, random.Of(Parameters));
                break;
            case 8 when colon > 0:
                lines[at] = lines[at][..(colon + 1)] + (random.Next(2) == 0 ? random.Text() : random.Shuffle(lines[at][(colon + 1)..]));
                break;
            case 9:
                lines[at] = random.Shuffle(lines[at]);
                break;
            case 10 when lines.Count < 500 && random.Next(5) == 0:
                lines.InsertRange(at, Enumerable.Repeat(lines[at], random.Next(random.Next(5) == 0 ? 5_000 : 50)));
                break;
            case 11:
                lines.InsertRange(at, Range(lines, random));
                break;
        }
    }

    private static List<string> Range(List<string> lines, Random random)
    {
        var from = random.Next(lines.Count);
        return lines.GetRange(from, Math.Min(lines.Count - from, random.Next(12)));
    }
}
