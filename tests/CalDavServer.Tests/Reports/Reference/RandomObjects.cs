using NodaTime;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>Random calendar objects of every shape that a filter can ask about.</summary>
internal sealed class RandomObjects(Random random)
{
    /// <summary>Words of the texts, and of what is looked for in them.</summary>
    public static readonly string[] Words = ["Meeting", "meet", "Été", "E\u0301TE\u0301", "Straße", "ОБЕД", "обед", "x", "Red room", "red", "N°5", "Ångström", "a; b"];

    // the last is known by its VTIMEZONE alone
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "My own Europe/Berlin"];

    private const string Berlin = """
        BEGIN:VTIMEZONE
        TZID:Europe/Berlin
        BEGIN:DAYLIGHT
        DTSTART:19810329T020000
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
        TZNAME:CEST
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        END:DAYLIGHT
        BEGIN:STANDARD
        DTSTART:19961027T030000
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
        TZNAME:CET
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0100
        END:STANDARD
        END:VTIMEZONE
        """;

    /// <summary>An object.</summary>
    public string Next(string uid)
    {
        var kind = Pick("VEVENT", "VEVENT", "VEVENT", "VTODO", "VTODO", "VJOURNAL", "VFREEBUSY");
        List<string> lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//reference//EN"];
        List<string> master = kind == "VFREEBUSY" ? FreeBusy() : Timed(kind, Form(), null);
        var own = master.Exists(line => line.Contains(Zones[2], StringComparison.Ordinal));
        if (own || Chance(0.3)) lines.AddRange(Berlin.Replace("TZID:Europe/Berlin", own ? $"TZID:{Zones[2]}" : "TZID:Europe/Berlin", StringComparison.Ordinal).ReplaceLineEndings("\n").Split('\n'));
        var body = Component(kind, uid, master);
        lines.AddRange(body);
        if (master.Exists(line => line.StartsWith("RRULE", StringComparison.Ordinal)) && Chance(0.6)) lines.AddRange(Overrides(kind, uid, body));
        if (Chance(0.1)) lines.AddRange(["BEGIN:X-THING", $"X-A:{Text()}", "END:X-THING"]);
        lines.Add("END:VCALENDAR");
        return string.Concat(lines.Select(line => line + "\r\n"));
    }

    private static List<string> Component(string kind, string uid, List<string> own) => [$"BEGIN:{kind}", $"UID:{uid}", "DTSTAMP:20260101T000000Z", .. own, $"END:{kind}"];

    // what it is in: Z, a zone, floating, or a day
    private string Form() => Pick("Z", "Z", Zones[0], Zones[1], Zones[2], "", "DATE");

    /// <summary>The lines of a component with a start of a form, or of an override of a component with that form.</summary>
    private List<string> Timed(string kind, string form, LocalDateTime? near)
    {
        var start = near ?? new LocalDate(2026, 1, 1).PlusDays(Chance(0.15) ? Pick(85, 86, 87, 295, 296, 297) : random.Next(365)).AtMidnight().PlusMinutes(random.Next(48) * 30);
        List<string> lines = [.. Texts()];
        if (kind == "VTODO" && near is null && Chance(0.35)) return [.. lines, .. Undated(form, start), .. Chance(0.3) ? Alarm("20260601T090000Z") : []];
        if (kind == "VJOURNAL" && near is null && Chance(0.2)) return lines;

        lines.Add(Line("DTSTART", form, start));
        if (kind == "VEVENT" && Chance(0.4)) lines.Add(Pick("TRANSP:TRANSPARENT", "TRANSP:OPAQUE", "STATUS:CANCELLED", "STATUS:TENTATIVE", "STATUS:CONFIRMED"));
        var minutes = form == "DATE" ? random.Next(1, 4) * 1440 : Pick(1, 30, 60, 90, 600, 1440, 1500, 4320);
        var end = kind == "VEVENT" ? "DTEND" : "DUE";
        var length = kind == "VJOURNAL" ? 0 : random.Next(4);
        if (length == 1) lines.Add(Line(end, form, start.PlusMinutes(minutes)));
        if (length == 2) lines.Add(form == "DATE" ? $"DURATION:P{minutes / 1440}D" : $"DURATION:{Duration(minutes)}");
        if (length == 3 && form != "DATE") lines.Add("DURATION:PT0S");
        if (near is null && Chance(0.45)) lines.AddRange(Recurrence(form, start, kind == "VEVENT"));
        if (kind == "VTODO" && Chance(0.3)) lines.Add(Line("COMPLETED", "Z", start.PlusDays(random.Next(-3, 4))));
        if (kind != "VJOURNAL" && Chance(0.35)) lines.AddRange(Alarm(length is 1 or 2 ? null : "start"));
        if (kind != "VJOURNAL" && Chance(0.1)) lines.AddRange(Alarm("20260601T090000Z"));
        return lines;
    }

    private IEnumerable<string> Undated(string form, LocalDateTime at)
    {
        if (Chance(0.5))
        {
            yield return Line("DUE", form, at);
            yield break;
        }

        if (Chance(0.5)) yield return Line("COMPLETED", "Z", at);
        if (Chance(0.5)) yield return Line("CREATED", "Z", at.PlusDays(-random.Next(5)));
    }

    private IEnumerable<string> Texts()
    {
        if (Chance(0.8)) yield return Chance(0.2) ? $"SUMMARY;LANGUAGE={Pick("de", "en-GB")}:{Text()}" : $"SUMMARY:{Text()}";
        if (Chance(0.4)) yield return $"LOCATION:{Text()}";
        for (var i = random.Next(3); i > 0; i--) yield return $"CATEGORIES:{Text()},{Text()}";
        for (var i = random.Next(3); i > 0; i--) yield return $"ATTENDEE;PARTSTAT={Pick("ACCEPTED", "DECLINED", "NEEDS-ACTION")};CN=\"{Pick(Words)}\":mailto:p{random.Next(3)}@example.com";
        if (Chance(0.3)) yield return $"CLASS:{Pick("PUBLIC", "PRIVATE")}";
        if (Chance(0.3)) yield return $"LAST-MODIFIED:2026{random.Next(1, 13):00}01T090000Z";
    }

    private IEnumerable<string> Recurrence(string form, LocalDateTime start, bool periods)
    {
        var rule = Pick(
            "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=31",
            "FREQ=MONTHLY;BYMONTHDAY=1,-1", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR", "FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=3");
        if (form == "Z" && Chance(0.1)) rule = $"FREQ=HOURLY;INTERVAL={Pick(5, 25, 36)}";
        var bound = random.Next(3);
        if (bound == 1) rule += $";COUNT={random.Next(1, 40)}";
        if (bound == 2) rule += $";UNTIL={Value(form is "DATE" or "" ? form : "Z", start.PlusDays(random.Next(400)))}";
        yield return $"RRULE:{rule}";
        if (Chance(0.4)) yield return Line("EXDATE", form, start.PlusDays(Pick(0, 1, 3, 7, 14, 28)));
        if (Chance(0.2)) yield return Line("RDATE", form, start.PlusDays(random.Next(1, 60)));
        if (periods && form == "Z" && Chance(0.2)) yield return $"RDATE;VALUE=PERIOD:{Value("Z", start.PlusDays(2).PlusMinutes(17))}/{Duration(random.Next(1, 3000))}";
    }

    // relative to what there is: an end, only a start, or nothing at all
    private List<string> Alarm(string? only)
    {
        List<string> lines = ["BEGIN:VALARM", "ACTION:DISPLAY", $"DESCRIPTION:{Text()}"];
        var sign = Pick("-", "-", "");
        var offset = sign + Pick("PT0S", "PT15M", "PT1H", "P1D", "P1DT2H", "P1W", "PT36H");
        lines.Add(only switch
        {
            null when Chance(0.4) => $"TRIGGER;RELATED=END:{offset}",
            null or "start" => Chance(0.5) ? $"TRIGGER:{offset}" : $"TRIGGER;RELATED=START:{offset}",
            _ => $"TRIGGER;VALUE=DATE-TIME:{only}",
        });
        if (Chance(0.3)) lines.AddRange([$"REPEAT:{random.Next(1, 5)}", $"DURATION:{Pick("PT5M", "PT1H", "PT26H")}"]);
        lines.Add("END:VALARM");
        return lines;
    }

    private List<string> FreeBusy()
    {
        var at = new LocalDate(2026, random.Next(1, 13), random.Next(1, 28)).AtMidnight().PlusHours(random.Next(24));
        List<string> lines = [];
        if (Chance(0.6)) lines.AddRange([Line("DTSTART", "Z", at), Line("DTEND", "Z", at.PlusDays(random.Next(1, 5)))]);
        for (var i = random.Next(3); i > 0; i--) lines.Add($"FREEBUSY{Pick("", ";FBTYPE=FREE", ";FBTYPE=BUSY-TENTATIVE")}:{Value("Z", at.PlusHours(i))}/{Value("Z", at.PlusHours(i + 2))}");
        return lines;
    }

    // of occurrences that there are, each overridden once; moved, or only said otherwise
    private List<string> Overrides(string kind, string uid, List<string> master)
    {
        var calendar = PlainComponent.Parse(string.Concat(master.Prepend("BEGIN:VCALENDAR").Append("END:VCALENDAR").Select(line => line + "\r\n")));
        var first = PlainTime.Of(calendar.Components[0]["DTSTART"], DateTimeZone.Utc)!;
        var occurrences = PlainOccurrences.Of(calendar, calendar.Components[0], DateTimeZone.Utc, first.Instant + NodaTime.Duration.FromDays(120)).Take(12).ToList();
        List<string> lines = [];
        foreach (var occurrence in occurrences.Where(_ => Chance(0.2)))
        {
            var form = first.IsDate ? "DATE" : calendar.Components[0]["DTSTART"]!.Parameter("TZID") ?? (calendar.Components[0]["DTSTART"]!.Value.EndsWith('Z') ? "Z" : "");
            // how long a period is that an override moves along, the RFC does not say
            var future = Chance(0.3) && !calendar.Components[0].Lines.Exists(line => line.Parameter("VALUE") == "PERIOD");
            var moved = Chance(0.4) ? occurrence.RecurrenceId!.Local : occurrence.RecurrenceId!.Local.PlusDays(random.Next(-40, 41)).PlusMinutes(form == "DATE" ? 0 : 30);
            lines.AddRange(Component(kind, uid, [Line(future ? "RECURRENCE-ID;RANGE=THISANDFUTURE" : "RECURRENCE-ID", form, occurrence.RecurrenceId.Local), .. Timed(kind, form, moved)]));
        }

        return lines;
    }

    private static string Line(string name, string form, LocalDateTime time) => form switch
    {
        "DATE" => $"{name};VALUE=DATE:{Value(form, time)}",
        "Z" or "" => $"{name}:{Value(form, time)}",
        _ => $"{name};TZID={form}:{Value(form, time)}",
    };

    private static string Value(string form, LocalDateTime time) => form switch
    {
        "DATE" => time.ToString("uuuuMMdd", null),
        "Z" => time.ToString("uuuuMMdd'T'HHmmss'Z'", null),
        _ => time.ToString("uuuuMMdd'T'HHmmss", null),
    };

    private static string Duration(int minutes) => minutes % 1440 == 0 ? $"P{minutes / 1440}D" : minutes > 1440 ? $"P{minutes / 1440}DT{minutes % 1440}M" : $"PT{minutes}M";

    private string Text() => Pick(Words).Replace(";", "\\;", StringComparison.Ordinal) + (Chance(0.2) ? "\\, " + Pick("one", "Two") : "");

    private bool Chance(double probability) => random.NextDouble() < probability;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
