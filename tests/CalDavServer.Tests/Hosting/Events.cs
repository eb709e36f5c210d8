namespace CalDavServer.Tests.Hosting;

/// <summary>Calendar objects as clients send them.</summary>
internal static class Events
{
    /// <summary>An event of an hour on 1 June 2026, with further lines when given.</summary>
    public static string Event(string uid, string summary = "Meeting", params string[] lines) => Component("VEVENT", uid, [
        "DTSTART:20260601T090000Z",
        "DTEND:20260601T100000Z",
        $"SUMMARY:{summary}",
        .. lines,
    ]);

    public static string Task(string uid, string summary = "Task") => Component("VTODO", uid, [$"SUMMARY:{summary}"]);

    public static string Component(string name, string uid, params string[] lines) => string.Concat(new[]
    {
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        $"BEGIN:{name}",
        $"UID:{uid}",
        "DTSTAMP:20260101T000000Z",
    }.Concat(lines).Concat([$"END:{name}", "END:VCALENDAR"]).Select(line => line + "\r\n"));
}
