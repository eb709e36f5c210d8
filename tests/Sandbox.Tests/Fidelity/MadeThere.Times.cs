namespace Sandbox.Tests.Fidelity;

// When it is, and how it repeats.
internal sealed partial record MadeThere
{
    private const string Melbourne = "AUS Eastern Standard Time";
    private const string NewYork = "Eastern Standard Time";

    private static readonly string[] Ordinary = ["DTSTART;TZID=Australia/Melbourne:20260303T100000", "DTEND;TZID=Australia/Melbourne:20260303T104500", "SUMMARY:Visit"];

    // each kind of pattern that Graph has, with the rule that it is
    private static readonly (string Name, string Pattern, string Rule)[] Patterns =
    [
        ("Every day", """{"type":"daily","interval":1}""", "FREQ=DAILY"),
        ("Every week", """{"type":"weekly","interval":1,"daysOfWeek":["tuesday"],"firstDayOfWeek":"monday"}""", "FREQ=WEEKLY"),
        ("Every month on the 3rd", """{"type":"absoluteMonthly","interval":1,"dayOfMonth":3}""", "FREQ=MONTHLY"),
        ("Every month on the first Tuesday", """{"type":"relativeMonthly","interval":1,"daysOfWeek":["tuesday"],"index":"first"}""", "FREQ=MONTHLY;BYDAY=1TU"),
        ("Every year", """{"type":"absoluteYearly","interval":1,"dayOfMonth":3,"month":3}""", "FREQ=YEARLY"),
        ("Every year on the first Tuesday of March", """{"type":"relativeYearly","interval":1,"daysOfWeek":["tuesday"],"index":"first","month":3}""", "FREQ=YEARLY;BYMONTH=3;BYDAY=1TU"),
    ];

    private static readonly (string Name, string Range, string Rule)[] Ends =
    [
        ("without end", """{"type":"noEnd"}""", ""),
        ("five times", """{"type":"numbered","numberOfOccurrences":5}""", ";COUNT=5"),
        ("until a day", """{"type":"endDate","endDate":"2028-12-31"}""", ";UNTIL=20281231T125959Z"),
    ];

    /// <summary>Times of what does not repeat.</summary>
    public static IReadOnlyList<MadeThere> Times { get; } =
    [
        new("In the practice's zone", "{}", "{}", Ordinary),
        At("In another zone, with an end in a third", "2026-03-03T10:00:00 America/New_York", "2026-03-03T18:00:00 Europe/London", $"2026-03-03T10:00:00 {NewYork}", "2026-03-03T18:00:00 GMT Standard Time",
            "DTSTART;TZID=America/New_York:20260303T100000", "DTEND;TZID=Europe/London:20260303T180000"),
        At("In UTC", "2026-03-03T10:00:00Z UTC", "2026-03-03T10:45:00Z UTC", "2026-03-03T10:00:00 UTC", "2026-03-03T10:45:00 UTC", "DTSTART:20260303T100000Z", "DTEND:20260303T104500Z"),
        new("With an offset, and without a zone", """{"start":{"dateTime":"2026-03-03T10:00:00+11:00"},"end":{"dateTime":"2026-03-03T10:45:00+11:00"}}""", null, Ordinary) { IsInCalDav = false },
        new("Floating", null, null, "DTSTART:20260303T100000", "DTEND:20260303T104500"),
        new("With a duration", null, null, Ordinary[0], "DURATION:PT1H30M"),
        new("Without length", null, """{"end":{"dateTime":"2026-03-03T10:00:00","timeZone":"AUS Eastern Standard Time"}}""", Ordinary[0]),
        new("Without an end (Google keeps one all the same)", """{"endTimeUnspecified":true}""", null, Ordinary) { IsInCalDav = false },
        At("To the second", "2026-03-03T10:00:07 Australia/Melbourne", "2026-03-03T10:45:01 Australia/Melbourne", $"2026-03-03T10:00:07 {Melbourne}", $"2026-03-03T10:45:01 {Melbourne}",
            "DTSTART;TZID=Australia/Melbourne:20260303T100007", "DTEND;TZID=Australia/Melbourne:20260303T104501"),
        Days("All day", "2026-03-03", "2026-03-04", Melbourne),
        Days("All day, made in another zone", "2026-03-03", "2026-03-04", "Pacific Standard Time"),
        Days("Four days", "2026-03-03", "2026-03-07", Melbourne),
        At("Over midnight and the end of daylight saving (south)", "2026-04-04T23:00:00 Australia/Melbourne", "2026-04-05T04:00:00 Australia/Melbourne", $"2026-04-04T23:00:00 {Melbourne}", $"2026-04-05T04:00:00 {Melbourne}",
            "DTSTART;TZID=Australia/Melbourne:20260404T230000", "DTEND;TZID=Australia/Melbourne:20260405T040000"),
        At("In the first of the hours that come twice (north)", "2026-11-01T01:30:00-04:00 America/New_York", "2026-11-01T02:30:00-05:00 America/New_York", $"2026-11-01T01:30:00 {NewYork}", $"2026-11-01T02:30:00 {NewYork}",
            "DTSTART;TZID=America/New_York:20261101T013000", "DTEND;TZID=America/New_York:20261101T023000"),
        At("Until the second of the hours that come twice (south)", "2026-04-05T01:30:00+11:00 Australia/Melbourne", "2026-04-05T02:30:00+10:00 Australia/Melbourne", $"2026-04-05T01:30:00 {Melbourne}", "2026-04-04T16:30:00 UTC",
            "DTSTART;TZID=Australia/Melbourne:20260405T013000", "DTEND:20260404T163000Z"),
        At("From the hour that does not come (south)", "2026-10-04T02:30:00 Australia/Melbourne", "2026-10-04T04:30:00 Australia/Melbourne", $"2026-10-04T02:30:00 {Melbourne}", $"2026-10-04T04:30:00 {Melbourne}",
            "DTSTART;TZID=Australia/Melbourne:20261004T023000", "DTEND;TZID=Australia/Melbourne:20261004T043000"),
    ];

    /// <summary>Rules and what goes with them.</summary>
    public static IReadOnlyList<MadeThere> Series { get; } =
    [
        .. Patterns.SelectMany(static pattern => Ends.Select(end => Repeats($"{pattern.Name}, {end.Name}", Graph(pattern.Pattern, end.Range), $"RRULE:{pattern.Rule}{end.Rule}"))),
        Repeats("Every third day", Numbered("""{"type":"daily","interval":3}"""), "RRULE:FREQ=DAILY;INTERVAL=3;COUNT=5"),
        Repeats("Every weekday", Numbered("""{"type":"weekly","interval":1,"daysOfWeek":["monday","tuesday","wednesday","thursday","friday"],"firstDayOfWeek":"monday"}"""), "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=5"),
        Repeats("Every second week on two days", Numbered("""{"type":"weekly","interval":2,"daysOfWeek":["tuesday","thursday"],"firstDayOfWeek":"sunday"}"""), "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH;COUNT=5"),
        From31("Every month on its last Tuesday", Numbered("""{"type":"relativeMonthly","interval":1,"daysOfWeek":["tuesday"],"index":"last"}"""), "RRULE:FREQ=MONTHLY;BYDAY=-1TU;COUNT=5"),
        From31("Every month on its last weekday", Numbered("""{"type":"relativeMonthly","interval":1,"daysOfWeek":["monday","tuesday","wednesday","thursday","friday"],"index":"last"}"""), "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=5"),
        From31("Every month on the 31st, and on the last day of a shorter one", Numbered("""{"type":"absoluteMonthly","interval":1,"dayOfMonth":31}"""), "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=5"),
        From31("Every month that has a 31st", null, "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5"),
        Repeats("Every month on two days", null, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17"),
        Repeats("Every year in two months", null, "RRULE:FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=3"),
        Repeats("Every year in a week of the year", null, "RRULE:FREQ=YEARLY;BYWEEKNO=10;BYDAY=TU"),
        Repeats("Every year on a day of the year", null, "RRULE:FREQ=YEARLY;BYYEARDAY=62"),
        Repeats("Twice a day", null, "RRULE:FREQ=DAILY;BYHOUR=10,16"),
        Repeats("Every hour", null, "RRULE:FREQ=HOURLY;COUNT=5"),
        Repeats("Two rules", null, "RRULE:FREQ=WEEKLY;COUNT=4", "RRULE:FREQ=MONTHLY;COUNT=3"),
        Repeats("A rule that takes out", null, "RRULE:FREQ=DAILY;COUNT=10", "EXRULE:FREQ=WEEKLY;BYDAY=WE"),
        Repeats("Added dates", null, "RRULE:FREQ=WEEKLY;COUNT=4", "RDATE;TZID=Australia/Melbourne:20260305T100000"),
        Repeats("Added dates only", null, "RDATE;TZID=Australia/Melbourne:20260305T100000,20260309T100000"),
        Repeats("Dates taken out", null, "RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE;TZID=Australia/Melbourne:20260310T100000,20260324T100000"),
        Repeats("Across both changes of the clocks (south)", Graph("""{"type":"weekly","interval":1,"daysOfWeek":["tuesday"],"firstDayOfWeek":"monday"}""", """{"type":"numbered","numberOfOccurrences":40}"""), "RRULE:FREQ=WEEKLY;COUNT=40"),
        Acted("One moved within its day", [new("move", "2026-03-10 10:00", "2026-03-10T14:00")], One("10", "10T14")),
        Acted("One moved to another day", [new("move", "2026-03-10 10:00", "2026-03-12T10:00")], One("10", "12T10")),
        Acted("One with another title and place", [new("edit", "2026-03-10 10:00")], One("10", "10T10", "SUMMARY:Other", "LOCATION:Room 9")),
        Acted("One that is deleted", [new("delete", "2026-03-10 10:00")], "EXDATE;TZID=Australia/Melbourne:20260310T100000"),
        Acted("Two moved past each other", [new("move", "2026-03-10 10:00", "2026-03-18T10:00"), new("move", "2026-03-17 10:00", "2026-03-11T10:00")], [.. One("10", "18T10"), .. One("17", "11T10")]) with { Microsoft = null },
        Split("One and all that follow moved", ("24", "25T11", 3)),
        Split("One and all that follow moved, three times", ("10", "11T11", 1), ("18", "19T12", 1), ("26", "27T13", 3)),
    ];

    private static MadeThere At(string name, string start, string end, string startAtMicrosoft, string endAtMicrosoft, params string[] lines) => new(name, Json(start, end), Json(startAtMicrosoft, endAtMicrosoft), lines);

    private static string Json(string start, string end) => $$"""{"start":{{Time(start)}},"end":{{Time(end)}}}""";

    private static string Time(string text) => $$"""{"dateTime":"{{text[..text.IndexOf(' ', StringComparison.Ordinal)]}}","timeZone":"{{text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]}}"}""";

    private static MadeThere Days(string name, string start, string end, string zone) => new(
        name,
        $$$"""{"start":{"date":"{{{start}}}"},"end":{"date":"{{{end}}}"}}""",
        $$$"""{"isAllDay":true,"start":{"dateTime":"{{{start}}}T00:00:00","timeZone":"{{{zone}}}"},"end":{"dateTime":"{{{end}}}T00:00:00","timeZone":"{{{zone}}}"}}""",
        $"DTSTART;VALUE=DATE:{start.Replace("-", "", StringComparison.Ordinal)}", $"DTEND;VALUE=DATE:{end.Replace("-", "", StringComparison.Ordinal)}");

    private static string Graph(string pattern, string range) => $$$"""{"recurrence":{"pattern":{{{pattern}}},"range":{{{range}}}}}""";

    private static string Numbered(string pattern) => Graph(pattern, """{"type":"numbered","numberOfOccurrences":5}""");

    private static string Recurrence(string[] rules) => $"\"recurrence\":[{string.Join(',', rules.Select(static rule => $"\"{rule}\""))}]";

    private static MadeThere Repeats(string name, string? graph, params string[] rules) => new(name, $"{{{Recurrence(rules)}}}", graph, [.. Ordinary, .. rules]);

    private static MadeThere From31(string name, string? graph, string rule) => new(
        name,
        $"{Json("2026-03-31T10:00:00 Australia/Melbourne", "2026-03-31T10:45:00 Australia/Melbourne")[..^1]},{Recurrence([rule])}}}",
        graph is null ? null : $"{Json($"2026-03-31T10:00:00 {Melbourne}", $"2026-03-31T10:45:00 {Melbourne}")[..^1]},{graph[1..]}",
        "DTSTART;TZID=Australia/Melbourne:20260331T100000", "DTEND;TZID=Australia/Melbourne:20260331T104500", "SUMMARY:Visit", rule);

    /// <summary>A series of six weeks to whose dates something is done.</summary>
    private static MadeThere Acted(string name, IReadOnlyList<Act> acts, params string[] lines) =>
        Weekly(name, 6) with { Acts = acts, Lines = [.. Ordinary, "RRULE:FREQ=WEEKLY;COUNT=6", .. lines] };

    private static MadeThere Weekly(string name, int count) => new(
        name,
        $$"""{"recurrence":["RRULE:FREQ=WEEKLY;COUNT={{count}}"]}""",
        Graph("""{"type":"weekly","interval":1,"daysOfWeek":["tuesday"],"firstDayOfWeek":"monday"}""", $$"""{"type":"numbered","numberOfOccurrences":{{count}}}"""));

    private static string[] One(string day, string to, params string[] words) =>
        ["", $"RECURRENCE-ID;TZID=Australia/Melbourne:202603{day}T100000", $"DTSTART;TZID=Australia/Melbourne:202603{to}0000", $"DTEND;TZID=Australia/Melbourne:202603{to}4500", .. words.Length > 0 ? words : Ordinary[2..]];

    /// <summary>A series of six weeks of which the rest is moved, and the rest of that.</summary>
    private static MadeThere Split(string name, params (string Day, string To, int Left)[] rests)
    {
        List<Act> acts = [];
        List<string[]> lines = [];
        var hour = "10";
        foreach (var (day, to, left) in rests)
        {
            acts.Add(new Act("move-following", $"2026-03-{day} {hour}:00", $"2026-03-{to}:00"));
            lines.Add([$"DTSTART;TZID=Australia/Melbourne:202603{to}0000", $"DTEND;TZID=Australia/Melbourne:202603{to}4500", "SUMMARY:Visit", $"RRULE:FREQ=WEEKLY;COUNT={left}"]);
            hour = to[^2..];
        }

        var first = 6 - rests.Sum(static rest => rest.Left);
        return Weekly(name, 6) with { Acts = acts, Lines = [.. Ordinary, $"RRULE:FREQ=WEEKLY;COUNT={first}"], Rest = lines };
    }
}
