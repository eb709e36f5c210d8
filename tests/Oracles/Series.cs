using System.Text;
using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace Oracles;

/// <summary>How DTSTART is written.</summary>
internal enum StartForm
{
    Date,
    Floating,
    Utc,
    Zoned,
}

/// <summary>A recurring event: what is asked of each oracle and of us.</summary>
/// <param name="Form">How DTSTART is written.</param>
/// <param name="Zone">The zone of a zoned DTSTART.</param>
/// <param name="Start">DTSTART, on its own clock.</param>
/// <param name="Until">No occurrence after it is wanted.</param>
/// <param name="Count">No more are wanted.</param>
internal sealed record Series(StartForm Form, string? Zone, LocalDateTime Start, LocalDateTime Until, int Count)
{
    /// <summary>RRULE values.</summary>
    public List<string> Rules { get; init; } = [];

    /// <summary>RDATE values, on the clock of DTSTART or in UTC.</summary>
    public List<string> Added { get; init; } = [];

    /// <summary>EXDATE values, likewise.</summary>
    public List<string> Excluded { get; init; } = [];

    /// <summary>The rules, read.</summary>
    public IReadOnlyList<RecurrenceRule> Parsed => [.. Rules.Select(Read)];

    /// <summary>The zone of DTSTART; UTC for the forms without one, whose times are compared by their fields.</summary>
    public DateTimeZone ZoneOfStart => Zone is null ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb[Zone];

    /// <summary>A time on the clock of DTSTART as a value, if possible in UTC.</summary>
    public string Value(LocalDateTime local, bool utc = false)
    {
        if (Form == StartForm.Date) return $"{local:uuuuMMdd}";
        if (Form == StartForm.Utc) return $"{local:uuuuMMdd'T'HHmmss}Z";
        return utc && Zone is not null ? $"{local.InZoneLeniently(ZoneOfStart).ToInstant():uuuuMMdd'T'HHmmss'Z'}" : $"{local:uuuuMMdd'T'HHmmss}";
    }

    /// <summary>Seconds since 1970 of a value, on the clock of DTSTART.</summary>
    public long LocalSeconds(string value)
    {
        var time = LocalOf(value);
        if (value.EndsWith('Z') && Zone is not null) time = time.InUtc().ToInstant().InZone(ZoneOfStart).LocalDateTime;
        return time.InUtc().ToInstant().ToUnixTimeSeconds();
    }

    /// <summary>The object with the event and the definition of its zone.</summary>
    public string ObjectText()
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//oracles\r\n");
        if (Zone is not null) text.Append(Lines(ZoneDefinition.Of(ZoneOfStart, Start.PlusYears(-1))));
        text.Append("BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\n");
        Append(text, "DTSTART", Value(Start));
        foreach (var rule in Rules) text.Append("RRULE:").Append(rule).Append("\r\n");
        foreach (var value in Added) Append(text, "RDATE", value);
        foreach (var value in Excluded) Append(text, "EXDATE", value);
        return text.Append("END:VEVENT\r\nEND:VCALENDAR\r\n").ToString();
    }

    /// <summary>What we answer: the first occurrences by time line and by clock; null when the budget ends before them.</summary>
    public IReadOnlyList<Time>? Expand()
    {
        var budget = new ExpansionBudget(ExpansionBudget.DefaultSteps);
        var calendar = CalendarObject.Parse(Encoding.UTF8.GetBytes(ObjectText()));
        var set = RecurrenceSet.Of(calendar, new ZoneResolver(calendar.Calendar, DateTimeZone.Utc));
        List<Time> times =
        [
            .. set.Between(Instant.MinValue, Instant.MaxValue, budget)
                .TakeWhile(occurrence => occurrence.StartTime.Local <= Until).Take(Count)
                .Select(occurrence => new Time(occurrence.StartTime.Local.InUtc().ToInstant().ToUnixTimeSeconds(), occurrence.Start.ToUnixTimeSeconds())),
        ];
        return budget.Exhausted && times.Count < Count ? null : times;
    }

    /// <summary>The series as a line for the oracles.</summary>
    public string ToLine() => new JsonObject
    {
        ["zone"] = Zone,
        ["start"] = Value(Start),
        ["rules"] = Texts(Rules),
        ["added"] = Texts(Added),
        ["excluded"] = Texts(Excluded),
        ["count"] = Count,
        ["until"] = Until.InUtc().ToInstant().ToUnixTimeSeconds(),
        ["object"] = ObjectText(),
        ["local"] = new JsonObject
        {
            ["start"] = Start.InUtc().ToInstant().ToUnixTimeSeconds(),
            ["rules"] = Texts(Rules.Select(LocalRule)),
            ["added"] = new JsonArray([.. Added.Select(value => (JsonNode)LocalSeconds(value))]),
            ["excluded"] = new JsonArray([.. Excluded.Select(value => (JsonNode)LocalSeconds(value))]),
        },
    }.ToJsonString();

    /// <summary>The series in a few words.</summary>
    public override string ToString() =>
        $"DTSTART{(Zone is null ? "" : $";TZID={Zone}")}:{Value(Start)} {string.Join(" | ", Rules)}"
        + (Added.Count > 0 ? $" RDATE:{string.Join(',', Added)}" : "") + (Excluded.Count > 0 ? $" EXDATE:{string.Join(',', Excluded)}" : "");

    private static RecurrenceRule Read(string text) =>
        RecurrenceRule.TryParse(text, out var rule, out var reason) ? rule : throw new InvalidOperationException($"{text}: {reason}");

    private static LocalDateTime LocalOf(string value)
    {
        var time = new LocalDate(Number(value, 0, 4), Number(value, 4, 2), Number(value, 6, 2)).AtMidnight();
        return value.Length == 8 ? time : time.PlusHours(Number(value, 9, 2)).PlusMinutes(Number(value, 11, 2)).PlusSeconds(Number(value, 13, 2));
    }

    private static int Number(string text, int start, int length) => int.Parse(text.AsSpan(start, length), System.Globalization.CultureInfo.InvariantCulture);

    private static string Lines(Component zone)
    {
        var calendar = new Component("VCALENDAR");
        calendar.Add(zone);
        var text = Encoding.UTF8.GetString(new CalendarObject(calendar).ToBytes());
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..text.LastIndexOf("END:VCALENDAR", StringComparison.Ordinal)];
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private void Append(StringBuilder text, string name, string value)
    {
        var parameter = Form == StartForm.Date ? ";VALUE=DATE" : Zone is null || value.EndsWith('Z') ? "" : $";TZID={Zone}";
        text.Append(name).Append(parameter).Append(':').Append(value).Append("\r\n");
    }

    /// <summary>A rule whose UNTIL in UTC is put on the clock of DTSTART.</summary>
    private string LocalRule(string rule)
    {
        if (Read(rule).Until is not { IsDate: false } until) return rule;
        var written = rule[(rule.IndexOf("UNTIL=", StringComparison.Ordinal) + 6)..].Split(';')[0];
        var local = until.Kind == CalendarTimeKind.Utc ? Instant.FromUnixTimeSeconds(LocalSeconds(written)).InUtc().LocalDateTime : until.Local;
        return rule.Replace(written, $"{local:uuuuMMdd'T'HHmmss}Z", StringComparison.Ordinal);
    }
}

/// <summary>An occurrence in seconds since 1970: as the clock of DTSTART shows it, and on the time line.</summary>
internal readonly record struct Time(long Local, long Instant);
