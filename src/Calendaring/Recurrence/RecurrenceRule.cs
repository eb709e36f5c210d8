using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>
/// A parsed RRULE (RFC 5545 §3.3.10, RFC 7529 for the Gregorian scale). Two rules are equal when their canonical texts are. To change where a rule ends:
/// <c>rule with { Count = null, Until = … }</c>. Clients write COUNT and UNTIL together, which the RFC forbids: the shorter of the two counts.
/// </summary>
public sealed record RecurrenceRule
{
    internal RecurrenceRule()
    {
    }

    /// <summary>How every reason begins that refuses a rule only because its RSCALE is not the Gregorian calendar (RFC 7529 §4: supported-rscale).</summary>
    public const string UnsupportedScale = "The calendar scale (RSCALE) is not supported";

    /// <summary>FREQ.</summary>
    public Frequency Frequency { get; init; }

    /// <summary>INTERVAL: at least 1.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>COUNT: how many occurrences there are, DTSTART and those an EXDATE removes included; null when the rule does not say.</summary>
    public int? Count { get; init; }

    /// <summary>UNTIL as written: the last moment, inclusive; null when the rule does not say.</summary>
    public CalendarTime? Until { get; init; }

    /// <summary>BYSECOND, ascending; 60 is kept, and expanded as 59 (RFC 5545 §3.3.12).</summary>
    public IReadOnlyList<int> BySecond { get; internal init; } = [];

    /// <summary>BYMINUTE, ascending.</summary>
    public IReadOnlyList<int> ByMinute { get; internal init; } = [];

    /// <summary>BYHOUR, ascending.</summary>
    public IReadOnlyList<int> ByHour { get; internal init; } = [];

    /// <summary>BYDAY, by ordinal and day.</summary>
    public IReadOnlyList<ByDay> ByDay { get; internal init; } = [];

    /// <summary>BYMONTHDAY, ascending: 1 to 31 or -31 to -1.</summary>
    public IReadOnlyList<int> ByMonthDay { get; internal init; } = [];

    /// <summary>BYYEARDAY, ascending: 1 to 366 or -366 to -1.</summary>
    public IReadOnlyList<int> ByYearDay { get; internal init; } = [];

    /// <summary>BYWEEKNO, ascending: 1 to 53 or -53 to -1.</summary>
    public IReadOnlyList<int> ByWeekNumber { get; internal init; } = [];

    /// <summary>BYMONTH, ascending.</summary>
    public IReadOnlyList<int> ByMonth { get; internal init; } = [];

    /// <summary>BYSETPOS, ascending: 1 to 366 or -366 to -1.</summary>
    public IReadOnlyList<int> BySetPosition { get; internal init; } = [];

    /// <summary>WKST: the day weeks start on.</summary>
    public IsoDayOfWeek WeekStart { get; internal init; } = IsoDayOfWeek.Monday;

    /// <summary>SKIP (RFC 7529); null when the rule has no RSCALE.</summary>
    public Skip? Skip { get; internal init; }

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
    public bool Equals(RecurrenceRule? other) => other is not null && (ReferenceEquals(this, other) || ToString() == other.ToString());

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text: parts in a fixed order, lists ascending, defaults left out.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Skip is not null) text.Append("RSCALE=GREGORIAN;");
        text.Append("FREQ=").Append(Frequency.ToString().ToUpperInvariant());
        if (Interval != 1) text.Append(CultureInfo.InvariantCulture, $";INTERVAL={Interval}");
        if (Count is { } count) text.Append(CultureInfo.InvariantCulture, $";COUNT={count}");
        if (Until is { } until) text.Append(";UNTIL=").Append(UntilText(until));
        AppendList(text, ";BYMONTH=", ByMonth);
        AppendList(text, ";BYWEEKNO=", ByWeekNumber);
        AppendList(text, ";BYYEARDAY=", ByYearDay);
        AppendList(text, ";BYMONTHDAY=", ByMonthDay);
        for (var i = 0; i < ByDay.Count; i++)
        {
            text.Append(i == 0 ? ";BYDAY=" : ",");
            if (ByDay[i].Ordinal != 0) text.Append(CultureInfo.InvariantCulture, $"{ByDay[i].Ordinal}");
            text.Append(RecurrenceRuleReader.DayName(ByDay[i].Day));
        }
        AppendList(text, ";BYHOUR=", ByHour);
        AppendList(text, ";BYMINUTE=", ByMinute);
        AppendList(text, ";BYSECOND=", BySecond);
        AppendList(text, ";BYSETPOS=", BySetPosition);
        if (WeekStart != IsoDayOfWeek.Monday) text.Append(";WKST=").Append(RecurrenceRuleReader.DayName(WeekStart));
        if (Skip is Recurrence.Skip.Backward or Recurrence.Skip.Forward) text.Append(";SKIP=").Append(Skip.ToString()!.ToUpperInvariant());
        return text.ToString();
    }

    private static string UntilText(CalendarTime until) =>
        until.Local.ToString(until.IsDate ? "uuuuMMdd" : "uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture) + (until.Kind == CalendarTimeKind.Utc ? "Z" : "");

    private static void AppendList(StringBuilder text, string name, IReadOnlyList<int> values)
    {
        for (var i = 0; i < values.Count; i++) text.Append(i == 0 ? name : ",").Append(values[i].ToString(CultureInfo.InvariantCulture));
    }
}
