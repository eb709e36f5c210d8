namespace Sandbox.Tests.Fidelity;

/// <summary>One thing that an appointment may say: a row of the table.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Lines">Its lines in place of those of an ordinary appointment with the same names, and beside the others. An empty line begins another VEVENT.</param>
internal sealed record Sample(string Name, params string[] Lines)
{
    private static readonly string[] Ordinary = ["DTSTART;TZID=Australia/Melbourne:20260303T100000", "DTEND;TZID=Australia/Melbourne:20260303T104500", "SUMMARY:Visit"];

    /// <summary>Everything but times and rules.</summary>
    public static IReadOnlyList<Sample> Words { get; } =
    [
        new("Title", "SUMMARY:Lunch with Ann"),
        new("Title with marks and emoji", "SUMMARY:<b>A & B</b>\\, 50% 😀"),
        new("Without a title"),
        new("Description of several lines", "DESCRIPTION:First line\\n\\n  indented\\nlast"),
        new("Description that looks like HTML", "DESCRIPTION:Ring <b>before</b> & after 5 < 6"),
        new("Description of 20 000 characters", $"DESCRIPTION:{new string('x', 20_000)}"),
        new("Place", "LOCATION:Room 2\\, Main St"),
        new("Tentative", "STATUS:TENTATIVE"),
        new("Confirmed", "STATUS:CONFIRMED"),
        new("Cancelled", "STATUS:CANCELLED"),
        new("Free (takes no time)", "TRANSP:TRANSPARENT"),
        new("Private", "CLASS:PRIVATE"),
        new("Confidential", "CLASS:CONFIDENTIAL"),
        new("Categories", "CATEGORIES:Work,Clinic"),
        new("Colour", "COLOR:turquoise"),
        new("Priority", "PRIORITY:1"),
        new("Link", "URL:https://example.com/x"),
        new("Coordinates", "GEO:-37.8;144.9"),
        new("Attachment by address", "ATTACH:https://example.com/a.pdf"),
        new("Alert", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT15M", "END:VALARM"),
        new("Guests", "ORGANIZER:mailto:maya@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com"),
        new("Video call (RFC 7986)", "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://example.com/call"),
        new("Comment and contact", "COMMENT:x", "CONTACT:Ann"),
        new("Lines of an app's own", "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC"),
    ];

    /// <summary>Times of an appointment that does not repeat.</summary>
    public static IReadOnlyList<Sample> Times { get; } =
    [
        new("In the practice's zone", Ordinary[0], Ordinary[1]),
        new("In another zone, with an end in a third", "DTSTART;TZID=America/New_York:20260303T100000", "DTEND;TZID=Europe/London:20260303T180000"),
        new("In UTC", "DTSTART:20260303T100000Z", "DTEND:20260303T104500Z"),
        new("Floating", "DTSTART:20260303T100000", "DTEND:20260303T104500"),
        new("With a duration", Ordinary[0], "DURATION:PT1H30M"),
        new("Without an end", Ordinary[0]),
        new("To the second", "DTSTART;TZID=Australia/Melbourne:20260303T100007", "DTEND;TZID=Australia/Melbourne:20260303T104501"),
        new("All day", "DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260304"),
        new("Four days", "DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260307"),
        new("Over midnight and the end of daylight saving (south)", "DTSTART;TZID=Australia/Melbourne:20260404T230000", "DTEND;TZID=Australia/Melbourne:20260405T040000"),
        new("In the hour that comes twice (north)", "DTSTART;TZID=America/New_York:20261101T013000", "DTEND;TZID=America/New_York:20261101T023000"),
        new("Until the second of the hours that come twice (north)", "DTSTART;TZID=America/New_York:20261101T003000", "DTEND:20261101T063000Z"),
        new("Until the second of the hours that come twice (south)", "DTSTART;TZID=Australia/Melbourne:20260405T013000", "DTEND:20260404T163000Z"),
        new("In the hour that does not come (south)", "DTSTART;TZID=Australia/Melbourne:20261004T023000", "DTEND;TZID=Australia/Melbourne:20261004T033000"),
    ];

    /// <summary>Rules and what goes with them.</summary>
    public static IReadOnlyList<Sample> Series { get; } =
    [
        Rule("Every day", "FREQ=DAILY"),
        Rule("Every third day, ten times", "FREQ=DAILY;INTERVAL=3;COUNT=10"),
        Rule("Every weekday", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=10"),
        Rule("Every week", "FREQ=WEEKLY"),
        Rule("Every second week on two days", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=SU"),
        Rule("Every week until a day", "FREQ=WEEKLY;UNTIL=20260630T135959Z"),
        Rule("Every month on the 3rd", "FREQ=MONTHLY"),
        Rule("Every month on the first Tuesday", "FREQ=MONTHLY;BYDAY=1TU"),
        RuleFrom("31", "Every month on the last Tuesday", "FREQ=MONTHLY;BYDAY=-1TU"),
        RuleFrom("31", "Every month on its last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        Rule("Every month on two days", "FREQ=MONTHLY;BYMONTHDAY=3,17"),
        RuleFrom("31", "Every month on its last weekday", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        Rule("Every year", "FREQ=YEARLY"),
        Rule("Every year on the first Tuesday of March", "FREQ=YEARLY;BYMONTH=3;BYDAY=1TU"),
        Rule("Every year in two months", "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=3"),
        Rule("Every year in a week of the year", "FREQ=YEARLY;BYWEEKNO=10;BYDAY=TU"),
        Rule("Every year on a day of the year", "FREQ=YEARLY;BYYEARDAY=62"),
        Rule("Twice a day", "FREQ=DAILY;BYHOUR=10,16"),
        Rule("Every hour", "FREQ=HOURLY;COUNT=5"),
        Rule("2 000 times", "FREQ=DAILY;COUNT=2000"),
        new("Two rules", [.. Ordinary, "RRULE:FREQ=WEEKLY;COUNT=4", "RRULE:FREQ=MONTHLY;COUNT=3"]),
        new("Added dates", [.. Ordinary, "RRULE:FREQ=WEEKLY;COUNT=4", "RDATE;TZID=Australia/Melbourne:20260305T100000"]),
        new("Added dates only", [.. Ordinary, "RDATE;TZID=Australia/Melbourne:20260305T100000,20260309T100000"]),
        new("Dates taken out", [.. Ordinary, "RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE;TZID=Australia/Melbourne:20260310T100000,20260324T100000"]),
        new("All day, every week, one taken out", "DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260304", "SUMMARY:Visit", "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;VALUE=DATE:20260310"),
        new("Across both changes of the clocks (south)", [.. Ordinary, "RRULE:FREQ=WEEKLY;COUNT=40"]),
        new("Across both changes of the clocks (north)", "DTSTART;TZID=America/New_York:20260303T023000", "DTEND;TZID=America/New_York:20260303T033000", "SUMMARY:Visit", "RRULE:FREQ=WEEKLY;COUNT=40"),
        Overridden("One moved within its day", "10", "DTSTART;TZID=Australia/Melbourne:20260310T140000", "DTEND;TZID=Australia/Melbourne:20260310T144500"),
        Overridden("One moved to another day", "10", "DTSTART;TZID=Australia/Melbourne:20260312T100000", "DTEND;TZID=Australia/Melbourne:20260312T104500"),
        Overridden("One moved past the next", "10", "DTSTART;TZID=Australia/Melbourne:20260319T100000", "DTEND;TZID=Australia/Melbourne:20260319T104500"),
        new("Two moved past each other", [.. Ordinary, "RRULE:FREQ=WEEKLY;COUNT=6", .. Moved("10", "18"), .. Moved("17", "11")]),
        Overridden("One with another title and place", "10", "DTSTART;TZID=Australia/Melbourne:20260310T100000", "DTEND;TZID=Australia/Melbourne:20260310T104500", "SUMMARY:Other", "LOCATION:Room 9"),
        Overridden("One that is cancelled", "10", "DTSTART;TZID=Australia/Melbourne:20260310T100000", "DTEND;TZID=Australia/Melbourne:20260310T104500", "STATUS:CANCELLED"),
        Overridden("One that lasts all day", "10", "DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260311"),
        Overridden("One that has been moved in from nowhere", "11", "DTSTART;TZID=Australia/Melbourne:20260311T100000", "DTEND;TZID=Australia/Melbourne:20260311T104500"),
    ];

    /// <summary>The whole object.</summary>
    public string Text(string uid)
    {
        var own = Lines.TakeWhile(static line => line.Length > 0).ToList();
        var rest = Name == "Without a title" ? Ordinary[..2] : Ordinary;
        var isTimed = own.Exists(static line => line.StartsWith("DTSTART", StringComparison.Ordinal));
        var master = rest.Where(line => !own.Exists(other => NameOf(other) == NameOf(line)) && !(isTimed && NameOf(line) == "DTEND")).Concat(own);
        var single = string.Concat(Parts(Lines.Skip(own.Count + 1)).Select(lines => Event(uid, lines)));
        return $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//fidelity//EN\r\n{Event(uid, master)}{single}END:VCALENDAR\r\n";
    }

    /// <summary>What is between empty lines.</summary>
    private static IEnumerable<List<string>> Parts(IEnumerable<string> lines)
    {
        List<string> part = [];
        foreach (var line in lines.Append(""))
        {
            if (line.Length > 0) part.Add(line);
            else if (part.Count > 0)
            {
                yield return part;
                part = [];
            }
        }
    }

    private static string NameOf(string line) => line[..line.IndexOfAny([':', ';'])];

    private static string Event(string uid, IEnumerable<string> lines) =>
        $"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260301T000000Z\r\n{string.Concat(lines.Select(static line => line + "\r\n"))}END:VEVENT\r\n";

    private static Sample Rule(string name, string rule) => new(name, [.. Ordinary, $"RRULE:{rule}"]);

    private static Sample RuleFrom(string day, string name, string rule) =>
        new(name, $"DTSTART;TZID=Australia/Melbourne:202603{day}T100000", $"DTEND;TZID=Australia/Melbourne:202603{day}T104500", "SUMMARY:Visit", $"RRULE:{rule}");

    private static string[] Moved(string day, string to) =>
        ["", $"RECURRENCE-ID;TZID=Australia/Melbourne:202603{day}T100000", $"DTSTART;TZID=Australia/Melbourne:202603{to}T100000", $"DTEND;TZID=Australia/Melbourne:202603{to}T104500", .. Ordinary[2..]];

    private static Sample Overridden(string name, string day, params string[] lines) => new(
        name,
        [
            .. Ordinary, "RRULE:FREQ=WEEKLY;COUNT=6", "", $"RECURRENCE-ID;TZID=Australia/Melbourne:202603{day}T100000",
            .. lines, .. lines.Any(static line => line.StartsWith("SUMMARY", StringComparison.Ordinal)) ? [] : Ordinary[2..],
        ]);
}
