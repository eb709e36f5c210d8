using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>
/// An RRULE (RFC 5545 §3.3.10, RFC 7529 for the Gregorian scale). It is edited with <c>rule with { Count = null, Until = … }</c>, and written by <see cref="ToText"/>, where what was not edited
/// is as it was read. Two rules are equal when they mean the same on every DTSTART; <see cref="Given"/> is for those that mean the same on one. Clients write COUNT and UNTIL together, which the
/// RFC forbids: the shorter of the two counts.
/// </summary>
public sealed partial record RecurrenceRule
{
    /// <summary>A rule that gives every so many days, weeks, months…; <c>with</c> says the rest.</summary>
    /// <param name="frequency">FREQ.</param>
    /// <param name="interval">INTERVAL: at least 1.</param>
    public RecurrenceRule(Frequency frequency, int interval = 1) => (Frequency, Interval) = (frequency, interval);

    /// <summary>The last year that a date can have (RFC 5545 §3.3.4). An UNTIL in it is how some say endless; there is no time after it in another zone.</summary>
    public const int FinalYear = 9999;

    /// <summary>How every reason begins that refuses a rule only because its RSCALE is not the Gregorian calendar (RFC 7529 §4: supported-rscale).</summary>
    public const string UnsupportedScale = "The calendar scale (RSCALE) is not supported";

    /// <summary>FREQ.</summary>
    public Frequency Frequency { get; init; }

    /// <summary>INTERVAL: at least 1.</summary>
    public int Interval { get; init; }

    /// <summary>COUNT: how many occurrences there are, DTSTART and those an EXDATE removes included; null when the rule does not say.</summary>
    public int? Count { get; init; }

    /// <summary>UNTIL as written: the last moment, inclusive; null when the rule does not say.</summary>
    public CalendarTime? Until { get; init; }

    /// <summary>BYSECOND, ascending; 60 is kept, and expanded as 59 (RFC 5545 §3.3.12).</summary>
    public IReadOnlyList<int> BySecond { get; init => field = Sorted(value); } = [];

    /// <summary>BYMINUTE, ascending.</summary>
    public IReadOnlyList<int> ByMinute { get; init => field = Sorted(value); } = [];

    /// <summary>BYHOUR, ascending.</summary>
    public IReadOnlyList<int> ByHour { get; init => field = Sorted(value); } = [];

    /// <summary>BYDAY, by ordinal and day.</summary>
    public IReadOnlyList<ByDay> ByDay { get; init => field = Sorted(value); } = [];

    /// <summary>BYMONTHDAY, ascending: 1 to 31 or -31 to -1.</summary>
    public IReadOnlyList<int> ByMonthDay { get; init => field = Sorted(value); } = [];

    /// <summary>BYYEARDAY, ascending: 1 to 366 or -366 to -1.</summary>
    public IReadOnlyList<int> ByYearDay { get; init => field = Sorted(value); } = [];

    /// <summary>BYWEEKNO, ascending: 1 to 53 or -53 to -1.</summary>
    public IReadOnlyList<int> ByWeekNumber { get; init => field = Sorted(value); } = [];

    /// <summary>BYMONTH, ascending.</summary>
    public IReadOnlyList<int> ByMonth { get; init => field = Sorted(value); } = [];

    /// <summary>BYSETPOS, ascending: 1 to 366 or -366 to -1.</summary>
    public IReadOnlyList<int> BySetPosition { get; init => field = Sorted(value); } = [];

    /// <summary>WKST: the day weeks start on.</summary>
    public IsoDayOfWeek WeekStart { get; init; } = IsoDayOfWeek.Monday;

    /// <summary>SKIP (RFC 7529); null when the rule has no RSCALE.</summary>
    public Skip? Skip { get; init; }

    /// <summary>Whether the rule has neither COUNT nor UNTIL.</summary>
    public bool Endless => Count is null && Until is null;

    /// <summary>Parses a RECUR value. Lower case, empty parts, parts that start with X- and blanks around values are let pass.</summary>
    /// <param name="text">E.g. <c>FREQ=WEEKLY;BYDAY=MO</c>.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="reason">Why it is not one: a sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RecurrenceRule? rule, [NotNullWhen(false)] out string? reason)
    {
        var reader = new RecurrenceRuleReader();
        rule = reader.Read(text);
        if (rule is not null) rule._read = new Reading(rule, text);
        reason = rule is null ? reader.Reason : null;
        return rule is not null;
    }

    /// <summary>
    /// The local times of the rule, in order, from the first at or after <paramref name="from"/>. DTSTART is always the first, whether or not it fits the rule, and
    /// counts (RFC 5545 §3.8.5.3). The series ends with the year 9999, or when the budget does.
    /// </summary>
    /// <param name="start">DTSTART; midnight for a DATE.</param>
    /// <param name="from">The first time wanted. A rule without COUNT is not walked up to it.</param>
    /// <param name="budget">What the expansion may cost.</param>
    /// <param name="zone">
    /// The zone of DTSTART, in which an UNTIL in UTC is compared by instants (RFC 5545 §3.3.10); without it UNTIL is compared by its fields. An UNTIL that is a DATE
    /// includes that whole day.
    /// </param>
    public IEnumerable<LocalDateTime> Expand(LocalDateTime start, LocalDateTime from, ExpansionBudget budget, DateTimeZone? zone = null)
    {
        var end = RuleEnd.Of(this, zone);
        var cursor = new RuleCursor(this, CivilDay.SecondsOf(start), CivilDay.SecondsOf(from), end.Local, budget);
        while (cursor.MoveNext())
        {
            // DTSTART is an occurrence even where UNTIL lies before it
            if (cursor.Current != cursor.Start && !end.Allows(cursor.Current)) yield break;
            yield return CivilDay.TimeOf(cursor.Current);
        }
    }

    /// <summary>
    /// The rule as it is for a DTSTART that is a DATE: BYHOUR, BYMINUTE and BYSECOND are ignored (RFC 5545 §3.3.10). A day has one occurrence at most, so that a rule which comes upon every
    /// day by the hour, minute or second is a daily one, and its COUNT is one of days.
    /// </summary>
    internal RecurrenceRule OnDates()
    {
        var perDay = Frequency switch { Frequency.Secondly => 86_400, Frequency.Minutely => 1440, Frequency.Hourly => 24, _ => 0 };
        if (Interval <= perDay) return this with { Frequency = Frequency.Daily, Interval = 1, ByHour = [], ByMinute = [], BySecond = [] };
        return ByHour.Count + ByMinute.Count + BySecond.Count == 0 ? this : this with { ByHour = [], ByMinute = [], BySecond = [] };
    }

    /// <inheritdoc/>
    public bool Equals(RecurrenceRule? other) => other is not null && (ReferenceEquals(this, other) || Meaning() == other.Meaning());

    /// <inheritdoc/>
    public override int GetHashCode() => Meaning().GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text: parts in a fixed order, lists ascending, defaults left out.</summary>
    public override string ToString() => Join(Parts());

    // a week's first day matters where weeks are skipped or counted
    private string Meaning() => WeekStart == IsoDayOfWeek.Monday || CountsWeeks ? ToString() : Join((this with { WeekStart = IsoDayOfWeek.Monday }).Parts());

    private bool CountsWeeks => ByWeekNumber.Count > 0 || (Frequency == Frequency.Weekly && (BySetPosition.Count > 0 || (Interval > 1 && ByDay.Count > 0)));

    private IEnumerable<(string Name, string Value)> Parts()
    {
        if (Skip is not null) yield return ("RSCALE", "GREGORIAN");
        yield return ("FREQ", Frequency.ToString().ToUpperInvariant());
        if (Interval != 1) yield return ("INTERVAL", Write(Interval));
        if (Count is { } count) yield return ("COUNT", Write(count));
        if (Until is { } until) yield return ("UNTIL", UntilText(until));
        if (ByMonth.Count > 0) yield return ("BYMONTH", List(ByMonth));
        if (ByWeekNumber.Count > 0) yield return ("BYWEEKNO", List(ByWeekNumber));
        if (ByYearDay.Count > 0) yield return ("BYYEARDAY", List(ByYearDay));
        if (ByMonthDay.Count > 0) yield return ("BYMONTHDAY", List(ByMonthDay));
        if (ByDay.Count > 0) yield return ("BYDAY", string.Join(',', ByDay.Select(static day => (day.Ordinal == 0 ? "" : Write(day.Ordinal)) + RecurrenceRuleReader.DayName(day.Day))));
        if (ByHour.Count > 0) yield return ("BYHOUR", List(ByHour));
        if (ByMinute.Count > 0) yield return ("BYMINUTE", List(ByMinute));
        if (BySecond.Count > 0) yield return ("BYSECOND", List(BySecond));
        if (BySetPosition.Count > 0) yield return ("BYSETPOS", List(BySetPosition));
        if (WeekStart != IsoDayOfWeek.Monday) yield return ("WKST", RecurrenceRuleReader.DayName(WeekStart));
        if (Skip is Recurrence.Skip.Backward or Recurrence.Skip.Forward) yield return ("SKIP", Skip.ToString()!.ToUpperInvariant());
    }

    private static string Join(IEnumerable<(string Name, string Value)> parts) => string.Join(';', parts.Select(static part => $"{part.Name}={part.Value}"));

    private static string List(IReadOnlyList<int> values) => string.Join(',', values.Select(Write));

    private static string Write(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<int> Sorted(IReadOnlyList<int> values)
    {
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i - 1] >= values[i]) return [.. values.Distinct().Order()];
        }

        return values;
    }

    private static IReadOnlyList<ByDay> Sorted(IReadOnlyList<ByDay> days) =>
        days.Count < 2 ? days : [.. days.Distinct().OrderBy(static day => day.Ordinal).ThenBy(static day => day.Day)];

    private static string UntilText(CalendarTime until) =>
        until.Local.ToString(until.IsDate ? "uuuuMMdd" : "uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture) + (until.Kind == CalendarTimeKind.Utc ? "Z" : "");
}
